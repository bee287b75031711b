"""Entries that may be one firm, looked for in the whole register or around what a delivery touched.

Memory stays bounded: keys lie in a table, blocks are read in order of key, pairs are compared some thousands at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from django.db import transaction
from django.db.models import Count, Q

from lianzhang.engines.duplicates import Judgement, keys, pairs_of
from lianzhang.kernel import bulk, time
from lianzhang.kernel.bulk import parts
from lianzhang.registry.comparison import COLUMNS, Comparison, comparison, digest, record, records
from lianzhang.registry.models import DuplicateKey, DuplicatePair, Enterprise

CHUNK = 5000
State = DuplicatePair.State
Step = Callable[[float, str], None]


def _quiet(share: float, text: str = "") -> None:
    """Tells nobody."""


def search_all(step: Step = _quiet) -> dict[str, int]:
    """Compare the whole register; returns how many enterprises, pairs compared, pairs shown. One transaction."""
    with transaction.atomic():
        compare = comparison()
        total = _write_keys(compare, step)
        seen, compared = _compare(_all_pairs(compare.crowd), compare, lambda n: step(0.9, f"{n}"))
        gone = DuplicatePair.objects.filter(state=State.OPEN)
        _drop([pk for pk in gone.values_list("pk", flat=True) if pk not in seen])
    return {"enterprises": total, "compared": compared, "shown": len(seen)}


def search_around(enterprise_ids: Iterable[int]) -> int:
    """Compare these enterprises with all others; returns how many pairs are shown. The same pairs as `search_all` finds
    with them. One transaction."""
    ids = sorted(set(enterprise_ids))
    if not ids:
        return 0
    with transaction.atomic():
        compare = comparison()
        for part in parts(ids, 900):
            DuplicateKey.objects.filter(enterprise_id__in=part).delete()
        found = records(ids)
        _insert(((pk, k) for pk, r in found.items() for k in keys(r, compare.names)))
        seen, _ = _compare(_pairs_around(found, compare.crowd), compare, lambda n: None)
        for part in parts(ids, 900):
            gone = DuplicatePair.objects.filter(Q(first__in=part) | Q(second__in=part), state=State.OPEN)
            _drop([pk for pk in gone.values_list("pk", flat=True) if pk not in seen])
    return len(seen)


def compared_before(apart_from: list[int]) -> bool:
    """Whether the register, apart from these enterprises, was ever compared: around a delivery is not enough otherwise."""
    others = Enterprise.objects.filter(registered=True).exclude(pk__in=apart_from)
    return DuplicateKey.objects.exists() or not others.exists()


def _write_keys(compare: Comparison, step: Step) -> int:
    """All keys of all enterprises anew; returns how many enterprises."""
    DuplicateKey.objects.all().delete()
    rows = Enterprise.objects.filter(registered=True).order_by("pk")
    total, done = rows.count(), 0
    for part in parts(rows.values_list(*COLUMNS).iterator(chunk_size=CHUNK), CHUNK):
        _insert((row[0], k) for row in part for k in keys(record(row), compare.names))
        done += len(part)
        step(0.6 * done / max(total, 1), f"{done}/{total}")
    return total


def _insert(rows: Iterable[tuple[int, tuple[str, int]]]) -> None:
    flat = [(pk, kind, key) for pk, (kind, key) in rows]
    bulk.insert_rows(DuplicateKey, ("enterprise_id", "kind", "key"), flat, {})


def _all_pairs(crowd: int) -> Iterator[tuple[int, int]]:
    """Pairs of all blocks, in order of key."""
    shared = (
        DuplicateKey.objects.order_by().values("key").annotate(n=Count("id")).filter(n__gt=1).values("key")
    )
    rows = DuplicateKey.objects.filter(key__in=shared).order_by("key", "kind", "enterprise_id")
    stream = rows.values_list("kind", "key", "enterprise_id").iterator(chunk_size=CHUNK)
    for (kind, _key), block in groupby(stream, key=lambda row: row[:2]):
        yield from pairs_of([(kind, [row[2] for row in block])], crowd)


def _pairs_around(found: Iterable[int], crowd: int) -> Iterator[tuple[int, int]]:
    """Pairs of which one is among these."""
    wanted = set(found)
    for part in parts(sorted(wanted), 900):
        own = DuplicateKey.objects.filter(enterprise_id__in=part).order_by()
        blocks: dict[tuple[str, int], list[int]] = defaultdict(list)
        rows = DuplicateKey.objects.filter(key__in=own.values("key")).order_by("enterprise_id")
        for kind, key, pk in rows.values_list("kind", "key", "enterprise_id"):
            blocks[kind, key].append(pk)
        for a, b in pairs_of([(kind, ids) for (kind, _), ids in blocks.items()], crowd):
            if a in wanted or b in wanted:
                yield a, b


def _compare(
    pairs: Iterator[tuple[int, int]], compare: Comparison, tell: Callable[[int], None]
) -> tuple[set[int], int]:
    """Keep every pair whose points reach the catalogue's sum; returns their rows' ids, and how many were compared."""
    seen: set[int] = set()
    compared = 0
    for part in parts(pairs, CHUNK):
        each = set(part)
        known = records({pk for pair in each for pk in pair})
        judged = [compare.judge(known[a], known[b]) for a, b in sorted(each) if a in known and b in known]
        seen |= _keep([j for j in judged if j.score >= compare.weights.ask])
        compared += len(each)
        tell(compared)
    return seen, compared


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
