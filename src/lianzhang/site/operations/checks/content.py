"""What is kept: events, files, catalogue, calendar, deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianzhang.city import services
from lianzhang.city.models import CalendarDay, CatalogueVersion
from lianzhang.kernel import catalogue, event_check, time
from lianzhang.kernel.doctor import MOST_NAMED, check
from lianzhang.kernel.models import Import
from lianzhang.registry import selectors
from lianzhang.site.operations import stored

CALENDAR_FROM = (11, 25)
"""From this day on next year's calendar should be there: the State Council publishes it in the weeks before."""


@check("events.chain", _("The log of events agrees with itself"), slow=True,
       cure=_("Nobody but the auditor decides: compare with the last good backup and the anchors."))  # fmt: skip
def chain() -> Iterable[str]:
    for fault in islice(event_check.verify(), MOST_NAMED + 1):
        yield f"{fault.subject}#{fault.seq} ({fault.event_id}): {fault.what}"


@check("files.missing", _("Every file that a row names is there"), slow=True,
       cure=_("Take the files named from a backup."))  # fmt: skip
def missing() -> Iterable[str]:
    yield from stored.missing("default", Path(settings.HOME))


@check("files.altered", _("Every file has the bytes it was kept under"), slow=True,
       cure=_("Take the files named from a backup; look at the disk."))  # fmt: skip
def altered() -> Iterable[str]:
    yield from stored.altered(Path(settings.HOME))


@check("files.ownerless", _("Every file is named by a row"), slow=True, severity="warning",
       cure=_("They take room and do no harm; remove them after a backup."))  # fmt: skip
def ownerless() -> Iterable[str]:
    yield from stored.ownerless(Path(settings.HOME))


@check("catalogue.loaded", _("A catalogue is loaded"), cure=_("Run: lianzhang init --city NAME"))
def loaded() -> Iterable[str]:
    if not CatalogueVersion.objects.exists():
        yield settings.CITY


@check(
    "catalogue.sound",
    _("The catalogue's files have no mistake"),
    cure=_("Mend the lines named, then load it."),
)
def sound() -> Iterable[str]:
    _parsed, mistakes = catalogue.read(catalogue.folder_of(settings.CITY))
    # What is wrong stands there as `lianzhang catalogue check` says it.
    where = gettext("%(file)s, line %(line)s: %(what)s")
    yield from (where % {"file": m.file, "line": m.line, "what": m.text} for m in mistakes)


@check("catalogue.same", _("The catalogue's files are those that are loaded"), severity="warning",
       cure=_("Look with: lianzhang catalogue diff, then: lianzhang catalogue load"))  # fmt: skip
def same() -> Iterable[str]:
    latest = CatalogueVersion.objects.first()
    parsed, mistakes = catalogue.read(catalogue.folder_of(settings.CITY))
    if latest is not None and not mistakes and parsed.digest != latest.digest:
        yield f"{latest.digest[:8]} ≠ {parsed.digest[:8]}"


@check("calendar.this_year", _("The working calendar knows this year"),
       cure=_("Add the year to calendar.csv and load the catalogue; until then due dates are provisional."))  # fmt: skip
def this_year() -> Iterable[str]:
    year = time.today().year
    if services.version_id() and not CalendarDay.objects.filter(date__year=year).exists():
        yield str(year)


@check("calendar.next_year", _("In December the working calendar knows next year"), severity="warning",
       cure=_("Add the year to calendar.csv and load the catalogue."))  # fmt: skip
def next_year() -> Iterable[str]:
    day = time.today()
    known = CalendarDay.objects.filter(date__year=day.year + 1).exists()
    if services.version_id() and (day.month, day.day) >= CALENDAR_FROM and not known:
        yield str(day.year + 1)


@check("deliveries.unfinished", _("No delivery waits for weeks, none hangs"), severity="warning",
       cure=_("Decide about it on the page of deliveries, or start the worker."))  # fmt: skip
def unfinished() -> Iterable[str]:
    waiting = Import.objects.filter(
        state__in=["uploaded", "read"], uploaded_at__lt=time.now() - timedelta(days=30)
    )
    hanging = Import.objects.filter(state="applying", uploaded_at__lt=time.now() - timedelta(days=1))
    for row in (*waiting[:MOST_NAMED], *hanging[:MOST_NAMED]):
        yield f"{row.pk} {row.file_name}: {row.get_state_display()} {timezone.localtime(row.uploaded_at):%Y-%m-%d}"


@check("demo.data", _("No generated data are in service"), service=True,
       cure=_("Begin with an empty data directory: generated rows are mixed with the real ones."))  # fmt: skip
def demo_data() -> Iterable[str]:
    if selectors.holds_synthetic_data():
        yield gettext("synthetic data")


@check("demo.clock", _("The city lives today"), service=True, severity="warning",
       cure=_("Take `clock` out of city.yaml, load the catalogue, and unset LIANZHANG_NOW."))  # fmt: skip
def demo_clock() -> Iterable[str]:
    if time.is_demo_clock():
        yield time.now().isoformat(timespec="minutes")
