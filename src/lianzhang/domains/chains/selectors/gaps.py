"""Gap labels by declared thresholds, so that an officer can contest each one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lianzhang.domains.chains.schemas import SettingsRow

WORDS = {
    "break": _("break"),
    "blocked": _("blockage"),
    "short": _("short board"),
    "long": _("long board"),
    "even": _("no gap found"),
    "unknown": _("not known"),
}
TONES = {
    "break": "red",
    "blocked": "amber",
    "short": "amber",
    "long": "green",
    "even": "green",
    "unknown": "grey",
}


def label(ratio: float | None, cover: float | None, makers: int, limits: SettingsRow) -> str:
    """The label of a segment.

    ratio: local supply ratio; cover: revenue of local makers over need; makers: how many stand in the segment.
    Unknown need: unknown. The first that holds: break, blocked, short, long, else even.
    """
    if ratio is None:
        return "unknown"
    if ratio < limits.break_below and makers == 0:
        return "break"
    if cover is not None and cover >= limits.makers_from and ratio < limits.blocked_below:
        return "blocked"
    if cover is not None and cover < limits.short_below:
        return "short"
    if cover is not None and cover > limits.long_from:
        return "long"
    return "even"
