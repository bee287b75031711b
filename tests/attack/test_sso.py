"""Single sign-on under attack: whatever lies, nobody is signed in, and the log says so (S11)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from attack import sso_stub as stub
from attack.sso_stub import KEY, OTHER, SECRET, Stub, claims, pem, raw, sign
from lianzhang.city import services as city
from lianzhang.city.models import CatalogueVersion, Membership
from lianzhang.kernel.models import Event, ExternalIdentity, SignIn, User
from tally import case

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S11")]
PROXY = "10.9.9.9"
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "http:evil.example",
             "https:///evil.example", " //evil.example", "/\t/evil.example", "https://testserver@evil.example/", "ftp://testserver/")  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[Stub]:
    service, stop = stub.start()
    yield service
    stop()


@pytest.fixture
def service(running: Stub, catalogue: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Stub:
    """The service, known to the city's catalogue and allowed by the installation."""
    running.grants.clear()
    running.asked.clear()
    running.bend.clear()
    settings.OUTBOUND_HOSTS = [running.url]
    for code in ("OIDC", "PORTAL"):
        monkeypatch.setenv(f"LIANZHANG_SSO_{code}_SECRET", SECRET)
    content = catalogue.content | {"sso.yaml": stub.services(running.url)}
    CatalogueVersion.objects.create(city="example", digest="sso", content=content)
    city.forget()
    return running


@pytest.fixture
def li(service: Stub, account: Callable[..., Any]) -> User:
    """A desk officer whom two services know."""
    user = account("desk_officer", "li", org="gxj")
    ExternalIdentity.objects.create(provider="oidc", subject="s-1", user=user)
    return user


@dataclass
class Way:
    """What the browser was sent away with."""

    where: dict[str, str]
    back: str


def leave(client: Client, code: str, **query: str) -> Way:
    answer = client.get(f"/accounts/with/{code}/", query)
    assert answer.status_code == 302, answer.content
    where = {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    return Way(where, f"/accounts/with/{code}/back/")


def refused(client: Client, answer: Any) -> None:
    """Nobody came in, the person is told no particulars, the log tells why."""
    case()
    assert answer.status_code == 403
    assert "evil" not in answer.headers.get("Location", "")
    assert client.get("/").status_code == 302
    last = SignIn.objects.first()
    assert last is not None
    assert (last.method, last.outcome) == ("sso", "refused")
    assert last.detail
    assert last.detail.partition(": ")[2] not in answer.content.decode()


def oidc(client: Client, service: Stub, code: str = "oidc", subject: str = "s-1", **more: Any) -> Any:
    way = leave(client, code)
    granted = service.grant(
        subject, nonce=way.where["nonce"], challenge=way.where["code_challenge"], more=more
    )
    return client.get(way.back, {"code": granted, "state": way.where["state"]})


# What must work, or the rest proves nothing ------------------------------------------------------------------------


def test_the_right_way_in(service: Stub, li: User) -> None:
    client = Client()
    way = leave(client, "oidc", next="/people/")
    assert way.where["code_challenge_method"] == "S256"
    assert len(way.where["state"]) >= 40
    code = service.grant("s-1", nonce=way.where["nonce"], challenge=way.where["code_challenge"])
    answer = client.get(way.back, {"code": code, "state": way.where["state"]})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/people/"
    assert client.get("/").status_code == 200
    row = SignIn.objects.first()
    assert row is not None
    assert (row.user, row.method, row.outcome) == (li, "sso", "done")
    left = client.post("/accounts/logout/")
    page = client.get(left.headers["Location"]).content.decode()
    assert f"{service.url}/logout" in page
    assert Client().get("/accounts/login/").content.decode().count("/accounts/with/") == 7


def test_the_other_protocols_lead_in_too(service: Stub, li: User) -> None:
    portal = Client()
    way = leave(portal, "portal")
    assert way.where["appid"] == stub.CLIENT
    assert (
        portal.get(way.back, {"auth_code": service.grant("li"), "relay": way.where["relay"]}).status_code
        == 302
    )
    assert portal.get("/").status_code == 200
    cas = Client()
    assert ticket(cas, service).status_code == 302
    assert cas.get("/").status_code == 200
    proxied = Client(REMOTE_ADDR=PROXY)
    assert proxied.get("/accounts/with/proxy/", headers={"X-Remote-User": "li"}).status_code == 302
    assert proxied.get("/").status_code == 200
    assert set(li.identities.values_list("provider", flat=True)) == {"oidc", "portal", "cas", "proxy"}
    assert Event.objects.filter(subject=f"user:{li.pk}", verb="identity_linked").count() == 3


# The way back belongs to this browser, once -------------------------------------------------------------------------


def test_the_way_back_is_bound(service: Stub, li: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fresh(client: Client) -> tuple[Way, str]:
        way = leave(client, "oidc")
        return way, service.grant("s-1", nonce=way.where["nonce"], challenge=way.where["code_challenge"])

    for query in (
        lambda w, c: {"code": c},
        lambda w, c: {"code": c, "state": ""},
        lambda w, c: {"code": c, "state": w.where["state"][:-1]},
        lambda w, c: {"code": c, "state": w.where["nonce"]},
        lambda w, c: {"code": c, "state": [w.where["state"], w.where["state"]]},
        lambda w, c: {"code": c, "state": "ü" + w.where["state"]},
        lambda w, c: {"state": w.where["state"]},
        lambda w, c: {"code": [c, c], "state": w.where["state"]},
        lambda w, c: {"code": "", "state": w.where["state"]},
        lambda w, c: {"code": "x" * 5000, "state": w.where["state"]},
        lambda w, c: {"error": "access_denied", "state": w.where["state"]},
        lambda w, c: {"error": "x", "code": c, "state": w.where["state"]},
        lambda w, c: {"code": c, "state": w.where["state"], "iss": "https://evil.example"},
        lambda w, c: {"code": c, "state": w.where["state"], "iss": [service.url, "https://evil.example"]},
    ):
        client = Client()
        way, code = fresh(client)
        refused(client, client.get(way.back, query(way, code)))
    victim, thief = Client(), Client()
    way, code = fresh(thief)
    refused(victim, victim.get(way.back, {"code": code, "state": way.where["state"]}))  # nothing begun there
    own, _unused = fresh(victim)
    refused(victim, victim.get(own.back, {"code": code, "state": way.where["state"]}))  # the thief's own way
    own, _unused = fresh(victim)
    refused(victim, victim.get(own.back, {"code": code, "state": own.where["state"]}))  # a stolen code: PKCE
    client = Client()
    way, code = fresh(client)
    refused(client, client.get("/accounts/with/oidc-two/back/", {"code": code, "state": way.where["state"]}))
    way, code = fresh(client)
    later = time.time() + 601
    with monkeypatch.context() as patched:
        patched.setattr("lianzhang.kernel.accounts.sso.journey.time.time", lambda: later)
        answer = client.get(way.back, {"code": code, "state": way.where["state"]})
    refused(client, answer)


def test_what_came_back_once_comes_back_no_more(service: Stub, li: User) -> None:
    client = Client()
    way = leave(client, "oidc")
    code = service.grant("s-1", nonce=way.where["nonce"], challenge=way.where["code_challenge"])
    query = {"code": code, "state": way.where["state"]}
    assert client.get(way.back, query).status_code == 302
    client.post("/accounts/logout/")
    refused(client, client.get(way.back, query))
    again = leave(client, "oidc")
    refused(client, client.get(again.back, {"code": code, "state": again.where["state"]}))


# The token ----------------------------------------------------------------------------------------------------------

Bend = Callable[[Any, Stub], str]
TOKENS: dict[str, Bend] = {
    "alg none": lambda g, s: raw({"alg": "none"}, claims(s, g)),
    "alg None": lambda g, s: raw({"alg": "None", "kid": "k1"}, claims(s, g)),
    "alg nOnE with signature": lambda g, s: raw({"alg": "nOnE", "kid": "k1"}, claims(s, g), b"x" * 256),
    "no alg": lambda g, s: raw({"kid": "k1"}, claims(s, g)),
    "HS256 by the client's secret": lambda g, s: sign(claims(s, g), SECRET * 4, "HS256"),
    "HS256 by the public key": lambda g, s: _hs(claims(s, g)),
    "another key under this id": lambda g, s: sign(claims(s, g), OTHER),
    "an unknown key": lambda g, s: sign(claims(s, g), kid="k9"),
    "no key id where there are two": lambda g, s: sign(claims(s, g), kid=""),
    "PS512, which is not accepted": lambda g, s: sign(claims(s, g), KEY, "PS512"),
    "signature cut off": lambda g, s: sign(claims(s, g)).rsplit(".", 1)[0] + ".",
    "signature of other claims": lambda g, s: ".".join([*sign(claims(s, g, sub="s-2")).split(".")[:2], sign(claims(s, g)).split(".")[2]]),
    "claims exchanged": lambda g, s: ".".join([sign(claims(s, g)).split(".")[0], raw({}, claims(s, g)).split(".")[1], sign(claims(s, g, sub="s-2")).split(".")[2]]),
    "its own key in the header": lambda g, s: sign(claims(s, g), OTHER, jwk=stub.jwk(OTHER, "k1")),
    "a key from elsewhere": lambda g, s: sign(claims(s, g), OTHER, jku="https://evil.example/jwks"),
    "critical extension": lambda g, s: sign(claims(s, g), crit=["b64"], b64=True),
    "for another client": lambda g, s: sign(claims(s, g, aud="other")),
    "for nobody": lambda g, s: sign(claims(s, g, aud=None)),
    "for several, without azp": lambda g, s: sign(claims(s, g, aud=[stub.CLIENT, "other"])),
    "for several, to another": lambda g, s: sign(claims(s, g, aud=[stub.CLIENT, "other"], azp="other")),
    "issued to another": lambda g, s: sign(claims(s, g, azp="other")),
    "of another issuer": lambda g, s: sign(claims(s, g, iss="https://evil.example")),
    "of nearly this issuer": lambda g, s: sign(claims(s, g, iss=s.url + "/")),
    "of no issuer": lambda g, s: sign(claims(s, g, iss=None)),
    "expired": lambda g, s: sign(claims(s, g, exp=int(time.time()) - 61)),
    "without end": lambda g, s: sign(claims(s, g, exp=None)),
    "not yet valid": lambda g, s: sign(claims(s, g, nbf=int(time.time()) + 300)),
    "issued long ago": lambda g, s: sign(claims(s, g, iat=int(time.time()) - 700)),
    "issued in the future": lambda g, s: sign(claims(s, g, iat=int(time.time()) + 300)),
    "issued at no time": lambda g, s: sign(claims(s, g, iat=None)),
    "without nonce": lambda g, s: sign(claims(s, g, nonce=None)),
    "another nonce": lambda g, s: sign(claims(s, g, nonce="n" * 43)),
    "nonce of another kind": lambda g, s: sign(claims(s, g, nonce=7)),
    "without subject": lambda g, s: sign(claims(s, g, sub=None)),
    "empty subject": lambda g, s: sign(claims(s, g, sub="")),
    "no token": lambda g, s: "",
    "no JWT": lambda g, s: "abc.def.ghi",
    "encrypted": lambda g, s: "a.b.c.d.e",
    "two tokens": lambda g, s: f"{sign(claims(s, g))} {sign(claims(s, g))}",
}  # fmt: skip


def _hs(content: dict[str, Any]) -> str:
    import hashlib
    import hmac

    unsigned = raw({"alg": "HS256", "kid": "k1"}, content).rsplit(".", 1)[0]
    mac = hmac.new(pem(KEY), unsigned.encode(), hashlib.sha256).digest()
    return unsigned + "." + raw({}, {}, mac).rsplit(".", 1)[1]


@pytest.mark.parametrize("lie", sorted(TOKENS))
def test_a_token_that_lies(lie: str, service: Stub, li: User) -> None:
    service.bend["id_token"] = TOKENS[lie]
    client = Client()
    refused(client, oidc(client, service))


def test_answers_that_are_none(service: Stub, li: User) -> None:
    for path, answer in (
        ("/token", ("500 Error", "text/plain", b"")),
        ("/token", ("200 OK", "application/json", b"[]")),
        ("/token", ("200 OK", "application/json", b"{")),
        ("/token", ("200 OK", "application/json", b'{"id_token": 7}')),
        ("/token", ("302 Found", "text/plain", b"http://127.0.0.1:1/")),
        ("/token", ("200 OK", "application/json", b"[" * 100_000)),
        ("/token", ("200 OK", "application/json", b" " * 600_000)),
        ("/jwks", ("200 OK", "application/json", b"{}")),
        ("/jwks", ("200 OK", "application/json", b'{"keys": []}')),
        ("/jwks", ("200 OK", "application/json", b'{"keys": [{"kty": "oct", "kid": "k1", "k": "b25seQ"}]}')),
        ("/jwks", ("302 Found", "text/plain", b"http://evil.example/")),
        ("/user", ("200 OK", "application/json", b'{"sub": "s-2"}')),
        ("/user", ("200 OK", "application/json", b"{}")),
        ("/user", ("200 OK", "application/json", b"null")),
        ("/user", ("403 No", "application/json", b"{}")),
    ):
        from django.core.cache import cache

        cache.clear()
        service.bend.clear()
        service.bend[path] = answer
        client = Client()
        refused(client, oidc(client, service))


# Who that is here ---------------------------------------------------------------------------------------------------


def test_nobody_gets_an_account_that_is_not_his(service: Stub, li: User, account: Callable[..., Any]) -> None:
    account("auditor", "chief", org="gxj")
    before = (User.objects.count(), ExternalIdentity.objects.count())
    for code, subject in (
        ("oidc", "s-2"),
        ("oidc", "li"),
        ("oidc", "S-1"),
        ("oidc-two", "s-1"),
        ("oidc-two", "chief"),
        ("oidc-two", "nobody"),
    ):
        client = Client()
        refused(client, oidc(client, service, code, subject))
    assert (User.objects.count(), ExternalIdentity.objects.count()) == before
    client = Client()
    assert oidc(client, service, "oidc-two", "li").status_code == 302  # now linked with this id there
    other = Client()
    service_two = oidc(other, service, "oidc-two", "other-id")
    refused(other, service_two)


def test_locks_hold_for_those_who_come_from_elsewhere(service: Stub, li: User, account: Any) -> None:
    User.objects.filter(pk=li.pk).update(is_active=False)
    client = Client()
    refused(client, oidc(client, service))
    User.objects.filter(pk=li.pk).update(is_active=True, locked_at="2023-01-01T00:00Z")
    client = Client()
    assert oidc(client, service).status_code == 403
    assert client.get("/").status_code == 302
    case(2)


# CAS ----------------------------------------------------------------------------------------------------------------


def ticket(client: Client, service: Stub, subject: str = "li", **changed: Any) -> Any:
    way = leave(client, "cas")
    granted = service.grant(
        subject, code="ST-" + subject, more={"service": changed.pop("issued_for", way.where["service"])}
    )
    state = parse_qs(urlsplit(way.where["service"]).query)["state"][0]
    return client.get(way.back, {"ticket": granted, "state": state} | changed)


SUCCESS = "<cas:authenticationSuccess><cas:user>li</cas:user></cas:authenticationSuccess>"
ANSWERS = (
    "<cas:authenticationFailure code='X'>no</cas:authenticationFailure>",
    f"<cas:authenticationFailure code='X'>{SUCCESS}</cas:authenticationFailure>",
    SUCCESS * 2,
    f"{SUCCESS}<cas:authenticationFailure code='X'>no</cas:authenticationFailure>",
    "<cas:authenticationSuccess><cas:user>wang</cas:user><cas:user>li</cas:user></cas:authenticationSuccess>",
    "<cas:authenticationSuccess><cas:user> </cas:user></cas:authenticationSuccess>",
    "<cas:authenticationSuccess><cas:user><cas:x>li</cas:x></cas:user></cas:authenticationSuccess>",
    "<cas:authenticationSuccess><cas:attributes><cas:user>li</cas:user></cas:attributes></cas:authenticationSuccess>",
    "<authenticationSuccess><user>li</user></authenticationSuccess>",
    "",
)


def test_tickets_that_lie(service: Stub, li: User) -> None:
    for changed in ({"ticket": ""}, {"ticket": "PT-li"}, {"ticket": "PGT-li"}, {"ticket": "ST-li\r\nX: y"}, {"ticket": ["ST-a", "ST-b"]},
                    {"ticket": "ST-other"}, {"ticket": "ST-" + "x" * 300}, {"state": "x"}, {"issued_for": "https://evil.example/"}):  # fmt: skip
        client = Client()
        refused(client, ticket(client, service, **changed))
    head = '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">'
    bodies = [f"{head}{inner}</cas:serviceResponse>" for inner in ANSWERS]
    bodies += [f"<x>{head}{SUCCESS}</cas:serviceResponse></x>", "yes\nli\n", "{}",
               f'<!DOCTYPE r [<!ENTITY u "li">]>{head}<cas:authenticationSuccess><cas:user>&u;</cas:user></cas:authenticationSuccess></cas:serviceResponse>',
               f'<!DOCTYPE r SYSTEM "http://evil.example/x.dtd">{head}{SUCCESS}</cas:serviceResponse>']  # fmt: skip
    for body in bodies:
        service.bend["/validate"] = ("200 OK", "application/xml", body.encode())
        client = Client()
        refused(client, ticket(client, service))


# Code exchange, and agents of enterprises ---------------------------------------------------------------------------


def exchange(
    client: Client, service: Stub, code: str, subject: str, relay: str = "state", **more: Any
) -> Any:
    way = leave(client, code)
    return client.get(way.back, {"auth_code": service.grant(subject, more=more), relay: way.where[relay]})


def test_portals_that_lie(service: Stub, li: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    way = leave(client, "portal")
    refused(client, client.get(way.back, {"auth_code": service.grant("li"), "state": way.where["relay"]}))
    refused(client, exchange(client, service, "portal", "", "relay"))
    for path, body in (("/x-token", b'{"errcode": 0}'), ("/x-token", b'{"errcode": 1, "data": {"token": "t"}}'), ("/x-token", b"[]"),
                       ("/x-user", b'{"errcode": 0, "data": {}}'), ("/x-user", b'{"errcode": 0, "data": "li"}'), ("/x-user", b'{"errcode": 0, "uid": "li"}'),
                       ("/x-user", b'{"errcode": 0, "data": {"uid": ["li"]}}'), ("/x-user", b'{"errcode": 0, "data": {"uid": true}}')):  # fmt: skip
        service.bend = {path: ("200 OK", "application/json", body)}
        refused(client, exchange(client, service, "portal", "li", "relay"))
    service.bend = {}
    monkeypatch.setenv("LIANZHANG_SSO_PORTAL_SECRET", "wrong")
    refused(client, exchange(client, service, "portal", "li", "relay"))


def office(client: Client, service: Stub, code: str | None = None, subject: str = "li") -> Any:
    way = leave(client, "yue")
    return client.get(way.back, {"code": code or service.grant(subject), "state": way.where["state"]})


def test_a_portal_that_wants_the_code_with_its_own_token(service: Stub, li: User) -> None:
    """App id and secret → token of the application → code → user id, and success is told by a field of its own."""
    client = Client()
    answer = client.get("/accounts/with/yue/")
    where = urlsplit(answer.headers["Location"])
    assert where.fragment == "wechat_redirect"
    asked = {k: v[0] for k, v in parse_qs(where.query).items()}
    assert (asked["appid"], asked["agentid"], asked["scope"]) == (stub.CLIENT, "1000002", "snsapi_base")
    back = {"code": service.grant("li"), "state": asked["state"]}
    assert client.get("/accounts/with/yue/back/", back).status_code == 302
    assert client.get("/").status_code == 200
    assert service.asked == ["/w-gettoken", "/w-getuserinfo"]
    assert li.identities.filter(provider="yue", subject="li").exists()


def test_portals_of_that_family_that_lie(service: Stub, li: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    refused(client, office(client, service, code="nobodys"))
    refused(client, office(client, service, subject=""))  # a guest of the portal: no user id
    for path, body in (("/w-gettoken", b'{"code": "00001", "access_token": "t"}'), ("/w-gettoken", b'{"access_token": "t"}'), ("/w-gettoken", b'{"code": 0, "access_token": "t"}'),
                       ("/w-gettoken", b'{"code": null, "access_token": "t"}'), ("/w-getuserinfo", b'{"code": "0", "UserId": "li"}'), ("/w-getuserinfo", b'{"code": ["00000"], "UserId": "li"}'),
                       ("/w-getuserinfo", b'{"UserId": "li"}'), ("/w-getuserinfo", b'{"code": "00000"}')):  # fmt: skip
        service.bend = {path: ("200 OK", "application/json", body)}
        refused(client, office(client, service))
    service.bend = {}
    monkeypatch.setenv("LIANZHANG_SSO_PORTAL_SECRET", "wrong")
    refused(client, office(client, service))


def test_an_agent_comes_in_for_his_enterprise_and_for_no_other(
    service: Stub, enterprise: Any, account: Any
) -> None:
    firm, other = enterprise("云溪甲有限公司"), enterprise("云溪乙有限公司")
    client = Client()
    assert exchange(client, service, "firm", "a-7", uscc=firm.uscc, name="赵经办").status_code == 302
    assert client.get(f"/enterprises/{firm.pk}/").status_code == 200
    assert client.get(f"/enterprises/{other.pk}/").status_code == 404
    post = Membership.objects.get(provider="firm")
    assert (post.enterprise_id, post.user.name, str(post.since)) == (firm.pk, "赵经办", "2023-04-10")
    assert post.until is not None
    again = Client()
    assert exchange(again, service, "firm", "a-7", uscc=firm.uscc).status_code == 302
    assert Membership.objects.filter(provider="firm").count() == 1
    for subject, about in (
        ("a-7", {"uscc": "91449900MA0000000X"}),
        ("a-7", {}),
        ("", {"uscc": firm.uscc}),
        ("a-7", {"uscc": firm.uscc + "0"}),
    ):
        client = Client()
        refused(client, exchange(client, service, "firm", subject, **about))
    boss = Client()
    boss.force_login(
        account("enterprise_admin", "boss", enterprise=firm),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert "赵经办" in boss.get("/accounts/agents/").content.decode()
    stranger = Client()
    stranger.force_login(
        account("enterprise_admin", "stranger", enterprise=other),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert stranger.post(f"/accounts/agents/{post.pk}/end/").status_code == 404
    assert boss.post(f"/accounts/agents/{post.pk}/end/").status_code == 302
    assert again.get(f"/enterprises/{firm.pk}/").status_code == 404
    ended = Client()
    refused(ended, exchange(ended, service, "firm", "a-7", uscc=firm.uscc))


# A header is believed from the proxy alone --------------------------------------------------------------------------


def test_a_header_from_anybody_else_counts_for_nothing(service: Stub, li: User, settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for address, headers in (
        ("10.0.0.1", {"X-Remote-User": "li"}),
        ("127.0.0.1", {"X-Remote-User": "li"}),
        ("10.0.0.1", {"X-Remote-User": "li", "X-Forwarded-For": PROXY}),
        ("10.0.0.1", {"X-Remote-User": "li", "X-Real-IP": PROXY, "Forwarded": f"for={PROXY}"}),
        (PROXY, {}),
        (PROXY, {"X-Remote-User": ""}),
        (PROXY, {"X-Remote-User": "li,chief"}),
        (PROXY, {"X-Remote-User": "nobody"}),
        (PROXY, {"Remote-User": "li"}),
        (PROXY, {"X-Remote-User": "li\x01"}),
    ):
        client = Client(REMOTE_ADDR=address)
        refused(client, client.get("/accounts/with/proxy/", headers=headers))
    client = Client(REMOTE_ADDR=PROXY)
    assert (
        client.get("/", headers={"X-Remote-User": "li"}).status_code == 302
    )  # only the door itself reads it
    assert client.get("/accounts/with/proxy/back/", headers={"X-Remote-User": "li"}).status_code != 200
    case(2)


# Addresses ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere_afterwards(target: str, service: Stub, li: User) -> None:
    client = Client()
    way = leave(client, "oidc", next=target)
    code = service.grant("s-1", nonce=way.where["nonce"], challenge=way.where["code_challenge"])
    answer = client.get(way.back, {"code": code, "state": way.where["state"], "next": target})
    assert answer.headers["Location"] == "/"
    case()


def test_what_the_installation_does_not_allow_is_not_asked(service: Stub, li: User, settings: Any) -> None:
    for allowed in (
        [],
        ["127.0.0.1"],
        [service.url.replace("127.0.0.1", "127.0.0.2")],
        ["http://127.0.0.1:1"],
        ["https://" + service.url[7:]],
    ):
        settings.OUTBOUND_HOSTS = allowed
        service.asked.clear()
        client = Client()
        refused(client, oidc(client, service))
        assert service.asked == []


def test_an_unknown_service_is_no_door(service: Stub) -> None:
    for where in (
        "/accounts/with/nowhere/",
        "/accounts/with/nowhere/back/",
        "/accounts/with/OIDC/",
        "/accounts/with/../login/",
    ):
        assert Client().get(where).status_code in (302, 404)
        case()
    for code in ("oidc", "portal", "cas", "proxy"):
        assert Client().post(f"/accounts/with/{code}/").status_code == 405
        case()
