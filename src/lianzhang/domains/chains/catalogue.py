"""The chains' sections of the catalogue: chains, segments, settings, and how much sectors need each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from lianzhang.city.models import Organisation
from lianzhang.domains.chains import placement, schemas
from lianzhang.domains.chains.models import Chain, DivisionSector, InputRating, Segment
from lianzhang.kernel import catalogue as kernel
from lianzhang.kernel.catalogue import Catalogue, Mistake, Section


def register() -> None:
    """Tell the kernel which sections the chains own."""
    for section in (
        Section("chains.csv", schemas.ChainRow, _load_chains, order=30, optional=True, cross=_check_chains),
        Section(
            "chain_segments.csv",
            schemas.SegmentRow,
            _load_segments,
            order=31,
            optional=True,
            cross=_check_segments,
        ),
        Section("chain_settings.yaml", schemas.SettingsRow, _keep, order=32),
        Section("essential_inputs_wiod55.csv", schemas.RatingRow, _load_ratings, order=33),
        Section("gbt_division_to_wiod55.csv", schemas.DivisionRow, _load_divisions, order=34),
    ):
        kernel.register(section)


def _keep(rows: list[Any], catalogue: Catalogue) -> dict[str, int]:
    """Kept in the version itself."""
    return {"rows": len(rows)}


def _load_chains(rows: list[schemas.ChainRow], catalogue: Catalogue) -> dict[str, int]:
    leads = dict(Organisation.objects.values_list("code", "id"))
    objects = [
        Chain(
            code=r.code, zh=r.zh, en=r.en or "", order=r.order, pillar=r.pillar or "", sector_kind=r.sector_kind or "",
            leader=r.leader or "", lead_id=leads.get(r.lead or ""), notes=r.notes or "",
        )
        for r in rows
    ]  # fmt: skip
    fields = ["zh", "en", "order", "pillar", "sector_kind", "leader", "lead", "notes"]
    Chain.objects.bulk_create(objects, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    return {"rows": len(objects)}


def _load_segments(rows: list[schemas.SegmentRow], catalogue: Catalogue) -> dict[str, int]:
    """Segments that left the catalogue go, with the placements on them: nothing else points to them."""
    chains = dict(Chain.objects.values_list("code", "id"))
    objects = [
        Segment(
            chain_id=chains[r.chain], code=r.segment, zh=r.zh, en=r.en or "", position=r.position, order=order,
            prefixes=r.prefixes,
        )
        for order, r in enumerate(rows)
    ]  # fmt: skip
    fields = ["zh", "en", "position", "order", "prefixes"]
    Segment.objects.bulk_create(
        objects, update_conflicts=True, unique_fields=["chain", "code"], update_fields=fields, batch_size=100
    )
    wanted = {(chains[r.chain], r.segment) for r in rows}
    gone = [s.pk for s in Segment.objects.all() if (s.chain_id, s.code) not in wanted]
    Segment.objects.filter(pk__in=gone).delete()
    transaction.on_commit(placement.refresh)  # when the settings of the new version are in force
    return {"rows": len(objects)}


def _load_ratings(rows: list[schemas.RatingRow], catalogue: Catalogue) -> dict[str, int]:
    InputRating.objects.all().delete()
    objects = [
        InputRating(supplier_sector=r.supplier_sector, buyer_sector=r.buyer_sector, rating=r.essentiality)
        for r in rows
    ]
    InputRating.objects.bulk_create(objects, batch_size=2000)
    return {"rows": len(objects)}


def _load_divisions(rows: list[schemas.DivisionRow], catalogue: Catalogue) -> dict[str, int]:
    DivisionSector.objects.all().delete()
    objects = [DivisionSector(division=r.gbt_division, sector=r.wiod_sector) for r in rows]
    DivisionSector.objects.bulk_create(objects)
    return {"rows": len(objects)}


def _check_chains(catalogue: Catalogue) -> Iterator[Mistake]:
    offices = {r.code for r in catalogue.rows["organisations.yaml"]}
    seen: set[str] = set()
    for row, line in zip(catalogue.rows["chains.csv"], catalogue.lines["chains.csv"], strict=True):
        if row.code in seen:
            yield Mistake("chains.csv", line, f"chain '{row.code}' stands twice")
        if row.lead and row.lead not in offices:
            yield Mistake("chains.csv", line, f"lead '{row.lead}' is not an organisation of the catalogue")
        seen.add(row.code)


def _check_segments(catalogue: Catalogue) -> Iterator[Mistake]:
    file = "chain_segments.csv"
    chains = {r.code for r in catalogue.rows["chains.csv"]}
    classes = {r.code for r in catalogue.rows["gbt4754_2017.csv"]}
    seen: set[tuple[str, str]] = set()
    for row, line in zip(catalogue.rows[file], catalogue.lines[file], strict=True):
        if row.chain not in chains:
            yield Mistake(file, line, f"chain '{row.chain}' is not in chains.csv")
        if (row.chain, row.segment) in seen:
            yield Mistake(file, line, f"segment '{row.segment}' of chain '{row.chain}' stands twice")
        for prefix in row.prefixes:
            if prefix not in classes:
                yield Mistake(file, line, f"'{prefix}' is no division, group or class of GB/T 4754-2017")
        seen.add((row.chain, row.segment))
