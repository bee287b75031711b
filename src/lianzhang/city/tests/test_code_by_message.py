"""One-time codes by message, to a gateway that takes them down: a real HTTP server on this machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import yaml
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from django.test import Client
from django.utils import timezone

from lianzhang.city.administration import by_message
from lianzhang.kernel.accounts import codes, sms
from lianzhang.kernel.jobs import runner, worker
from lianzhang.kernel.models import Event, Job, SignIn, User
from lianzhang.kernel.models.one_time_code import OneTimeCode

pytestmark = pytest.mark.django_db
PAGE, CHOOSE = "/accounts/message/", "/accounts/code/"
PHONE, SECRET = "138 0013-8000", b"k" * 48


class Taken(ThreadingHTTPServer):
    """The gateway: what it was sent, and what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[Any, bytes]] = []
        self.answer: tuple[int, bytes] = (200, b'{"data": {"code": 0}}')
        self.where = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        gateway: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        gateway.requests.append((self.headers, body))
        status, answer = gateway.answer
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        return None


@pytest.fixture
def gateway(settings: Any, tmp_path: Path) -> Iterator[Taken]:
    server = Taken()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    key = tmp_path / "sms.key"
    key.write_bytes(SECRET)
    key.chmod(0o600)
    settings.OUTBOUND_HOSTS = [server.where]
    settings.SMS = str(tmp_path / "sms.yaml")
    described(settings, address=f"{server.where}/send", key=str(key))
    yield server
    server.shutdown()
    server.server_close()


def described(settings: Any, **more: Any) -> None:
    """Write the file of the gateway."""
    path = Path(settings.SMS)
    shape: dict[str, Any] = yaml.safe_load(path.read_text()) if path.exists() else {
        "fields": {"mobile": "{phone}", "data": {"content": "{text}", "sn": "{id}"}, "app": 7},
        "text": "激活码{code},{minutes}分钟内有效", "accepted": {"data.code": 0},
    }  # fmt: skip
    path.write_text(yaml.safe_dump(shape | more, allow_unicode=True))


@pytest.fixture
def person(account: Callable[..., Any]) -> User:
    user: User = account("desk_officer", "1001", org="gxj-equipment")
    user.phone = PHONE
    user.save()
    return user


def asked(username: str, **more: Any) -> Any:
    return Client().post(PAGE, {"username": username}, **more)


def code_in(taken: Taken) -> str:
    content = json.loads(taken.requests[-1][1])["data"]["content"]
    return re.search(r"[\dA-Z]{4}(-[\dA-Z]{4}){3}", content)[0]  # type: ignore[index]


def test_who_forgot_the_password_gets_in_again(person: User, gateway: Taken) -> None:
    before = Client().get("/accounts/login/").content.decode()
    assert PAGE in before
    assert asked("1001").status_code == 200
    assert gateway.requests == []  # the worker sends it, whoever waits
    worker.run(once=True)
    [(headers, body)] = gateway.requests
    sent = json.loads(body)
    assert sent["mobile"] == "13800138000"
    assert sent["app"] == 7
    assert len(sent["data"]["sn"]) == 32
    assert "30分钟内有效" in sent["data"]["content"]
    signed = headers["X-Lianzhang-Time"].encode() + b"\n" + body
    assert headers["X-Lianzhang-Signature"] == "hmac-sha256=" + hmac.digest(SECRET, signed, "sha256").hex()
    code = code_in(gateway)
    done = Client().post(
        CHOOSE,
        {"username": "1001", "code": code, "password1": "a long new one 7", "password2": "a long new one 7"},
    )
    assert done.status_code == 302
    person.refresh_from_db()
    assert person.check_password("a long new one 7")
    verbs = list(
        Event.objects.filter(subject=f"user:{person.pk}").order_by("seq").values_list("verb", flat=True)
    )
    assert verbs[-3:] == ["code_issued", "code_sent", "code_used"]
    told = json.dumps(list(Event.objects.values_list("data", flat=True))) + str(list(Job.objects.values()))
    assert code not in told
    assert "13800138000" not in told


def test_the_answer_is_the_same_for_every_name_and_only_who_may_is_sent_one(
    person: User, gateway: Taken, account: Callable[..., Any]
) -> None:
    pages = set()
    others = {"nobody": {}, "closed": {"is_active": False}, "locked": {"locked_at": timezone.now()}, "without": {"phone": ""},
              "words": {"phone": "请打总机"}}  # fmt: skip
    for name, state in others.items():
        if name != "nobody":
            user = account("desk_officer", name, org="gxj-equipment")
            User.objects.filter(pk=user.pk).update(**{"phone": PHONE} | state)
    administrator = account("security_admin", "chief")
    User.objects.filter(pk=administrator.pk).update(phone=PHONE)
    for n, name in enumerate(["1001", "chief", *others]):
        page = asked(name, REMOTE_ADDR=f"10.0.0.{n}")
        pages.add((page.status_code, re.sub(r'(value|nonce)="[^"]+"', "", page.content.decode())))
    assert len(pages) == 1
    worker.run(once=True)
    assert len(gateway.requests) == 1


def test_too_often_is_refused_alike_by_name_and_by_address(person: User, gateway: Taken) -> None:
    for name in ("1001", "nobody"):
        assert asked(name, REMOTE_ADDR="10.0.0.1").status_code == 200
        assert asked(name, REMOTE_ADDR="10.0.0.2").status_code == 429
        SignIn.objects.update(at=timezone.now() - timezone.timedelta(hours=2))
        for _ in range(by_message.A_DAY - 1):
            assert asked(name).status_code == 200
            SignIn.objects.update(at=timezone.now() - timezone.timedelta(hours=2))
        assert asked(name).status_code == 429
    SignIn.objects.all().delete()
    for n in range(by_message.AN_HOUR):
        assert asked(f"name{n}", REMOTE_ADDR="10.0.0.9").status_code == 200
    assert asked("another", REMOTE_ADDR="10.0.0.9").status_code == 429
    assert asked("another", REMOTE_ADDR="10.0.0.8").status_code == 200


def test_a_day_has_so_many_messages(person: User, gateway: Taken, settings: Any) -> None:
    described(settings, per_day=1)
    asked("1001")
    worker.run(once=True)
    SignIn.objects.all().delete()
    asked("1001")
    worker.run(once=True)
    assert len(gateway.requests) == 1
    assert Job.objects.first().state == "failed"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((500, b""), "状态码 500"),
        ((302, b""), "状态码 302"),
        ((200, b'{"data": {"code": 7}}'), "data.code = '7'"),
        ((200, b"<html>"), "不是 JSON"),
        ((200, b"[]"), "data.code = 'None'"),
    ],
)
def test_a_message_not_taken_is_said_and_its_code_is_worth_nothing(
    answer: Any, why: str, person: User, gateway: Taken
) -> None:
    gateway.answer = answer
    asked("1001")
    worker.run(once=True)
    assert len(gateway.requests) == 1
    assert not OneTimeCode.objects.filter(revoked_at=None).exists()
    last = Event.objects.filter(subject=f"user:{person.pk}").order_by("-seq").first()
    assert last is not None
    assert last.verb == "code_not_sent"
    assert why in last.data["reason"]
    assert why in Job.objects.get().error


def test_nothing_goes_to_a_host_that_the_installation_does_not_name(
    person: User, gateway: Taken, settings: Any
) -> None:
    settings.OUTBOUND_HOSTS = ["sms.example.gov.cn"]
    assert "LIANZHANG_OUTBOUND" in sms.problems()[0]
    asked("1001")
    worker.run(once=True)
    assert gateway.requests == []
    assert "LIANZHANG_OUTBOUND" in Job.objects.get().error


def test_asking_takes_nothing_from_a_code_on_paper(person: User, gateway: Taken) -> None:
    from lianzhang.kernel.scope import SYSTEM

    with_paper, _row = codes.issue(actor=SYSTEM, user=person)
    asked("1001")
    worker.run(once=True)
    assert codes.find("1001", with_paper)
    first = code_in(gateway)
    SignIn.objects.all().delete()
    asked("1001")
    worker.run(once=True)
    assert codes.find("1001", first) is None
    assert codes.find("1001", code_in(gateway))


def test_an_administrator_sends_one_instead_of_printing_it(
    person: User, gateway: Taken, signed_in: Callable[..., Client], account: Callable[..., Any]
) -> None:
    client = signed_in("system_admin")
    assert f"/people/{person.pk}/message/" in client.get(f"/people/{person.pk}/").content.decode()
    assert client.post(f"/people/{person.pk}/message/").status_code == 302
    worker.run(once=True)
    assert codes.find("1001", code_in(gateway))
    User.objects.filter(pk=person.pk).update(phone="")
    page = client.post(f"/people/{person.pk}/message/", follow=True).content.decode()
    assert "不是可接收短信的电话号码" in page
    assert signed_in("desk_officer").post(f"/people/{person.pk}/message/").status_code == 404


def test_a_form_and_national_algorithms(person: User, gateway: Taken, settings: Any) -> None:
    described(settings, body="form", fields={"m": "{phone}", "c": "{code}"}, text="", accepted={})
    settings.CRYPTO = "guomi"
    sms.send(phone="+8613800138000", code="ABCD-EFGH-JKMN-{phone}", minutes=5)
    [(headers, body)] = gateway.requests
    assert parse_qs(body.decode()) == {"m": ["+8613800138000"], "c": ["ABCD-EFGH-JKMN-{phone}"]}
    mac = HMAC(SECRET, hashes.SM3())
    mac.update(headers["X-Lianzhang-Time"].encode() + b"\n" + body)
    assert headers["X-Lianzhang-Signature"] == "hmac-sm3=" + mac.finalize().hex()
    assert hashlib.sha256(body).hexdigest() not in str(headers)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"text": "no place"}, "短信内容须含 {code}"),
        ({"fields": {"a": "{phone}"}}, "请求字段须含 {phone}，并含 {text} 或 {code}"),
        ({"fields": {"a": "{phone}{code}{secret}"}}, "{secret} 无可填内容"),
        ({"body": "form"}, "表单不能嵌套"),
        ({"unknown": 1}, "unknown"),
        ({"key": "/nowhere/key"}, "/nowhere/key"),
        ({"address": "http://sms.example.gov.cn/"}, "未加密"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(more: Any, why: str, gateway: Taken, settings: Any) -> None:
    assert sms.problems() == []
    settings.OUTBOUND_HOSTS = [*settings.OUTBOUND_HOSTS, "http://sms.example.gov.cn"]
    described(settings, **more)
    [said] = sms.problems()
    assert why in said


def test_without_a_gateway_the_page_is_not_there_and_a_demonstration_prints(
    person: User, settings: Any, capsys: Any
) -> None:
    settings.SMS = ""
    assert Client().get(PAGE).headers["Location"].startswith("/accounts/login/")
    assert PAGE not in Client().get("/accounts/login/").content.decode()
    settings.DEBUG = True
    assert asked("1001").status_code == 200
    runner.run_job(Job.objects.get().pk)
    said = capsys.readouterr().err
    assert "138****8000" in said
    assert "13800138000" not in said
