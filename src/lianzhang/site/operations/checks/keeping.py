"""Backups and what work leaves behind."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.doctor import check
from lianzhang.site.operations import state
from lianzhang.site.operations.health import BACKUP_OLD

DRILL_DAYS = 92
LEFT = (".backup-*", ".check-*", ".drill-*", ".restore", ".move-*", "*.new", ".*.gz.*")


@check("backup.age", _("There is a backup of the last day and a half"), cure=_("Run: lianzhang backup"))
def age() -> Iterable[str]:
    found = state.age("backup")
    if found is None or found > BACKUP_OLD:
        old = gettext("the newest is %(n)s hours old")
        yield gettext("there is none") if found is None else old % {"n": f"{found / 3600:.0f}"}


@check("backup.there", _("The newest backup lies where it was written"), cure=_("Run: lianzhang backup"))
def there() -> Iterable[str]:
    facts = state.kept("backup")
    if facts and "file" in facts:
        path = Path(facts["file"])
        if not path.is_file() or path.stat().st_size != facts["bytes"]:
            yield str(path)


@check("backup.rehearsed", _("A restore was rehearsed in the last quarter, and succeeded"),
       cure=_("Run: lianzhang drill"))  # fmt: skip
def rehearsed() -> Iterable[str]:
    found = state.age("drill")
    if found is None or found > DRILL_DAYS * 86400:
        old = gettext("the last was %(n)s days ago")
        yield gettext("there was none") if found is None else old % {"n": f"{found / 86400:.0f}"}
    elif facts := state.kept("drill"):
        yield from facts.get("faults", [])


@check(
    "files.left",
    _("No temporary file was left behind"),
    severity="warning",
    cure=_("Run: lianzhang retention"),
)
def left() -> Iterable[str]:
    yield from (str(path) for path in left_behind())


def left_behind() -> list[Path]:
    """Temporary files and folders of ours that are older than a day."""
    places = {Path(settings.HOME), Path(settings.BACKUPS)}
    found = {p for place in places if place.is_dir() for pattern in LEFT for p in place.glob(pattern)}
    return sorted(p for p in found if time.time() - p.stat().st_mtime > 86400)
