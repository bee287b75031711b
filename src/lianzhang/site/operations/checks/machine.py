"""The machine below: disk, clock, fonts, libraries, rights."""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import disk, readonly
from lianzhang.kernel.doctor import check
from lianzhang.kernel.models import Event

OLDEST_PYTHON = (3, 11)
FILES = 1024
CLOCK_SECONDS = 5.0


@check("machine.python", _("Python is new enough"), cure=_("Install Python 3.11 or newer."))
def python() -> Iterable[str]:
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield sys.version.split()[0]


@check("machine.files", _("Enough files may be open at once"), cure=_("Raise LimitNOFILE of the service to 4096."),
       severity="warning")  # fmt: skip
def files() -> Iterable[str]:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES:
        yield str(soft)


@check(
    "machine.disk", _("The disk of the data directory has room"), cure=_("Make room, or enlarge the disk.")
)
def room() -> Iterable[str]:
    if disk.free() < 2 * settings.DISK_LEAST_BYTES:
        yield f"{settings.HOME}: {disk.free() >> 20} MB"


@check("machine.ballast", _("The ballast for a full disk lies ready"), severity="warning",
       cure=_("Start web or worker once with room on the disk; they lay it."))  # fmt: skip
def ballast() -> Iterable[str]:
    if settings.BALLAST_BYTES and not disk.ballast().exists():
        yield str(disk.ballast())


@check("machine.home", _("The data directory is closed to others"), cure=_("chmod 700 the folder named."))
def home() -> Iterable[str]:
    mode = Path(settings.HOME).stat().st_mode
    if mode & 0o077:
        yield f"{settings.HOME}: {mode & 0o777:o}"


@check("machine.owner", _("What lies in the data directory belongs to who runs the program"),
       cure=_("chown the files named to the service's account."))  # fmt: skip
def owner() -> Iterable[str]:
    for path in sorted(Path(settings.HOME).iterdir()):
        if path.stat().st_uid != os.geteuid():
            yield f"{path.name}: {path.stat().st_uid}"


@check("machine.clock", _("The clock agrees with the database and with the log of events"),
       cure=_("Set the machine's clock by NTP."))  # fmt: skip
def clock() -> Iterable[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp())" if connection.vendor == "postgresql"
            else "SELECT (julianday('now') - 2440587.5) * 86400.0"
        )  # fmt: skip
        apart = float(cursor.fetchone()[0]) - time.time()
    if abs(apart) > CLOCK_SECONDS:
        yield gettext("%(n)s seconds apart") % {"n": f"{apart:+.0f}"}
    newest = Event.objects.order_by("-pk").values_list("at", flat=True).first()
    if newest is not None and (newest - datetime.now(UTC)).total_seconds() > 300:
        yield gettext("newest event: %(at)s") % {"at": newest.isoformat(timespec="seconds")}


@check("machine.zone", _("The city's time zone is known"), cure=_("Install tzdata, or correct TIME_ZONE."))
def zone() -> Iterable[str]:
    try:
        ZoneInfo(settings.TIME_ZONE)
    except Exception:
        yield settings.TIME_ZONE


@check("machine.fonts", _("There are fonts for Chinese in PDF files"), cure=_("Install fonts-noto-cjk."),
       severity="warning")  # fmt: skip
def fonts() -> Iterable[str]:
    try:
        listed = subprocess.run(
            ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False
        ).stdout
    except FileNotFoundError:
        listed = ""
    if not listed.strip():
        yield "fc-list :lang=zh"


@check("machine.pango", _("PDF files can be laid out (Pango)"), cure=_("Install libpango-1.0-0 and libpangoft2-1.0-0."),
       severity="warning")  # fmt: skip
def pango() -> Iterable[str]:
    yield from (name for name in ("pango-1.0", "pangoft2-1.0") if ctypes.util.find_library(name) is None)


@check("machine.sm3", _("SM3 can be computed"), cure=_("Use a Python built with OpenSSL that has SM3."),
       severity="warning")  # fmt: skip
def sm3() -> Iterable[str]:
    try:
        hashlib.new("sm3")
    except ValueError as error:
        yield str(error)


@check("machine.temp", _("Temporary files can be written"), cure=_("Set TMPDIR to a folder with room."))
def temp() -> Iterable[str]:
    try:
        with tempfile.NamedTemporaryFile() as handle:
            handle.write(b"x")
    except OSError as error:
        yield str(error)


@check("machine.encoding", _("File names are UTF-8"), cure=_("Set PYTHONUTF8=1 for the service."))
def encoding() -> Iterable[str]:
    if sys.getfilesystemencoding().lower() != "utf-8":
        yield sys.getfilesystemencoding()


@check(
    "machine.assets", _("The files of the pages are there"), cure=_("Install the wheel, or run make assets.")
)
def assets() -> Iterable[str]:
    wanted = ("vendor/tabler.min.css", "kernel/app.css", "kernel/icons.svg", "kernel/js/main.js")
    yield from (name for name in wanted if finders.find(name) is None)


@check(
    "machine.messages", _("The translations are compiled"), cure=_("Install the wheel, or run make messages.")
)
def messages() -> Iterable[str]:
    for source in sorted(settings.BASE_DIR.glob("**/locale/*/LC_MESSAGES/django.po")):
        if not source.with_suffix(".mo").exists():
            yield source.relative_to(settings.BASE_DIR).as_posix()


@check("machine.read_only", _("The installation is not read-only for long"), severity="warning",
       cure=_("End it with: lianzhang maintenance off"))  # fmt: skip
def read_only() -> Iterable[str]:
    mode = readonly.mode()
    if mode is not None and (mode.by == "disk" or (datetime.now(UTC) - mode.began).total_seconds() > 86400):
        yield f"{mode.since} {gettext('the disk is nearly full') if mode.by == 'disk' else mode.reason}"
