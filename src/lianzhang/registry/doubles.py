"""Entries that may be one firm, looked for in the whole register or around what a delivery touched.

Memory stays bounded and nobody waits to write: keys lie in a table, and the register is compared part by part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from lianzhang.engines.duplicates import Judgement, keys, pairs_of
from lianzhang.kernel import bulk, time
from lianzhang.kernel.bulk import among, parts
from lianzhang.registry.comparison import Comparison, comparison, digest, records
from lianzhang.registry.models import DuplicateKey, DuplicatePair, Enterprise

AT_ONCE = 500
"""Enterprises in one transaction: SQLite has one writer, and nobody should wait for all of a city."""
State = DuplicatePair.State
Step = Callable[[float, str], None]


def _quiet(share: float, text: str = "") -> None:
    """Tells nobody."""


def search_all(step: Step = _quiet) -> dict[str, int]:
    """Compare the whole register; returns how many enterprises, pairs compared, pairs shown. Part by part, each a
    transaction; broken off and begun again it comes to the same."""
    compare = comparison()
    everybody = Enterprise.objects.filter(registered=True)
    total, done = everybody.count(), 0
    for part in bulk.by_key(everybody, AT_ONCE):
        with transaction.atomic():
            _write_keys(part, compare)
        done += len(part)
        step(0.5 * done / total, f"{done}/{total}")
    DuplicateKey.objects.filter(enterprise__registered=False).delete()
    done = compared = shown = 0
    for part in bulk.by_key(everybody, AT_ONCE):
        more, seen = _search(part, compare, later=True)
        done, compared, shown = done + len(part), compared + more, shown + len(seen)
        step(0.5 + 0.5 * done / total, f"{done}/{total}")
    left = Q(first__registered=False) | Q(second__registered=False)
    DuplicatePair.objects.filter(left, state=State.OPEN).delete()
    return {"enterprises": total, "compared": compared, "shown": shown}


def search_around(enterprise_ids: Iterable[int]) -> int:
    """Compare these enterprises with all others; returns how many pairs are shown. The same pairs as `search_all` finds
    with them. One transaction."""
    ids = sorted(set(enterprise_ids))
    if not ids:
        return 0
    with transaction.atomic():
        compare = comparison()
        for part in parts(ids, AT_ONCE):
            _write_keys(part, compare)
        return len({pk for part in parts(ids, AT_ONCE) for pk in _search(part, compare)[1]})


def compared_before(apart_from: list[int]) -> bool:
    """Whether the register, apart from these enterprises, was ever compared: around a delivery is not enough otherwise."""
    others = Enterprise.objects.filter(registered=True).exclude(pk__in=apart_from)
    # Keys are written from the oldest to the newest: one broken off in the middle left the newest without.
    newest = list(others.order_by("-pk").values_list("pk", flat=True)[:20])
    return not newest or DuplicateKey.objects.filter(enterprise_id__in=newest).exists()


def _write_keys(ids: Sequence[int], compare: Comparison) -> None:
    """The keys of these enterprises anew."""
    DuplicateKey.objects.filter(among(ids, "enterprise_id")).delete()
    rows = [(pk, kind, key) for pk, r in records(ids).items() for kind, key in keys(r, compare.names)]
    bulk.insert_rows(DuplicateKey, ("enterprise_id", "kind", "key"), rows, {})


def _search(ids: Sequence[int], compare: Comparison, later: bool = False) -> tuple[int, set[int]]:
    """Keep every pair with one of these whose points reach the catalogue's sum; returns how many were compared, and the
    rows of those shown. later: only pairs whose later entry is one of these, so that a search of everybody compares each once."""
    with transaction.atomic():
        pairs = sorted(_pairs(frozenset(ids), compare.crowd, later))
        known = records({pk for pair in pairs for pk in pair})
        judged = [compare.judge(known[a], known[b]) for a, b in pairs if a in known and b in known]
        seen = _keep([j for j in judged if j.score >= compare.weights.ask])
        touched = among(ids, "second") if later else among(ids, "first") | among(ids, "second")
        before = DuplicatePair.objects.filter(touched, state=State.OPEN)
        _drop([pk for pk in before.values_list("pk", flat=True) if pk not in seen])
    return len(pairs), seen


def _pairs(ids: frozenset[int], crowd: int, later: bool) -> set[tuple[int, int]]:
    """Pairs that share a key, one of these in each (later: the later one)."""
    blocks: dict[tuple[str, int], list[int]] = defaultdict(list)
    own = DuplicateKey.objects.filter(among(ids, "enterprise_id")).order_by().values("key")
    rows = DuplicateKey.objects.filter(key__in=own).order_by("enterprise_id")
    for kind, key, pk in rows.values_list("kind", "key", "enterprise_id"):
        blocks[kind, key].append(pk)
    found = pairs_of([(kind, members) for (kind, _), members in blocks.items()], crowd)
    return {(a, b) for a, b in found if b in ids or (a in ids and not later)}


def _keep(found: list[Judgement]) -> set[int]:
    """Write the pairs. One judged different stays so until what it was judged on changes."""
    before = _known(found)
    fresh: list[DuplicatePair] = []
    changed: list[DuplicatePair] = []
    same: set[int] = set()
    for judgement in found:
        row = before.get((judgement.first, judgement.second))
        facts = digest(judgement)
        if row is not None and row.facts == facts and row.score == judgement.score:
            same.add(row.pk)
            continue
        pair = row or DuplicatePair(first_id=judgement.first, second_id=judgement.second, found_at=time.now())
        if row is not None and row.state == State.DIFFERENT and row.facts != facts:
            pair.state, pair.again = State.OPEN, True
        pair.score, pair.facts = judgement.score, facts
        pair.reasons = [[r.kind, r.points, *r.values] for r in judgement.reasons]
        pair.kinds = "," + ",".join(r.kind for r in judgement.reasons if r.points > 0) + ","
        (changed if row is not None else fresh).append(pair)
    DuplicatePair.objects.bulk_create(fresh, batch_size=500)
    DuplicatePair.objects.bulk_update(
        changed, ["state", "again", "score", "facts", "reasons", "kinds"], batch_size=200
    )
    return same | {p.pk for p in changed} | {p.pk for p in fresh}


def _known(found: list[Judgement]) -> dict[tuple[int, int], DuplicatePair]:
    out = {}
    for part in parts(sorted({j.first for j in found}), 900):
        for row in DuplicatePair.objects.filter(first_id__in=part):
            out[row.first_id, row.second_id] = row
    return out


def _drop(ids: list[int]) -> None:
    """Pairs nobody judged and nothing speaks for any more."""
    for part in parts(ids, 900):
        DuplicatePair.objects.filter(pk__in=part, state=State.OPEN).delete()
