"""Which messages an app uses, and which of them its Simplified Chinese file lacks. `python tools/msgids.py [app…]`."""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1] / "src" / "lianzhang"
KEYWORDS = [
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
]
STRING = re.compile(r"""u?('(?:[^'\\\\]|\\\\.)*'|"(?:[^"\\\\]|\\\\.)*")""")
CALL = re.compile(rf"\b(n|p|np)?gettext\(((?:\s*{STRING.pattern}\s*,?)+)".replace("('(?", "(?:'(?", 1))
TEMPLATE_CALL = re.compile(r"""_\((["'])(.+?)\1\)""")
Key = tuple[str | None, str]


def apps() -> list[Path]:
    """Folders that carry messages."""
    return sorted(po.parents[3] for po in SOURCE.glob("**/locale/zh_Hans/LC_MESSAGES/django.po"))


def used(app: Path) -> dict[Key, str]:
    """(context, msgid) → file:line of every message in the app's code and templates."""
    out: dict[Key, str] = {}
    inner = [a for a in apps() if a != app and app in a.parents]
    for path in sorted(app.rglob("*")):
        if any(i in path.parents for i in inner) or "tests" in path.parts or "migrations" in path.parts:
            continue
        if path.suffix == ".py":
            found = _python(path.read_text(encoding="utf-8"))
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            found = _template(path)
        else:
            continue
        for line, key in found:
            out.setdefault(key, f"{path.relative_to(SOURCE)}:{line}")
    return out


def _python(text: str) -> Iterator[tuple[int, Key]]:
    called = dict.fromkeys(KEYWORDS) | _aliases(text)
    for line, function, messages, _ in extract_python(io.BytesIO(text.encode()), list(called), [], {}):
        given = messages if isinstance(messages, tuple) else (messages,)
        parts = [m for m in given if m is not None]
        with_context = "pgettext" in (called.get(function or "") or function or "")
        if len(parts) < (2 if with_context else 1):
            continue  # a message in a variable: its literal stands elsewhere
        context, msgid = (parts[0], parts[1]) if with_context else (None, parts[0])
        if msgid:
            yield line, (context, msgid)


def _aliases(text: str) -> dict[str, str]:
    """Under which other names a module calls the functions of translation: name → function."""
    return {
        each.asname: each.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for each in node.names
        if each.asname and each.name in KEYWORDS
    }


def _template(path: Path) -> Iterator[tuple[int, Key]]:
    text = path.read_text(encoding="utf-8")
    flat = templatize(text, origin=str(path))
    for match in CALL.finditer(flat):
        strings = [ast.literal_eval(s) for s in STRING.findall(match[2])]
        line = flat.count("\n", 0, match.start()) + 1
        if strings and match[1] in ("p", "np"):
            yield line, (strings[0], strings[1])
        elif strings:
            yield line, (None, strings[0])
    for match in TEMPLATE_CALL.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, (None, match[2])


def translated(app: Path) -> set[Key]:
    """What the app's file translates."""
    with (app / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as handle:
        catalog = read_po(handle, locale="zh_Hans")
    out: set[Key] = set()
    for message in catalog:
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and all(strings) and not message.fuzzy:
            msgid = message.id[0] if isinstance(message.id, tuple | list) else message.id
            out.add((message.context, msgid))
    return out


def missing() -> dict[str, list[tuple[str, Key]]]:
    """app → [(place, message)] of messages nobody translates. A message may stand in any app's file."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    everywhere: set[Key] = set().union(*(translated(a) for a in apps()))
    return {
        str(app.relative_to(SOURCE)): sorted(
            (where, key) for key, where in used(app).items() if key not in everywhere
        )
        for app in apps()
    }


if __name__ == "__main__":
    for name, rows in missing().items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        for where, (context, msgid) in rows:
            print(f"#: {where}")
            if context:
                print(f'msgctxt "{context}"')
            print(
                'msgid "'
                + msgid.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
                + '"\nmsgstr ""\n'
            )
    sys.exit(1 if any(missing().values()) else 0)
