"""Where markup is made by hand: one place, and every page through a real browser with its policy watching (S4)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tally import case

pytestmark = [pytest.mark.attack("S4")]
SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianzhang"
MADE = {
    "kernel/templatetags/ui.py", "kernel/web/cells.py", "kernel/web/rows.py", "kernel/web/source.py", "kernel/web/figures.py", "kernel/web/lights.py",
    "kernel/web/forms.py", "kernel/web/graphs.py", "domains/indicators/selectors.py", "site/errors.py",
}  # fmt: skip
"""Modules that may make markup, all of them components; every argument goes through format_html."""
SAFE = re.compile(r"\bmark_safe\(([^)]*)\)|\bSafeString\(([^)]*)\)")


def test_markup_is_made_in_components_only_and_never_of_a_variable() -> None:
    """`mark_safe` of anything but a literal, `|safe` and `autoescape off` stand nowhere."""
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        if {"tests", "migrations"} & set(path.parts):
            continue
        case()
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(SOURCE))
        for found in SAFE.finditer(text):
            inside = (found[1] or found[2] or "").strip()
            if not re.fullmatch(r"[\"'][^\"'{}]*[\"']", inside) and name not in MADE:
                wrong.append(f"{name}: {found[0]}")
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        case()
        text = path.read_text(encoding="utf-8")
        if re.search(r"\|\s*safe\b(?!seq)|autoescape\s+off|\|\s*safeseq", text):
            wrong.append(str(path.relative_to(SOURCE)))
    assert wrong == []


def test_scripts_of_ours_write_no_markup() -> None:
    """innerHTML, document.write, eval and their like: in no file of ours (libraries of others are listed with their sums)."""
    bad = re.compile(
        r"\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function\(|\.srcdoc"
    )
    wrong = []
    for path in sorted(SOURCE.rglob("static/**/*.js")):
        if "vendor" in path.parts or path.name.endswith(".min.js"):
            continue
        case()
        wrong += [
            f"{path.relative_to(SOURCE)}: {m[0]}" for m in bad.finditer(path.read_text(encoding="utf-8"))
        ]
    assert wrong == []
