"""People of every role for a demonstration: made once per installation, with passwords drawn there."""

from __future__ import annotations

import json
import secrets
from functools import lru_cache
from typing import Any

import yaml
from django.db import transaction
from django.db.models import Count

from lianzhang.city.models import Area, Membership, Organisation
from lianzhang.city.services import in_language, roles
from lianzhang.domains.chains.models import Chain
from lianzhang.kernel import events
from lianzhang.kernel.home import catalogues, folder
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise

# Where a role of the demonstration sits, by kind of organisation; areas and enterprises are chosen from the data.
SEATS = {
    "director": "bureau", "chain_office": "chain_office", "desk_officer": "office", "data_officer": "office", "statistician": "bureau",
    "district_officer": "district_bureau", "hotline": "bureau", "bank": "bank", "auditor": "bureau",
    "system_admin": "office", "security_admin": "bureau", "unit_admin": "bureau",
}  # fmt: skip
LIAISONS = 6


def _file() -> Any:
    return folder() / "demo-accounts.json"


def ensure(url: str) -> list[dict[str, Any]]:
    """Accounts `[{role, title, username, password, url}]`; the same ones at every call."""
    kept = _kept()
    with transaction.atomic():
        for role in roles().values():
            for number in range(LIAISONS if role["code"] == "liaison" else 1):
                username = role["code"] if number == 0 else f"{role['code']}{number + 1}"
                row = kept.setdefault(username, _account(role, username))
                _person(role, username, row["password"], number)
    _keep(kept)
    return [{**row, "url": url} for row in kept.values() if not row["username"][-1].isdigit()]


def of_enterprise(enterprise: Enterprise) -> User:
    """The account of an enterprise of the demonstration, made when it is first wanted."""
    return _further("enterprise", {"enterprise_id": enterprise.pk})


def of_office(office: Organisation) -> User:
    """The account of somebody at the desk of an office, made when it is first wanted."""
    return _further("desk_officer", {"organisation_id": office.pk})


def _further(code: str, where: dict[str, int]) -> User:
    known = Membership.objects.filter(role=code, **where).select_related("user").order_by("pk").first()
    if known is not None:
        return known.user
    role, number = roles()[code], Membership.objects.filter(role=code).count()
    username, kept = f"{code}{number + 1}", _kept()
    row = kept.setdefault(username, _account(role, username))
    user = _made(role, username, row["password"], number, where)
    _keep(kept)
    return user


def _kept() -> dict[str, dict[str, Any]]:
    path = _file()
    return json.loads(path.read_text()) if path.exists() else {}


def _keep(accounts: dict[str, dict[str, Any]]) -> None:
    path = _file()
    path.touch(mode=0o600)
    path.write_text(json.dumps(accounts, ensure_ascii=False))


def _account(role: dict[str, Any], username: str) -> dict[str, Any]:
    title, password = in_language(role["title"]), secrets.token_urlsafe(9)
    return {"role": role["code"], "title": title, "username": username, "password": password}


def _person(role: dict[str, Any], username: str, password: str, number: int) -> None:
    known = User.objects.filter(username=username).first()
    if known is None:
        _made(role, username, password, number, _seat(role["code"], number))
    elif role["scope"] == "enterprise":  # made before any enterprise was loaded
        Membership.objects.filter(user=known, enterprise_id=None).update(**_seat("enterprise", 0))


def _made(role: dict[str, Any], username: str, password: str, number: int, where: dict[str, Any]) -> User:
    user = User.objects.create_user(username, password, name=_name(role["code"], number))
    Membership.objects.create(
        user=user, role=role["code"], scope_kind=role["scope"], post=role["title"]["zh"], **where
    )
    data = {"username": username, "role": role["code"], "demonstration": True}
    events.record(SYSTEM, f"user:{user.pk}", "account_made", data)
    return user


def _name(role: str, number: int) -> str:
    """A made-up name: of the role's own ones, then of the others in turn."""
    own, others = _names().get(role, []), _names()["others"]
    return own[number] if number < len(own) else others[User.objects.count() % len(others)]


@lru_cache(maxsize=1)
def _names() -> dict[str, list[str]]:
    text = (catalogues() / "_reference" / "demo_people.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def _seat(role: str, number: int) -> dict[str, Any]:
    """Organisation, area or enterprise of a role: the district and the firm that carry most of the demonstration."""
    district = _busiest_district()
    if role == "liaison":
        return {}  # sent to the front by name: in an office he would stand behind himself, and the office would lead for him
    if role == "desk_officer":
        chain = Chain.objects.filter(lead__isnull=False).order_by("order").first()
        if chain is not None:  # the office that answers for the first chain has most to do
            return {"organisation": chain.lead}
    if role in ("enterprise", "enterprise_admin"):
        firm = Enterprise.objects.registered().order_by("-revenue").first()
        return {"enterprise_id": firm.pk if firm else None}
    if role == "park_officer":
        street = Area.objects.filter(parent=district, level=Area.Level.STREET).first()
        return {"area": street or district}
    seats = list(Organisation.objects.filter(kind=SEATS.get(role, "bureau")).order_by("order"))
    if role == "district_officer":
        return {"organisation": next((o for o in seats if o.area_id == district.pk), None), "area": district}
    return {"organisation": seats[number % len(seats)] if seats else None}


def _busiest_district() -> Area:
    """The district with most enterprises (the first one of the catalogue before any are loaded)."""
    busiest = (
        Enterprise.objects.registered()
        .filter(district__isnull=False)
        .values("district")
        .annotate(n=Count("id"))
        .order_by("-n")
        .first()
    )
    if busiest:
        return Area.objects.get(pk=busiest["district"])
    return (
        Area.objects.filter(level=Area.Level.DISTRICT).order_by("order").first()
        or Area.objects.order_by("order").get()
    )
