"""The services of `sso.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from lianzhang.city.services import in_language, section
from lianzhang.kernel.accounts.sso.service import Service
from lianzhang.kernel.accounts.ways import Way
from lianzhang.kernel.catalogue import Catalogue, Mistake

FILE = "sso.yaml"


class Known(Service):
    """A service with its title in the reader's language."""

    @property
    def name(self) -> str:
        """The title."""
        return in_language(self.title.model_dump())


def providers() -> tuple[Known, ...]:
    """All services of the catalogue in force."""
    return tuple(Known(**row) for row in section(FILE))


def provider(code: str) -> Known | None:
    """One service."""
    return next((p for p in providers() if p.code == code), None)


def ways() -> list[Way]:
    """The buttons of the sign-in page."""
    return [Way(p.name, reverse("city:sso", args=[p.code]), p.code, p.logout) for p in providers()]


def load(rows: list[Any], catalogue: Catalogue) -> dict[str, int]:
    """Kept in the version itself."""
    return {"rows": len(rows)}


def check(catalogue: Catalogue) -> Iterator[Mistake]:
    """Codes stand once; roles of agents exist and hold in an enterprise only, with no sensitive reach."""
    roles = {row.code: row for row in catalogue.rows["roles.yaml"]}
    seen: set[str] = set()
    for row, line in zip(catalogue.rows[FILE], catalogue.lines[FILE], strict=True):
        if row.code in seen:
            yield Mistake(FILE, line, f"code '{row.code}' stands twice")
        seen.add(row.code)
        if row.people == "enterprise" and (row.role not in roles or roles[row.role].scope != "enterprise"):
            yield Mistake(
                FILE, line, f"role '{row.role}': expected a role of roles.yaml with scope enterprise"
            )
