"""GET and POST of matters."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from lianzhang.casework import parties, selectors, services
from lianzhang.casework.api import shapes
from lianzhang.casework.api.schemas import (
    EventPage,
    MatterIn,
    MatterOut,
    MatterPage,
    MatterQuery,
    MoveIn,
    ProblemOut,
)
from lianzhang.casework.history import logged
from lianzhang.casework.models import Matter
from lianzhang.casework.seen import seen_by
from lianzhang.casework.services import disputing
from lianzhang.casework.services.opening import BY_ASKER
from lianzhang.kernel.api.conditions import etag, seen_version
from lianzhang.kernel.api.idempotency import once
from lianzhang.kernel.api.problems import Problem
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise
from lianzhang.registry.selectors import enterprise_of_code

router = Router(tags=["matters"])
REFUSALS = {
    401: ProblemOut,
    404: ProblemOut,
    409: ProblemOut,
    412: ProblemOut,
    422: ProblemOut,
    428: ProblemOut,
}
LARGEST = 2**53
MOST_TOLD = 100
"""Problems of one request that are told; who sends more made no slip."""


def _actor(request: HttpRequest, verb: str) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can(verb):
        raise Http404
    return actor


def _matter(actor: Actor, pk: int) -> Matter:
    found = selectors.matter_for(actor, pk) if 0 < pk < LARGEST else None
    if found is None:
        raise Http404
    return found


def _values(request: HttpRequest) -> dict[str, Any]:
    """The values of a move: what stands under `data`, and beside it. Raises Problem 422 where the body is no object."""
    given: Any = json.loads(request.body) if request.body else {}
    if given is None:
        given = {}
    if not isinstance(given, dict):
        raise Problem(422, f"body: a {type(given).__name__}, expected an object")
    return {**{k: v for k, v in given.items() if k != "data"}, **given.get("data", {})}


def _json(body: Any, status: int = 200, **headers: str) -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False, cls=DjangoJSONEncoder)
    response = HttpResponse(text, status=status, content_type="application/json; charset=utf-8")
    for name, value in headers.items():
        response.headers[name] = value
    return response


@router.get(
    "",
    response={200: MatterPage, 401: ProblemOut, 404: ProblemOut, 422: ProblemOut},
    summary="Matters one may see, newest first",
)
def matters(request: HttpRequest, query: Query[MatterQuery]) -> Any:
    """Bounded pages; `after` walks on without skipping or repeating while others write."""
    actor = _actor(request, "matter.view")
    rows = _narrowed(actor, query).order_by("-pk")
    if query.after is not None:
        rows = rows.filter(pk__lt=query.after)
    start = 0 if query.after is not None else (query.page - 1) * query.size
    page = list(rows[start : start + query.size + 1])
    following = None
    if len(page) > query.size:
        kept = {k: v for k, v in request.GET.items() if k not in ("after", "page")}
        following = f"{request.path}?{urlencode({**kept, 'after': page[query.size - 1].pk})}"
    return {"items": shapes.lines(actor, page[: query.size]), "next": following}


def _narrowed(actor: Actor, query: MatterQuery) -> QuerySet[Matter]:
    rows = selectors.matters(actor)
    whose = {"waiting": selectors.waiting_for, "mine": selectors.of_person, "office": selectors.of_office}
    if query.whose:
        rows = rows.filter(whose[query.whose](actor))
    if query.closed is not None:
        rows = rows.filter(closed_at__isnull=not query.closed)
    if query.late:
        rows = rows.filter(selectors.late())
    if query.q:
        rows = rows.filter(Q(number__icontains=query.q) | Q(title__icontains=query.q))
    exact = {
        "kind": query.kind, "state": query.state, "enterprise__uscc": query.enterprise, "changed_at__gte": query.changed_since,
    }  # fmt: skip
    if (
        query.parent is not None
    ):  # a mother matter out of sight has no children: asking for them would tell it apart
        rows = rows.filter(parent__in=Matter.objects.visible_to(actor).filter(pk=query.parent))
    return rows.filter(**{name: value for name, value in exact.items() if value is not None})


@router.get("/{int:pk}", response={200: MatterOut, 401: ProblemOut, 404: ProblemOut}, summary="One matter")
def matter(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
    """The ETag is the version; a write says it back in If-Match."""
    actor = _actor(request, "matter.view")
    found = _matter(actor, pk)
    response.headers["ETag"] = etag(found.version)
    return shapes.whole(actor, found)


@router.get(
    "/{int:pk}/events",
    response={200: EventPage, 401: ProblemOut, 404: ProblemOut},
    summary="Its events, oldest first",
)
def events(request: HttpRequest, response: HttpResponse, pk: int, after: int = 0) -> Any:
    """The chain of the matter after a number, at most 500 at a time."""
    actor = _actor(request, "matter.view")
    found = _matter(actor, pk)
    rows = [row for row in logged(found) if row.seq > after]
    response.headers["ETag"] = etag(found.version)
    following = f"{request.path}?after={rows[499].seq}" if len(rows) > 500 else None
    return {"items": [shapes.event(seen_by(actor, found, row)) for row in rows[:500]], "next": following}


@router.post("/{int:pk}/moves/{slug:move}", response={200: MatterOut, **REFUSALS}, summary="Make a move")
def make_move(request: HttpRequest, pk: int, move: str, body: MoveIn | None = None) -> HttpResponse:
    """Needs If-Match (428 without, 412 with the events since where stale); 409 where state, role or a rule forbids."""
    actor = _actor(request, "matter.view")

    def run() -> HttpResponse:
        version = seen_version(request, _matter(actor, pk).version)
        values = _values(request)
        done = _refused(
            lambda: services.make_move(actor=actor, matter_id=pk, move=move, version=version, data=values)
        )
        seen = selectors.matter_for(actor, pk)
        # Who has handed a matter over may see it no more: the answer is the line he knew.
        shape = shapes.whole(actor, seen) if seen else {**shapes.line(done), "parent": None}
        return _json(shape, ETag=etag(done.version))

    return once(request, run)


@router.post(
    "",
    response={201: MatterOut, **REFUSALS},
    summary="Raise a matter (a data dispute of one's own enterprise, or of an office about one in its sight)",
)
def open_matter(request: HttpRequest, body: MatterIn) -> HttpResponse:
    """For kinds that an enterprise may raise by itself."""
    actor = _actor(request, "matter.view")
    if not actor.can(BY_ASKER.get(body.kind, "matter.open")):
        raise Problem(409, code="role")
    own = Enterprise.objects.registered().visible_to(actor).filter(pk=actor.scope.enterprise_id or 0).first()

    def run() -> HttpResponse:
        with transaction.atomic():
            done = _refused(lambda: _open(actor, body, own))
        place = f"{request.path}/{done.pk}"
        return _json(
            shapes.whole(actor, _matter(actor, done.pk)), 201, ETag=etag(done.version), Location=place
        )

    return once(request, run)


def _open(actor: Actor, body: MatterIn, own: Enterprise | None) -> Matter:
    """A dispute names its value in `fields.about`, as `fact/revenue/2022`, an office also the enterprise, by the code in
    `fields.firm`; other kinds are opened as they are."""
    if body.kind == disputing.KIND:
        told = {"about", "field", "period", "shown", "claimed", *(("firm",) if own is None else ())}
        strange = {name: _("is not asked here; leave it out") for name in body.fields if name not in told}
        wrong = {name: _("is no text") for name, value in body.fields.items() if not isinstance(value, str)}
        if strange or wrong:
            raise services.Invalid({**wrong, **strange})
        given = {"claimed": "", **body.fields}
        firm = own or _named(actor, given.pop("firm", ""))
        return services.raise_dispute(actor=actor, enterprise=firm, title=body.title, text=body.text, **given)
    return services.open_matter(
        actor=actor, kind=body.kind, title=body.title, text=body.text, fields=body.fields, enterprise=own,
        lead_org=parties.receiving_office(),
    )  # fmt: skip


def _named(actor: Actor, code: str) -> Enterprise:
    """The enterprise of this code, as far as the actor sees it."""
    firm = enterprise_of_code(actor, code)
    if firm is None:
        raise services.Invalid({"firm": _("no enterprise with this code is in your sight")})
    return firm


def _refused(write: Callable[[], Matter]) -> Matter:
    """A refusal of the service as a problem."""
    try:
        return write()
    except services.Missing as error:
        raise Http404 from error
    except services.Stale as error:
        since = json.loads(json.dumps([shapes.event(seen) for seen in error.since], cls=DjangoJSONEncoder))
        raise Problem(
            412, str(error), {"ETag": etag(error.version)}, version=error.version, events=since
        ) from error
    except services.NotPossible as error:
        raise Problem(409, error.message, code=error.code) from error
    except services.Invalid as error:
        told = dict(islice(error.problems.items(), MOST_TOLD))
        raise Problem(422, str(services.Invalid(told)), errors=told) from error
