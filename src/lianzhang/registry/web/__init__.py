"""Pages of the registry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.web import nav, verbs


def register() -> None:
    """The registry's place in the navigation, and its events in words."""
    verbs.register(
        {
            "delivered": _("A delivery changed its data"),
            "released": _("Released"),
            "merged_away": _("Merged into another entry"),
            "merged_in": _("Another entry was merged into it"),
            "merge_undone": _("A merge was taken back"),
            "judged_different": _("Judged not the same as another entry"),
            "asked_again": _("The question whether it is a duplicate was opened again"),
            "tag_put": _("A tag was put on it by hand"),
            "tag_taken": _("A tag put by hand was taken away"),
            "list_made": _("A list was made"),
            "list_changed": _("Name, purpose or readers of a list were changed"),
            "list_added": _("Enterprises were put on a list"),
            "list_removed": _("Enterprises were taken out of a list"),
            "list_noted": _("A note was written on a list"),
            "list_undone": _("A step of a list was taken back"),
            "list_deleted": _("A list was deleted"),
            "list_restored": _("A deleted list was brought back"),
            "list_taken_over": _("The list of a former colleague was taken over"),
            "consent_given": _("A consent was given"),
            "consent_withdrawn": _("A consent was withdrawn"),
            "contact_exported": _("Where a contact stands was given out"),
            "contact_erased": _("A contact was erased"),
            "sensitive_shown": _("Personal data were shown whole"),
            "sensitive_exported": _("Personal data were exported whole"),
            "contents_opened": _("A delivered file with personal data was opened"),
        }
    )
    accesses = nav.NavItem(
        "account",
        _("Accesses to personal data"),
        "registry:accesses",
        "eye-check",
        verb="audit.view",
        order=80,
    )
    nav.register(accesses)
    people = _("Contacts of enterprises")
    nav.register(nav.NavItem("admin", people, "registry:contacts", "users", verb="subject.manage", order=93))
    nav.register(
        nav.NavItem(
            "see", _("Plants"), "registry:plants", "building-factory-2", verb="enterprise.view", order=31
        )
    )
    nav.register(
        nav.NavItem("see", _("Duplicates"), "registry:duplicates", "users", verb="duplicate.view", order=32)
    )
    nav.register(
        nav.NavItem("see", _("Shared lists"), "registry:lists", "list-details", verb="list.view", order=33)
    )
    nav.register(
        nav.NavItem("see", _("Consents"), "registry:consents", "shield-check", verb="consent.view", order=34)
    )
    nav.register(
        nav.NavItem("see", _("Statistics"), "registry:statistics", "table", verb="statistics.view", order=45)
    )
    nav.register(
        nav.NavItem(
            "see",
            _("Enterprises"),
            "registry:enterprises",
            "building",
            verb="enterprise.view",
            order=30,
            phone=True,
        )
    )
