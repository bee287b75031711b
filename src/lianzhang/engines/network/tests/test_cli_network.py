"""The commands as a user runs them: exit codes, files, messages."""

import csv
import json
import subprocess
import sys

import pytest

from lianzhang.cli_network import main

FIRMS = "id,sector,revenue\nA,S,100\nB,S,50\nC,C,40\nD,L,50\nE,V,300\nF,V,60\n"
LINKS = "supplier,buyer,value\nA,E,60\nB,E,20\nB,F,20\nC,E,10\nC,F,10\nD,E,30\nD,A,10\nE,D,40\n"
OUTSIDE = "id,product,purchases\nA,ore,40\nD,fuel,60\nE,C,30\n"
ESSENTIAL = "supplier_sector,buyer_sector,class\nS,V,2\nC,V,2\nore,S,2\n"


@pytest.fixture
def files(tmp_path):
    for name, text in {"firms": FIRMS, "links": LINKS, "outside": OUTSIDE, "essential": ESSENTIAL}.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def command(folder, *options):
    names = ("firms", "links", "outside", "essential")
    given = [part for name in names for part in (f"--{name}", str(folder / f"{name}.csv"))]
    return ["network", "risk", *given, "--out", str(folder / "risk.csv"), *options]


def rows(folder):
    with (folder / "risk.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_as_a_program_of_its_own(files):
    run = subprocess.run(
        [sys.executable, "-m", "lianzhang.cli_network", *command(files, "--json", "--tol", "1e-9")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert (answer["firms"], answer["links"], answer["mode"], answer["warnings"]) == (6, 8, "exact", [])
    data = (files / "risk.csv").read_bytes()
    assert data.startswith(b"id,esri,esri_down,esri_up,own_share,rounds\nA,0.5681")
    assert b"\r" not in data
    assert [float(row["esri"]) for row in rows(files)] == pytest.approx(
        [0.568116, 0.207362, 0.303333, 0.223333, 0.71, 0.15], abs=5e-7
    )
    assert [float(row["own_share"]) for row in rows(files)] == pytest.approx(
        [k / 60 for k in (10, 5, 4, 5, 30, 6)]
    )


def test_published_mode_weighs_by_sales_inside_and_keeps_the_own_share(files, capsys):
    assert main(command(files, "--mode", "published")) == 0
    assert capsys.readouterr().out == ""
    found = rows(files)
    assert float(found[5]["esri_up"]) == pytest.approx(0.105)
    assert float(found[5]["own_share"]) == pytest.approx(0.1)
    assert found[1]["rounds"] == "5"


@pytest.mark.parametrize(
    "options",
    [
        ("--mode", "published", "--tol", "1e-6"),
        ("--tol", "0"),
        ("--tol", "nan"),
        ("--tol", "small"),
        ("--mode", "rough"),
        ("--unknown",),
        ("--threads", "0"),
    ],
)
def test_wrong_usage_is_two(files, options, capsys):
    try:
        code = main(command(files, *options))
    except SystemExit as stop:
        code = stop.code
    assert code == 2
    assert capsys.readouterr().err
    assert not (files / "risk.csv").exists()


def test_inputs_are_never_overwritten(files, capsys):
    arguments = command(files)
    arguments[arguments.index("--out") + 1] = str(files / "links.csv")
    assert main(arguments) == 2
    assert (files / "links.csv").read_text(encoding="utf-8") == LINKS


def test_mistakes_leave_an_earlier_result_alone(files, capsys):
    (files / "risk.csv").write_text("earlier", encoding="utf-8")
    (files / "links.csv").write_text(LINKS + "A,Z,1\nA,B,-2\n", encoding="utf-8")
    assert main(command(files, "--json")) == 1
    said = capsys.readouterr()
    links = files / "links.csv"
    assert said.err.splitlines() == [
        f"{links}:10: buyer 'Z' is unknown, expected an id of {files / 'firms.csv'}",
        f"{links}:11: -2 is negative, expected a number >= 0",
    ]
    assert [fault["line"] for fault in json.loads(said.out)["problems"]] == [10, 11]
    assert (files / "risk.csv").read_text(encoding="utf-8") == "earlier"
    assert sorted(path.name for path in files.iterdir()) == [
        "essential.csv", "firms.csv", "links.csv", "outside.csv", "risk.csv",
    ]  # fmt: skip


def test_a_missing_file_is_named(files, capsys):
    (files / "outside.csv").unlink()
    assert main(command(files)) == 1
    assert "outside.csv:1: No such file or directory, expected a readable file" in capsys.readouterr().err


def test_firms_that_earn_nothing_have_no_risk(files, capsys):
    (files / "firms.csv").write_text("id,sector,revenue\nA,S,0\n", encoding="utf-8")
    for name, header in (("links", "supplier,buyer,value"), ("outside", "id,product,purchases")):
        (files / f"{name}.csv").write_text(header + "\n", encoding="utf-8")
    assert main(command(files)) == 1
    assert "the weights of all firms are zero" in capsys.readouterr().err


def test_warnings_are_said_and_listed(files, capsys):
    (files / "firms.csv").write_text(FIRMS.replace("A,S,100", "A,,6"), encoding="utf-8")
    (files / "links.csv").write_text(LINKS + "A,A,5\n", encoding="utf-8")
    assert main(command(files, "--json")) == 0
    said = capsys.readouterr()
    answer = json.loads(said.out)
    assert "firms.csv:2: warning: revenue 6 of A is below its sales in the links, 60 is used" in said.err
    assert (answer["self_links_dropped"], answer["unknown_sector"], len(answer["warnings"])) == (1, 1, 1)


def test_sampled_files_are_read_back(tmp_path, capsys):
    made = [
        "network",
        "synth",
        "--firms",
        "200",
        "--degree",
        "8",
        "--seed",
        "4",
        "--out",
        str(tmp_path / "city"),
        "--json",
    ]
    assert main(made) == 0
    first = {path.name: path.read_bytes() for path in (tmp_path / "city").iterdir()}
    assert sorted(first) == ["essential.csv", "firms.csv", "links.csv", "outside.csv"]
    assert json.loads(capsys.readouterr().out)["firms"] == 200
    assert main(made) == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "city").iterdir()} == first
    capsys.readouterr()
    assert main(command(tmp_path / "city", "--json")) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["firms"], answer["unknown_sector"], answer["warnings"]) == (200, 0, [])
    assert len(rows(tmp_path / "city")) == 200


@pytest.mark.parametrize(
    "options", [("--firms", "0"), ("--firms", "9", "--degree", "-1"), ("--firms", "9", "--seed", "x")]
)
def test_impossible_samples_are_wrong_usage(tmp_path, options, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["network", "synth", *options, "--out", str(tmp_path / "city")])
    assert stop.value.code == 2
    assert not (tmp_path / "city").exists()


def test_importing_the_commands_loads_no_numerics():
    code = "import sys, lianzhang.cli_network; print(sorted({'numba', 'scipy', 'numpy', 'django'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
