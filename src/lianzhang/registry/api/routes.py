"""GET of enterprises and their facts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from ninja import Query, Router

from lianzhang.kernel.scope import Actor
from lianzhang.registry import selectors
from lianzhang.registry.api import about
from lianzhang.registry.api.schemas import (
    EnterpriseLine,
    EnterpriseOut,
    EnterprisePage,
    EnterpriseQuery,
    ProblemOut,
    SimilarQuery,
)
from lianzhang.registry.models import Enterprise
from lianzhang.registry.names.search import matching, resembling

router = Router(tags=["enterprises"])
router.add_router("", about.router)
LARGEST = 2**53


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("enterprise.view"):
        raise Http404
    return actor


def _line(e: Enterprise) -> dict[str, Any]:
    return {
        "id": e.pk,
        "uscc": e.uscc,
        "name": e.name,
        "district": e.district.code if e.district else None,
        "industry_code": e.industry_id,
        "status": e.status,
        "provenance": "synthetic" if e.synthetic else None,
    }


@router.get(
    "",
    response={200: EnterprisePage, 401: ProblemOut, 404: ProblemOut, 422: ProblemOut},
    summary="Enterprises one may see",
)
def enterprises(request: HttpRequest, query: Query[EnterpriseQuery]) -> Any:
    """Bounded pages in order of id; `after` walks on without skipping or repeating while others write."""
    actor = _actor(request)
    rows = Enterprise.objects.registered().visible_to(actor).select_related("district").order_by("pk")
    if query.q:
        rows = rows.filter(matching(query.q))
    if query.industry:
        section = query.industry.isalpha()
        rows = (
            rows.filter(industry__section=query.industry)
            if section
            else rows.filter(industry_id__gte=query.industry, industry_id__lte=query.industry.ljust(4, "9"))
        )
    exact = {"uscc": query.uscc, "district__code": query.district, "pk__gt": query.after}
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    page = list(rows[: query.size + 1])
    following = None
    if len(page) > query.size:
        kept = {k: v for k, v in request.GET.items() if k != "after"}
        following = f"{request.path}?{urlencode({**kept, 'after': page[query.size - 1].pk})}"
    return {"items": [_line(e) for e in page[: query.size]], "next": following}


@router.get(
    "/similar",
    response={200: list[EnterpriseLine], 401: ProblemOut, 404: ProblemOut, 422: ProblemOut},
    summary="Enterprises one may see whose names are alike",
)
def similar(request: HttpRequest, query: Query[SimilarQuery]) -> Any:
    """Names alike in writing or sound, the most alike first: for a name that is mistyped or only heard."""
    return [_line(e) for e in resembling(query.q, _actor(request), query.size)]


@router.get(
    "/{int:pk}",
    response={200: EnterpriseOut, 401: ProblemOut, 404: ProblemOut},
    summary="One enterprise and its facts",
)
def enterprise(request: HttpRequest, pk: int) -> Any:
    """Facts only for those who may see filings; statistical returns never."""
    actor = _actor(request)
    found = selectors.enterprise_for(actor, pk) if 0 < pk < LARGEST else None
    if found is None:
        raise Http404
    facts = selectors.facts_by_year(found, actor).lines if actor.can("filing.view") else []
    return {
        **_line(found),
        "former_names": found.former_names,
        "address": found.address,
        "established": found.established,
        "facts": [
            {"code": v.code, "period": str(v.year), "value": v.value, "unit": line.unit or None, "source": v.filing.source,
             "as_of": v.filing.as_of, "use": v.filing.use}
            for line in facts for v in line.values if v.value is not None and v.filing is not None
        ],
    }  # fmt: skip
