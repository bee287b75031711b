"""Columns of the chains' tables."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.tables import Column
from lianzhang.kernel.web.lights import light

CHAINS: Sequence[Column] = (
    Column("name", _("Chain"), lambda f: f.chain.label),
    Column("order", _("No."), lambda f: f.chain.order, sort="x", kind="plain"),
    Column("firms", _("Enterprises"), lambda f: f.firms, sort="x", kind="number"),
    Column("output", _("Gross output"), lambda f: f.output, sort="x", kind="money_overview", unit=_("yuan")),
    Column("revenue", _("Revenue"), lambda f: f.revenue, sort="x", kind="money_overview", unit=_("yuan")),
    Column("anchors", _("Leading enterprises"), lambda f: f.anchors, sort="x", kind="number"),
    Column("ratio", _("Local supply ratio"), lambda f: f.need.ratio, sort="x", kind="percent"),
    Column("lead", _("Lead office"), lambda f: str(f.chain.lead or "") or None),
)

SEGMENTS: Sequence[Column] = (
    Column("segment", _("Segment"), lambda f: f.segment.label),
    Column("position", _("Position"), lambda f: f.segment.get_position_display()),
    Column("firms", _("Enterprises"), lambda f: f.firms, sort="x", kind="number"),
    Column("revenue", _("Revenue"), lambda f: f.revenue, sort="x", kind="money_overview", unit=_("yuan")),
    Column("need", _("Need of local buyers"), lambda f: f.need.total or None, sort="x", kind="money_overview", unit=_("yuan")),
    Column("outside", _("of it from outside"), lambda f: f.need.outside if f.need.total else None, sort="x", kind="money_overview", unit=_("yuan")),
    Column("ratio", _("Local supply ratio"), lambda f: f.need.ratio, sort="x", kind="percent"),
    Column("cover", _("Local makers could cover"), lambda f: f.cover, sort="x", kind="percent"),
    Column("gap", _("Hint"), lambda f: light(f.tone, f.word), export=lambda f: f.word),
)  # fmt: skip

PARTS: Sequence[Column] = (
    Column("segment", _("Segment"), lambda p: p["figures"].segment.label),
    Column("position", _("Position"), lambda p: p["figures"].segment.get_position_display()),
    Column("firms", _("Enterprises"), lambda p: p["figures"].firms, sort="x", kind="number"),
    Column("revenue", _("Revenue"), lambda p: p["figures"].revenue, sort="x", kind="money_overview", unit=_("yuan")),
    Column("ratio", _("Local supply ratio"), lambda p: p["figures"].need.ratio, sort="x", kind="percent"),
    Column("gap", _("Hint"), lambda p: light(p["figures"].tone, p["figures"].word), export=lambda p: p["figures"].word),
    Column("largest", _("Largest enterprises"), lambda p: " · ".join(p["largest"]) or None, kind="long"),
)  # fmt: skip

MISSING: Sequence[Column] = (
    Column("product", _("Product"), lambda m: m["name"]),
    Column("code", _("Class"), lambda m: m["code"], sort="x", kind="code"),
    Column("outside", _("Bought from outside"), lambda m: m["outside"], sort="x", kind="money_overview", unit=_("yuan")),
    Column("buyers", _("Buyers"), lambda m: m["buyers"], sort="x", kind="number"),
    Column("ratio", _("Local supply ratio"), lambda m: m["ratio"], sort="x", kind="percent"),
    Column("makers", _("Local enterprises of this class"), lambda m: m["makers"], sort="x", kind="number"),
)  # fmt: skip

GROUPS: Sequence[Column] = (
    Column("name", _("Name"), lambda g: g["name"]),
    Column("hit", _("Enterprises hit"), lambda g: g["hit"], sort="x", kind="number"),
    Column("direct", _("Direct loss"), lambda g: g["direct"], sort="x", kind="money_overview", unit=_("yuan a year")),
    Column("loss", _("Loss in all"), lambda g: g["loss"], sort="x", kind="money_overview", unit=_("yuan a year")),
    Column("low", _("at least"), lambda g: g["low"], sort="x", kind="money_overview", unit=_("yuan a year")),
    Column("high", _("at most"), lambda g: g["high"], sort="x", kind="money_overview", unit=_("yuan a year")),
    Column("share", _("of its revenue"), lambda g: g["loss"] / g["revenue"] if g["revenue"] else None, sort="x", kind="percent"),
)  # fmt: skip
