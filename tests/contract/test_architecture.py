"""The house keeps its shape: what a reviewer would otherwise have to notice."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks

from lianzhang.kernel.web.access import access_of, all_routes

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "lianzhang"
HAN = re.compile(r"[\u4e00-\u9fff]")
HEAVY = (
    "polars",
    "numba",
    "scipy",
    "numpy",
    "openpyxl",
    "weasyprint",
    "python_calamine",
    "docx",
    "narwhals",
    "pandas",
)


def sources(*, tests: bool = False) -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts and (tests or "tests" not in path.parts):
            yield path


def templates() -> Iterator[Path]:
    yield from sorted(SOURCE.rglob("templates/**/*.html"))


def test_the_program_checks_itself_clean() -> None:
    assert run_checks() == []


def test_every_route_is_classified() -> None:
    routes = list(all_routes())
    assert len(routes) > 20
    assert [path for path, name, view in routes if access_of(name, view) is None] == []


def test_every_model_of_ours_declares_who_may_see_it() -> None:
    ours = [m for m in apps.get_models() if m.__module__.startswith("lianzhang.")]
    assert len(ours) > 15
    for model in ours:
        visibility = model.visibility
        lookups = (
            visibility.area,
            visibility.org,
            visibility.enterprise,
            visibility.institution,
            visibility.person,
        )
        assert visibility.reason or visibility.view or any(lookups), f"{model} is visible without a reason"
        assert hasattr(model.objects, "visible_to") or hasattr(model.objects.all(), "visible_to"), model


def test_the_web_process_loads_no_numerics() -> None:
    code = f"""
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "settings_for_tests"
sys.path.insert(0, {str(ROOT / "tests")!r})
import lianzhang.site.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(sorted(m for m in {HEAVY!r} if m in sys.modules))
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_reads_in_pages_start_at_visible_to() -> None:
    """`.objects.all()` in a page, an API, a panel or a search would show everything to everybody."""
    found = []
    for path in sources():
        if {"web", "api"} & set(path.parts) or path.stem in ("selectors", "panels", "search"):
            text = path.read_text(encoding="utf-8")
            found += [
                f"{path.relative_to(SOURCE)}: {m}"
                for m in re.findall(r"\w+\.objects\.all\(\)", text)
                if not m.startswith("Area.")
            ]
    assert found == []


def test_markup_is_marked_safe_in_the_component_library_only() -> None:
    allowed = {"kernel/templatetags", "kernel/web"}
    found = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if "mark_safe" in text and not any(str(path.relative_to(SOURCE)).startswith(a) for a in allowed):
            found.append(path)
    found += [
        p
        for p in templates()
        if "|safe" in p.read_text(encoding="utf-8") and "|safe" in p.read_text().replace("|safeseq", "")
    ]
    assert found == []


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)(?![^>]*type=\"(application/json|importmap)\")",
        re.IGNORECASE,
    )
    documents = ("report_pdf", "letter")  # printed by WeasyPrint, never sent to a browser
    found = [
        f"{p.relative_to(SOURCE)}: {m.group(0)}"
        for p in templates()
        if not any(d in p.name for d in documents)
        for m in [inline.search(p.read_text(encoding="utf-8"))]
        if m
    ]
    assert found == []


def _strings(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and HAN.search(node.value)
        ):
            yield node.lineno, node.value


def test_no_chinese_stands_in_code_or_templates() -> None:
    """The interface is written in English and translated; field data (synonyms, names) lies in data files."""
    data = {"engines/synth", "engines/tables", "site/people.py", "registry/deliveries"}
    found = []
    for path in sources():
        name = str(path.relative_to(SOURCE))
        if any(name.startswith(d) for d in data):
            continue
        found += [
            f"{name}:{line}: {text[:30]}" for line, text in _strings(path) if len(HAN.findall(text)) > 1
        ]
    found += [
        f"{p.relative_to(SOURCE)}"
        for p in templates()
        if HAN.search(
            re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", p.read_text(encoding="utf-8"), flags=re.S)
        )
    ]
    assert found == []


def test_every_message_is_translated() -> None:
    out = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "msgids.py")], capture_output=True, text=True, check=False
    )
    assert out.stdout == ""


def test_chinese_is_set_with_its_own_marks() -> None:
    """GB/T 15834: between Chinese words commas, semicolons, colons, question and exclamation marks are those of Chinese."""
    texts = [*SOURCE.glob("**/zh_Hans/LC_MESSAGES/django.po"), *SOURCE.glob("**/data/messages.yaml")]
    texts += (ROOT / "catalogues").glob("**/*.yaml")
    assert len(texts) > 20
    wrong = re.compile(f"{HAN.pattern}[,;:?!]{HAN.pattern}")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:60]}"
        for path in texts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if wrong.search(line) and not line.lstrip().startswith("#")
    ]
    assert found == []


def test_a_message_under_another_name_of_the_function_is_seen() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    import msgids

    text = """
from django.utils.translation import gettext as _t, pgettext_lazy as _p
from django.utils.translation import gettext as _
def page(_more):
    return _t("one"), _p("here", "two"), _("three"), other("four")
"""
    found = {key for _line, key in msgids._python(text)}
    assert found == {(None, "one"), ("here", "two"), (None, "three")}


def test_files_stay_small() -> None:
    """A mirror with room: median under 90 lines, 95 % under 250, none over 400."""
    lengths = sorted(len(p.read_text(encoding="utf-8").splitlines()) for p in sources())
    assert lengths[len(lengths) // 2] <= 90
    assert lengths[int(len(lengths) * 0.95)] <= 250
    assert lengths[-1] <= 400


def test_the_repository_names_no_registry_and_no_machine() -> None:
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    marks = re.compile(
        r"registry\.npmjs|pypi\.org/simple|files\.pythonhosted|--(extra-)?index-url|/work/|/root/"
    )
    found = []
    for name in files:
        path = ROOT / name
        if (
            path.is_file()
            and path.stat().st_size < 2_000_000
            and path.suffix
            in (".py", ".toml", ".json", ".txt", ".in", ".yaml", ".yml", ".md", ".html", ".js", "")
        ):
            if name == "tests/contract/test_architecture.py":
                continue
            if marks.search(path.read_text(encoding="utf-8", errors="ignore")):
                found.append(name)
    assert found == []


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_text_field_is_classified_as_personal_or_not() -> None:
    """A field that may tell of a person stands in personal_data.yaml, any other in not_personal.txt: whoever adds one decides."""
    import yaml
    from django.apps import apps
    from django.db import models

    plain = set((ROOT / "src/lianzhang/city/tests/not_personal.txt").read_text().split())
    register = (ROOT / "catalogues/_reference/personal_data.yaml").read_text(encoding="utf-8")
    registered = {row["field"] for row in yaml.safe_load(register)}
    kinds = (
        models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField, models.GenericIPAddressField,
    )  # fmt: skip
    ours = {
        f"{m._meta.label_lower}.{f.name}"
        for m in apps.get_models()
        if m.__module__.startswith("lianzhang")
        for f in m._meta.local_fields
        if isinstance(f, kinds) and not f.choices
    }
    assert sorted(plain & registered) == [], "in both lists"
    assert sorted(ours - plain - registered) == [], "classify in personal_data.yaml or not_personal.txt"
    assert sorted(plain - ours) == [], "no such field any more"


def test_migrations_of_data_stay_in_their_database() -> None:
    """A city is moved by migrating another database beside its own: a step that asks the usual one would read that."""
    steps = [p for p in SOURCE.rglob("migrations/0*.py") if ".objects" in p.read_text(encoding="utf-8")]
    assert steps
    for path in steps:
        text = path.read_text(encoding="utf-8")
        assert text.count(".objects") == text.count(".objects.using("), path.name
