"""The documents tell the truth: commands and options, links, and the tables taken from the reference catalogue."""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest
import yaml

from lianzhang import cli

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
CHANGES = ROOT / "CHANGELOG.md"
COMMANDS = DOCS / "reference" / "commands.md"
HEADING = re.compile(r"^### `lianzhang ([a-z -]+)`$", re.MULTILINE)
OPTION = re.compile(r"^\| `(--[a-z-]+)[ `]", re.MULTILINE)
MENTION = re.compile(r"\blianzhang ((?:[a-z]+(?:-[a-z]+)* ?){1,2})")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def leaves(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Every command that can be run, with its parser."""
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if path and (not groups or not groups[0].required):
        yield path, parser
    for group in groups:
        for name, child in group.choices.items():
            yield from leaves(child, (*path, name))


PROGRAM = dict(leaves(cli.parser()))


def sections() -> dict[tuple[str, ...], str]:
    """command → its section of the page."""
    parts = HEADING.split(COMMANDS.read_text(encoding="utf-8"))
    return {
        tuple(name.split()): re.split(r"^## ", text, flags=re.MULTILINE)[0]
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    assert sorted(sections()) == sorted(PROGRAM)


@pytest.mark.parametrize("command", sorted(PROGRAM), ids=" ".join)
def test_the_options_of_a_command_are_those_of_its_section(command: tuple[str, ...]) -> None:
    real = {o for a in PROGRAM[command]._actions for o in a.option_strings if o.startswith("--")} - {"--help"}
    assert set(OPTION.findall(sections()[command])) == real


def test_commands_mentioned_anywhere_exist() -> None:
    """In code (spans and fences) of all documents: `lianzhang WORD …` is a command, and its second word one where it has several."""
    top = {command[0] for command in PROGRAM}
    grouped = {
        command[0]: {c[1] for c in PROGRAM if c[0] == command[0] and len(c) > 1} for command in PROGRAM
    }
    wrong = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for code in re.findall(r"`[^`\n]+`", FENCE.sub("", text)) + FENCE.findall(text):
            for words in MENTION.findall(code):
                first, *rest = words.split()
                known = first in top and (
                    not rest or not grouped[first] or rest[0] in grouped[first] or (first,) in PROGRAM
                )
                wrong += [] if known else [f"{page.relative_to(ROOT)}: lianzhang {words.strip()}"]
    assert wrong == []


def pages() -> list[Path]:
    """All documents of the repository, also those that are about to be added."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in sorted(set(listing.stdout.splitlines())) if (ROOT / name).is_file()]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }


def test_internal_links_lead_somewhere() -> None:
    broken, count = [], 0
    for page in pages():
        text = re.sub(r"`[^`\n]+`", "", FENCE.sub("", page.read_text(encoding="utf-8")))
        for target in (a or b for a, b in LINK.findall(text)):
            if re.match(r"[a-z]+:", target):
                continue
            count += 1
            path, _, anchor = unquote(target).partition("#")
            found = (page.parent / path).resolve() if path else page
            if not found.exists() or (anchor and anchor not in anchors(found)):
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []
    assert count > 100


def test_every_page_can_be_reached_from_the_first_one() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        for target in (a or b for a, b in LINK.findall(page.read_text(encoding="utf-8"))):
            path = (page.parent / unquote(target).partition("#")[0]).resolve()
            if path.is_file():
                waiting.append(path)
    assert sorted(str(p.relative_to(ROOT)) for p in DOCS.rglob("*.md") if p not in seen) == []


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tables_from_the_catalogue_are_fresh() -> None:
    """`python docs/generate.py` would change nothing."""
    assert [str(page.relative_to(ROOT)) for page, _ in generator().stale()] == []


def test_the_roles_table_is_roles_yaml() -> None:
    text = (DOCS / "reference" / "roles.md").read_text(encoding="utf-8")
    rows = [
        [c.strip().strip("`") for c in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| `")
    ]
    roles = yaml.safe_load((ROOT / "catalogues" / "_reference" / "roles.yaml").read_text(encoding="utf-8"))
    assert [r[0] for r in rows if len(r) == 5] == [r["code"] for r in roles]
    assert {r[0] for r in rows if len(r) == 2} == {v.partition("@")[0] for r in roles for v in r["verbs"]}


def test_every_reference_table_names_its_source() -> None:
    folder = ROOT / "catalogues" / "_reference"
    named = [
        line.partition(",")[0]
        for line in (folder / "SOURCES.csv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    files = {p.relative_to(folder) for p in folder.rglob("*") if p.is_file() and p.name != "SOURCES.csv"}
    assert [str(f) for f in sorted(files) if not any(f.match(n) for n in named)] == []
    assert [n for n in named if not list(folder.glob(n))] == []


def test_publiccode_describes_this_version() -> None:
    """The keys that the standard asks for, with its lengths; licence as in pyproject.toml, version the one released last."""
    data = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
    }
    assert wanted | {"maintenance", "localisation"} <= set(data)
    released = re.findall(
        r"^## (\S+) \(\d{4}-\d{2}-\d{2}\)$", CHANGES.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert (data["softwareVersion"], data["legal"]["license"]) == (released[0], project["license"])
    for text in data["description"].values():
        assert len(text["shortDescription"]) <= 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]
        assert all((ROOT / picture).is_file() for picture in text.get("screenshots", []))
