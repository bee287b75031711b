"""What is kept beside a delivery while its file is read: what becomes of each row, and which refused rows came back."""

from __future__ import annotations

from lianzhang.engines.tables import Row, TableResult
from lianzhang.kernel.imports import mended
from lianzhang.kernel.imports.fate import Fate
from lianzhang.kernel.imports.plan import Plan
from lianzhang.kernel.imports.refused import Link, Refusals
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import Actor


class Beside:
    """Shown every row; `link` (a preview) or `keep` (in the transaction of applying), then `close`, else `abandon`."""

    def __init__(self, key: tuple[str, ...]) -> None:
        self.plan, self.refusals = Plan(key), Refusals(key)

    def see(self, result: TableResult, row: Row, fate: Fate) -> None:
        """Note one row."""
        self.plan.see(result, row, fate)
        self.refusals.see(result, row, fate)

    def link(self, delivery: Import, actor: Actor) -> list[Link]:
        """Note in the plan where rows come from that were refused before."""
        links = self.refusals.links(delivery, actor)
        links += mended.links(delivery, actor, self.plan, links)
        if links:
            self.plan.expect_origins()
        for link in links:
            old, new = link.old, link.new
            self.plan.came_from(new.sheet, new.row, old.delivery_id, old.sheet, old.row)
        return links

    def keep(self, delivery: Import, actor: Actor) -> None:
        """Store the refused rows, and that earlier ones were mended."""
        self.refusals.keep(delivery, self.link(delivery, actor))

    def close(self, delivery_id: int) -> None:
        """The reading is complete."""
        self.plan.close(delivery_id)

    def abandon(self) -> None:
        """Nothing came of the reading."""
        self.plan.abandon()
