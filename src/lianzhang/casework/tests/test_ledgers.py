"""Older ledgers taken over: matters and their steps, checked, replayed, exported, taken back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from lianzhang.casework import projection
from lianzhang.casework.deliveries import held
from lianzhang.casework.models import Matter, MatterEventRecord, MatterRecord
from lianzhang.kernel import events, exports
from lianzhang.kernel.imports import command, dataset, deliver, walk
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HEAD = "事项编号,事项类型,事项标题,办理状态,受理时间,办结时间,主办单位,统一社会信用代码,其他字段\n"
STEPS = "事项编号,办理时间,办理环节,办理人,办理内容\n"


@pytest.fixture
def take(tmp_path: Path, catalogue: Any) -> Any:
    """Imports a text as a file of a ledger."""

    def load(data: str, text: str, actor: Any = SYSTEM, **more: Any) -> Any:
        path = tmp_path / f"{data}_{len(list(tmp_path.glob('*')))}.csv"
        path.write_text(text, encoding="utf-8")
        return command.import_file(path, data, actor, source=more.pop("source", "hotline"), **more)

    return load


def ledger(uscc: str, *lines: str) -> str:
    return HEAD + "".join(f"{line.replace('FIRM', uscc)}\n" for line in lines)


def exported(data: str, actor: Any = SYSTEM) -> list[dict[str, str]]:
    header, rows = dataset.get(data).export(actor)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


OPEN = "SZ2019000007,企业受阻,停电,办理中,2019-05-06 10:30,,gxj-equipment,FIRM,"
CLOSED = (
    'SZ2019000008,disruption,缺料,已办结,2019.5.6,20190520,gxj-equipment,FIRM,"{""urgency"": ""urgent""}"'
)


def test_a_ledger_becomes_matters_with_source_and_provenance(take: Any, town: Any) -> None:
    report = take("matters", ledger(town.firm.uscc, OPEN, CLOSED))
    assert (report.accepted, report.rejected) == (2, 0), report.to_dict()
    first, second = Matter.objects.order_by("number")
    assert (first.state, first.closed_at, first.provenance, first.source) == (
        "working",
        None,
        "imported",
        "hotline",
    )
    assert first.opened_at.isoformat() == "2019-05-06T02:30:00+00:00"
    assert first.lead_org.code == "gxj-equipment"
    assert first.enterprise == town.firm
    assert (second.state, second.closed_at.isoformat()) == ("closed", "2019-05-20T09:30:00+00:00")
    assert second.fields["urgency"] == "urgent"
    # What the clocks did is not known: nothing is due, nothing is said to have been missed.
    assert not first.breached
    assert first.due_at is None
    assert list(events.verify()) == []


def test_the_same_file_twice_changes_nothing_and_undo_takes_all_back(take: Any, town: Any) -> None:
    text = ledger(town.firm.uscc, OPEN, CLOSED)
    first = take("matters", text)
    again = take("matters", text)
    assert (again.counts["unchanged"], again.accepted) == (2, 2)
    assert Matter.objects.count() == 2
    deliver.undo(Import.objects.get(pk=again.import_id), SYSTEM)
    assert Matter.objects.count() == 2
    deliver.undo(Import.objects.get(pk=first.import_id), SYSTEM)
    assert (Matter.objects.count(), MatterRecord.objects.count()) == (0, 0)
    assert list(events.verify()) == []


def test_a_later_ledger_amends_and_undo_brings_the_former_word_back(take: Any, town: Any) -> None:
    take("matters", ledger(town.firm.uscc, OPEN))
    later = take(
        "matters",
        ledger(
            town.firm.uscc,
            OPEN.replace("停电", "停电三天").replace("办理中", "已办结").replace(",,gxj", ",2019-06-01,gxj"),
        ),
    )
    assert later.counts["updated"] == 1, later.to_dict()
    matter = Matter.objects.get()
    assert (matter.title, matter.state) == ("停电三天", "closed")
    deliver.undo(Import.objects.get(pk=later.import_id), SYSTEM)
    matter.refresh_from_db()
    assert (matter.title, matter.state, matter.closed_at) == ("停电", "working", None)


def test_what_does_not_fit_the_process_is_refused_with_the_reason(take: Any, town: Any, dispute: Any) -> None:
    own = dispute()
    lines = [
        "A1,无此类型,标题,,2019-05-06,,,,",
        "A2,企业受阻,标题,审批中,2019-05-06,,,,",
        "A3,企业受阻,标题,已办结,2019-05-06,,,,",
        "A4,企业受阻,标题,办理中,2019-05-06,2019-06-01,,,",
        "A5,企业受阻,标题,已办结,2019-05-06,2019-05-01,,,",
        "A6,企业受阻,标题,,,,,,",
        "A7,企业受阻,标题,,2019-05-06,,无此单位,,",
        "A8,企业受阻,标题,,2019-05-06,,,,不是JSON",
        'A9,企业受阻,标题,,2019-05-06,,,,"{""urgency"": ""soon""}"',
        f"{own.number},企业受阻,标题,,2019-05-06,,,,",
        "A10,企业受阻,标题,,2019-05-06,,,,",
    ]
    report = take("matters", ledger("", *lines))
    assert (report.accepted, report.rejected) == (1, 10)
    found = [(p.row, p.code, p.detail) for p in report.problems]
    assert found == [
        (2, "unknown_code", ""), (3, "unknown_code", ""), (4, "does_not_fit", "no_closing_day"), (5, "does_not_fit", "still_open"),
        (6, "does_not_fit", "before_opening"), (7, "missing_required", ""), (8, "unknown_code", ""), (9, "does_not_fit", "json"),
        (10, "does_not_fit", ""), (11, "does_not_fit", "own_matter"),
    ]  # fmt: skip
    assert all(p.message("zh") and p.message("en") for p in report.problems)


def test_rows_in_are_accepted_and_refused_by_state_and_year(take: Any, town: Any) -> None:
    report = take("matters", ledger(town.firm.uscc, OPEN, CLOSED, "A3,企业受阻,标题,已办结,2020-05-06,,,,"))
    lines = {
        (line["by"], line["value"]): (line["rows"], line["accepted"], line["refused"])
        for line in report.reconciliation
    }
    assert lines == {
        ("all", ""): (3, 2, 1), ("state", "办理中"): (1, 1, 0), ("state", "已办结"): (2, 1, 1), ("year", "2019"): (2, 2, 0), ("year", "2020"): (1, 0, 1),
    }  # fmt: skip
    assert Import.objects.get(pk=report.import_id).report["reconciliation"] == report.reconciliation


HISTORY = (
    'SZ2019000008,2019-05-06 11:00,派单,张三,"{""lead"": ""gxj-equipment""}"\n'
    "SZ2019000008,2019-05-06 15:00,accept_task,李四,\n"
    'SZ2019000008,2019-05-17 10:00,办结报评,李四,"{""reply"": ""已协调到货"", ""output_recovered"": 1200000, ""evidence"": ""到货单""}"\n'
    'SZ2019000008,2019-05-20,认可,企业,"{""satisfaction"": ""satisfied""}"\n'
)


def test_steps_are_replayed_and_clocks_follow_from_them(take: Any, town: Any) -> None:
    take("matters", ledger(town.firm.uscc, CLOSED))
    report = take("matter_events", STEPS + HISTORY)
    assert (report.accepted, report.rejected) == (4, 0), report.to_dict()
    matter = Matter.objects.get()
    assert (matter.state, matter.fields["output_recovered"]) == ("closed", 1_200_000)
    # Two working days from 6 May were over on the 8th; it was solved on the 17th.
    readings = {r.name: r for r in projection.readings(matter).clocks}
    assert readings["main"].state == "stopped"
    assert matter.breached
    assert [r["by"] for r in exported("matter_events")] == ["", "张三", "李四", "李四", "企业"]
    again = take("matter_events", STEPS + HISTORY)
    assert (again.counts["unchanged"], again.rejected) == (4, 0)
    deliver.undo(Import.objects.get(pk=report.import_id), SYSTEM)
    matter.refresh_from_db()
    # The second delivery told the same steps: without the first one they stand.
    assert (matter.state, matter.breached, MatterEventRecord.objects.count()) == ("closed", True, 4)


def test_a_preview_remembers_what_no_longer_fits_into_memory(
    take: Any, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of three matters take turns, each a batch of its own, and no history stays in memory from one to the next."""
    numbers = [f"SZ201900000{n}" for n in (6, 7, 8)]
    take("matters", ledger(town.firm.uscc, *(CLOSED.replace("SZ2019000008", n) for n in numbers)))
    wrong = "SZ2019000008,2019-05-18,派单,,\n"
    lines = [line.replace("SZ2019000008", n) for line in [*HISTORY.splitlines(True), wrong] for n in numbers]
    monkeypatch.setattr(walk, "BATCH", 1)
    monkeypatch.setattr(walk, "MANY", 1)
    seen = []
    for kept in (20_000, 0):
        monkeypatch.setattr(held, "KEPT", kept)
        report = take("matter_events", STEPS + "".join(lines), dry=True)
        seen.append((report.counts, [(p.row, p.code) for p in report.problems]))
    assert seen[0] == seen[1]
    assert seen[0][0]["created"] == 12
    assert [code for _, code in seen[0][1]] == ["does_not_fit"] * 3
    assert not MatterEventRecord.objects.exists()


def test_undoing_all_steps_gives_the_state_of_the_ledger_back(take: Any, town: Any) -> None:
    take("matters", ledger(town.firm.uscc, CLOSED))
    report = take("matter_events", STEPS + HISTORY)
    deliver.undo(Import.objects.get(pk=report.import_id), SYSTEM)
    matter = Matter.objects.get()
    assert (matter.state, matter.breached, MatterEventRecord.objects.count()) == ("closed", False, 0)
    assert take("matter_events", STEPS + HISTORY).counts["created"] == 4
    assert list(events.verify()) == []


def test_steps_that_do_not_reach_the_state_of_the_ledger_leave_it(take: Any, town: Any) -> None:
    take("matters", ledger(town.firm.uscc, CLOSED))
    report = take("matter_events", STEPS + "".join(HISTORY.splitlines(True)[:2]))
    assert report.accepted == 2
    matter = Matter.objects.get()
    assert (matter.state, matter.breached) == ("closed", False)
    assert [line["value"] for line in report.reconciliation if line["by"] == "steps_incomplete"] == [
        "SZ2019000008"
    ]


def test_steps_the_process_does_not_know_or_allow_are_refused(take: Any, town: Any, dispute: Any) -> None:
    own = dispute()
    take("matters", ledger(town.firm.uscc, CLOSED))
    report = take(
        "matter_events",
        STEPS + "无此编号,2019-05-06,派单,,\n"
        "SZ2019000008,2019-05-06,审批,,\n"
        "SZ2019000008,2019-05-07,认可,,\n"
        "SZ2019000008,昨天,派单,,\n"
        "SZ2019000008,2019-05-06 11:00,派单,,[1]\n"
        f"{own.number},2019-05-06,派单,,\n",
    )
    assert report.accepted == 0
    assert [(p.row, p.code, p.detail) for p in report.problems] == [
        (2, "unknown_code", ""), (3, "unknown_code", ""), (4, "does_not_fit", ""), (5, "bad_date", "moment"), (6, "does_not_fit", "json"),
        (7, "does_not_fit", "own_matter"),
    ]  # fmt: skip


def test_nobody_brings_or_sees_what_lies_beyond_his_reach(take: Any, town: Any) -> None:
    text = ledger(town.firm.uscc, OPEN.replace("gxj-equipment", ""), "B2,企业受阻,标题,,2019-05-06,,,,")
    report = take("matters", text, town.district)
    assert (report.accepted, [p.detail for p in report.problems]) == (1, ["out_of_reach"])
    other = take("matters", text.replace("停电", "改名"), town.other_district)
    assert other.accepted == 0
    assert Matter.objects.get().title == "停电"
    assert [len(exported("matters", who)) for who in (SYSTEM, town.district, town.other_district)] == [
        1,
        1,
        0,
    ]
    steps = take("matter_events", STEPS + "SZ2019000007,2019-05-06 11:00,派单,,\n", town.other_district)
    assert [p.code for p in steps.problems] == ["unknown_code"]


def test_ledgers_come_back_as_they_went(take: Any, town: Any, tmp_path: Path) -> None:
    take("matters", ledger(town.firm.uscc, OPEN, CLOSED))
    take("matter_events", STEPS + HISTORY)
    before = exported("matters"), exported("matter_events")
    files = {}
    for code in ("matters", "matter_events"):
        header, rows = dataset.get(code).export(SYSTEM)
        files[code] = tmp_path / f"{code}.csv"
        exports.write_file(files[code], "csv", header, rows, {})
    for row in Import.objects.order_by("-pk"):
        deliver.undo(row, SYSTEM)
    assert not Matter.objects.exists()
    for code, path in files.items():
        report = command.import_file(path, code, SYSTEM, source="hotline")
        assert report.rejected == 0, json.dumps(report.to_dict()["problems"], ensure_ascii=False)
    assert (exported("matters"), exported("matter_events")) == before


def test_a_matter_worked_on_since_is_not_taken_back(take: Any, town: Any, move: Any) -> None:
    report = take("matters", ledger(town.firm.uscc, OPEN.replace("办理中", "待派单")))
    matter = Matter.objects.get()
    move(town.chain_office, matter, "assign", lead="gxj-equipment")
    with pytest.raises(ValueError, match="SZ2019000007"):
        deliver.undo(Import.objects.get(pk=report.import_id), SYSTEM)
    assert Matter.objects.get().state == "assigned"


def test_numbers_taken_over_are_not_given_again(take: Any, town: Any, disruption: Any) -> None:
    take(
        "matters",
        ledger(town.firm.uscc, OPEN.replace("SZ2019000007", "SZ2023000041").replace("2019", "2023")),
    )
    assert disruption().number == "SZ2023000042"


def test_pages_tell_where_a_matter_comes_from_and_reconcile_the_delivery(
    take: Any, town: Any, client: Any
) -> None:
    report = take(
        "matters",
        ledger(town.firm.uscc, OPEN, CLOSED, "A3,企业受阻,标题,已办结,2020-05-06,,,,"),
        town.chain_office,
    )
    client.force_login(town.chain_office.user, backend=BACKEND)
    page = client.get(f"/imports/{report.import_id}/").content.decode()
    assert "收到与接收对账" in page
    assert "已办结" in page
    matter = Matter.objects.get(number="SZ2019000008")
    page = client.get(matter.get_absolute_url()).content.decode()
    assert "取自原台账" in page
    assert "状态取自原台账" in page
    client.force_login(town.asker.user, backend=BACKEND)
    assert "取自原台账：" not in client.get(matter.get_absolute_url()).content.decode()


def test_steps_of_a_matter_worked_on_since_are_not_taken_back(take: Any, town: Any, move: Any) -> None:
    take("matters", ledger(town.firm.uscc, OPEN.replace("办理中", "待接单")))
    steps = take(
        "matter_events", STEPS + 'SZ2019000007,2019-05-06 11:00,派单,,"{""lead"": ""gxj-equipment""}"\n'
    )
    assert steps.accepted == 1
    move(town.desk, Matter.objects.get(), "accept_task")
    with pytest.raises(ValueError, match="SZ2019000007"):
        deliver.undo(Import.objects.get(pk=steps.import_id), SYSTEM)
    assert Matter.objects.get().state == "working"
