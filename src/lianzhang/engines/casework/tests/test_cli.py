"""The commands ``casework check`` and ``casework clock`` on files, as the contract has them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lianzhang.cli_casework import main
from lianzhang.engines.casework.tests.test_load import GOOD

EVENTS = [
    '{"matter":"B","seq":2,"at":"2023-01-18T03:00:00Z","type":"ask","by":"li"}',
    '{"matter":"A","seq":1,"at":"2023-01-16T10:00:00+08:00","type":"go","by":"d"}',
    '{"matter":"B","seq":1,"at":"2023-01-16T10:00:00+08:00","type":"go","by":"d"}',
    '{"matter":"B","seq":3,"at":"2023-01-28T11:00:00+08:00","type":"info","by":"w"}',
]
CALENDAR = (
    "date,kind\n"
    + "".join(f"2023-01-{day},holiday\n" for day in range(21, 28))
    + "2023-01-28,workday\n2023-01-29,workday\n"
)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {name: tmp_path / name for name in ("p.yaml", "e.jsonl", "c.csv")}
    found["p.yaml"].write_text(GOOD, encoding="utf-8")
    found["e.jsonl"].write_text("\n".join(EVENTS) + "\n", encoding="utf-8")
    found["c.csv"].write_text(CALENDAR, encoding="utf-8")
    return found


def clock(files: dict[str, Path], *more: str, now: str = "2023-01-29T10:00:00+08:00") -> int:
    paths = [
        "--process",
        str(files["p.yaml"]),
        "--events",
        str(files["e.jsonl"]),
        "--calendar",
        str(files["c.csv"]),
    ]
    return main(["casework", "clock", *paths, "--now", now, *more])


def test_one_json_object_a_matter(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert clock(files, "--json") == 0
    out, err = capsys.readouterr()
    first, second = (json.loads(text) for text in out.splitlines())
    assert err == ""
    assert (first["matter"], first["state"]) == ("B", "work")
    [main_clock] = first["clocks"]
    explained = main_clock.pop("explain")
    assert main_clock == {
        "name": "main", "state": "running", "unit": "working_day", "used": 3, "limit": 5,
        "due": "2023-01-31T17:30:00+08:00", "breached_at": None, "provisional": False,
    }  # fmt: skip
    assert explained[0] == {"date": "2023-01-16", "counted": 0, "why": "day of the start"}
    assert len(explained) == 14
    assert second["clocks"][0]["breached_at"] == "2023-01-28T17:30:00+08:00"


def test_without_json_a_table_for_people(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert clock(files) == 0
    assert "  main\trunning\t3/5 working_day\tdue 2023-01-31T17:30:00+08:00" in capsys.readouterr().out


def test_a_bad_matter_is_left_out_and_others_go_on(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    bad = ['{"matter":"A","seq":2,"at":"2023-01-17T10:00:00+08:00","type":"info","by":"w"}', "{"]
    files["e.jsonl"].write_text("\n".join(EVENTS + bad), encoding="utf-8")
    assert clock(files, "--json") == 3
    out, err = capsys.readouterr()
    assert [json.loads(text)["matter"] for text in out.splitlines()] == ["B"]
    lines = err.splitlines()
    assert lines[0].startswith(f"{files['e.jsonl']}:6: not JSON")
    assert lines[1] == f"{files['e.jsonl']}:5: 'info' in state 'work', expected state held"
    files["e.jsonl"].write_text(bad[0], encoding="utf-8")
    assert clock(files, "--json") == 1
    assert capsys.readouterr().out == ""


def test_a_void_extension_is_named_and_the_clock_still_answers(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    grant = '{"matter":"A","seq":2,"at":"2023-01-17T10:00:00+08:00","type":"extended","by":"d","data":{"clock":"main","to":{"9":"working_day"}}}'
    files["e.jsonl"].write_text("\n".join([*EVENTS, grant]), encoding="utf-8")
    assert clock(files, "--json") == 3
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert err.startswith(f"{files['e.jsonl']}:5: clock 'main' is extended")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "p.yaml",
            GOOD.replace("{5:", "{0:").encode(),
            ":17: clocks.main.limit.0.value: a limit of 0 working_day",
        ),
        ("p.yaml", GOOD.encode("gbk"), ":3: byte 0xcb is no UTF-8"),
        ("c.csv", b"date,kind\n2023-01-32,holiday\n", ":2: date '2023-01-32'"),
        ("e.jsonl", b"\n\n", ":1: no event, expected one JSON object a line"),
        ("e.jsonl", None, ":1: cannot be read"),
        ("c.csv", None, ":1: cannot be read"),
    ],
)
def test_nothing_done(
    files: dict[str, Path], name: str, content: bytes | None, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files[name].unlink() if content is None else files[name].write_bytes(content)
    assert clock(files, "--json") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{files[name]}{words}" in err


@pytest.mark.parametrize("now", ["2023-01-29T10:00:00", "2023-01-29", "soon"])
def test_wrong_usage(files: dict[str, Path], now: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        clock(files, "--json", now=now)
    assert stopped.value.code == 2


def test_check(files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = str(files["p.yaml"]), tmp_path / "bad.yaml"
    bad.write_text(GOOD.replace("waits_for", "waitsfor"), encoding="utf-8")
    assert main(["casework", "check", good]) == 0
    assert main(["casework", "check", good, str(bad), "--json"]) == 3
    out, err = capsys.readouterr()
    answer = json.loads(out.splitlines()[1])
    assert [entry["ok"] for entry in answer["files"]] == [True, False]
    assert answer["files"][1]["findings"][0]["line"] == 8
    assert f"{bad}:8: states.work.waitsfor: unknown key 'waitsfor', expected waits_for" in err
    assert main(["casework", "check", str(bad)]) == 1
    assert main(["casework", "check", good, "--roles", "asker"]) == 1


def test_no_django_and_no_numerics_are_loaded(files: dict[str, Path]) -> None:
    code = (
        "import sys; from lianzhang.cli_casework import main; main(sys.argv[1:]); "
        "bad = {'django', 'polars', 'numba', 'scipy', 'numpy'} & set(sys.modules); sys.exit(9 if bad else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "casework", "check", str(files["p.yaml"])], check=False
    )
    assert done.returncode == 0
