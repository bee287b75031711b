"""People of every role for a demonstration: made once per installation, with passwords drawn there."""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.db import transaction
from django.db.models import Count

from lianzhang.city.models import Area, Membership, Organisation
from lianzhang.city.services import in_language, roles
from lianzhang.kernel import events
from lianzhang.kernel.home import folder
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise

# Where a role of the demonstration sits, by kind of organisation; areas and enterprises are chosen from the data.
SEATS = {
    "director": "bureau", "chain_office": "chain_office", "desk_officer": "office", "data_officer": "office", "statistician": "bureau",
    "district_officer": "district_bureau", "hotline": "bureau", "bank": "bank", "auditor": "bureau",
    "system_admin": "office",
}  # fmt: skip
LIAISONS = 6


def _file() -> Any:
    return folder() / "demo-accounts.json"


def ensure(url: str) -> list[dict[str, Any]]:
    """Accounts `[{role, title, username, password, url}]`; the same ones at every call."""
    path = _file()
    kept = json.loads(path.read_text()) if path.exists() else {}
    with transaction.atomic():
        for role in roles().values():
            for number in range(LIAISONS if role["code"] == "liaison" else 1):
                username = role["code"] if number == 0 else f"{role['code']}{number + 1}"
                if username not in kept:
                    kept[username] = {
                        "role": role["code"],
                        "title": in_language(role["title"]),
                        "username": username,
                        "password": secrets.token_urlsafe(9),
                    }
                _person(role, username, kept[username]["password"], number)
    path.touch(mode=0o600)
    path.write_text(json.dumps(kept, ensure_ascii=False))
    return [{**row, "url": url} for row in kept.values() if not row["username"][-1].isdigit()]


def _person(role: dict[str, Any], username: str, password: str, number: int) -> None:
    known = User.objects.filter(username=username).first()
    if known is not None:
        if role["code"] == "enterprise":  # made before any enterprise was loaded
            Membership.objects.filter(user=known, enterprise_id=None).update(**_seat("enterprise", 0))
        return
    title = role["title"]["zh"] + (f"{number + 1}" if number else "")
    user = User.objects.create_user(username, password, name=title)
    where = _seat(role["code"], number)
    Membership.objects.create(
        user=user, role=role["code"], scope_kind=role["scope"], post=role["title"]["zh"], **where
    )
    events.record(
        SYSTEM,
        f"user:{user.pk}",
        "created",
        {"username": username, "role": role["code"], "demonstration": True},
    )


def _seat(role: str, number: int) -> dict[str, Any]:
    """Organisation, area or enterprise of a role: the district and the firm that carry most of the demonstration."""
    district = _busiest_district()
    if role == "liaison":
        return {}  # sent to the front by name: in an office he would stand behind himself, and the office would lead for him
    if role == "enterprise":
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
