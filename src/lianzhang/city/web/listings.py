"""Lists of the account pages: people, sign-ins, events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianzhang.city.administration import selectors
from lianzhang.city.models import Membership, Organisation
from lianzhang.city.services import in_language, roles
from lianzhang.city.web.said import role_title, said
from lianzhang.kernel import time
from lianzhang.kernel.models import Event, SignIn, User
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.kernel.web import verbs

STATES = (
    ("open", pgettext_lazy("account", "open")),
    ("locked", gettext_lazy("locked by an administrator")),
    ("closed", gettext_lazy("closed")),
    ("never", gettext_lazy("never signed in")),
    ("unused", gettext_lazy("not used for long")),
)


def _holding(user: User) -> list[Membership]:
    today = time.today()
    return [
        m
        for m in user.memberships.all()
        if not m.is_over(today)
        and m.state == Membership.State.IN_FORCE
        and (m.since is None or m.since <= today)
    ]


def posts_in_words(user: User) -> str:
    """The posts of today in a line."""
    return ", ".join(dict.fromkeys(m.post or role_title(m.role) for m in _holding(user)))


def units_in_words(user: User) -> str:
    """Where the posts of today are."""
    return ", ".join(
        dict.fromkeys(str(m.organisation or m.area) for m in _holding(user) if m.organisation or m.area)
    )


def state_of(user: User) -> str:
    """The account's state in words."""
    if not user.is_active:
        return _("closed")
    if user.locked_at:
        return _("locked by an administrator")
    return pgettext("account", "open") if user.last_login else _("never signed in")


def _by_state(query: QuerySet, state: str) -> QuerySet:
    if state == "unused":
        return selectors.unused(query)
    wanted: dict[str, dict[str, Any]] = {
        "open": {"is_active": True, "locked_at": None},
        "locked": {"is_active": True, "locked_at__isnull": False},
        "closed": {"is_active": False},
        "never": {"is_active": True, "last_login": None},
    }
    return query.filter(**wanted[state])


def _units() -> list[tuple[str, str]]:
    return [(o.code, o.label) for o in Organisation.objects.order_by("order")]


PEOPLE = Listing(
    code="people",
    columns=[
        Column("name", pgettext_lazy("person", "Name"), lambda u: u.name, sort="name"),
        Column("username", gettext_lazy("User name"), lambda u: u.username, sort="username", kind="code"),
        Column("posts", gettext_lazy("Posts"), posts_in_words),
        Column("units", gettext_lazy("Unit"), units_in_words),
        Column("state", gettext_lazy("State"), state_of),
        Column(
            "last", gettext_lazy("Last sign-in"), lambda u: u.last_login, sort="last_login", kind="datetime"
        ),
    ],
    filters=[
        Filter(
            "role",
            gettext_lazy("Role"),
            lambda: [(c, in_language(r["title"])) for c, r in roles().items()],
            lambda q, v: selectors.in_post(q, role=v),
        ),
        Filter("unit", gettext_lazy("Unit"), _units, lambda q, v: selectors.in_post(q, organisation__code=v)),
        Filter("state", gettext_lazy("State"), lambda: STATES, _by_state),
    ],
    search=["name", "username"],
    default_sort="name",
    url=lambda u: reverse("city:person", args=[u.pk]),
    empty_title=gettext_lazy("Nobody fits"),
    empty_text=gettext_lazy("Remove a filter, or make an account."),
)

SIGN_INS = Listing(
    code="sign-ins",
    columns=[
        Column("at", gettext_lazy("When"), lambda s: s.at, sort="at", kind="datetime"),
        Column("username", gettext_lazy("User name"), lambda s: s.username, sort="username", kind="code"),
        Column("name", pgettext_lazy("person", "Name"), lambda s: s.user.name if s.user else None),
        Column("outcome", gettext_lazy("Outcome"), lambda s: s.get_outcome_display(), sort="outcome"),
        Column("method", gettext_lazy("How"), lambda s: s.get_method_display(), sort="method"),
        Column("address", gettext_lazy("Address"), lambda s: s.address, sort="address", kind="code"),
        Column("detail", gettext_lazy("Remark"), lambda s: s.detail or None),
        Column("browser", gettext_lazy("Browser"), lambda s: s.browser, shown=False),
    ],
    filters=[
        Filter(
            "outcome",
            gettext_lazy("Outcome"),
            lambda: SignIn.Outcome.choices,
            lambda q, v: q.filter(outcome=v),
        ),
        Filter("method", gettext_lazy("How"), lambda: SignIn.Method.choices, lambda q, v: q.filter(method=v)),
    ],
    search=["username", "user__name", "address"],
    default_sort="-at",
    empty_title=gettext_lazy("No sign-in fits"),
    empty_text=gettext_lazy("Every try to sign in will stand here, whatever came of it."),
)

PERIODS = (
    ("1", gettext_lazy("the last 24 hours")),
    ("7", gettext_lazy("the last 7 days")),
    ("30", gettext_lazy("the last 30 days")),
    ("183", gettext_lazy("the last half year")),
)


def _by_days(query: QuerySet, days: str) -> QuerySet:
    return query.filter(at__gte=time.now() - timedelta(days=int(days)))


def _verbs() -> list[tuple[str, str]]:
    found = Event.objects.order_by("verb").values_list("verb", flat=True).distinct()
    return sorted(((v, verbs.word(v)) for v in found), key=lambda pair: pair[1])


def _kinds() -> list[tuple[str, str]]:
    """Kinds of subjects, found kind by kind in whatever order the database has; each step leaves one kind out."""
    heads = Event.objects.filter(seq=1).values_list("subject", flat=True)
    kinds: list[str] = []
    while (subject := heads.order_by("subject").first()) is not None:
        kinds.append(subject.partition(":")[0])
        heads = heads.exclude(subject__startswith=f"{kinds[-1]}:").exclude(subject=subject)
    return [(kind, kind) for kind in dict.fromkeys(kinds)]


EVENTS = Listing(
    code="events",
    columns=[
        Column("at", gettext_lazy("When"), lambda e: e.at, sort="at", kind="datetime"),
        Column("who", gettext_lazy("Who"), lambda e: verbs.who(e.actor_name), sort="actor__name"),
        Column("for", gettext_lazy("On behalf of"), lambda e: e.on_behalf_of or None),
        Column(
            "verb", gettext_lazy("What"), lambda e: verbs.word(e.verb), sort="verb", export=lambda e: e.verb
        ),
        Column("subject", gettext_lazy("Subject"), lambda e: e.subject, sort="subject", kind="code"),
        Column("seq", gettext_lazy("No."), lambda e: e.seq, kind="plain"),
        Column("data", gettext_lazy("Particulars"), lambda e: particulars(e), kind="long"),
        Column("hash", gettext_lazy("Hash"), lambda e: e.hash, shown=False),
    ],
    filters=[
        Filter("verb", gettext_lazy("What"), lambda: _verbs(), lambda q, v: q.filter(verb=v)),
        Filter(
            "about",
            gettext_lazy("Subject"),
            lambda: _kinds(),
            lambda q, v: q.filter(subject__startswith=f"{v}:"),
        ),
        Filter("days", gettext_lazy("When"), lambda: PERIODS, _by_days),
    ],
    search=["actor__name", "actor__username", "subject"],
    default_sort="-at",
    empty_title=gettext_lazy("No event fits"),
    empty_text=gettext_lazy("Whatever is changed leaves an event here."),
)
OPEN_SUBJECTS = frozenset({"user", "policy", "catalogue"})


def particulars(event: Event) -> str | None:
    """What an event tells besides who, what and when: only about accounts, rules and the catalogue.

    What was written about a matter or an enterprise belongs to those who may see it; the log shows that it happened.
    """
    return said(event.data) if event.subject.partition(":")[0] in OPEN_SUBJECTS else None
