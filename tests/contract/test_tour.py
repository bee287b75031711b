"""Every role of a catalogue has its page among the tours, with a picture that `make pictures` takes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import pictures  # noqa: E402

TOUR, IMAGES = ROOT / "docs" / "tour", ROOT / "docs" / "images"
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
ROLES = sorted(
    {
        row["code"]
        for file in (ROOT / "catalogues").glob("*/roles.yaml")
        for row in yaml.safe_load(file.read_text(encoding="utf-8"))
    }
)


def shown_in(page: Path) -> set[Path]:
    """The pictures a page shows."""
    return {(page.parent / found).resolve() for found in PICTURE.findall(page.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_tour_and_a_picture(role: str) -> None:
    page = TOUR / f"{role.replace('_', '-')}.md"
    assert page.is_file()
    assert f"`{role}`" in page.read_text(encoding="utf-8"), "the name to sign in with"
    assert f"({page.name})" in (TOUR / "README.md").read_text(encoding="utf-8")
    shown = shown_in(page)
    assert shown
    assert [str(p) for p in shown if not p.is_file()] == []


def test_every_picture_is_taken_and_shown() -> None:
    """No picture lies there that nobody sees, and none is shown that nobody takes anew."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {path for page in pages for path in shown_in(page) if path.parent == IMAGES}
    there = set(IMAGES.glob("*.png"))
    assert sorted(p.stem for p in there) == sorted(p.stem for p in shown)
    assert {p.stem for p in there} == {shot.name for shot in pictures.SHOTS}
