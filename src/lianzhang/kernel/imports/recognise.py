"""What is taken over from an earlier delivery that a file resembles: by a person's word, or where nothing is open."""

from __future__ import annotations

from typing import Any

Offer = dict[str, Any]


SURE, ACCEPTED = "sure", "accepted"


def taken_over(offers: list[Offer], follows: str) -> dict[str, dict[str, Any]]:
    """Sheet → decisions about its columns to be taken over now: what a person ACCEPTED by its likeness; what is SURE, from
    a sheet with the very same headings whose units do not contradict; nothing where a person decided the columns."""
    if not follows:
        return {}
    return {
        o["sheet"]: o["decided"]
        for o in offers
        if o["decided"] and (follows == ACCEPTED or (o["exact"] and not o["units_differ"]))
    }


def merged(mapping: dict[str, Any], taken: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The map with the decisions added; what a person decided about a column stays."""
    out = dict(mapping)
    for sheet, columns in taken.items():
        body = dict(out.get(sheet) or out.get("*") or {})
        body["columns"] = {
            **columns,
            **{k: v for k, v in body.get("columns", {}).items() if k not in columns or v.get("unit")},
        }
        out[sheet] = body
    return out


def open_offers(report: dict[str, Any]) -> list[Offer]:
    """Offers that would still change something: a person is to look."""
    return [o for o in report.get("offers", []) if o["decided"]]


def known(report: dict[str, Any]) -> bool:
    """Whether every sheet with rows is read as an applied delivery of the source was, without open questions or units
    that differ."""
    offers = {o["sheet"]: o for o in report.get("offers", [])}
    sheets = [s["name"] for s in report.get("tables", []) if s["rows"]]
    return bool(sheets) and all(
        name in offers
        and offers[name]["exact"]
        and not offers[name]["decided"]
        and not offers[name]["units_differ"]
        for name in sheets
    )


def unit_differences(report: dict[str, Any]) -> list[dict[str, str]]:
    """Columns whose decided unit is another than the file states, or another than in the delivery they were known from."""
    out = []
    for sheet in report.get("tables", []):
        for column in sheet["columns"]:
            if column.get("unit_stated"):
                out.append(
                    {
                        "sheet": sheet["name"],
                        "header": column["header"],
                        "read": column["unit"],
                        "stated": column["unit_stated"],
                    }
                )
    return out
