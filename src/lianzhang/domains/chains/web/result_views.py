"""The answer to a what-if question: in all, by chain, by district, by enterprise; two answers side by side."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.city.models import Area
from lianzhang.domains.chains.model_names import readable
from lianzhang.domains.chains.models import Chain, Scenario, ScenarioLoss, ScenarioRun
from lianzhang.domains.chains.selectors import risk as selectors
from lianzhang.domains.chains.web import columns, figures, rows, sources
from lianzhang.domains.chains.web.loss_list import listing
from lianzhang.kernel import exports, tables
from lianzhang.kernel.home import folder
from lianzhang.kernel.keys import number
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs


@needs("risk.view")
def scenario(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest answer; while it is being computed, how far it is."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(Scenario.objects.visible_to(actor).select_related("owner"), pk=pk)
    newest = ScenarioRun.objects.visible_to(actor).filter(scenario=found).select_related("job").first()
    run = selectors.scenario_run(actor, found)
    context: dict[str, Any] = {
        "scenario": found,
        "run": run,
        "waiting": newest if newest is not None and not newest.finished and newest.job else None,
        "may_run": actor.can("risk.run"),
        "may_open": actor.can("situation.open"),
        "others": selectors.scenarios(actor).exclude(pk=found.pk)[:30],
    }
    if run is None:
        return render(request, "chains/scenario.html", context)
    query = ScenarioLoss.objects.visible_to(actor).filter(run=run)
    query = query.select_related("enterprise", "enterprise__district", "partner")
    first = query.first()
    synthetic = bool(first and first.enterprise.synthetic)
    declared = listing(actor)
    if (answer := _group_file(request, actor, run, synthetic)) is not None:
        return answer
    if rows.wanted(request, "losses"):
        if not actor.can("enterprise.export"):
            raise Http404
        header, lines = tables.export_rows(declared, request.GET, query)
        return exports.answer(request, f"what_if_{found.pk}", header, lines, synthetic=synthetic)
    context |= _result(request, actor, run, synthetic) | {
        "losses": tables.build(declared, request, query),
        "listed": query.count(),
    }
    return render(request, "chains/scenario.html", context)


def _group_file(request: HttpRequest, actor: Actor, run: ScenarioRun, synthetic: bool) -> HttpResponse | None:
    """The sums by chain or by district as a file, where the request asks for one of them by name."""
    groups = zip(("by-chain", "by-district"), ("chains-", "districts-"), _named(actor, run), strict=True)
    for code, prefix, lines in groups:
        if request.GET.get("table") == code and rows.wanted(request, code):
            name = f"what_if_{run.scenario_id}_{code.replace('-', '_')}"
            return rows.download(request, name, columns.GROUPS, lines, synthetic, prefix=prefix)
    return None


def _result(request: HttpRequest, actor: Actor, run: ScenarioRun, synthetic: bool) -> dict[str, Any]:
    totals = run.totals
    by_chain, by_district = _named(actor, run)
    values = {g["code"]: g["loss"] for g in by_district}
    return {
        "synthetic": synthetic,
        "indirect": totals["loss"] - totals["direct"],
        "share": totals["loss"] / totals["revenue"] if totals["revenue"] else None,
        "cards": {
            "direct": sources.loss(run, _("Direct loss"), synthetic),
            "indirect": sources.loss(run, _("Indirect loss"), synthetic),
            "loss": sources.loss(run, _("Loss in all"), synthetic),
        },
        "by_chain": rows.table(
            request, "by-chain", columns.GROUPS, by_chain, url=lambda g: g["url"], prefix="chains-", anchor="by-chain",
        ),
        "by_district": rows.table(
            request, "by-district", columns.GROUPS, by_district, url=lambda g: g["url"], prefix="districts-",
            anchor="by-district",
        ),
        "map": figures.district_map(
            "loss-map", _("Loss by district"), values, actor, label=_("Loss a year at full effect"),
            source=_("Model: %(model)s") % {"model": readable(run.engine_version)}, synthetic=synthetic,
        ),
    }  # fmt: skip


def _named(actor: Actor, run: ScenarioRun) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The sums by chain and district with names and addresses."""
    chains = {c.code: c for c in Chain.objects.visible_to(actor)}
    areas = {a.code: a.label for a in Area.objects.visible_to(actor).filter(level=Area.Level.DISTRICT)}
    by_chain = [
        g | {"name": chains[g["code"]].label, "url": chains[g["code"]].get_absolute_url()}
        for g in run.by_chain
        if g["code"] in chains
    ]
    by_district = [
        g | {"name": areas.get(g["code"], _("district not known")), "url": _firms_of(g["code"], areas)}
        for g in run.by_district
    ]
    return by_chain, by_district


def _firms_of(district: str, areas: dict[str, str]) -> str | None:
    """The losses of a district's enterprises on the same page; None where the district is not known."""
    return f"?district={district}#losses" if district in areas else None


@needs("risk.view")
def all_losses(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The losses of all enterprises of a run as a Parquet file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    run = get_object_or_404(ScenarioRun.objects.visible_to(actor).filter(finished=True), pk=pk)
    path = folder("results") / f"{run.losses_sha256}.parquet"
    if not actor.can("enterprise.export") or not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"what_if_{run.scenario_id}_{run.pk}.parquet"
    )


@needs("risk.view")
def compare(request: HttpRequest) -> HttpResponse:
    """Two answers side by side, by district and chain."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    pair = [_one(actor, request.GET.get(name, "")) for name in ("a", "b")]
    a, b = (_groups(actor, run) for run in pair)
    lines = {
        kind: [
            {"name": name, "a": a[kind].get(name), "b": b[kind].get(name)}
            for name in sorted({*a[kind], *b[kind]}, key=lambda n: -max(a[kind].get(n, 0), b[kind].get(n, 0)))
        ]
        for kind in ("district", "chain")
    }
    back = reverse("chains:whatif")
    return render(request, "chains/compare.html", {"a": pair[0], "b": pair[1], "lines": lines, "back": back})


def _one(actor: Actor, pk: str) -> ScenarioRun:
    found = get_object_or_404(Scenario.objects.visible_to(actor), pk=number(pk))
    run = selectors.scenario_run(actor, found)
    if run is None:
        raise Http404
    return run


def _groups(actor: Actor, run: ScenarioRun) -> dict[str, dict[str, float]]:
    by_chain, by_district = _named(actor, run)
    return {
        "chain": {g["name"]: g["loss"] for g in by_chain},
        "district": {g["name"]: g["loss"] for g in by_district},
    }
