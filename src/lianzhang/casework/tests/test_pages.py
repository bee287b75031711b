"""The pages through a browser's eyes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from lianzhang.casework import selectors, services
from lianzhang.casework.models import Attachment, Matter
from lianzhang.city.models import CalendarDay, Organisation

pytestmark = pytest.mark.django_db


def test_the_desk_shows_what_waits_and_opens_the_first(town: Any, dispute: Any, as_: Any) -> None:
    matter = dispute()
    page = as_(town.chain_office).get("/matters/")
    text = page.content.decode()
    assert page.status_code == 200
    assert matter.title in text
    assert "Waiting for you (Raised): 5 working days left (due 18 April (Tue) 17:30)." in text
    assert 'data-open="move-dispatch"' in text
    empty = as_(town.district).get("/matters/").content.decode()
    assert matter.title not in empty
    assert "No matter stands here" in empty


def test_what_waits_is_counted_at_every_page_until_there_is_very_much(
    town: Any, dispute: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "MANY", 3)
    for n in (1, 2, 3):
        dispute(fields={"field": f"f{n}"})
        assert selectors.waiting_and_late(town.chain_office) == (n, 0)
    dispute(fields={"field": "f4"})
    assert selectors.waiting_and_late(town.chain_office) == (3, 0), "known for a minute"
    assert selectors.waiting_and_late(town.district) == (0, 0), "by post"
    cache.clear()
    assert selectors.waiting_and_late(town.chain_office) == (4, 0)


def test_filters_and_search_narrow_the_list(
    town: Any, dispute: Any, disruption: Any, at: Any, as_: Any
) -> None:
    first, second = dispute(), disruption()
    client = as_(town.chain_office)

    def numbers(query: str) -> set[str]:
        rows = client.get(f"/matters/?{query}").context["table"].rows
        return {row.thing.number for row in rows}

    both = {first.number, second.number}
    assert numbers("closed=no") == both
    assert numbers("kind=disruption") == {second.number}
    assert numbers("state=raised") == both
    assert numbers("district=449801") == both
    assert numbers("district=449802") == set()
    assert numbers(f"q={first.number}") == {first.number}
    assert numbers("changed=recent") == both
    assert numbers("due=late") == set()
    at("2023-04-20T09:00:00+08:00")
    assert numbers("due=late") == {first.number}
    assert numbers("changed=recent") == set()


def test_on_a_monday_the_last_working_day_is_friday_and_after_a_holiday_the_day_before_it(
    catalogue: Any, at: Any
) -> None:
    at("2023-04-10T09:00:00+08:00")
    assert selectors.since_last_working_day().isoformat() == "2023-04-07T00:00:00+08:00"
    at("2023-04-11T09:00:00+08:00")
    assert selectors.since_last_working_day().isoformat() == "2023-04-10T00:00:00+08:00"
    CalendarDay.objects.update_or_create(date="2023-04-10", defaults={"kind": "holiday"})
    assert selectors.since_last_working_day().isoformat() == "2023-04-07T00:00:00+08:00"


def test_the_export_is_what_is_seen(town: Any, dispute: Any, as_: Any) -> None:
    matter = dispute()
    answer = as_(town.chain_office).get("/matters/?closed=no&format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert matter.number in text
    assert "2023-04-18T17:30:00+08:00" in text


def test_a_stale_page_keeps_what_was_typed(town: Any, dispute: Any, move: Any, as_: Any) -> None:
    matter = dispute()
    move(town.chain_office, matter, "dispatch", lead="gxj-449801")
    services.add_note(actor=town.chain_office, matter_id=matter.pk, text="请尽快", internal=False)
    client = as_(town.district)
    stale = client.post(
        f"/matters/{matter.pk}/moves/refuse/",
        {"version": 2, "reason": "不属本区", "suggested_org": "gxj-449802"},
    )
    text = stale.content.decode()
    assert stale.status_code == 412
    assert "请尽快" in text
    assert "不属本区" in text
    assert 'name="version" value="3"' in text
    assert client.post(
        f"/matters/{matter.pk}/moves/refuse/", {"version": 3, "reason": "不属本区", "suggested_org": "gxj-449802"}
    ).status_code == 302  # fmt: skip


def test_missing_values_come_back_beside_the_field(town: Any, dispute: Any, as_: Any) -> None:
    matter = dispute()
    answer = as_(town.chain_office).post(f"/matters/{matter.pk}/moves/dispatch/", {"version": 1})
    assert answer.status_code == 422
    assert "lead" in answer.context["form"].errors


def test_what_one_may_not_see_is_like_nothing(town: Any, dispute: Any, as_: Any) -> None:
    matter = dispute()
    client = as_(town.other_asker)
    hidden, missing = client.get(f"/matters/{matter.pk}/"), client.get("/matters/424242/")
    assert hidden.status_code == missing.status_code == 404
    assert Client().get(f"/matters/{matter.pk}/").status_code == 302


def test_the_enterprise_never_sees_nor_counts_internal_notes(
    town: Any, dispute: Any, move: Any, as_: Any
) -> None:
    matter = dispute()
    before = as_(town.asker).get(f"/matters/{matter.pk}/")
    services.add_note(actor=town.chain_office, matter_id=matter.pk, text="内部意见:疑似口径差异")
    services.attach(actor=town.chain_office, matter_id=matter.pk, name="内部.txt", chunks=[b"inside"])
    after = as_(town.asker).get(f"/matters/{matter.pk}/")
    assert "内部" not in after.content.decode()
    assert len(after.context["entries"]) == len(before.context["entries"])
    assert after.context["matter"].version == before.context["matter"].version
    inside = as_(town.chain_office).get(f"/matters/{matter.pk}/").content.decode()
    assert "疑似口径差异" in inside
    assert "内部.txt" in inside
    hidden = Attachment.objects.get(name="内部.txt")
    assert as_(town.asker).get(hidden.get_absolute_url()).status_code == 404


def test_a_reply_in_draft_stays_inside(town: Any, disruption: Any, move: Any, as_: Any) -> None:
    matter = disruption()
    move(town.chain_office, matter, "assign", lead="gxj-449801")
    move(town.district, matter, "accept_task")
    move(town.district, matter, "report", note="内部进展:拟协调交警")
    page = as_(town.asker).get(f"/matters/{matter.pk}/").content.decode()
    assert "Progress note" in page
    assert "拟协调交警" not in page
    assert "district_officer person" not in page
    move(town.district, matter, "resolve", reply="已恢复通行", output_recovered="10", evidence="通行证")
    page = as_(town.asker).get(f"/matters/{matter.pk}/").content.decode()
    assert "已恢复通行" in page
    assert "Waiting for you" in page
    assert 'data-open="move-accept"' in page
    assert 'data-open="move-send_back"' in page


def test_a_move_that_is_not_possible_now_stands_there_with_its_reason(
    town: Any, disruption: Any, move: Any, as_: Any
) -> None:
    matter = disruption()
    move(town.chain_office, matter, "assign", lead="gxj-449801")
    move(town.district, matter, "accept_task")
    assert "lz-blocked" not in _moves(as_(town.district), matter), "nothing stands against anything yet"
    services.ask_opinion(
        actor=town.district, matter_id=matter.pk, orgs=["gxj-equipment"], question="谁能供货?",
        version=Matter.objects.get(pk=matter.pk).version,
    )  # fmt: skip
    page = _moves(as_(town.district), matter)
    assert 'data-open="move-resolve"' not in page
    assert 'aria-disabled="true" aria-describedby="why-resolve"' in page
    office = str(Organisation.objects.get(code="gxj-equipment"))
    assert office in page[page.index('id="why-resolve"') :]
    assert "btn-primary" not in page.split("<dialog")[0], "to ask the firm is no next step while one waits"
    assert "why-resolve" not in _moves(as_(town.desk), matter), "for others it is no move of theirs"
    services.give_opinion(
        actor=town.desk, matter_id=matter.pk, opinion="可以", version=Matter.objects.get(pk=matter.pk).version
    )
    page = _moves(as_(town.district), matter)
    assert 'data-open="move-resolve"' in page
    assert "why-resolve" not in page


def test_nobody_is_led_to_withdraw(town: Any, disruption: Any, move: Any, as_: Any) -> None:
    matter = disruption()
    move(town.chain_office, matter, "assign", lead="gxj-449801")
    buttons = as_(town.chain_office).get(f"/matters/{matter.pk}/").context["buttons"]
    assert {"withdraw", "assign"} <= {b.move for b in buttons}
    assert not any(b.primary for b in buttons)


def test_an_enterprise_meets_no_views_of_offices_and_no_bulk_moves(town: Any, dispute: Any, as_: Any) -> None:
    dispute()
    desk = as_(town.asker).get("/matters/?closed=no")
    assert [tab["label"] for tab in desk.context["tabs"]] == ["Waiting for me", "Late", "All open"]
    assert "data-select-all" not in desk.content.decode()
    assert "data-select-all" in as_(town.chain_office).get("/matters/?closed=no").content.decode()


def test_output_recovered_is_typed_in_ten_thousands(town: Any, disruption: Any, move: Any, as_: Any) -> None:
    matter = disruption(fields={"output_at_risk": 3_000_000})
    move(town.chain_office, matter, "assign", lead="gxj-449801")
    matter = move(town.district, matter, "accept_task")
    client, address = as_(town.district), f"/matters/{matter.pk}/moves/report_recovered/"
    given = {"version": matter.version, "note": "一条线已恢复", "output_recovered_unit": "10000"}
    for wrong in ("约五百", "-1", "40000", "1e30", "NaN"):
        answer = client.post(address, given | {"output_recovered": wrong})
        assert answer.status_code == 422, wrong
        assert "output_recovered" in answer.context["form"].errors, wrong
    assert client.post(address, given | {"output_recovered": "120.5"}).status_code == 302
    assert Matter.objects.get(pk=matter.pk).fields["output_recovered"] == 1_205_000


def _moves(client: Any, matter: Any) -> str:
    page: str = client.get(f"/matters/{matter.pk}/").content.decode()
    return page[: page.index("lz-timeline")]


def test_files_are_checked_and_given_as_downloads(town: Any, dispute: Any, as_: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile as Upload

    matter, client = dispute(), as_(town.asker)
    good, script = Upload("证明.pdf", b"%PDF-1.7 x"), Upload("evil.pdf", b"<html><script>alert(1)</script>")
    client.post(f"/matters/{matter.pk}/files/", {"files": [good, script, Upload("a.exe", b"MZ\x00\x01")]})
    file = Attachment.objects.get()
    assert (file.name, file.kind, file.public_to_asker) == ("证明.pdf", "pdf", True)
    answer = client.get(file.get_absolute_url())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"


def test_the_enterprise_raises_a_dispute_from_its_page(town: Any, as_: Any) -> None:
    client = as_(town.asker)
    page = client.get(f"/enterprises/{town.firm.pk}/").content.decode()
    assert 'id="dispute"' in page
    sent = client.post(
        f"/matters/dispute/{town.firm.pk}/", {"field": "revenue", "claimed": "120", "text": "应为一亿二千万"}
    )
    matter = Matter.objects.get()
    assert sent.headers["Location"] == matter.get_absolute_url()
    assert (matter.kind, matter.enterprise, matter.lead_org.code) == ("data_dispute", town.firm, "gxj-data")
    assert "data_officer" in {town.data_officer.role}
    assert Matter.objects.visible_to(town.data_officer).exists()
    bad = client.post(f"/matters/dispute/{town.firm.pk}/", {"field": "nonsense", "text": "x"})
    assert bad.status_code == 422
    other = as_(town.other_asker).post(
        f"/matters/dispute/{town.firm.pk}/", {"field": "revenue", "claimed": "1", "text": "x"}
    )
    assert other.status_code == 404
    assert 'id="dispute"' not in as_(town.chain_office).get(f"/enterprises/{town.firm.pk}/").content.decode()


def test_the_cockpit_and_the_count_lead_to_their_rows(town: Any, dispute: Any, as_: Any) -> None:
    dispute()
    client = as_(town.chain_office)
    page = client.get("/")
    text = page.content.decode()
    assert "/matters/?whose=waiting" in text
    assert "1 open matter is mine" in text
    for url in ("/matters/?whose=waiting", "/matters/?changed=recent"):
        assert len(client.get(url).context["table"].rows) == 1


def test_several_at_once(town: Any, dispute: Any, as_: Any) -> None:
    first, second = dispute(), dispute()
    client = as_(town.chain_office)
    asked = client.post("/matters/bulk/", {"selected": [first.pk, second.pk]})
    assert [offer["move"] for offer in asked.context["moves"]] == ["dispatch"]
    services.add_note(actor=town.chain_office, matter_id=second.pk, text="x", internal=False)
    done = client.post(
        "/matters/bulk/",
        {
            "selected": [first.pk, second.pk],
            "seen": [f"{first.pk}:1", f"{second.pk}:1"],
            "move": "dispatch",
            "lead": "gxj-449801",
        },
    )
    assert {line["outcome"].status for line in done.context["outcomes"]} == {"ok", "conflict"}


def test_why_due_is_told_day_by_day(town: Any, dispute: Any, as_: Any) -> None:
    matter = dispute()
    page = as_(town.chain_office).get(f"/matters/{matter.pk}/")
    days = page.context["clocks"][0].days
    assert sum(day.counted for day in days) == 5
    assert "holiday" in {day.why for day in days}
    assert days[-1].date.isoformat() == "2023-04-18"


def test_the_page_stands_in_chinese(town: Any, dispute: Any, as_: Any) -> None:
    matter = dispute()
    client = as_(town.chain_office)
    client.cookies["django_language"] = "zh-hans"
    text = client.get(f"/matters/{matter.pk}/").content.decode()
    assert "等待您办理(待分派),还剩 5 个工作日(4月18日(周二) 17:30 到期)。" in text
    asker = as_(town.asker)
    asker.cookies["django_language"] = "zh-hans"
    assert "等待分派人员办理(待分派),还剩 5 个工作日" in asker.get(f"/matters/{matter.pk}/").content.decode()


def test_a_mother_matter_out_of_sight_is_not_named(town: Any, disruption: Any, as_: Any) -> None:
    situation = services.open_matter(
        actor=town.director, kind="situation", title="全市断供风险",
        fields={"chain": "auto", "cause": "logistics", "level": "general"},
    )  # fmt: skip
    child = disruption(parent=situation)
    assert "全市断供风险" in as_(town.chain_office).get(f"/matters/{child.pk}/").content.decode()
    client = as_(town.asker)
    assert "全市断供风险" not in client.get(f"/matters/{child.pk}/").content.decode()
    assert client.get(f"/api/v1/matters/{child.pk}").json()["parent"] is None
    assert client.get("/api/v1/matters").json()["items"][0]["parent"] is None


def test_a_done_step_leads_to_the_next_of_the_list(town: Any, dispute: Any, as_: Any) -> None:
    first, second = dispute(), dispute()
    client = as_(town.chain_office)
    page = client.get(f"/matters/?whose=waiting&open={first.pk}").context
    sent = client.post(
        f"/matters/{first.pk}/moves/dispatch/",
        {"version": 1, "lead": "gxj-449801", "back": page["back"], "here": page["here"]},
    )
    assert sent.headers["Location"] == f"/matters/?whose=waiting&open={second.pk}"
    noted = client.post(
        f"/matters/{second.pk}/note/", {"text": "x", "back": "https://evil.example/", "here": "//evil"}
    )
    assert noted.headers["Location"] == f"/matters/{second.pk}/"
