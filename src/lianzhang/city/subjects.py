"""Everything the program holds about a person, and how it is erased: by the register, for every app."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lianzhang.city import personal
from lianzhang.city.administration.agreements import agreed
from lianzhang.city.models import Membership
from lianzhang.city.personal import PersonalRow
from lianzhang.city.services import in_language
from lianzhang.city.words import in_words
from lianzhang.kernel import events, time
from lianzhang.kernel.event_digest import canonical
from lianzhang.kernel.imports import store
from lianzhang.kernel.models import Event, EventVault, User
from lianzhang.kernel.scope import Actor


class Refused(ValueError):
    """It cannot be done; the text says why."""


@dataclass(frozen=True)
class Erased:
    """What an erasure did: field → rows changed or deleted; field → why it was kept."""

    done: dict[str, int]
    kept: dict[str, str]


def find(text: str) -> User:
    """The account by user name, number or name. Raises Refused when there is none, or several of one name."""
    text = text.strip()
    exact = User.objects.filter(username=text).first()
    if exact is None and text.isdecimal() and len(text) < 12:
        exact = User.objects.filter(pk=int(text)).first()
    if exact is not None:
        return exact
    same = list(User.objects.filter(name=text)[:11])
    if len(same) > 1:
        named = ", ".join(u.username for u in same[:10])
        raise Refused(_("Several persons have this name; give the user name: %(names)s") % {"names": named})
    if not same:
        raise Refused(_("No account has this user name, number or name."))
    return same[0]


def _may(actor: Actor) -> None:
    if actor.role != "system" and not actor.can("subject.manage"):
        raise Refused(_("Your post may not work with personal data of others."))


def _rows(row: PersonalRow, user: User) -> models.QuerySet[Any]:
    app, name, _field = row.field.split(".")
    model = apps.get_model(app, name)
    if not row.of:
        return model._default_manager.none()
    return model._default_manager.filter(**{row.of: user.username if row.of == "username" else user.pk})


def overview(user: User) -> list[dict[str, Any]]:
    """The register with how much is held of a person, for the page: no value."""
    return [
        {
            "what": in_language(row.what.model_dump()), "purpose": in_language(row.purpose.model_dump()),
            "basis": in_language(row.basis.model_dump()), "holder": in_words(row.holder), "level": row.level, "keep_days": row.keep_days,
            "n": _rows(row, user).count(), "kept": in_language(row.why.model_dump()) if row.why else "",
        }
        for row in personal.entries()
        if row.of
    ]  # fmt: skip


def export(*, actor: Actor, user: User) -> dict[str, Any]:
    """Everything held about a person, field by field with purpose and ground. The export is itself an event."""
    _may(actor)
    fields = []
    for row in personal.entries():
        name = row.field.rpartition(".")[2]
        found = [
            {"row": pk, "value": str(_("not shown")) if row.secret else value}
            for pk, value in _rows(row, user).order_by("pk").values_list("pk", name)
            if value not in (None, "", {}, [])
        ]
        fields.append(
            {
                "field": row.field, "what": in_language(row.what.model_dump()), "purpose": in_language(row.purpose.model_dump()),
                "basis": in_language(row.basis.model_dump()), "holder": row.holder, "level": row.level, "keep_days": row.keep_days,
                "values": found,
            }
        )  # fmt: skip
    with transaction.atomic():
        events.record(actor, f"user:{user.pk}", "subject_exported", {})
    return {"person": user.pk, "at": time.now().isoformat(timespec="seconds"), "fields": fields}


def erase(*, actor: Actor, user: User, why: str, attachments: bool = False) -> Erased:
    """Make a person unknown: names, telephone, post, sessions, the personal part of all his events; the account stays as a
    number without rights, so that what was done in office stays done by one and the same. Raises Refused;
    Waits for an administrator's account."""
    _may(actor)
    if user.is_system or user.pk == actor.user_id:
        raise Refused(_("This account cannot be erased."))
    if not why.strip():
        raise Refused(_("Say why: the request or decision behind the erasure."))
    with agreed(actor, user, "erase", why=why):
        return _make_unknown(actor, user, why, attachments)


def _make_unknown(actor: Actor, user: User, why: str, attachments: bool) -> Erased:
    done: dict[str, int] = defaultdict(int)
    kept: dict[str, str] = {}
    rows = personal.entries()
    for row in sorted(
        rows, key=lambda r: r.field.startswith("kernel.user.")
    ):  # the user name is needed until the end
        if row.erase == "keep":
            kept[row.field] = in_language(row.why.model_dump()) if row.why else ""
        elif row.erase == "file" and not attachments:
            kept[row.field] = _("files stay unless it is asked for")
        elif row.of:  # the others tell of people without an account: `registry.services.forgetting`
            done[row.field] += _erase(row, user, actor, why)
    Membership.objects.filter(user=user).update(until=time.today() - timedelta(days=1))
    User.objects.filter(pk=user.pk).update(is_active=False)
    events.record(
        actor,
        f"user:{user.pk}",
        "subject_erased",
        {"why": why, "fields": sorted(k for k, n in done.items() if n)},
    )
    return Erased(dict(done), kept)


def _erase(row: PersonalRow, user: User, actor: Actor, why: str) -> int:
    name, found = row.field.rpartition(".")[2], _rows(row, user)
    if row.erase == "vault":
        return events.erase(actor, _told_in(user), why)
    if row.erase == "delete":
        return found.delete()[0]
    if row.erase == "file":
        return _drop_files(found)
    if row.field == "kernel.user.password":
        user.set_unusable_password()
        return found.update(password=user.password)
    new = {"replace": f"erased-{user.pk}", "empty": None}.get(row.erase, "")
    return found.update(**{name: new})


def _told_in(user: User) -> set[int]:
    """Events whose personal part is of the person: his own, those about his account, and those of others that name him.

    A name that several accounts have is not looked for in the words of others: it may mean the other one.
    """
    own = Event.objects.filter(Q(actor_id=user.pk) | Q(subject=f"user:{user.pk}"), vault__gt="")
    alone = not User.objects.filter(name=user.name).exclude(pk=user.pk).exists()
    words = [w for w in (user.username, user.phone, user.name if alone else "") if len(w) > 1]
    others = EventVault.objects.filter(content__isnull=False).values_list("pk", "content").iterator(2000)
    named = {pk for pk, content in others if any(w in canonical(content) for w in words)}
    return named | set(own.values_list("pk", flat=True))


def _drop_files(found: models.QuerySet[Any]) -> int:
    """Take rows of files away, and the bytes that nothing else holds once the transaction stands."""
    digests = set(found.values_list("sha256", flat=True))
    n = found.delete()[0]
    still = set(found.model._default_manager.filter(sha256__in=digests).values_list("sha256", flat=True))
    still |= set(
        apps.get_model("kernel", "Import")
        ._default_manager.filter(sha256__in=digests)
        .values_list("sha256", flat=True)
    )
    for digest in digests - still:
        transaction.on_commit(lambda d=digest: store.path_of(d).unlink(missing_ok=True))  # type: ignore[misc]
    return n
