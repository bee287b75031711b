"""Sign-in under attack: passwords, one-time codes, second factors, sessions, separated administrators (S10)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from lianzhang.city.administration import accounts, posts, stand_ins
from lianzhang.city.administration.posts import NewPost
from lianzhang.city.models import Membership, Organisation
from lianzhang.city.services import actor_of_user
from lianzhang.kernel import time as clock
from lianzhang.kernel.accounts import codes, policy, second
from lianzhang.kernel.accounts.adapter import FRESH_SECONDS
from lianzhang.kernel.accounts.passwords import ProfileValidator
from lianzhang.kernel.models import AccountPolicy, Event, LoginFailure, OneTimeCode, SignIn, User
from lianzhang.kernel.scope import SYSTEM
from tally import case

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S10")]
LOGIN, CODE, FACTORS = "/accounts/login/", "/accounts/code/", "/accounts/factors/"
PASSWORD, NEW = "correct horse", "battery staple 9"


def rules(**values: Any) -> None:
    """Set rules of accounts as the catalogue would."""
    AccountPolicy.objects.update_or_create(source="catalogue", defaults={"values": values})


def enter(client: Client, name: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": name, "password": password}, **more)


def inside(client: Client) -> bool:
    return client.get("/").status_code == 200


def redeem(name: str, code: str, password: str = NEW, **more: Any) -> Any:
    return Client().post(
        CODE, {"username": name, "code": code, "password1": password, "password2": password}, **more
    )


def enrol(user: User) -> str:
    """An app set up a while ago; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    row = Authenticator.objects.get(user=user, type="totp")
    Authenticator.objects.filter(pk=row.pk).update(data=row.data | {"last_step": 0})
    return secret


def code_at(secret: str, shift: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift))


# Brute force --------------------------------------------------------------------------------------------------------


def test_one_account_from_many_addresses(account: Callable[..., Any]) -> None:
    account("director", "li")
    for n in range(5):
        enter(Client(), "li", f"wrong{n}", REMOTE_ADDR=f"10.0.1.{n}")
        case()
    client = Client()
    enter(client, "li", REMOTE_ADDR="10.0.2.1")
    assert not inside(client)
    assert SignIn.objects.filter(outcome="locked").count() == 1
    LoginFailure.objects.update(at=timezone.now() - timedelta(minutes=11))
    enter(client, "li", REMOTE_ADDR="10.0.2.1")
    assert inside(client)


def test_many_accounts_from_one_address(account: Callable[..., Any]) -> None:
    account("director", "li")
    for n in range(20):
        enter(Client(), f"name{n}", "wrong", REMOTE_ADDR="10.0.3.1")
        case()
    client = Client()
    enter(client, "li", REMOTE_ADDR="10.0.3.1")
    assert not inside(client)
    enter(client, "li", REMOTE_ADDR="10.0.3.2")
    assert inside(client)


def test_codes_on_paper_are_not_guessed(account: Callable[..., Any]) -> None:
    user = account("director", "li")
    with transaction.atomic():
        code, _row = codes.issue(actor=SYSTEM, user=user)
    for n in range(5):
        assert redeem("li", f"AAAA-BBBB-CCCC-DDD{n}", REMOTE_ADDR=f"10.0.4.{n}").status_code == 422
        case()
    assert redeem("li", code, REMOTE_ADDR="10.0.4.99").status_code == 422
    client = Client()
    enter(client, "li", REMOTE_ADDR="10.0.4.98")
    assert not inside(client), "guesses at the code count like guesses at the password"


def test_app_codes_are_not_guessed(account: Callable[..., Any]) -> None:
    secret = enrol(account("director", "li"))
    client = Client()
    enter(client, "li")
    for n in range(5):
        assert client.post(f"{FACTORS}authenticate/", {"code": f"{n:06}"}).status_code == 200
        case()
    client.post(f"{FACTORS}authenticate/", {"code": code_at(secret)})
    assert not inside(client)
    again = Client()
    enter(again, "li", REMOTE_ADDR="10.9.9.1")
    again.post(f"{FACTORS}authenticate/", {"code": code_at(secret)})
    assert not inside(again), "a new session brings no new tries"


def test_a_right_password_alone_forgets_no_failures(account: Callable[..., Any]) -> None:
    """Otherwise whoever knows the password guesses the second factor for ever."""
    enrol(account("director", "li"))
    for n in range(5):
        client = Client()
        enter(client, "li")
        client.post(f"{FACTORS}authenticate/", {"code": f"{n:06}"})
        case()
    assert (
        "minutes"
        in Client()
        .post(LOGIN, {"login": "li", "password": PASSWORD}, headers={"Cookie": "django_language=en"})
        .content.decode()
    )


# Enumeration --------------------------------------------------------------------------------------------------------


def words(answer: Any, name: str) -> list[str]:
    text = answer.content.decode().replace(name, "NAME")
    return [line for line in text.split("\n") if "csrf" not in line.lower()]


@pytest.mark.parametrize("kind", ["open", "closed", "locked", "without password", "with factor"])
def test_no_answer_tells_that_an_account_exists(kind: str, account: Callable[..., Any]) -> None:
    user = account("director", "zhang31")
    if kind == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif kind == "locked":
        User.objects.filter(pk=user.pk).update(locked_at=timezone.now())
    elif kind == "without password":
        user.set_unusable_password()
        user.save()
    elif kind == "with factor":
        enrol(user)
    known, unknown = (
        enter(Client(), "zhang31", "nope"),
        enter(Client(), "wangwu9", "nope", REMOTE_ADDR="10.0.5.1"),
    )
    assert (known.status_code, words(known, "zhang31")) == (unknown.status_code, words(unknown, "wangwu9"))
    known, unknown = redeem("zhang31", "AAAA"), redeem("wangwu9", "AAAA", REMOTE_ADDR="10.0.5.1")
    assert (known.status_code, words(known, "zhang31")) == (unknown.status_code, words(unknown, "wangwu9"))
    case(2)


def test_no_time_tells_that_an_account_exists(account: Callable[..., Any], settings: Any) -> None:
    """With the hasher of the service: a known and an unknown name take as long (median of 5, within a half)."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    user = account("director", "zhang31")
    user.set_password(PASSWORD)
    user.save()
    account("director", "nopass").set_unusable_password()

    def seconds(name: str) -> float:
        spent = []
        for n in range(5):
            begun = time.process_time()
            enter(Client(), name, "nope", REMOTE_ADDR=f"10.0.6.{n}")
            spent.append(time.process_time() - begun)
            LoginFailure.objects.all().delete()
            case()
        return median(spent)

    known, unknown = seconds("zhang31"), seconds("wangwu9")
    assert 0.5 < known / unknown < 2.0, (known, unknown)


def test_a_right_code_with_a_bad_password_says_no_more_than_a_wrong_one(account: Callable[..., Any]) -> None:
    user = account("director", "zhang31")
    with transaction.atomic():
        code, _row = codes.issue(actor=SYSTEM, user=user)
    for bad in ("short", "password123", "1234567890"):
        right, wrong = redeem("zhang31", code, bad), redeem("zhang31", "AAAA", bad)
        assert words(right, code) == words(wrong, "AAAA")
        case()
    assert LoginFailure.objects.count() == 0


# Codes on paper -----------------------------------------------------------------------------------------------------


def test_a_code_serves_once_for_one_person_and_not_for_ever(account: Callable[..., Any]) -> None:
    li, wang = account("director", "li"), account("director", "wang")
    with transaction.atomic():
        first, _row = codes.issue(actor=SYSTEM, user=li)
        code, row = codes.issue(actor=SYSTEM, user=li)
    assert row.digest != code
    assert code not in str(OneTimeCode.objects.values()) + str(list(Event.objects.values()))
    refused = [
        ("li", first),
        ("wang", code),
        ("LI", code),
        ("", code),
        ("li", code[:-1]),
        ("li", code + "A"),
        ("li", row.digest),
        ("li", "%"),
        ("li", "' OR 1=1"),
    ]
    for name, tried in refused:
        assert redeem(name, tried, REMOTE_ADDR="10.0.7.1").status_code == 422, (name, tried)
        LoginFailure.objects.all().delete()
        case()
    OneTimeCode.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert redeem("li", code).status_code == 422
    OneTimeCode.objects.filter(pk=row.pk).update(expires_at=timezone.now() + timedelta(hours=1))
    for closed in ({"is_active": False}, {"locked_at": timezone.now()}):
        User.objects.filter(pk=li.pk).update(**closed)
        assert redeem("li", code).status_code == 422
        User.objects.filter(pk=li.pk).update(is_active=True, locked_at=None)
        case()
    thief = Client()
    enter(thief, "li")
    assert redeem("li", code).status_code == 302
    assert not inside(thief), "the sessions of before are over"
    assert redeem("li", code).status_code == 422
    with pytest.raises(ValueError):
        codes.use(row=row, password=NEW)
    client = Client()
    enter(client, "li", NEW)
    assert inside(client)
    assert wang.check_password(PASSWORD)


def test_a_reset_takes_no_second_factor_away(account: Callable[..., Any]) -> None:
    secret = enrol(user := account("director", "li"))
    with transaction.atomic():
        code, _row = codes.issue(actor=SYSTEM, user=user)
    redeem("li", code)
    client = Client()
    enter(client, "li", NEW)
    assert not inside(client)
    client.post(f"{FACTORS}authenticate/", {"code": code_at(secret)})
    assert inside(client)


# Second factors -----------------------------------------------------------------------------------------------------


def test_a_code_of_the_app_is_good_once(account: Callable[..., Any]) -> None:
    user = account("director", "li")
    secret = enrol(user)
    code = code_at(secret)
    first, second_try = Client(), Client()
    for client in (first, second_try):
        enter(client, "li")
    first.post(f"{FACTORS}authenticate/", {"code": code})
    assert inside(first)
    second_try.post(f"{FACTORS}authenticate/", {"code": code})
    assert not inside(second_try)
    assert second.use_code(user, code_at(secret, -1)) is None, "nor an earlier one afterwards"
    assert second.use_code(user, code_at(secret, 1)) is not None
    assert second.use_code(user, code_at(secret, 1)) is None
    for shift in (-3, -2, 2, 3):
        assert second.use_code(user, code_at(secret, shift)) is None
        case()
    case(4)


def test_the_code_that_set_the_app_up_signs_nobody_in(account: Callable[..., Any]) -> None:
    account("director", "li")
    client = Client()
    enter(client, "li")
    page = client.get(f"{FACTORS}totp/activate/").content.decode()
    secret = re.search(r'id="totp-key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    assert secret not in str([s.get_decoded() for s in Session.objects.all()]), "sealed while it waits"
    code = code_at(secret)
    assert client.post(f"{FACTORS}totp/activate/", {"code": "000000"}).status_code == 200
    assert client.post(f"{FACTORS}totp/activate/", {"code": code}).status_code == 302
    assert secret not in str(list(Authenticator.objects.values()))
    thief = Client()
    enter(thief, "li")
    thief.post(f"{FACTORS}authenticate/", {"code": code})
    assert not inside(thief)
    case(3)


def test_factors_are_touched_only_by_who_just_proved_himself(account: Callable[..., Any]) -> None:
    """A browser left open is not enough to change how somebody signs in: password or code is asked again (ASVS 7.5.1)."""
    user = account("director", "li")
    client = Client()
    enter(client, "li")
    assert inside(client)
    enrol(user)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= FRESH_SECONDS + 1
    session.save()
    before = list(Authenticator.objects.order_by("pk").values())
    for way in ("totp/deactivate/", "recovery-codes/generate/", "webauthn/add/"):
        for ask in (client.get, client.post):
            answer = ask(FACTORS + way)
            assert answer.status_code == 302, (way, answer.status_code)
            assert answer.headers["Location"].startswith(("/accounts/again/", f"{FACTORS}reauthenticate/")), (
                answer.headers["Location"]
            )
            case()
    assert list(Authenticator.objects.order_by("pk").values()) == before
    assert client.post("/accounts/again/", {"password": "wrong"}).status_code == 200
    assert client.get(f"{FACTORS}totp/deactivate/").status_code == 302
    client.post("/accounts/again/", {"password": PASSWORD})
    assert client.get(f"{FACTORS}totp/deactivate/").status_code == 200


def test_passwords_are_kept_under_a_slow_hash() -> None:
    """PBKDF2-HMAC-SHA256 with at least the 600,000 rounds of the OWASP password storage sheet; tests use a quick one."""
    code = (
        "import django; django.setup();"
        "from django.contrib.auth.hashers import make_password; print(make_password('correct horse'))"
    )
    kept = subprocess.run([sys.executable, "-c", code], env=os.environ | {"DJANGO_SETTINGS_MODULE": "lianzhang.site.settings"},
                          capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip
    method, rounds, salt, _digest = kept.split("$")
    assert method == "pbkdf2_sha256"
    assert int(rounds) >= 600_000
    assert len(salt) >= 22, "128 bits of base 62"
    case()


def test_a_recovery_code_serves_once_and_is_shown_once(account: Callable[..., Any]) -> None:
    account("director", "li")
    client = Client()
    enter(client, "li")
    page = client.get(f"{FACTORS}totp/activate/").content.decode()
    secret = re.search(r'id="totp-key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    client.post(f"{FACTORS}totp/activate/", {"code": code_at(secret)})
    shown = re.findall(r"<li><code>(\d{8})</code>", client.get(f"{FACTORS}recovery-codes/").content.decode())
    assert len(shown) == 10
    assert not re.findall(r"<code>\d{8}", client.get(f"{FACTORS}recovery-codes/").content.decode())
    assert client.get(f"{FACTORS}recovery-codes/download/").status_code in (403, 404)
    for wanted in (True, False):
        other = Client()
        enter(other, "li")
        other.post(f"{FACTORS}authenticate/", {"code": shown[3]})
        assert inside(other) is wanted
        case()


def test_the_second_step_cannot_be_walked_around(account: Callable[..., Any]) -> None:
    enrol(account("director", "li"))
    client = Client()
    assert client.get(f"{FACTORS}authenticate/").status_code == 302
    enter(client, "li")
    for where in (
        "/",
        "/people/",
        "/enterprises/",
        FACTORS,
        f"{FACTORS}totp/deactivate/",
        f"{FACTORS}recovery-codes/",
        "/accounts/password/",
        "/accounts/post/",
        "/api/v1/matters",
    ):
        assert client.get(where).status_code in (302, 401, 405), where
        case()
    client.post(f"{FACTORS}authenticate/", {"code": ""})
    client.post(f"{FACTORS}authenticate/", {"credential": "{}"})
    client.post(
        f"{FACTORS}authenticate/", {"credential": '{"id": "x", "type": "public-key", "response": {}}'}
    )
    client.post(f"{FACTORS}webauthn/login/", {"credential": "{}"})
    client.post(f"{FACTORS}webauthn/login/", {"credential": "[]"})
    assert not inside(client)
    case(5)


def test_a_role_that_needs_a_second_factor_sees_nothing_before(account: Callable[..., Any]) -> None:
    rules(second_factor=["auditor"])
    account("auditor", "yan", org="gxj")
    client = Client()
    enter(client, "yan")
    for where in ("/", "/log/", "/people/", "/accounts/standing-in/", "/log/?format=csv"):
        assert client.get(where).headers["Location"] == FACTORS, where
        case()
    assert client.get("/api/v1/matters").status_code == 403
    assert client.get(FACTORS).status_code == 200
    page = client.get(f"{FACTORS}totp/activate/").content.decode()
    secret = re.search(r'id="totp-key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    client.post(f"{FACTORS}totp/activate/", {"code": code_at(secret)})
    assert inside(client)
    assert client.post(f"{FACTORS}totp/deactivate/").status_code == 200  # refused: the last one stays
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_only_the_security_administrator_takes_factors_away(account: Callable[..., Any]) -> None:
    user = account("director", "li", org="gxj")
    enrol(user)
    for role in ("system_admin", "auditor", "unit_admin", "director"):
        with pytest.raises(PermissionDenied):
            accounts.reset_factors(actor=actor_of_user(account(role, role, org="gxj")), user=user, reason="x")
        case()
    guard = account("security_admin", "guard", org="gxj")
    enrol(guard)
    with pytest.raises(PermissionDenied):
        accounts.reset_factors(actor=actor_of_user(guard), user=guard, reason="x")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert inside(client)
    accounts.reset_factors(actor=actor_of_user(guard), user=user, reason="手机遗失")
    assert not inside(client)
    assert [e.verb for e in Event.objects.filter(subject=f"user:{user.pk}")] == [
        "factor_added",
        "factor_removed",
        "factors_reset",
    ]


# Sessions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "minutes", "wanted"),
    [("nist", 119, True), ("nist", 121, False), ("dengbao3", 29, True), ("dengbao3", 31, False)],
)
def test_an_idle_session_ends_as_the_profile_says(
    profile: str, minutes: int, wanted: bool, account: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules(profile=profile)
    user = account("director", "li")
    user.set_password("Correct horse 7")
    user.must_change_password = False
    user.save()
    client, begun = Client(), timezone.now()
    enter(client, "li", "Correct horse 7")
    assert inside(client)
    monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(minutes=minutes))
    assert inside(client) is wanted


def test_to_ask_how_long_is_no_work(account: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    account("director", "li")
    client, begun = Client(), timezone.now()
    enter(client, "li")
    assert inside(client)
    for minutes in range(10, 120, 10):
        monkeypatch.setattr(timezone, "now", lambda m=minutes: begun + timedelta(minutes=m))
        assert client.get("/accounts/alive/").json()["left"] <= (120 - minutes) * 60
        case()
    monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(minutes=119))
    assert client.post("/accounts/alive/").json()["left"] == 120 * 60
    monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(minutes=119 + 121))
    assert client.get("/accounts/alive/").json() == {"left": 0}
    assert not inside(client)


def test_signing_out_leaves_nothing_behind(account: Callable[..., Any]) -> None:
    account("director", "li")
    client = Client()
    enter(client, "li")
    answer = client.post("/accounts/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_data__contains="_auth").exists()
    assert not inside(client)


# Passwords ----------------------------------------------------------------------------------------------------------

NIST = [
    ("abcdefghij", True),
    ("a" * 64 + "!", True),
    ("长密码一二三四五六七", True),
    ("abcdefghi", False),
    ("Ab1!", False),
    ("", False),
]
DENGBAO = [("Abcdef12", True), ("abcdef1!", True), ("ABCDEF1!", True), ("Abcdefg!", True), ("abcdefg1", False), ("ABCDEFG1", False),
           ("12345678", False), ("Abc12!x", False), ("abcdefghijklmnop", False), ("密码密码密码密码", False)]  # fmt: skip


@pytest.mark.parametrize(
    ("profile", "password", "good"),
    [("nist", *row) for row in NIST] + [("dengbao3", *row) for row in DENGBAO],
)
def test_passwords_by_profile(profile: str, password: str, good: bool, db: Any) -> None:
    rules(profile=profile)
    try:
        ProfileValidator().validate(password)
    except ValidationError:
        assert not good
    else:
        assert good


def test_old_passwords_do_not_come_back(account: Callable[..., Any]) -> None:
    rules(profile="dengbao3")
    user = account("director", "li")
    used = [f"Abcdef1{n}" for n in range(7)]
    for password in used:
        user.set_password(password)
        user.save()
    for password in used[2:]:
        with pytest.raises(ValidationError):
            ProfileValidator().validate(password, user)
        case()
    ProfileValidator().validate(used[0], user)
    rules(profile="nist")
    ProfileValidator().validate("Abcdef16xx", user)


def test_a_password_that_is_old_or_another_persons_choice_is_changed_first(
    account: Callable[..., Any],
) -> None:
    rules(profile="dengbao3")
    user = account("director", "li")
    User.objects.filter(pk=user.pk).update(password_changed_at=timezone.now() - timedelta(days=91))
    client = Client()
    enter(client, "li")
    assert client.get("/enterprises/").headers["Location"] == "/accounts/password/"
    assert client.get("/accounts/password/").status_code == 200
    new = "Abcdef12!"
    client.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert inside(client)
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    assert client.get("/").headers["Location"] == "/accounts/password/"
    rules(profile="nist")
    User.objects.filter(pk=user.pk).update(
        must_change_password=False, password_changed_at=timezone.now() - timedelta(days=9999)
    )
    assert inside(client)
    case(3)


# Three administrators ------------------------------------------------------------------------------------------------

PAIRS = [
    (a, b)
    for a in ("system_admin", "security_admin", "auditor")
    for b in ("system_admin", "security_admin", "auditor")
    if a != b
]


@pytest.mark.parametrize(("first", "second_role"), PAIRS)
def test_two_of_the_three_are_never_one_person(
    first: str, second_role: str, account: Callable[..., Any]
) -> None:
    user = account(first, "li", org="gxj")
    with pytest.raises(ValueError):
        posts.add_post(actor=SYSTEM, user=user, new=NewPost(role=second_role))
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, role=second_role, scope_kind="city")
    Membership.objects.bulk_create(
        [Membership(user=user, role=second_role, scope_kind="city")]
    )  # past every service
    client = Client()
    assert enter(client, "li").status_code == 403
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for page in ("/people/", "/log/", "/accounts/rules/"):
        assert client.get(page).status_code == 404
    case(4)


def test_nobody_gives_himself_a_post_nor_agrees_to_his_own(account: Callable[..., Any]) -> None:
    maker, guard, li = (account(r, r, org="gxj") for r in ("system_admin", "security_admin", "desk_officer"))
    with pytest.raises(PermissionDenied):
        posts.add_post(actor=actor_of_user(maker), user=maker, new=NewPost(role="director"))
    waiting = posts.add_post(actor=actor_of_user(maker), user=li, new=NewPost(role="director"))
    assert waiting.state == "pending"
    assert [m.role for m in actor_of_user(li).memberships] == ["desk_officer"]
    for role in (maker, li):
        with pytest.raises(PermissionDenied):
            posts.decide(actor=actor_of_user(role), post=waiting, yes=True)
        case()
    mine = posts.add_post(actor=actor_of_user(maker), user=guard, new=NewPost(role="statistician"))
    with pytest.raises(PermissionDenied):
        posts.decide(actor=actor_of_user(guard), post=mine, yes=True)
    posts.decide(actor=actor_of_user(guard), post=waiting, yes=True)
    assert {m.role for m in actor_of_user(li).memberships} == {"desk_officer", "director"}
    with pytest.raises(ValueError):
        posts.decide(actor=actor_of_user(guard), post=waiting, yes=True)
    case(3)


def test_rules_are_the_security_administrators_alone(account: Callable[..., Any]) -> None:
    for role in ("system_admin", "auditor", "director", "unit_admin"):
        with pytest.raises(PermissionError):
            policy.change(actor=actor_of_user(account(role, role, org="gxj")), values={"failures": 20})
        case()
    guard = actor_of_user(account("security_admin", "guard", org="gxj"))
    assert policy.change(actor=guard, values={"failures": 3}).allowed_failures == 3
    with pytest.raises(ValueError):
        policy.change(actor=guard, values={"failures": 2000})
    assert policy.in_force().allowed_failures == 3
    event = Event.objects.get(subject="policy:accounts")
    assert event.data == {"failures": [None, 3]}


# Standing in --------------------------------------------------------------------------------------------------------


def test_what_is_lent_is_not_lent_onward_and_no_administrators_post_is(account: Callable[..., Any]) -> None:
    today = clock.today()
    li, wang, far = (
        account("desk_officer", "li", org="gxj"),
        account("director", "wang", org="gxj"),
        account("desk_officer", "far", org="gxj-equipment"),
    )
    span = {"since": today, "until": today, "reason": "出差"}
    lent = stand_ins.lend(actor=actor_of_user(wang), to=li, **span)
    acting = actor_of_user(li, "director")
    assert (acting.on_behalf_of, acting.can("risk.view")) == ("director person", True)
    with pytest.raises(PermissionDenied):
        stand_ins.lend(actor=acting, to=wang, **span)
    for to, days in (
        (far, span),
        (wang, span),
        (li, span | {"reason": " "}),
        (li, span | {"until": today - timedelta(days=1)}),
        (li, span | {"until": today + timedelta(days=400)}),
    ):
        with pytest.raises(ValueError):
            stand_ins.lend(actor=actor_of_user(wang), to=to, **days)
        case()
    for role in ("system_admin", "security_admin", "auditor"):
        with pytest.raises(PermissionDenied):
            stand_ins.lend(actor=actor_of_user(account(role, role, org="gxj")), to=li, **span)
        case()
    with pytest.raises(PermissionDenied):
        stand_ins.take_back(actor=actor_of_user(far), post=lent)
    stand_ins.take_back(actor=actor_of_user(wang), post=lent)
    assert actor_of_user(li, "director").role == "none"
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=far,
            role="auditor",
            scope_kind="city",
            acting_for=wang.memberships.get(),
            organisation=Organisation.objects.get(code="gxj"),
        )
    case(4)


def test_a_lent_post_ends_with_the_post_it_is_of(account: Callable[..., Any]) -> None:
    today = clock.today()
    li, wang = account("desk_officer", "li", org="gxj"), account("director", "wang", org="gxj")
    stand_ins.lend(
        actor=actor_of_user(wang), to=li, since=today, until=today + timedelta(days=9), reason="出差"
    )
    own = wang.memberships.get()
    for ended in ({"until": today - timedelta(days=1)}, {"state": "pending"}, {"ended_at": timezone.now()}):
        Membership.objects.filter(pk=own.pk).update(**ended)
        assert [m.role for m in actor_of_user(li).memberships] == ["desk_officer"]
        Membership.objects.filter(pk=own.pk).update(until=None, state="in_force", ended_at=None)
        case()
    User.objects.filter(pk=wang.pk).update(is_active=False)
    assert [m.role for m in actor_of_user(li).memberships] == ["desk_officer"]
