"""Forms of matters, and the API's requests."""

from __future__ import annotations

import json

from django.core.files.uploadedfile import SimpleUploadedFile

from filled import Desk, Sent, fills
from lianzhang.casework import services
from lianzhang.casework.models import Matter

AGAIN = "a person may say the same twice: each stands in the history"


def dispatched(d: Desk) -> Matter:
    """The matter, led by the district."""
    office, matter = d.actor("chain_office", org="gxj-chain"), d.a.matter
    given = {"lead": "gxj-449801"}
    return services.make_move(
        actor=office, matter_id=matter.pk, move="dispatch", version=matter.version, data=given
    )


@fills("casework:dispute", "enterprise")
def dispute(d: Desk) -> Sent:
    data = {"field": "employees", "period": d.word[:20], "shown": d.word, "claimed": d.word, "text": d.word}
    return Sent({"enterprise_id": d.a.enterprise.pk}, data)


@fills("casework:note", "chain_office", AGAIN)
def note(d: Desk) -> Sent:
    return Sent({"pk": d.a.matter.pk}, {"text": d.word, "public": "on"})


@fills("casework:hand_over", "chain_office")
def hand_over(d: Desk) -> Sent:
    return Sent({"pk": d.a.matter.pk}, {"version": d.a.matter.version, "to": "gxj", "reason": d.word})


@fills("casework:ask_opinion", "chain_office")
def ask_opinion(d: Desk) -> Sent:
    return Sent(
        {"pk": d.a.matter.pk}, {"version": d.a.matter.version, "orgs": ["gxj-equipment"], "question": d.word}
    )


@fills("casework:give_opinion", "desk_officer")
def give_opinion(d: Desk) -> Sent:
    asked = services.ask_opinion(
        actor=d.actor("chain_office", org="gxj-chain"), matter_id=d.a.matter.pk, version=d.a.matter.version,
        orgs=["gxj-equipment"], question="怎么看",
    )  # fmt: skip
    return Sent({"pk": asked.pk}, {"version": asked.version, "opinion": d.word})


@fills("casework:extend", "chain_office")
def extend(d: Desk) -> Sent:
    return Sent(
        {"pk": d.a.matter.pk, "clock": "main"}, {"version": d.a.matter.version, "n": 8, "reason": d.word}
    )


@fills("casework:move", "chain_office")
def move(d: Desk) -> Sent:
    data = {"version": d.a.matter.version, "lead": "gxj-449801", "comment": d.word}
    return Sent({"pk": d.a.matter.pk, "move": "dispatch"}, data)


@fills("casework:move", "district_officer", name="casework:move reply")
def reply(d: Desk) -> Sent:
    matter = dispatched(d)
    office = d.actor("district_officer", username="taker", org="gxj-449801", area="449801")
    matter = services.make_move(
        actor=office, matter_id=matter.pk, move="take", version=matter.version, data={}
    )
    data = {"version": matter.version, "outcome": "corrected", "finding": d.word, "basis": d.word}
    return Sent({"pk": matter.pk, "move": "reply"}, data)


@fills("casework:bulk", "chain_office")
def bulk(d: Desk) -> Sent:
    pk = d.a.matter.pk
    data = {
        "selected": [pk],
        "seen": [f"{pk}:{d.a.matter.version}"],
        "move": "dispatch",
        "lead": "gxj-449801",
    }
    return Sent({}, data)


@fills("casework:add_file", "chain_office", "a file of the same name may be a newer one: both stand there")
def add_file(d: Desk) -> Sent:
    def files() -> dict[str, SimpleUploadedFile]:
        return {"files": SimpleUploadedFile(f"{d.word}.txt".replace("/", "／"), b"text")}

    return Sent({"pk": d.a.matter.pk}, {"public": "on"}, files)


@fills("api:matters", "enterprise")
def open_by_api(d: Desk) -> Sent:
    fields = {"field": "revenue", "claimed": d.word, "shown": d.word}
    body = {"kind": "data_dispute", "title": d.word, "text": d.word, "fields": fields}
    return Sent(body=json.dumps(body), headers={"Idempotency-Key": "k-1"})


@fills("api:make_move", "chain_office")
def move_by_api(d: Desk) -> Sent:
    body = {"data": {"lead": "gxj-449801", "comment": d.word}}
    headers = {"Idempotency-Key": "k-2", "If-Match": f'"{d.a.matter.version}"'}
    return Sent({"pk": d.a.matter.pk, "move": "dispatch"}, body=json.dumps(body), headers=headers)
