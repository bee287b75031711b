"""Pages about people and accounts: what stands in the navigation, and events in words."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.accounts import sms
from lianzhang.kernel.web import nav, verbs

ITEMS = (
    ("city:people", _("People and posts"), "users", "user.view", 90),
    ("city:waiting", _("Posts that wait"), "eye-check", "post.approve", 91),
    ("city:agreements", _("Acts that wait"), "shield-check", "policy.view", 91),
    ("city:policy", _("Rules of accounts"), "shield-check", "policy.view", 92),
    ("city:sign_ins", _("Sign-in log"), "key", "signin.view", 93),
    ("city:log", _("Event log"), "history", "audit.view", 94),
    ("city:agents", _("Our agents"), "users", "agent.manage", 95),
)


def register() -> None:
    """The places in the navigation, and the words of events."""
    for url_name, label, icon, verb, order in ITEMS:
        nav.register(nav.NavItem("admin", label, url_name, icon, verb=verb, order=order, phone=True))
    verbs.register(
        {
            "account_made": _("Account made"),
            "account_locked": _("Account locked"),
            "account_unlocked": _("Account unlocked"),
            "account_closed": _("Account closed"),
            "account_reopened": _("Account opened again"),
            "account_changed": _("Name or telephone changed"),
            "code_issued": _("One-time code issued"),
            "code_to_be_sent": _("One-time code to be sent by message"),
            "code_sent": _("One-time code sent by message"),
            "code_not_sent": _("One-time code could not be sent"),
            "code_used": _("Password chosen with the one-time code"),
            "password_changed": _("Password changed"),
            "sessions_ended": _("Signed out everywhere"),
            "factor_added": _("Second factor added"),
            "factor_removed": _("Second factor removed"),
            "factors_reset": _("Second factors taken away"),
            "post_given": _("Post given"),
            "post_proposed": _("Post proposed"),
            "post_agreed": _("Post agreed to"),
            "post_refused": _("Post refused"),
            "post_ended": _("Post ended"),
            "post_lent": _("Post lent"),
            "post_taken_back": _("Standing-in ended"),
            "identity_linked": _("Linked with an account elsewhere"),
            "identity_unlinked": _("Link with an account elsewhere taken off"),
            "agent_came": _("Came in for an enterprise"),
            "subject_exported": _("Personal data taken out"),
            "subject_erased": _("Person erased"),
            "agreement_asked": _("Agreement of another administrator asked for"),
            "agreement_given": _("Another administrator agreed"),
            "agreement_refused": _("Another administrator refused"),
            "policy_changed": _("Rules of accounts changed"),
        }
    )


def code_page() -> str:
    """Where the sign-in page leads who has forgotten the password; empty where no message can be sent."""
    return reverse("city:code_by_message") if sms.offered() else ""
