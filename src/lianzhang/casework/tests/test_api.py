"""The API's contract: who gets what, versions, and requests sent twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lianzhang.casework import services
from lianzhang.casework.models import Matter

pytestmark = pytest.mark.django_db
BASE = "/api/v1/matters"


class Api:
    """A signed-in program."""

    def __init__(self, who: Any) -> None:
        self.client = Client()
        if who is not None:
            self.client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def get(self, path: str = "") -> Any:
        return self.client.get(BASE + path)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            BASE + path, json.dumps(body or {}), content_type="application/json", headers=named
        )


def is_problem(answer: Any, status: int) -> bool:
    body = json.loads(answer.content)
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    return {"type", "title", "status", "detail"} <= set(body) and body["status"] == status


def test_anonymous_and_invisible(town: Any, dispute: Any) -> None:
    matter = dispute()
    for path in ("", f"/{matter.pk}", "/424242", "/no/such/path"):
        assert is_problem(Api(None).get(path), 401)
    assert is_problem(Api(None).post(f"/{matter.pk}/moves/take"), 401)
    other = Api(town.other_asker)
    hidden, missing = other.get(f"/{matter.pk}"), other.get("/424242")
    assert is_problem(hidden, 404)
    assert hidden.content == missing.content
    hidden, missing = other.post(f"/{matter.pk}/moves/take"), other.post("/424242/moves/take")
    assert is_problem(hidden, 404)
    assert hidden.content == missing.content


def test_a_list_in_bounded_pages_that_go_on(town: Any, dispute: Any) -> None:
    ids = [dispute().pk for _ in range(5)]
    api = Api(town.chain_office)
    first = api.get("?size=2").json()
    assert [m["id"] for m in first["items"]] == [ids[4], ids[3]]
    dispute()
    second = api.client.get(first["next"]).json()
    assert [m["id"] for m in second["items"]] == [ids[2], ids[1]]
    last = api.client.get(second["next"]).json()
    assert [m["id"] for m in last["items"]] == [ids[0]]
    assert last["next"] is None
    assert api.get("?kind=disruption").json()["items"] == []
    assert len(api.get("?whose=waiting&closed=false").json()["items"]) == 6
    for bad in ("?size=0", "?size=201", "?page=99999999999999999999", "?after=-1", "?whose=yours", "?size=x"):
        assert is_problem(api.get(bad), 422), bad
    assert Api(town.other_asker).get().json()["items"] == []


def test_one_matter_tells_its_moves_and_clocks(town: Any, dispute: Any) -> None:
    matter = dispute()
    answer = Api(town.chain_office).get(f"/{matter.pk}")
    body = answer.json()
    assert answer.headers["ETag"] == '"1"'
    assert [m["move"] for m in body["moves"]] == ["dispatch", "withdraw"] or body["moves"][0]["needs"] == [
        "lead"
    ]
    main = next(c for c in body["clocks"] if c["name"] == "main")
    assert (main["state"], main["due"], main["limit"]) == ("running", "2023-04-18T17:30:00+08:00", 5)
    assert body["due_at"] in ("2023-04-18T09:30:00Z", "2023-04-18T17:30:00+08:00")


def test_a_move_says_which_version_it_has_seen(town: Any, dispute: Any) -> None:
    matter, api = dispute(), Api(town.chain_office)
    path, body = f"/{matter.pk}/moves/dispatch", {"data": {"lead": "gxj-449801"}}
    assert is_problem(api.post(path, body), 428)
    assert is_problem(api.post(path, body, If_Match='"7"'), 412)
    assert is_problem(api.post(path, body, If_Match='W/"1"'), 412)
    assert is_problem(api.post(path, body, If_Match="rubbish"), 412)
    done = api.post(path, body, If_Match='"1"')
    assert done.status_code == 200
    assert done.headers["ETag"] == '"2"'
    assert done.json()["state"] == "dispatched"
    stale = api.post(path, body, If_Match='"1"')
    assert is_problem(stale, 412)
    assert stale.headers["ETag"] == '"2"'
    assert stale.json()["version"] == 2
    assert [(e["seq"], e["type"], e["data"]) for e in stale.json()["events"]] == [
        (2, "dispatch", {"lead": "gxj-449801"})
    ]
    again = api.post(path, {"lead": "gxj-449802"}, If_Match="*")
    assert again.json()["lead_org"] == "gxj-449802"


def test_state_and_role_forbid_with_409(town: Any, dispute: Any) -> None:
    matter = dispute()
    wrong_role = Api(town.asker).post(f"/{matter.pk}/moves/dispatch", {"lead": "gxj-449801"}, If_Match='"1"')
    assert is_problem(wrong_role, 409)
    assert wrong_role.json()["code"] == "role"
    wrong_state = Api(town.chain_office).post(f"/{matter.pk}/moves/reply", {}, If_Match='"1"')
    assert is_problem(wrong_state, 409)
    assert wrong_state.json()["code"] == "state"
    unknown = Api(town.chain_office).post(f"/{matter.pk}/moves/fly", {}, If_Match='"1"')
    assert is_problem(unknown, 409)


def test_values_to_mend_are_named(town: Any, dispute: Any) -> None:
    matter, api = dispute(), Api(town.chain_office)
    answer = api.post(f"/{matter.pk}/moves/dispatch", {"colour": "red"}, If_Match='"1"')
    assert is_problem(answer, 422)
    assert set(answer.json()["errors"]) == {"colour", "lead"}
    broken = api.client.post(
        f"{BASE}/{matter.pk}/moves/dispatch",
        "{",
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )
    assert is_problem(broken, 400)
    assert Matter.objects.get(pk=matter.pk).version == 1


def test_a_request_sent_twice_is_done_once(town: Any, dispute: Any) -> None:
    matter, api = dispute(), Api(town.chain_office)
    path, body = f"/{matter.pk}/moves/dispatch", {"lead": "gxj-449801"}
    headers = {"If_Match": '"1"', "Idempotency_Key": "a-1"}
    first, second = api.post(path, body, **headers), api.post(path, body, **headers)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"]
    assert Matter.objects.get(pk=matter.pk).version == 2
    assert is_problem(api.post(path, {"lead": "gxj-449802"}, **headers), 422)
    assert is_problem(api.post(f"/{matter.pk}/moves/take", {}, **headers), 422)
    # Another person's key is another key.
    other = Api(town.district).post(f"/{matter.pk}/moves/take", {}, If_Match='"2"', Idempotency_Key="a-1")
    assert other.status_code == 200


def test_a_refusal_is_not_kept_under_its_key(town: Any, dispute: Any) -> None:
    matter, api = dispute(), Api(town.chain_office)
    path, body = f"/{matter.pk}/moves/dispatch", {"lead": "gxj-449801"}
    assert is_problem(api.post(path, body, If_Match='"9"', Idempotency_Key="k"), 412)
    assert api.post(path, body, If_Match='"1"', Idempotency_Key="k").status_code == 200


def test_an_enterprise_raises_a_dispute(town: Any) -> None:
    api = Api(town.asker)
    body = {"kind": "data_dispute", "title": "人数有误", "fields": {"field": "employees", "claimed": "80"}}
    made = api.post("", body, Idempotency_Key="n")
    assert made.status_code == 201
    assert made.headers["Location"] == f"{BASE}/{made.json()['id']}"
    assert made.json()["enterprise"] == town.firm.uscc
    assert api.post("", body, Idempotency_Key="n").content == made.content
    assert Matter.objects.count() == 1
    assert is_problem(api.post("", {**body, "fields": {}}), 422)
    assert is_problem(api.post("", {**body, "kind": "situation"}), 409)
    assert is_problem(api.post("", {"kind": "data_dispute"}), 422)


def test_an_office_raises_a_dispute_of_an_enterprise_in_its_sight(town: Any) -> None:
    api, body = Api(town.chain_office), {"kind": "data_dispute", "title": "人数有误"}
    fields = {"field": "employees", "claimed": "80"}
    for code in ({}, {"firm": "91449900MT99999990"}, {"firm": "a\0b"}, {"firm": 1}):
        answer = api.post("", {**body, "fields": {**fields, **code}})
        assert is_problem(answer, 422)
        assert "firm" in answer.json()["errors"]
    made = api.post("", {**body, "fields": {**fields, "firm": town.firm.uscc}})
    assert made.status_code == 201
    matter = Matter.objects.get()
    assert matter.enterprise is None  # it stays inside the offices
    assert matter.fields["firm"] == town.firm.uscc
    # The enterprise names none, its own is meant.
    assert is_problem(Api(town.asker).post("", {**body, "fields": {**fields, "firm": town.firm.uscc}}), 422)


def test_events_as_the_asker_may_read_them(town: Any, dispute: Any, move: Any) -> None:
    matter = dispute()
    move(town.chain_office, matter, "dispatch", lead="gxj-449801", comment="转东岸区")
    services.add_note(actor=town.chain_office, matter_id=matter.pk, text="内部")
    inside = Api(town.chain_office).get(f"/{matter.pk}/events").json()["items"]
    outside = Api(town.asker).get(f"/{matter.pk}/events").json()["items"]
    assert [e["seq"] for e in inside] == [e["seq"] for e in outside] == [1, 2]
    assert inside[1]["data"]["comment"] == "转东岸区"
    assert outside[1]["data"] == {}
    assert outside[1]["by"] == ""
    assert Api(town.asker).get(f"/{matter.pk}/events?after=1").json()["items"] == outside[1:]


def test_another_site_cannot_write(town: Any, dispute: Any) -> None:
    matter, api = dispute(), Api(town.chain_office)
    path, body = f"/{matter.pk}/moves/dispatch", {"lead": "gxj-449801"}
    assert is_problem(api.post(path, body, If_Match='"1"', Origin="https://evil.example"), 403)
    assert is_problem(api.post(path, body, If_Match='"1"', Sec_Fetch_Site="cross-site"), 403)
    form = api.client.post(BASE + path, {"lead": "gxj-449801"}, headers={"If-Match": '"1"'})
    assert is_problem(form, 415)
    assert is_problem(api.client.delete(f"{BASE}/{matter.pk}"), 405)


def test_the_description_on_file_is_current() -> None:
    from lianzhang.kernel.api.app import description_text

    kept = Path(__file__).parents[4] / "docs" / "reference" / "openapi.json"
    assert kept.read_text(encoding="utf-8") == description_text(), (
        "python -m lianzhang.kernel.api > docs/reference/openapi.json"
    )
    assert json.loads(description_text())["openapi"].startswith("3.1")
