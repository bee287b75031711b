"""The pick-up folder: what rests is taken, known columns are applied, all else waits; nothing outside is ever read."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from lianzhang.kernel.imports.pickup import look, places
from lianzhang.kernel.imports.pickup.take import Changed, take
from lianzhang.kernel.imports.tests.bench import CODES, HEAD, roster, step, upload
from lianzhang.kernel.jobs import schedule, worker
from lianzhang.kernel.jobs.runner import Handle
from lianzhang.kernel.models import Import, PickedFile
from lianzhang.registry.models import Enterprise

pytestmark = pytest.mark.django_db
GOOD = f"{CODES[0]},云溪一号有限公司,东岸区,3670,500"
ROSTER = "统一社会信用代码,企业名称,所在区,行业代码,备用电话\n"


@pytest.fixture
def folder(settings: Any, tmp_path: Path, catalogue: Any) -> Path:
    """pickup/market/enterprises of this installation."""
    settings.PICKUP_FOLDER = tmp_path / "drop"
    made = tmp_path / "drop" / "market" / "enterprises"
    made.mkdir(parents=True)
    return made


def put(folder: Path, name: str, content: bytes, age: float = 60) -> Path:
    """A file that has not changed for so many seconds."""
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def picked() -> list[tuple[str, str]]:
    look.take_all(Handle(None))
    return [(row.state, row.reason) for row in PickedFile.objects.order_by("pk")]


def known(client: Any) -> None:
    """A delivery of the market regulator with these columns is applied."""
    step(client, upload(client, roster(GOOD, head=ROSTER), source="market", period=""), "apply")


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_known_file_is_applied_and_put_away_with_its_report(folder: Path, signed_in: Any) -> None:
    client = signed_in("data_officer")
    known(client)
    put(folder, "四月.csv", roster(f"{CODES[1]},云溪二号有限公司,西岭,3611,7", head=ROSTER))
    assert picked() == [("applied", "")]
    assert Enterprise.objects.registered().filter(uscc=CODES[1]).exists()
    assert names(folder / "done") == ["四月.csv", "四月.csv.report.json"]
    report = json.loads((folder / "done" / "四月.csv.report.json").read_text())
    assert (report["state"], report["created"], report["rejected"]) == ("applied", 1, 0)
    assert names(folder) == ["done"]
    assert "四月.csv" in client.get("/imports/pickup/").content.decode()


def test_what_is_not_known_or_refuses_too_much_waits_for_a_person(folder: Path, signed_in: Any) -> None:
    client = signed_in("data_officer")
    put(folder, "a.csv", roster(GOOD, head=ROSTER))
    assert picked() == [("waiting", "columns_unknown")]
    row = Import.objects.get()
    assert (row.state, Enterprise.objects.count()) == ("read", 0)
    step(client, row, "apply")
    bad = [f"坏{i},名,东岸区,3670,1" for i in range(3)]
    put(folder, "b.csv", roster(GOOD, *bad, head=ROSTER))
    assert picked()[-1] == ("waiting", "many_refused")
    other = folder.parent.parent / "district" / "enterprises"
    other.mkdir(parents=True)
    put(other, "c.csv", roster(GOOD, head=ROSTER))
    assert picked()[-1] == ("waiting", "not_agreed")


def test_a_file_that_is_still_written_is_left_alone(folder: Path) -> None:
    path = put(folder, "a.csv", roster(GOOD, head=ROSTER), age=0)
    put(folder, "b.csv.part", b"x")
    put(folder, ".c.csv", b"x")
    assert picked() == [("growing", "")]
    with path.open("ab") as handle:
        handle.write(b"more\n")
    assert picked() == [("growing", "")]
    assert Import.objects.count() == 0
    (found,) = places.entries(look.root())
    row = PickedFile.objects.get()
    path.write_bytes(b"other")
    with pytest.raises(Changed):
        take(look.root(), found, row, Handle(None))
    assert Import.objects.count() == 0
    assert names(folder) == [".c.csv", "a.csv", "b.csv.part"]


def test_the_same_content_again_is_not_taken_twice(folder: Path, signed_in: Any) -> None:
    known(signed_in("data_officer"))
    for name in ("a.csv", "b.csv"):
        put(folder, name, roster(GOOD, head=ROSTER) + b"\n")
    assert [state for state, _ in picked()] == ["applied", "twice"]
    assert Import.objects.count() == 2
    put(folder, "a.csv", roster(GOOD, head=ROSTER) + b"\n", age=99)
    assert picked()[-1][0] == "twice"
    assert "a_2.csv" in names(folder / "done")
    assert picked()[-1][0] == "twice"


def test_what_cannot_be_read_is_put_away_and_told(folder: Path, signed_in: Any) -> None:
    put(folder, "kaputt.xlsx", b"PK\x03\x04 broken")
    ((state, reason),) = picked()
    assert state == "refused"
    assert names(folder / "refused") == ["kaputt.xlsx", "kaputt.xlsx.report.json"]
    page = signed_in("data_officer").get("/imports/pickup/").content.decode()
    assert "无法读取" in page
    assert reason not in ("", "not_moved")


@pytest.mark.parametrize("closed", ["tax", "tax/filings"])
def test_a_closed_folder_is_told_by_name_and_stops_no_other(
    closed: str, folder: Path, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a source, or of one of its data sets; opened again it is looked into as ever."""
    known(signed_in("data_officer"))
    shut = look.root() / closed
    (look.root() / "tax" / "filings").mkdir(parents=True)
    put(look.root() / "tax" / "filings", "三月.csv", roster(GOOD, head=ROSTER))
    put(folder, "四月.csv", roster(f"{CODES[1]},云溪二号有限公司,西岭,3611,7", head=ROSTER))
    shut.chmod(0)
    real = os.open

    def refused(name: Any, *more: Any, **rest: Any) -> int:
        if name == shut.name:  # root opens everything
            raise PermissionError(13, "Permission denied", name)
        return real(name, *more, **rest)

    monkeypatch.setattr(places.os, "open", refused)
    assert sorted(picked()) == [("applied", ""), ("ignored", "closed")]
    assert PickedFile.objects.get(state="ignored").path == closed
    picked()
    assert PickedFile.objects.count() == 2, "told once"
    monkeypatch.setattr(places.os, "open", real)
    shut.chmod(0o755)
    picked()
    assert PickedFile.objects.get(path="tax/filings/三月.csv").state != "ignored"


def test_a_folder_taken_away_while_one_looks_stops_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "四月.csv", roster(GOOD, head=ROSTER))
    gone = look.root() / "aaa"
    gone.mkdir()
    listed = places._listed

    def then_gone(handle: int) -> Any:
        found = listed(handle)
        if gone.exists():
            gone.rmdir()
        return found

    monkeypatch.setattr(places, "_listed", then_gone)
    assert [found.path for found in places.entries(look.root())] == ["market/enterprises/四月.csv"]


def test_links_and_strange_folders_are_never_followed(folder: Path, tmp_path: Path) -> None:
    secret = put(tmp_path, "secret.csv", roster(GOOD, head=ROSTER))
    (folder / "link.csv").symlink_to(secret)
    (folder / "up").mkdir()
    (folder.parent / "filings").symlink_to(tmp_path)
    (look.root() / "tax").symlink_to(tmp_path)
    (look.root() / "nobody").mkdir()
    (look.root() / "nobody" / "enterprises").mkdir()
    put(look.root() / "nobody" / "enterprises", "a.csv", b"x")
    os.mkfifo(folder / "pipe.csv")
    found = dict(
        zip(
            [r["file"] for r in look.take_all(Handle(None))],
            [s for s in PickedFile.objects.order_by("pk")],
            strict=True,
        )
    )
    assert {path: (row.state, row.reason) for path, row in found.items()} == {
        "market/enterprises/link.csv": ("ignored", "link"), "market/enterprises/pipe.csv": ("ignored", "no_file"),
        "market/enterprises/up": ("ignored", "no_file"), "market/filings": ("ignored", "link"),
        "nobody/enterprises/a.csv": ("ignored", "unknown_source"), "tax": ("ignored", "link"),
    }  # fmt: skip
    assert Import.objects.count() == 0
    assert secret.exists()
    (folder / "done").symlink_to(tmp_path)
    put(folder, "b.csv", roster(GOOD, head=ROSTER))
    look.take_all(Handle(None))
    assert PickedFile.objects.get(path="market/enterprises/b.csv").reason == "not_moved"
    assert not (tmp_path / "b.csv").exists()


def test_the_worker_looks_by_itself(folder: Path) -> None:
    put(
        folder, "a.csv", roster(GOOD, head=HEAD.replace("营业收入(万元)", "备注").replace("从业人数", "说明"))
    )
    assert "imports.pickup" in [work.code for work in schedule.works()]
    assert look.watch() == "1"
    assert look.watch() is None, "one job at a time"
    worker.run(once=True)
    assert PickedFile.objects.get().state == "waiting"
    assert look.watch() == "0"


def test_who_does_not_run_the_city_sees_no_folder(folder: Path, signed_in: Any) -> None:
    put(folder, "a.csv", roster(GOOD, head=ROSTER))
    picked()
    for role in ("desk_officer", "statistician", "liaison"):
        assert signed_in(role).get("/imports/pickup/").status_code == 404
    assert "a.csv" in signed_in("auditor").get("/imports/pickup/").content.decode()
