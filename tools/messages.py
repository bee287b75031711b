"""Compile the messages: .po → .mo for each app, and Traditional Chinese derived from Simplified by OpenCC.

Traditional is never written by hand; words that OpenCC gets wrong stand in `tools/traditional.txt` (simplified, tab,
traditional). Nothing is done when the results are newer than their sources.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "lianzhang"
EXCEPTIONS = Path(__file__).with_name("traditional.txt")


def main() -> None:
    """Bring all compiled messages up to date."""
    for po in sorted(SOURCE.glob("**/locale/zh_Hans/LC_MESSAGES/django.po")):
        simplified = po.with_suffix(".mo")
        traditional = po.parents[2] / "zh_Hant" / "LC_MESSAGES" / "django.mo"
        newest = max(po.stat().st_mtime, EXCEPTIONS.stat().st_mtime)
        if all(p.exists() and p.stat().st_mtime >= newest for p in (simplified, traditional)):
            continue
        catalog = read_po(po.open("rb"), locale="zh_Hans")
        _write(simplified, catalog)
        convert = converter()
        for message in catalog:
            if message.id:
                strings = message.string
                message.string = (
                    tuple(map(convert, strings)) if isinstance(strings, tuple | list) else convert(strings)
                )
        _write(traditional, catalog)


def converter():
    """Simplified → Traditional (Hong Kong standard, as written in the Pearl River delta), with the exceptions."""
    import opencc

    cc = opencc.OpenCC("s2hk")
    pairs = [line.split("\t") for line in EXCEPTIONS.read_text(encoding="utf-8").splitlines() if "\t" in line]

    def convert(text: str) -> str:
        # A private-use mark keeps an exception from being converted, and is put back afterwards.
        for i, (simplified, _) in enumerate(pairs):
            text = text.replace(simplified, chr(0xE000 + i))
        text = cc.convert(text)
        for i, (_, traditional) in enumerate(pairs):
            text = text.replace(chr(0xE000 + i), traditional)
        return text

    return convert


def _write(path: Path, catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as handle:
        write_mo(handle, catalog)


if __name__ == "__main__":
    main()
