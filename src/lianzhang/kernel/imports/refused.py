"""Refused rows have a lasting identity, and their mended successors are found when the file of refused rows comes back.

That file carries `_sheet _row _reason` beside the cells. The place says which rows may be meant, the cells which of them
it is: one that shares no cell with the row is not taken for its successor. Rows of other files: mended.py.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lianzhang.engines.tables import Problem, Row, SheetReport, TableResult, text_of
from lianzhang.kernel import time
from lianzhang.kernel.imports.dataset import REJECTED
from lianzhang.kernel.imports.fate import Fate
from lianzhang.kernel.imports.plan import TEXT, packed, unpacked
from lianzhang.kernel.imports.storable import storable
from lianzhang.kernel.keys import whole
from lianzhang.kernel.models import Import, RefusedRow
from lianzhang.kernel.scope import Actor

KEPT = 20_000
"""Refused rows of a delivery that are followed; the file of refused rows has all of them."""
PART = 500
Cells = list[list[str]]


@dataclass(frozen=True)
class Returned:
    """A row that carries the place of a refused one."""

    old_sheet: str
    old_row: int
    sheet: str
    row: int
    status: str
    cells: Cells


@dataclass(frozen=True)
class Link:
    """A refused row and the row it came back as."""

    old: RefusedRow
    new: Returned


class Refusals:
    """Watches a reading for rows that are refused and for rows that were refused before."""

    def __init__(self, key: tuple[str, ...]) -> None:
        self.key = key
        self.rows: list[RefusedRow] = []
        self.returned: list[Returned] = []
        self._at: tuple[TableResult, SheetReport] | None = None
        self._own: dict[str, int] = {}

    def see(self, result: TableResult, row: Row, fate: Fate) -> None:
        """Note a row that is refused or comes back."""
        sheet, own = self._place_in(result, row.sheet)
        if len(own) < 2 and fate.status != REJECTED:
            return
        cells = _cells(row, sheet)
        if len(own) == 2 and len(self.returned) < KEPT and (place := _place(row, own)):
            self.returned.append(Returned(*place, row.sheet, row.row_number, fate.status, cells))
        if fate.status == REJECTED and len(self.rows) < KEPT:
            self.rows.append(self._refused(row, cells))

    def _place_in(self, result: TableResult, name: str) -> tuple[SheetReport, dict[str, int]]:
        """The sheet and its columns of our own; looked up when a row stands in another one than the row before."""
        if self._at is None or self._at[0] is not result or self._at[1].name != name:
            sheet = next(s for s in result.sheets if s.name == name)
            self._at = result, sheet
            self._own = {c.header: c.index for c in sheet.columns if c.header in ("_sheet", "_row")}
        return self._at[1], self._own

    def _refused(self, row: Row, cells: Cells) -> RefusedRow:
        name = " ".join(str(v) for k in self.key if (v := row.values.get(k)) is not None)
        return RefusedRow(
            sheet=storable(row.sheet)[:200], row=row.row_number, content=content_of(cells), key=storable(name)[:TEXT], cells=storable(cells),
            reasons=[packed(p) for p in row.problems if p.severity == "error"][:20],
        )  # fmt: skip

    def links(self, delivery: Import, actor: Actor) -> list[Link]:
        """Which refused rows came back in this delivery, among those that this person may see; each at most once."""
        out, taken = [], set()
        for i in range(0, len(self.returned), PART):
            part = self.returned[i : i + PART]
            waiting = _waiting(delivery, actor, {r.old_row for r in part})
            for returned in part:
                candidates = [c for c in waiting[returned.old_sheet, returned.old_row] if c.pk not in taken]
                if (old := _best(returned, candidates, delivery)) is not None:
                    taken.add(old.pk)
                    out.append(Link(old, returned))
        return out

    def keep(self, delivery: Import, links: Sequence[Link]) -> None:
        """Store the refused rows of an applied delivery, and where the earlier ones came back."""
        now = time.now()
        for row in self.rows:
            row.delivery, row.source, row.dataset, row.at = delivery, delivery.source, delivery.dataset, now
        _refused_again(delivery, self.rows)
        RefusedRow.objects.bulk_create(self.rows, batch_size=PART)
        changed = []
        for link in links:
            old, new = link.old, link.new
            old.state = RefusedRow.State.AGAIN if new.status == REJECTED else RefusedRow.State.MENDED
            old.successor, old.successor_sheet, old.successor_row = delivery, new.sheet[:200], new.row
            old.settled_at = now
            changed.append(old)
        fields = ["state", "successor", "successor_sheet", "successor_row", "settled_at"]
        RefusedRow.objects.bulk_update(changed, fields, batch_size=PART)


def reopen(delivery: Import) -> None:
    """The delivery was taken back: what it had mended is not mended any more."""
    RefusedRow.objects.filter(successor=delivery).update(
        state=RefusedRow.State.OPEN, successor=None, successor_sheet="", successor_row=None, settled_at=None
    )


def content_of(cells: Cells) -> str:
    """The identity of what a row said: headings and cells, in any order of the columns."""
    said = sorted(c for c in cells if c[1])
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def _cells(row: Row, sheet: SheetReport) -> Cells:
    columns = [c for c in sheet.columns if not c.header.startswith("_") and c.index < len(row.raw)]
    texts = ((c.header, text_of(row.raw[c.index])) for c in columns[:200] if row.raw[c.index] is not None)
    return [[header[:TEXT], text.strip()[:TEXT]] for header, text in texts]


def _place(row: Row, own: dict[str, int]) -> tuple[str, int] | None:
    """The sheet and row a line says it stood in."""
    sheet, number = (
        text_of(row.raw[own[n]]).strip() if own[n] < len(row.raw) else "" for n in ("_sheet", "_row")
    )
    row_number = whole(number.removesuffix(".0"), 8)
    return None if row_number is None else (sheet, row_number)


def _waiting(delivery: Import, actor: Actor, rows: set[int]) -> dict[tuple[str, int], list[RefusedRow]]:
    query = RefusedRow.objects.visible_to(actor).filter(
        dataset=delivery.dataset, state=RefusedRow.State.OPEN, row__in=rows, delivery__state=Import.State.APPLIED,
        delivery__use=delivery.use,
    )  # fmt: skip
    out: dict[tuple[str, int], list[RefusedRow]] = defaultdict(list)
    for each in query.exclude(delivery_id=delivery.pk).order_by("-pk"):
        out[each.sheet, each.row].append(each)
    return out


def _best(returned: Returned, candidates: list[RefusedRow], delivery: Import) -> RefusedRow | None:
    """The one that shares most cells; of equal ones that of the same source, then the latest."""
    texts = {text for _heading, text in returned.cells if text}

    def shared(old: RefusedRow) -> int:
        return len(texts & {text for _heading, text in old.cells if text})

    ranked = sorted(candidates, key=lambda c: (shared(c), c.source == delivery.source, c.pk), reverse=True)
    return ranked[0] if ranked and shared(ranked[0]) else None


def _refused_again(delivery: Import, rows: list[RefusedRow]) -> None:
    """The same row of the same source refused once more stands on the list once: where it was refused last."""
    for part in _parts(rows):
        same = RefusedRow.objects.filter(
            dataset=delivery.dataset, source=delivery.source, state=RefusedRow.State.OPEN, content__in=[r.content for r in part]
        )  # fmt: skip
        same.exclude(delivery=delivery).update(
            state=RefusedRow.State.AGAIN, successor=delivery, settled_at=time.now()
        )


def _parts(rows: list[RefusedRow]) -> Iterator[list[RefusedRow]]:
    for i in range(0, len(rows), PART):
        yield rows[i : i + PART]


def problems_of(row: RefusedRow) -> list[Problem]:
    """Why a row was refused, to be told in the reader's language."""
    return [unpacked(row.sheet, row.row, parts) for parts in row.reasons]
