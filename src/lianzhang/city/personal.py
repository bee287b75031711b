"""personal_data.yaml: the register of fields that tell of persons."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal

from django.apps import apps
from pydantic import Field

from lianzhang.city.schemas import Row, Title
from lianzhang.kernel import catalogue as kernel
from lianzhang.kernel.catalogue import Catalogue, Mistake, Section


class PersonalRow(Row):
    """One field `app.model.field`: purpose, ground, level, term, holder; what an erasure does with it."""

    field: str
    of: str = ""
    what: Title
    purpose: Title
    basis: Title
    level: Literal["general", "sensitive"]
    holder: str
    erase: Literal["blank", "empty", "replace", "delete", "vault", "file", "keep"]
    keep_days: int | None = Field(default=None, ge=1)
    why: Title | None = None
    secret: bool = False


def register() -> None:
    """Tell the kernel of the section."""
    kernel.register(Section("personal_data.yaml", PersonalRow, _keep, order=9, cross=_check))


def _keep(rows: list[Any], catalogue: Catalogue) -> dict[str, int]:
    """Kept in the version itself."""
    return {"rows": len(rows)}


def _check(catalogue: Catalogue) -> Iterator[Mistake]:
    """Every row names a field of the program, once; what is kept says why."""
    seen: set[str] = set()
    file = "personal_data.yaml"
    for row, line in zip(catalogue.rows[file], catalogue.lines[file], strict=True):
        if not known(row.field):
            yield Mistake(file, line, f"'{row.field}' is no field of the program, expected app.model.field")
        if row.field in seen:
            yield Mistake(file, line, f"field '{row.field}' stands twice")
        if row.erase == "keep" and row.why is None:
            yield Mistake(file, line, f"'{row.field}' is kept at an erasure, expected `why`")
        seen.add(row.field)


@lru_cache(maxsize=1024)
def known(name: str) -> bool:
    """Whether `app.model.field` is a field of the program."""
    try:
        app, model, field = name.split(".")
        apps.get_model(app, model)._meta.get_field(field)
    except (ValueError, LookupError):
        return False
    except Exception:  # FieldDoesNotExist is no LookupError
        return False
    return True


def entries() -> list[PersonalRow]:
    """The register in force."""
    from lianzhang.city.services import section

    return [PersonalRow(**row) for row in section("personal_data.yaml")]


def terms() -> dict[str, int]:
    """`app.model` → days after which its rows may go by themselves: the shortest term of its fields."""
    out: dict[str, int] = {}
    for row in entries():
        if row.keep_days:
            model = row.field.rpartition(".")[0]
            out[model] = min(out.get(model, row.keep_days), row.keep_days)
    return out
