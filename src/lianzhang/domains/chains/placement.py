"""Where enterprises stand: placements and anchors, projected from industries, products, sales, titles and decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from lianzhang.domains.chains.models import Anchor, Chain, Placement, PlacementCorrection, Segment, SupplyLink
from lianzhang.domains.chains.settings import chain_settings
from lianzhang.kernel import time
from lianzhang.kernel.bulk import among, insert_rows, parts
from lianzhang.registry import merged
from lianzhang.registry.models import Enterprise, Title

CHUNK = 2000
How = Placement.How


def refresh(enterprise_ids: Iterable[int] | None = None) -> None:
    """Place these enterprises anew (None: all) and name the anchors anew."""
    # No savepoint: SQLite would hold in memory every page that changes after it.
    with transaction.atomic(savepoint=False):
        place(enterprise_ids)
        name_anchors()


def place(enterprise_ids: Iterable[int] | None = None) -> int:
    """Write the placements of these enterprises (None: all); returns how many. What a person decided outranks the codes."""
    held = segments_by_prefix()
    count = 0
    if enterprise_ids is None:
        everybody = Enterprise.objects.order_by("pk").values_list("pk", flat=True)
        enterprise_ids = everybody.iterator(chunk_size=CHUNK)
    for ids in parts(enterprise_ids, CHUNK):
        groups = merged.groups(ids)
        root_of = {entry: root for root, entries in groups.items() for entry in entries}
        ids = sorted({*ids, *groups, *root_of})
        codes = _codes(Enterprise.objects.filter(among(ids)), ids, root_of)
        Placement.objects.filter(among(ids, "enterprise_id")).delete()
        decisions = decided(ids, root_of)
        rows = [row for row in _rows(codes, held) if (row[0], row[1]) not in decisions]
        rows += [(*pair, str(How.PERSON), d.reason[:120]) for pair, d in decisions.items() if d.belongs]
        # Entries merged into another one stand where it stands: links and figures that name them count there.
        rows += [(entry, *row[1:]) for row in rows for entry in groups.get(row[0], ())]
        insert_rows(Placement, ("enterprise_id", "segment_id", "how", "evidence"), rows, {})
        count += len(rows)
    return count


def decided(
    ids: Collection[int], root_of: Mapping[int, int] | None = None
) -> dict[tuple[int, int], PlacementCorrection]:
    """(enterprise, segment) → the decision of a person that holds: the newest one not undone. root_of: merged entry →
    the one it is shown under."""
    shown_under = root_of or {}
    rows = PlacementCorrection.objects.filter(among(ids, "enterprise_id"), undone=False).order_by("id")
    return {(shown_under.get(row.enterprise_id, row.enterprise_id), row.segment_id): row for row in rows}


def segments_by_prefix() -> dict[str, list[int]]:
    """Code prefix → segments that hold it."""
    out: dict[str, list[int]] = defaultdict(list)
    for pk, prefixes in Segment.objects.values_list("pk", "prefixes"):
        for prefix in prefixes:
            out[prefix].append(pk)
    return out


def segments_of(code: str, held: dict[str, list[int]]) -> Iterator[int]:
    """The segments that hold a class."""
    for length in range(2, len(code) + 1):
        yield from held.get(code[:length], ())


def _codes(
    firms: QuerySet[Enterprise], ids: list[int], root_of: Mapping[int, int]
) -> dict[int, dict[str, str]]:
    """enterprise → class → by what evidence. A product outranks the registered industry."""
    out: dict[int, dict[str, str]] = {}
    for pk, industry, products in firms.filter(registered=True).values_list("pk", "industry_id", "products"):
        out[pk] = {industry: How.INDUSTRY} if industry else {}
        out[pk].update({str(code): How.PRODUCT for code in products})
    sold = SupplyLink.objects.filter(among(ids, "supplier_id"), counted=True).exclude(product_code="")
    for seller, code in sold.order_by().values_list("supplier_id", "product_code").distinct():
        if (pk := root_of.get(seller, seller)) in out:
            out[pk][code] = How.PRODUCT
    return out


def _rows(codes: dict[int, dict[str, str]], held: dict[str, list[int]]) -> Iterator[tuple[Any, ...]]:
    """(enterprise, segment, how, evidence), one a pair, with the stronger evidence."""
    for enterprise, known in codes.items():
        found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for code, how in known.items():
            for segment in segments_of(code, held):
                found[segment][how].append(code)
        for segment, by in found.items():
            how = How.PRODUCT if How.PRODUCT in by else How.INDUSTRY
            yield enterprise, segment, str(how), ";".join(sorted(set(by[how])))[:120]


def name_anchors() -> int:
    """Anchors are holders of the catalogue's title in force, whose batch or level names a chain; returns how many."""
    by_name = {name: c.pk for c in Chain.objects.all() for name in (c.zh, c.en, c.code) if name}
    valid = Q(expires_on__isnull=True) | Q(expires_on__gte=time.today())
    titles = Title.objects.filter(valid, title=chain_settings().anchor_title, current=True)
    pairs = set()
    for enterprise, survivor, batch, level in titles.values_list(
        "enterprise_id", "enterprise__survivor_id", "batch", "level"
    ):
        chain = by_name.get(batch) or by_name.get(level)
        if chain is not None:
            pairs.add((chain, survivor or enterprise))
    Anchor.objects.all().delete()
    Anchor.objects.bulk_create([Anchor(chain_id=c, enterprise_id=e) for c, e in sorted(pairs)])
    return len(pairs)
