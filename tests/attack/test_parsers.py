"""S13: parsers at random. Whatever comes in: a value or a declared refusal, soon, and the same one twice."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.corpus import sheets
from lianzhang.engines.casework import HistoryError, ProcessError, load_process, read_events
from lianzhang.engines.expr import ExprError
from lianzhang.engines.expr import parse as parse_expr
from lianzhang.engines.tables import (
    FieldSpec,
    Limits,
    TableError,
    TableSpec,
    check_uscc,
    conversion,
    is_archive,
    make_uscc,
    members,
    parse_map,
    parse_moment,
    parse_period,
    read_table,
)
from lianzhang.engines.tables.dates import parse_date, parse_year
from lianzhang.engines.tables.headers import read_header, units_above
from lianzhang.engines.tables.numbers import NumberTextError, parse_number
from lianzhang.engines.tables.tests import papers
from lianzhang.kernel.catalogue import read_yaml
from tally import LONG, SEED, case

pytestmark = [pytest.mark.attack("S13"), pytest.mark.timeout(3_600 if LONG else 300)]
ROOT = Path(__file__).resolve().parents[2]
SLOW = 2.0  # seconds of this process: the machine may be busy with something else
CODE = make_uscc("91", "449900", "MF000001")
SPEC = TableSpec(
    "fuzz",
    (
        FieldSpec("uscc", "uscc", "统一社会信用代码", required=True),
        FieldSpec("name", "name", "企业名称"),
        FieldSpec("revenue", "money", "营业收入", unit="元", range=(0, 1e13)),
        FieldSpec("share", "percent", "研发投入占比"),
        FieldSpec("established", "date", "成立日期"),
        FieldSpec("at", "datetime", "受理时间"),
        FieldSpec("industry", "industry", "行业代码"),
        FieldSpec("listed", "bool", "是否上市"),
    ),
)
HEAD = [f.label for f in SPEC.fields]
ROWS = [
    [CODE, "云溪一号有限公司", "1,200.5万元", "12.5%", "2012.5.6", "2022-05-06 09:30", "C3670", "是"],
    ["合计", "", 1200, "", "", "", "", ""],
]
LIMITS = Limits(unzipped_bytes=64 << 20, pdf_unpacked_bytes=64 << 20)


def table(content: bytes, name: str = "a.csv") -> Any:
    """Everything a reading says."""
    result = read_table(content, SPEC, name=name, limits=LIMITS, default_units={"money": "万元"})
    rows = [(r.row_number, repr(sorted(r.values.items())), r.rejected) for r in result]
    return rows, [s.to_dict() for s in result.sheets], [p.to_dict("zh") for p in result.problems]


def document(content: bytes) -> Any:
    return table(content, "a.pdf")


def unpacked(content: bytes) -> Any:
    return is_archive(content, "a.zip"), [(n, len(c)) for n, c in members(content, "a.zip", LIMITS)]


def process(text: str) -> Any:
    return load_process(text).model_dump()


def mapped(text: str) -> Any:
    return parse_map(read_yaml(text)[1])


def history(text: str) -> Any:
    found = read_events(text.splitlines())
    return repr(found)


def catalogue(text: str, folder: Path | None = None) -> Any:
    """A file of a catalogue: what the loader keeps of it, or its mistakes with their lines."""
    from lianzhang.kernel import catalogue as kernel
    from lianzhang.registry.catalogue import ColumnRow

    path = Path(catalogue.folder) / "datasets.yaml"  # type: ignore[attr-defined]
    path.write_bytes(text.encode("utf-8", "replace"))
    section = kernel.Section("datasets.yaml", ColumnRow, lambda rows, whole: {"rows": len(rows)}, order=1)
    return repr(kernel._parse(path, section))


PROCESS = (ROOT / "catalogues/_reference/processes/data_dispute.yaml").read_text(encoding="utf-8")
EVENT = json.dumps(
    {
        "matter": 1,
        "seq": 1,
        "at": "2023-04-10T09:00:00+08:00",
        "type": "extended",
        "by": "u",
        "data": {"clock": "main", "to": {"5": "working_day"}},
    }
)
#: Parser, the errors it declares, what it is fed with.
TEXTS: dict[str, tuple[Callable[[str], Any], tuple[type[Exception], ...], list[str]]] = {
    "expr": (parse_expr, (ExprError,), ["revenue >= p.min_rev and not (a in ['x', 'y'])", "urgency == 'urgent'", "min(a * 0.1, 5 % 2) / -b", "has(x) or y is null"]),
    "credit code": (check_uscc, (), [CODE, CODE.lower(), CODE[:17], "91440101MA5ABC10XX"]),
    "numeral": (parse_number, (NumberTextError,), ["1,200.5万元", "(1 200)", "△5", "1.2e5", "12.5%", "¥３００", "三百万", "1,2345"]),
    "date": (parse_date, (), ["2012.5.6", "20120506", "二〇一二年五月六日", "44567", "2012年5月"]),
    "moment": (parse_moment, (), ["2022-05-06 09:30:15+08:00", "2022年5月6日9时30分", "2022/5/6"]),
    "year": (parse_year, (), ["2022年", "2022年1-12月", "二〇二二年"]),
    "period": (parse_period, (), ["2022Q1", "2022年上半年", "202205", "2022年第一季度"]),
    "heading": (read_header, (), ["一、营业收入(万元)", "其中:主营业务收入2022年", "单位:千元", "(%)"]),
    "unit": (lambda t: (conversion(t, "元"), units_above(t)), (), ["万元", "单位:万元 人数单位:人", "亿千瓦时"]),
    "events": (history, (HistoryError,), [EVENT, EVENT.replace("extended", "annulled"), "{}", "[1]", '{"matter": NaN}']),
    "process": (process, (ProcessError,), [PROCESS, PROCESS[:900], "kind: a\nversion: 1"]),
    "column map": (mapped, (TableError, yaml.YAMLError, ValueError), ["Sheet1: {header_row: 4, columns: {营业收入: {field: revenue, unit: 万元}}}", "a: [1]", "'*': {values: {x: 1}}"]),
    "catalogue": (catalogue, (), [(ROOT / "catalogues/_reference/datasets.yaml").read_text(encoding="utf-8")[:1500]]),
    "csv": (lambda t: table(t.encode("utf-8", "replace")), (TableError,), ["\r\n".join([",".join(HEAD), ",".join(map(str, ROWS[0]))]), ",".join(HEAD) + '\n"' + CODE]),
}  # fmt: skip
LIVELY = "0123456789.,-+%()（）[]{}'\"\\/:;、，。 \t\n\r\0年月日时分号万亿千百十零〇一二三元﻿０１△…—#@=&|!*?<>~^`$eEQH_\u200b\u3000\ud800\U0001f600"


def bent(text: str, other: str, chance: random.Random) -> str:
    """A text with a few places changed: dropped, doubled, replaced, spliced with another, or drawn out to great length."""
    out = text
    for _ in range(chance.randrange(1, 5)):
        at, kind = chance.randrange(len(out) + 1), chance.randrange(7)
        sign = chance.choice(LIVELY)
        if kind == 0:
            out = out[:at] + out[at + chance.randrange(1, 9) :]
        elif kind == 1:
            out = out[:at] + sign + out[at:]
        elif kind == 2:
            out = out[:at] + sign + out[at + 1 :]
        elif kind == 3:
            out = out[:at] + other[chance.randrange(len(other) + 1) :]
        elif kind == 4:
            out = out[:at] + sign * chance.choice((2, 17, 300, 5000)) + out[at:]
        elif kind == 5:
            out = out[:at] + out[at : at + 20] * 3 + out[at:]
        else:
            out = "".join(chance.choice(LIVELY) for _ in range(chance.randrange(40)))
    return out[:20_000]


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Bytes with a few places changed, a stretch moved, or the end torn off."""
    out = bytearray(content)
    for _ in range(chance.randrange(1, 12)):
        kind, at = chance.randrange(5), chance.randrange(len(out))
        if kind <= 1:
            out[at] = chance.randrange(256)
        elif kind == 2:
            del out[at : at + chance.randrange(1, 64)]
        elif kind == 3:
            out[at:at] = out[: chance.randrange(1, 64)]
        else:
            out[at : at + 4] = chance.randbytes(4)
        if len(out) < 8:
            break
    return bytes(out[: chance.randrange(8, len(out))] if chance.random() < 0.1 and len(out) > 9 else out)


def within(content: bytes, chance: random.Random) -> bytes:
    """An archive with one of its parts bent, so that the damage is met behind the container's checks."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        victim = chance.choice(old.namelist())
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, damaged(body, chance) if name == victim and body else body)
    return out.getvalue()


def verdict(parser: Callable[[Any], Any], declared: tuple[type[Exception], ...], given: Any) -> str:
    """What a parser makes of something, as a text. Anything but a value or a declared error goes through; so does slowness."""
    started = time.process_time()
    try:
        said = f"value {parser(given)!r}"
    except declared as error:
        said = f"{type(error).__name__} {error}"
    spent = time.process_time() - started
    assert spent < SLOW, f"{spent:.1f} s for {given[:200]!r}"
    return said


def tried(parser: Callable[[Any], Any], declared: tuple[type[Exception], ...], given: Any) -> None:
    assert verdict(parser, declared, given) == verdict(parser, declared, given), repr(given[:200])
    case()


@pytest.mark.parametrize("name", TEXTS)
def test_texts_bent_by_chance(name: str, tmp_path: Path) -> None:
    catalogue.folder = tmp_path  # type: ignore[attr-defined]
    parser, declared, seeds = TEXTS[name]
    chance = random.Random(f"{SEED} {name}")
    slow = name in ("process", "catalogue", "csv")
    for _ in range(_count(200 if not slow else 40)):
        given = bent(chance.choice(seeds), chance.choice(seeds), chance)
        try:
            tried(parser, declared, given)
        except Exception as error:
            raise AssertionError(f"{name}: {type(error).__name__}: {error} for {given[:300]!r}") from error


def _count(usual: int) -> int:
    """In the long run a million inputs over all text parsers; those that read a whole file get a tenth each."""
    return usual if not LONG else (89_000 if usual > 100 else 19_000)


@pytest.mark.parametrize(
    "name",
    [
        "expr",
        "credit code",
        "numeral",
        "date",
        "moment",
        "period",
        "heading",
        "unit",
        "events",
        "column map",
        "csv",
    ],
)
@settings(max_examples=60)
@given(data=st.data())
def test_texts_drawn_by_hypothesis(name: str, data: Any) -> None:
    parser, declared, seeds = TEXTS[name]
    drawn = data.draw(
        st.one_of(st.text(max_size=200), st.sampled_from(seeds), st.text(alphabet=LIVELY, max_size=60))
    )
    tried(parser, declared, drawn)


BINARY: dict[str, tuple[Callable[[bytes], Any], Callable[[], bytes]]] = {
    "xlsx": (lambda c: table(c, "a.xlsx"), lambda: sheets.xlsx({"Sheet1": [HEAD, *ROWS]}, {"Sheet1": ["B3:C4"]})),
    "xls": (lambda c: table(c, "a.xls"), lambda: sheets.xls({"Sheet1": [HEAD, *ROWS]})),
    "zip": (unpacked, lambda: sheets.archive({"各区/一.csv": b"a,b\n1,2\n", "二.csv": b"c\n3\n"}, "gbk")),
    "pdf": (document, lambda: papers.printed(papers.table(HEAD[:3], [[str(c) for c in ROWS[0][:3]]] * 3), "body { font-family: monospace }")),
    "text": (table, lambda: sheets.text([HEAD, *ROWS], "gb18030")),
}  # fmt: skip


@pytest.mark.parametrize("name", BINARY)
def test_files_damaged_by_chance(name: str) -> None:
    parser, make = BINARY[name]
    whole, chance = make(), random.Random(f"{SEED} {name}")
    for i in range(30 if not LONG else {"xlsx": 5_000, "xls": 5_000, "pdf": 500}.get(name, 5_000)):
        inside = name in ("xlsx", "zip") and i % 2
        given = within(whole, chance) if inside else damaged(whole, chance)
        try:
            tried(parser, (TableError,), given)
        except Exception as error:
            kept = Path("/tmp") / f"s13_{name}_{i}"
            kept.write_bytes(given)
            raise AssertionError(f"{name} {i}: {type(error).__name__}: {error} (kept as {kept})") from error


PARQUET = """
import random, sys
sys.path[:0] = [{tests!r}, {source!r}]
from attack import test_parsers as here
whole, chance = here.sheets.parquet({{"uscc": [here.CODE] * 3, "revenue": [1.5, None, 3.0]}}), random.Random({seed!r})
for i in range({count}):
    given = here.damaged(whole, chance)
    print(i, flush=True)
    assert here.verdict(lambda c: here.table(c, "a.parquet"), (here.TableError,), given) == here.verdict(
        lambda c: here.table(c, "a.parquet"), (here.TableError,), given)
"""


def test_parquet_files_damaged_by_chance() -> None:
    """In a process of its own: the reader of Parquet is a library in another language."""
    count = 30 if not LONG else 1_000
    code = PARQUET.format(
        tests=str(ROOT / "tests"), source=str(ROOT / "src"), seed=f"{SEED} parquet", count=count
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=600
    )
    case(n=len(done.stdout.split()))
    assert done.returncode == 0, done.stderr[-2000:]
