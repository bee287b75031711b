"""The same move on several matters; each is answered for itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lianzhang.casework import selectors, services
from lianzhang.casework.fields import Asked, of_move
from lianzhang.casework.models import Matter
from lianzhang.casework.processes import process, title_of
from lianzhang.casework.web.forms import AskedForm
from lianzhang.kernel.keys import number, numbers
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs

MOST = 200


@needs("matter.act")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """First the moves that the chosen matters have in common, then what became of each."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    chosen = _chosen(actor, request.POST.getlist("selected"))
    if not chosen:
        return HttpResponseRedirect(reverse("casework:desk"))
    moves = _common(chosen)
    move = request.POST.get("move", "")
    context: dict[str, Any] = {
        "chosen": chosen,
        "moves": [_offer(name, asked) for name, asked in moves.items()],
    }
    if move in moves:
        form = AskedForm(moves[move][1], request.POST, auto_id=f"{move}-%s")
        if form.is_valid():
            given = {name: value for name, value in form.values().items() if value != ""}
            context["outcomes"] = _outcomes(actor, chosen, request, move, given)
        else:
            context["moves"] = [_offer(n, a, form if n == move else None) for n, a in moves.items()]
    return render(request, "casework/bulk.html", context)


def _chosen(actor: Actor, ids: list[str]) -> list[Matter]:
    known = numbers(ids)[:MOST]
    return list(selectors.matters(actor).filter(pk__in=known).order_by(selectors.FIRST_DUE, "pk"))


def _common(chosen: list[Matter]) -> dict[str, tuple[str, list[Asked]]]:
    """Moves that every chosen matter's process allows in bulk: name -> (title, what is asked)."""
    kinds = {(m.kind, m.process_version_id): process(m.kind, m.process_version_id) for m in chosen}
    found: dict[str, tuple[str, list[Asked]]] = {}
    for kind in kinds.values():
        for name, move in kind.moves.items():
            if move.bulk and all(name in k.moves and k.moves[name].bulk for k in kinds.values()):
                found.setdefault(name, (title_of(move, name), of_move(kind, name)))
    return found


def _offer(name: str, asked: tuple[str, list[Asked]], form: AskedForm | None = None) -> dict[str, Any]:
    return {"move": name, "title": asked[0], "form": form or AskedForm(asked[1], auto_id=f"{name}-%s")}


def _outcomes(
    actor: Actor, chosen: list[Matter], request: HttpRequest, move: str, given: dict[str, Any]
) -> list[dict[str, Any]]:
    """The result per matter, from the version that stood on the page."""
    seen = dict(pair.split(":", 1) for pair in request.POST.getlist("seen") if ":" in pair)
    items = [(m.pk, number(seen.get(str(m.pk), ""))) for m in chosen]
    results = services.bulk_move(actor=actor, items=items, move=move, data=given)
    return [{"matter": m, "outcome": r} for m, r in zip(chosen, results, strict=True)]
