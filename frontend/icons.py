"""Make the icon sprite: the drawings named in `icons.txt`, from the icon package, as one SVG of symbols.

Needs the development packages (`npm ci` without `--omit=dev`); the sprite is committed, because the package is large and we use some hundred drawings.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DRAWINGS = HERE / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
TARGET = HERE.parent / "src" / "lianzhang" / "kernel" / "static" / "kernel" / "icons.svg"
EMBLEM = '<symbol id="emblem" viewBox="0 0 24 24"><path d="M10 8H7a4 4 0 0 0 0 8h3"/><path d="M14 8h3a4 4 0 0 1 0 8h-3"/><path d="M8.5 12h7"/></symbol>'
FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def names() -> list[str]:
    """The names asked for, sorted, comments left out."""
    lines = (line.strip() for line in (HERE / "icons.txt").read_text().splitlines())
    return sorted({line for line in lines if line and not line.startswith("#")})


def symbol(name: str) -> str:
    """One drawing as a `<symbol>`; the invisible frame of the original is left out."""
    text = (DRAWINGS / f"{name}.svg").read_text()
    body = FRAME.sub("", text[text.index(">") + 1 : text.rindex("</svg>")])
    return f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(body.split())}</symbol>'


def main() -> int:
    """Write the sprite; 1 when a name has no drawing."""
    missing = [name for name in names() if not (DRAWINGS / f"{name}.svg").exists()]
    if missing:
        print(
            f"icons.txt: no drawing called {', '.join(missing)}; see the outline folder of the icon package",
            file=sys.stderr,
        )
        return 1
    body = "\n".join(symbol(name) for name in names())
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    head = '<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
    TARGET.write_text(f"{head}\n{EMBLEM}\n<!-- Tabler Icons, MIT licence -->\n{body}\n</svg>\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
