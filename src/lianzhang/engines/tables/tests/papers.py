"""Documents as ministries and bureaus print them, made by the printer of the house (WeasyPrint)."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Sequence

STYLE = """
@page { size: A4; margin: 2cm; @bottom-center { content: '— ' counter(page) ' —' } }
body { font-family: 'Noto Sans CJK SC', sans-serif; font-size: 11pt }
h1 { text-align: center; font-size: 15pt; margin: 4pt } .c { text-align: center }
table { border-collapse: collapse; width: 100%; margin: 6pt 0 }
td, th { border: .5pt solid #000; padding: 3pt; font-weight: normal }
table.bare td, table.bare th { border: 0; padding: 2pt 8pt; text-align: left }
table.three td, table.three th { border: 0; padding: 3pt 8pt; text-align: left }
table.three { border-top: 1.5pt solid #000; border-bottom: 1.5pt solid #000 } table.three thead { border-bottom: .7pt solid #000 }
"""


def printed(body: str, style: str = "") -> bytes:
    """HTML → PDF."""
    import weasyprint

    content: bytes = weasyprint.HTML(string=f"<style>{STYLE}{style}</style>{body}").write_pdf()
    return content


def table(head: Sequence[str], rows: Iterable[Sequence[str]], css: str = "") -> str:
    """A table whose heading is printed on every page."""
    top = "".join(f"<th>{h}</th>" for h in head)
    lines = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    return f"<table class='{css}'><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"


def firms(n: int, first: int = 1) -> list[list[str]]:
    """Rows of a roster: number, a name of which some need several lines, city, batch."""
    out = []
    for i in range(first, first + n):
        long = "精密智能装备制造科技发展" if i % 3 else ""
        former = "（原云溪机械厂有限责任公司）" if i % 7 == 0 else ""
        out.append(
            [str(i), f"云溪{long}{i}号股份有限公司{former}", "东岸区" if i % 2 else "西岭区", "第四批"]
        )
    return out


def names(n: int, first: int = 1) -> list[str]:
    """The names of `firms` as they must be read."""
    return [row[1].replace("（", "\uff08").replace("）", "\uff09") for row in firms(n, first)]


def with_object(content: bytes, body: bytes) -> bytes:
    """A document with one more object in it, as a tool that appends writes it."""
    return content.replace(b"\nxref", b"\n9999 0 obj\n" + body + b"\nendobj\nxref", 1) if b"\nxref" in content else (
        re.sub(rb"(%PDF-[0-9.]+\n)", rb"\g<1>9999 0 obj\n" + body.replace(b"\\", b"\\\\") + b"\nendobj\n", content, count=1)
    )  # fmt: skip


def picture_pages(n: int = 1) -> bytes:
    """Pages that were scanned: pictures, no text."""
    import base64
    import struct

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"".join(b"\x00" + bytes((x * y) % 251 for x in range(60)) for y in range(80)))
    head = struct.pack(">IIBBBBB", 60, 80, 8, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    src = "data:image/png;base64," + base64.b64encode(png).decode()
    page = f"<img src='{src}' style='width:16cm;height:22cm;page-break-after:always'>"
    return printed(page * n, "@page { @bottom-center { content: none } }")


def many_pages(n: int) -> bytes:
    """A small document of many blank pages, written by hand."""
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []

    def add(body: bytes) -> None:
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (len(places), body))

    add(b"<< /Type /Catalog /Pages 2 0 R >>")
    kids = b" ".join(b"%d 0 R" % (i + 3) for i in range(n))
    add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (n, kids))
    for _ in range(n):
        add(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.writelines(b"%010d 00000 n \n" % p for p in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start))
    return out.getvalue()
