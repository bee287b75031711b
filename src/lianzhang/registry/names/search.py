"""Find enterprises by what somebody typed: those that hold it, else those that resemble it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise
from lianzhang.registry.names import index, tokens
from lianzhang.registry.names.forms import LEGAL_FORMS, plain

ALIKE = 0.5
CANDIDATES = 1000
COMPARED = 120
CODE = re.compile(r"(?=.*\d)[0-9A-Z]{4,18}")


def matching(text: str) -> Q:
    """The enterprises of which a name, its sound or initials, the road or the beginning of the code hold what was typed.

    Letters are one name, with or without spaces between their syllables; characters may be several parts of one.
    """
    typed = text.replace("\x00", "").strip()[:100]
    if not typed:
        return Q()
    if plain(typed).isascii():
        return _holding(typed)
    found = Q()
    for word in typed.split()[:5]:
        found &= _holding(word)
    return found


def _holding(typed: str) -> Q:
    whole, places = plain(typed), index.places()
    if not whole:
        return Q(pk__in=[])
    if len(whole) == 1:
        begun = index.begins(typed)
        for place in places[:2]:
            begun |= index.begins(place + typed)
        return begun
    if whole[:-1] in places:  # a place and one character: no pair of the index holds that
        return index.begins(typed)
    if whole in places or whole in LEGAL_FORMS:  # nearly all names have it, no index keeps it
        return Q(name__contains=typed)
    code, low, high = whole.upper(), "", ""
    if CODE.fullmatch(code):
        low, high = code.ljust(18, "0"), code.ljust(18, "Z")
    meant = tokens.of_query(typed, places)
    if not meant and not low:
        return index.begins(typed)
    return Q(pk__in=index.holding(meant, low, high))


def resembling(text: str, actor: Actor, limit: int = 10) -> list[Enterprise]:
    """Enterprises within sight whose names are alike in writing or sound, the most alike first: for when none holds it."""
    typed, places = text.replace("\x00", "").strip()[:100], index.places()
    said = dict.fromkeys(t for each in tokens.of_query(typed, places) for t in each.near)
    near = index.nearest(list(said), CANDIDATES) if said else []
    if not near:
        return []
    visible = Enterprise.objects.registered().visible_to(actor).order_by()
    names = _names(near, visible)
    score = {pk: _likeness(typed, said, places) for pk, said in names.items()}
    close = sorted((pk for pk in names if score[pk] >= ALIKE), key=lambda pk: -score[pk])[:limit]
    rows = Enterprise.objects.visible_to(actor).select_related("district", "industry").in_bulk(close)
    return [rows[pk] for pk in close]


def _names(near: Sequence[int], visible: QuerySet[Enterprise]) -> dict[int, tuple[str, ...]]:
    """The names, present and former, of the nearest that are seen, as many as are compared. Most readers see the first ones,
    so the others are asked for only where some are out of sight."""
    found: dict[int, tuple[str, ...]] = {}
    for part in (near[:COMPARED], near[COMPARED:]):
        if part and len(found) < COMPARED:
            rows = visible.filter(pk__in=part).values_list("pk", "name", "former_names")
            seen = {pk: (name, *former) for pk, name, former in rows}
            found |= {pk: seen[pk] for pk in part if pk in seen}
    return dict(list(found.items())[:COMPARED])


def _likeness(typed: str, names: Iterable[str], places: tuple[str, ...]) -> float:
    return max(tokens.likeness(typed, name, places) for name in names)
