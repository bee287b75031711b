"""What is malformed or without measure is refused in words and at once: never an error of ours, never a long wait (S14)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from doors import address, named_routes, samples_of
from world import World

from lianzhang.casework.models import Attachment
from lianzhang.kernel.home import folder
from lianzhang.kernel.imports.tests.bench import roster
from lianzhang.kernel.models import Import
from tally import case

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S14")]
LONGEST_S = 3.0
"""A refusal takes far less; the rest is a busy machine."""
HUGE = (0, 2**31, 2**63 - 1, 2**63, 10**19, 10**38, 10**4000)
BODIES = {
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"data":' * 50_000 + b"1" + b"}" * 50_000,
    "deep in a value": b'{"kind":"data_dispute","title":"x","fields":{"field":' + b"[" * 900 + b"]" * 900 + b"}}",
    "long number": b'{"kind":"data_dispute","title":"x","fields":{"field":"revenue","claimed":' + b"9" * 5000 + b"}}",
    "endless float": b'{"kind":"data_dispute","title":"x","fields":{"field":"revenue","claimed":1e999999}}',
    "not a number": b'{"kind":"data_dispute","title":"x","fields":{"field":"revenue","claimed":NaN}}',
    "half a character": b'{"kind":"data_dispute","title":"\\ud800","text":"\\ud800","fields":{"field":"revenue","claimed":"\\udfff"}}',
    "half a character as a name": b'{"kind":"data_dispute","title":"x","fields":{"\\ud800":"1"}}',
    "zero character": b'{"kind":"data_dispute\\u0000","title":"x\\u0000","fields":{"field":"revenue\\u0000","claimed":"1"}}',
    "no text": b"\xff\xfe\x00", "nothing": b"", "null": b"null", "list": b"[]", "string": b'"x"', "cut off": b'{"kind":"da',
    "two of a name": b'{"kind":"situation","kind":"data_dispute","title":"x","fields":{"field":"revenue","claimed":"1"}}',
    "many names": json.dumps({"kind": "data_dispute", "title": "x", "fields": {f"k{i}": i for i in range(50_000)}}).encode(),
    "long text": json.dumps({"kind": "data_dispute", "title": "x" * 10**6, "text": "y" * 10**6, "fields": {}}).encode(),
    "too much": b'{"title":"' + b"x" * (6 * 2**20) + b'"}',
}  # fmt: skip


@pytest.fixture
def quick() -> Any:
    """Fails when one request takes too long."""

    def call(send: Callable[..., Any], *args: Any, **more: Any) -> Any:
        started = time.perf_counter()
        case()
        answer = send(*args, **more)
        assert time.perf_counter() - started < LONGEST_S, args[0]
        return answer

    return call


@pytest.mark.parametrize("name", BODIES)
def test_a_body_without_measure_is_refused(
    name: str, world: World, client_of: Callable[[str], Client], quick: Any
) -> None:
    client = client_of("enterprise")
    for where in ("/api/v1/matters", f"/api/v1/matters/{world.a.matter.pk}/moves/withdraw"):
        answer = quick(
            client.post, where, BODIES[name], content_type="application/json", headers={"If-Match": "*"}
        )
        opens = where.endswith("matters")
        allowed = (
            {201}
            if name == "two of a name" and opens
            else {200}
            if name in ("nothing", "null") and not opens
            else set()
        )
        assert answer.status_code in {400, 409, 413, 422} | allowed, (name, where, answer.content[:200])
        assert answer.status_code in allowed or answer.headers["Content-Type"] == "application/problem+json"
        assert b"Traceback" not in answer.content
        assert len(answer.content) < 100_000


QUERIES = [
    "page=-1", "page=0", "page=99999999999999999999", "page=1e9", "page=٣", "page=２", "page=x&size=-5", "size=0", "size=1000000000", "size=%00",
    "sort=%00", "sort=--revenue", "sort=-revenue__", "sort=pk", "sort=enterprise__filings__values", "sort=-", "q=%00", "q=" + "%25_" * 500,
    "q=" + "x" * 100_000, "q=%ff%fe", "q=%ED%A0%80", "open=-1", "open=99999999999999999999999", "open=%00", "format=exe", "format[]=csv",
    "district='", "district=1 OR 1=1", "industry=%00", "chain=..%2F..", "title=%00", "from=9999999999", "until=x", "status=%22", "a=1&b=2",
    "a=%00&b=-1", "a=99999999999999999999", "stop=enterprise:99999999999999999999", "stop=x:y:z", "scenario=%00", "scenario=-1", "top=-1", "day=x",
    "page=1" * 300, "&".join(f"k{i}=1" for i in range(5000)), "after=-1", "parent=0", "changed_since=x", "size=abc", "=&=&==", "?" * 50,
]  # fmt: skip


@pytest.mark.parametrize("role", ["chain_office", pytest.param("enterprise", marks=pytest.mark.long)])
def test_no_query_string_breaks_a_page(
    role: str, world: World, client_of: Callable[[str], Client], quick: Any
) -> None:
    client, done = client_of(role), 0
    places = []
    for name, parameters in named_routes():
        arguments = samples_of(name, parameters, world.a) if parameters else {}
        if arguments is not None and client.get(address(name, arguments)).status_code == 200:
            places.append(address(name, arguments))
    for number, where in enumerate(places):
        for query in QUERIES[number % 8 :: 8]:
            answer = quick(client.get, f"{where}?{query}")
            assert answer.status_code < 500, f"{where}?{query[:80]}"
            done += 1
    assert done > 60


def test_no_number_in_an_address_breaks_a_page(
    world: World, client_of: Callable[[str], Client], quick: Any
) -> None:
    client = client_of("chain_office")
    for name, parameters in named_routes():
        arguments = samples_of(name, parameters, world.a) if parameters else None
        for parameter, value in (arguments or {}).items():
            if not isinstance(value, int):
                continue
            for number in HUGE:
                where = (
                    address(name, {**arguments, parameter: 7}).replace("/7", f"/{number}", 1)
                    if number >= 10**4000
                    else None
                )  # type: ignore[dict-item]
                where = where or address(name, {**arguments, parameter: number})  # type: ignore[dict-item]
                for send in (client.get, client.post):
                    assert quick(send, where).status_code in (
                        302,
                        400,
                        404,
                        405,
                        409,
                        412,
                        415,
                        422,
                        428,
                        403,
                        401,
                    ), where[:80]


def test_a_form_without_measure_is_refused(
    world: World, client_of: Callable[[str], Client], quick: Any
) -> None:
    client = client_of("chain_office")
    where = f"/matters/{world.a.matter.pk}/note/"
    many = {f"k{i}": "x" for i in range(2000)}
    long = {"text": "x" * (6 * 2**20)}
    files = {"files": [SimpleUploadedFile(f"{i}.txt", b"x") for i in range(150)]}
    for data, wanted in (
        (many, {400}),
        (long, {400, 413}),
        ({"text": "x" * 20_000}, {422}),
        ({"text": "\x00" * 50}, {422}),
    ):
        assert quick(client.post, where, data).status_code in wanted
    assert quick(client.post, f"/matters/{world.a.matter.pk}/files/", files).status_code == 400
    assert Attachment.objects.count() == 0
    assert (
        client.post(
            "/what-if/ask/", {"stop": [f"enterprise:{i}" for i in range(900)], "loss": "1"}
        ).status_code
        < 500
    )


NAMES = ["../../../etc/passwd", "..\\..\\x.csv", "a\x00b.csv", "a\nb.csv", "/etc/x.csv", "C:\\x.csv", "con.csv", "x" * 400 + ".csv", "a\u202evsc.exe",
         "＝cmd.csv", "<lzx>.csv", "~", "%2e%2e%2fx.csv", "a;b.csv", "😀.csv", "-rf.csv", "$(id).csv"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_from_outside_is_only_a_name(
    name: str, world: World, client_of: Callable[[str], Client]
) -> None:
    """By the import page and as a file of a matter: kept by content, nothing beside the store."""
    client = client_of("chain_office")
    before = {p for p in folder("files").parent.rglob("*") if p.is_file()}
    said = {"dataset": "enterprises", "source": "district", "period": "2022", "use": ""}
    answer = client.post("/imports/new/", {**said, "file": SimpleUploadedFile(name, roster())})
    attached = client.post(
        f"/matters/{world.a.matter.pk}/files/", {"files": SimpleUploadedFile(name, b"a,b\n1,2\n")}
    )
    assert answer.status_code in (302, 400)
    assert attached.status_code == 302
    fresh = {p for p in folder("files").parent.rglob("*") if p.is_file()} - before
    ours = [p for p in fresh if not {"jobs", "metrics"} & set(p.parts)]
    assert all(len(p.name) == 64 and p.parent.parent == folder("files") for p in ours), ours
    for row in Import.objects.order_by("-pk")[:1]:
        assert client.get(f"/imports/{row.pk}/").status_code == 200
        assert "/" not in row.file_name
        assert "\x00" not in row.file_name
    for file in Attachment.objects.all():
        given = client.get(file.get_absolute_url())
        assert given.status_code == 200
        assert given.headers["Content-Disposition"].startswith("attachment")
        assert "default-src 'none'" in given.headers["Content-Security-Policy"]
    assert client.get(f"/matters/{world.a.matter.pk}/").status_code == 200


@pytest.mark.parametrize("key", ["x" * 201, "a\tb", "键", "", " ", "'; DROP TABLE", "\x7f"])
def test_a_key_without_measure_is_refused_or_kept_as_text(
    key: str, world: World, client_of: Callable[[str], Client]
) -> None:
    body = json.dumps({"kind": "data_dispute", "title": "x", "fields": {"field": "revenue", "claimed": "1"}})
    client = client_of("enterprise")
    answers = [
        client.post(
            "/api/v1/matters", body, content_type="application/json", headers={"Idempotency-Key": key}
        )
        for _ in range(2)
    ]
    assert {a.status_code for a in answers} <= {201, 422}
    if key.strip() and answers[0].status_code == 201:
        assert answers[0].json()["id"] == answers[1].json()["id"]


@pytest.mark.parametrize(
    "tag", ["", "*", '"1"', "1", 'W/"1"', '"99999999999999999999"', '"-1"', '"x"', ",,,", '"' * 1000, '"٣"']
)
def test_no_entity_tag_breaks_a_move(tag: str, world: World, client_of: Callable[[str], Client]) -> None:
    headers = {"If-Match": tag} if tag else {}
    answer = client_of("enterprise").post(
        f"/api/v1/matters/{world.a.matter.pk}/moves/nothing",
        "{}",
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code in (409, 412, 428)
