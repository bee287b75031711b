"""Write the tables of these pages that stand in the reference catalogue: `python docs/generate.py`.

A page marks the place with `<!-- generated: NAME -->` and `<!-- end -->`; what lies between them is replaced. A test
compares every page with what would be written, so that no table grows old.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).resolve().parent
REFERENCE = DOCS.parent / "catalogues" / "_reference"
BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
Row = dict[str, Any]


def main() -> None:
    """Write every page whose tables changed."""
    for page, text in stale():
        page.write_text(text, encoding="utf-8")
        print(page.relative_to(DOCS.parent))


def stale() -> Iterator[tuple[Path, str]]:
    """(page, its text as it should be) of every page that differs from the catalogue."""
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        wanted = BLOCK.sub(lambda m: m[1] + TABLES[m[2]]() + m[3], text)
        if wanted != text:
            yield page, wanted


def roles() -> str:
    """Roles with their scope and what they may be in a process."""
    rows = [
        [f"`{r['code']}`", r["title"]["zh"], r["title"]["en"], r["scope"], _codes(r.get("process_roles", []))]
        for r in _read("roles")
    ]
    return _table(["role", "中文", "English", "scope", "in processes"], rows)


def verbs() -> str:
    """Verbs with the roles that hold them; in brackets the scope kinds where they differ from the role's own."""
    held: dict[str, list[str]] = {}
    for role in _read("roles"):
        for entry in role["verbs"]:
            verb, _, kinds = entry.partition("@")
            held.setdefault(verb, []).append(
                f"{role['code']} ({kinds.replace('+', ', ')})" if kinds else role["code"]
            )
    return _table(["verb", "held by"], [[f"`{verb}`", ", ".join(held[verb])] for verb in sorted(held)])


def sources() -> str:
    """Sources with their use and rank."""
    rows = [
        [
            f"`{s['code']}`",
            s["title"]["zh"],
            s["title"]["en"],
            s["use"],
            s["rank"],
            _units(s),
            "; ".join(
                f"`{d['dataset']}` {d.get('cycle') or 'none agreed'} + {d.get('grace', 10)}"
                for d in s.get("deliveries", [])
            ),
        ]
        for s in _read("sources")
    ]
    return _table(
        [
            "source",
            "中文",
            "English",
            "use",
            "rank",
            "default units",
            "deliveries: cycle + working days of grace",
        ],
        rows,
    )


def facts() -> str:
    """Yearly facts with unit, range and the words bureaus write above them."""
    rows = [
        [
            f"`{f['code']}`",
            f["label"]["zh"],
            f["type"],
            f["unit"],
            f["holder"],
            _range(f),
            "、".join(f["synonyms"]),
        ]
        for f in _read("facts")
    ]
    return _table(["field", "中文", "type", "stored in", "held by", "range", "also read from"], rows)


def columns() -> str:
    """Columns of each data set that are no yearly facts."""
    rows = [
        [
            f"`{c['dataset']}`",
            f"`{c['code']}`",
            c["label"]["zh"],
            c["type"],
            "yes" if c.get("required") else "",
        ]
        for c in _read("datasets")
    ]
    return _table(["data set", "field", "中文", "type", "required"], rows)


def processes() -> str:
    """States, moves and clocks of every process of the reference catalogue."""
    parts = []
    for path in sorted((REFERENCE / "processes").glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        parts.append(f"\n### `{data['kind']}`: {data['title']['en']} {data['title']['zh']}\n\n")
        states = [
            [f"`{n}`", s["title"]["zh"], "open" if s["open"] else "closed", s.get("waits_for", "")]
            for n, s in data["states"].items()
        ]
        parts.append(_table(["state", "中文", "", "waits for"], states) + "\n")
        moves = [
            [
                f"`{n}`",
                m["title"]["zh"],
                ", ".join(m["from"]),
                m["to"] or "stays",
                ", ".join(m["by"]),
                ", ".join(m.get("needs", [])),
            ]
            for n, m in data["moves"].items()
        ]
        parts.append(_table(["move", "中文", "from", "to", "by", "needs"], moves) + "\n")
        clocks = [
            [
                f"`{n}`",
                c["title"]["zh"],
                ", ".join(c["start"]),
                ", ".join(c.get("stop", [])),
                _limit(c["limit"]),
            ]
            for n, c in data["clocks"].items()
        ]
        parts.append(_table(["clock", "中文", "starts with", "stops with", "limit"], clocks))
    return "".join(parts) + "\n"


def _read(name: str) -> list[Row]:
    rows: list[Row] = yaml.safe_load((REFERENCE / f"{name}.yaml").read_text(encoding="utf-8"))
    return rows


def _codes(names: list[str]) -> str:
    return ", ".join(f"`{n}`" for n in names)


def _units(source: Row) -> str:
    return ", ".join(f"{kind} {unit}" for kind, unit in source.get("units", {}).items())


def _range(fact: Row) -> str:
    low, high = map(float, fact["range"])
    return f"{low:g} … {high:g}"


def _limit(limit: Any) -> str:
    if isinstance(limit, list):
        return "; ".join(
            _limit(case["value"]) + (f" when {case['when']}" if "when" in case else " otherwise")
            for case in limit
        )
    [(number, unit)] = limit.items()
    return f"{number} {unit}"


def _table(head: list[str], rows: list[list[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines
    )


TABLES: dict[str, Callable[[], str]] = {
    "roles": roles, "verbs": verbs, "sources": sources, "facts": facts, "columns": columns, "processes": processes,
}  # fmt: skip


if __name__ == "__main__":
    main()
