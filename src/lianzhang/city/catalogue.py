"""Loads the city's sections: areas, organisations, roles, calendar, teams, sources, industries."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from lianzhang.city import models, schemas, separation
from lianzhang.city.sso import catalogue as sso
from lianzhang.kernel import catalogue as kernel
from lianzhang.kernel import time
from lianzhang.kernel.accounts import policy
from lianzhang.kernel.accounts.sso.service import Service
from lianzhang.kernel.catalogue import Catalogue, Mistake, Section
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports.cycles import fits
from lianzhang.kernel.scope import KINDS

VERB = re.compile(r"^[a-z_]+\.[a-z_]+(@[a-z]+(\+[a-z]+)*)?$")


def register() -> None:
    """Tell the kernel which sections the city owns."""
    for section in (
        Section("city.yaml", schemas.City, _load_city, order=1, cross=_check_city),
        Section("areas.csv", schemas.AreaRow, _load_areas, order=2, cross=_check_areas),
        Section(
            "organisations.yaml",
            schemas.OrganisationRow,
            _load_organisations,
            order=3,
            cross=_check_organisations,
        ),
        Section("roles.yaml", schemas.RoleRow, _load_roles, order=4, cross=_check_roles),
        Section("accounts.yaml", policy.Policy, _load_policy, order=5, optional=True, cross=_check_policy),
        Section(sso.FILE, Service, sso.load, order=5, optional=True, cross=sso.check),
        Section("calendar.csv", schemas.CalendarRow, _load_calendar, order=5, cross=_check_calendar),
        Section("teams.csv", schemas.TeamRow, _load_teams, order=6, optional=True),
        Section("sources.yaml", schemas.SourceRow, _load_sources, order=7, cross=_check_sources),
        Section("gbt4754_2017.csv", schemas.IndustryRow, _load_industries, order=8),
    ):
        kernel.register(section)


def _load_roles(rows: list[schemas.RoleRow], catalogue: Catalogue) -> dict[str, int]:
    """Kept in the version itself; posts given before take over which administrator their role is.

    Who would be two of them keeps his marks as they were: such posts count for nothing at sign-in, and are listed there.
    """
    kinds = {row.code: row.administrator for row in rows}
    posts = list(models.Membership.objects.filter(ended_at=None).exclude(state="refused"))
    held: dict[int, list[str]] = {}
    for post in posts:
        held.setdefault(post.user_id, []).append(kinds.get(post.role, ""))
    for post in posts:
        kind = kinds.get(post.role, "")
        if post.administrator != kind and sum(map(bool, held[post.user_id])) < 2:
            models.Membership.objects.filter(pk=post.pk).update(administrator=kind)
    return {"rows": len(rows)}


def _load_policy(rows: list[policy.Policy], catalogue: Catalogue) -> dict[str, int]:
    policy.set_from_catalogue(rows[0] if rows else policy.Policy())
    return {"rows": len(rows)}


def _load_city(rows: list[schemas.City], catalogue: Catalogue) -> dict[str, int]:
    clock = rows[0].clock
    time.set_clock(clock.start if clock else None, clock.mode if clock else "running")
    return {"rows": 1}


def _upsert(model: Any, key: str, objects: list[Any], fields: list[str]) -> dict[str, int]:
    """Write catalogue rows by their code. Rows gone from the catalogue stay: objects may point to them."""
    model.objects.bulk_create(
        objects, update_conflicts=True, unique_fields=[key], update_fields=fields, batch_size=500
    )
    return {"rows": len(objects)}


def _load_areas(rows: list[schemas.AreaRow], catalogue: Catalogue) -> dict[str, int]:
    paths: dict[str, str] = {}
    objects = []
    for order, row in enumerate(rows):
        paths[row.code] = f"{paths.get(row.parent or '', '/')}{row.code}/"
        objects.append(
            models.Area(
                code=row.code,
                zh=row.zh,
                en=row.en or "",
                level=row.level,
                path=paths[row.code],
                order=order,
            )
        )
    result = _upsert(models.Area, "code", objects, ["zh", "en", "level", "path", "order"])
    _set_parents(models.Area, {row.code: row.parent for row in rows})
    _load_outlines(set(paths), _shapes(catalogue))
    return result


def _load_outlines(codes: set[str], shapes: dict[str, Any]) -> None:
    keys = dict(models.Area.objects.filter(code__in=codes).values_list("code", "pk"))
    rows = [
        models.Outline(area_id=keys[c], geometry=shape) for c, shape in shapes.items() if c in keys and shape
    ]
    gone = set(keys.values()) - {row.area_id for row in rows}
    models.Outline.objects.filter(area__in=gone).delete()
    _upsert(models.Outline, "area", rows, ["geometry"])


def _set_parents(model: Any, parents: dict[str, str | None]) -> None:
    ids = dict(model.objects.values_list("code", "id"))
    rows = [model(id=ids[code], parent_id=ids[parent]) for code, parent in parents.items() if parent]
    model.objects.bulk_update(rows, ["parent"], batch_size=500)


def _shapes(catalogue: Catalogue) -> dict[str, Any]:
    path = catalogue.folder / "areas.geojson"
    if not path.exists():
        return {}
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["adcode"]: f["geometry"] for f in features}


def _load_organisations(rows: list[schemas.OrganisationRow], catalogue: Catalogue) -> dict[str, int]:
    areas = dict(models.Area.objects.values_list("code", "id"))
    objects = [
        models.Organisation(
            code=r.code, kind=r.kind, zh=r.title.zh, en=r.title.en, area_id=areas.get(r.area or ""), order=i
        )
        for i, r in enumerate(rows)
    ]
    result = _upsert(models.Organisation, "code", objects, ["kind", "zh", "en", "area", "order"])
    _set_parents(models.Organisation, {row.code: row.parent for row in rows})
    return result


def _load_calendar(rows: list[schemas.CalendarRow], catalogue: Catalogue) -> dict[str, int]:
    models.CalendarDay.objects.all().delete()
    objects = [models.CalendarDay(date=r.date, kind=r.kind, name=r.name or "") for r in rows]
    models.CalendarDay.objects.bulk_create(objects, batch_size=500)
    return {"rows": len(objects)}


def _load_teams(rows: list[schemas.TeamRow], catalogue: Catalogue) -> dict[str, int]:
    leads = dict(models.Organisation.objects.values_list("code", "id"))
    objects = [
        models.Team(
            code=r.code,
            zh=r.zh,
            en=r.en or "",
            lead_id=leads.get(r.lead or ""),
            source=r.source or "",
            order=i,
        )
        for i, r in enumerate(rows)
    ]
    return _upsert(models.Team, "code", objects, ["zh", "en", "lead", "source", "order"])


def _load_sources(rows: list[schemas.SourceRow], catalogue: Catalogue) -> dict[str, int]:
    objects = [
        models.Source(
            code=r.code,
            zh=r.title.zh,
            en=r.title.en,
            use=r.use,
            rank=r.rank,
            units=r.units,
            contact=r.contact.model_dump() if r.contact else {},
            deliveries=[each.model_dump() for each in r.deliveries],
        )
        for r in rows
    ]
    return _upsert(
        models.Source, "code", objects, ["zh", "en", "use", "rank", "units", "contact", "deliveries"]
    )


def _load_industries(rows: list[schemas.IndustryRow], catalogue: Catalogue) -> dict[str, int]:
    rows = sorted(rows, key=lambda r: r.level)
    objects = [
        models.Industry(
            code=r.code, level=r.level, parent_id=r.parent, section=r.section, zh=r.name, en=r.en or ""
        )
        for r in rows
    ]
    return _upsert(models.Industry, "code", objects, ["level", "parent", "section", "zh", "en"])


def _check_sources(catalogue: Catalogue) -> Iterator[Mistake]:
    lines = catalogue.lines["sources.yaml"]
    for row, line in zip(catalogue.rows["sources.yaml"], lines, strict=True):
        named = [each.dataset for each in row.deliveries]
        for code in named:
            if code not in datasets.codes():
                expected = ", ".join(datasets.codes())
                yield Mistake(
                    "sources.yaml", line, f"data set '{code}' of source '{row.code}' is none of {expected}"
                )
            elif named.count(code) > 1:
                yield Mistake("sources.yaml", line, f"data set '{code}' stands twice for source '{row.code}'")
        for each in row.deliveries:
            if each.since and each.cycle and not fits(each.since, each.cycle):
                yield Mistake(
                    "sources.yaml", line, f"since '{each.since}' is no period of a {each.cycle} cycle"
                )


def _check_city(catalogue: Catalogue) -> Iterator[Mistake]:
    for city in catalogue.rows["city.yaml"]:
        if city.area not in {a.code for a in catalogue.rows["areas.csv"]}:
            yield Mistake("city.yaml", 1, f"area '{city.area}' is not in areas.csv")


def _check_areas(catalogue: Catalogue) -> Iterator[Mistake]:
    seen: set[str] = set()
    for row, line in zip(catalogue.rows["areas.csv"], catalogue.lines["areas.csv"], strict=True):
        if row.code in seen:
            yield Mistake("areas.csv", line, f"code '{row.code}' stands twice")
        if row.parent and row.parent not in seen:
            yield Mistake("areas.csv", line, f"parent '{row.parent}' must stand above its children")
        seen.add(row.code)


def _check_calendar(catalogue: Catalogue) -> Iterator[Mistake]:
    seen: set[date] = set()
    for row, line in zip(catalogue.rows["calendar.csv"], catalogue.lines["calendar.csv"], strict=True):
        if row.date in seen:
            yield Mistake("calendar.csv", line, f"date '{row.date}' stands twice")
        seen.add(row.date)


def _check_organisations(catalogue: Catalogue) -> Iterator[Mistake]:
    codes = Counter(r.code for r in catalogue.rows["organisations.yaml"])
    areas = {r.code for r in catalogue.rows["areas.csv"]}
    for row, line in zip(
        catalogue.rows["organisations.yaml"], catalogue.lines["organisations.yaml"], strict=True
    ):
        if codes[row.code] > 1:
            yield Mistake("organisations.yaml", line, f"organisation '{row.code}' stands twice")
        if row.parent and row.parent not in codes:
            yield Mistake(
                "organisations.yaml", line, f"parent '{row.parent}' is not an organisation of the catalogue"
            )
        if row.area and row.area not in areas:
            yield Mistake("organisations.yaml", line, f"area '{row.area}' is not in areas.csv")


def _check_roles(catalogue: Catalogue) -> Iterator[Mistake]:
    for row, line in zip(catalogue.rows["roles.yaml"], catalogue.lines["roles.yaml"], strict=True):
        for verb in row.verbs:
            kinds = verb.partition("@")[2].split("+") if "@" in verb else []
            if not VERB.match(verb) or any(k not in KINDS for k in kinds):
                yield Mistake(
                    "roles.yaml", line, f"verb '{verb}': expected area.verb[@{'|'.join(KINDS)}[+…]]"
                )
        for fault in separation.faults(row):
            yield Mistake("roles.yaml", line, fault)


def _check_policy(catalogue: Catalogue) -> Iterator[Mistake]:
    """The policy speaks of roles and verbs that exist."""
    roles = {row.code for row in catalogue.rows["roles.yaml"]}
    verbs = {verb.partition("@")[0] for row in catalogue.rows["roles.yaml"] for verb in row.verbs}
    for row, line in zip(catalogue.rows["accounts.yaml"], catalogue.lines["accounts.yaml"], strict=True):
        for role in set(row.second_factor) - roles:
            yield Mistake("accounts.yaml", line, f"second_factor: '{role}' is no role of roles.yaml")
        for verb in set(row.sensitive_verbs) - verbs:
            yield Mistake(
                "accounts.yaml", line, f"sensitive_verbs: '{verb}' is held by no role of roles.yaml"
            )
