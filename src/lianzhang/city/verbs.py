"""What roles may do, in words: for pages on which somebody decides about verbs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "agent.manage": _("see and take out agents of the enterprise"),
    "audit.export": _("export the logs"),
    "audit.view": _("read the event log"),
    "catalogue.view": _("see the catalogue"),
    "chain.view": _("see industry chains"),
    "consent.give": _("give, record and withdraw consents"),
    "consent.view": _("see consents of enterprises"),
    "dispute.raise": _("raise a data dispute"),
    "dispute.view": _("see which values offices are verifying"),
    "duplicate.view": _("see suspected duplicates and merges"),
    "enterprise.export": _("export enterprises"),
    "enterprise.merge": _("merge entries of enterprises"),
    "enterprise.view": _("see enterprises"),
    "factor.reset": _("take second factors away"),
    "filing.statistical": _("see statistical returns of single enterprises"),
    "filing.view": _("see figures of enterprises"),
    "import.run": _("import data"),
    "import.view": _("see deliveries"),
    "indicator.view": _("see indicators"),
    "job.run": _("steer long work"),
    "job.view": _("see long work"),
    "link.view": _("see supply links"),
    "list.edit": _("make lists of enterprises"),
    "list.view": _("read shared lists of enterprises"),
    "matter.act": _("handle matters"),
    "matter.confidential": _("see confidential matters"),
    "matter.view": _("see matters"),
    "placement.correct": _("correct placements in chains"),
    "policy.manage": _("set the rules of accounts"),
    "policy.view": _("see the rules of accounts"),
    "post.approve": _("agree to posts"),
    "report.view": _("see reports"),
    "risk.run": _("compute risk"),
    "risk.view": _("see risk rankings"),
    "sensitive.view": _("see names and telephones of people in full"),
    "signin.view": _("read the sign-in log"),
    "situation.open": _("open situations"),
    "situation.view": _("see situations"),
    "statistics.release": _("release statistics"),
    "statistics.view": _("see released statistics"),
    "subject.manage": _("export and erase a person's data"),
    "system.examine": _("see the health of the installation"),
    "tag.edit": _("give tags by hand"),
    "tag.view": _("see tags"),
    "title.view": _("see titles"),
    "user.manage": _("make accounts and give posts"),
    "user.reset": _("lock, unlock, issue one-time codes"),
    "user.view": _("see people and posts"),
}


def word(verb: str) -> str:
    """A verb in words; one that nobody named by its code."""
    return str(WORDS.get(verb, verb))
