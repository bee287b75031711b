"""What is removed after its time: traces of work, and what came to nothing; never events, figures, matters, or deliveries
that were applied.

Where the catalogue's register of personal data gives a table its term (`keep_days`), that holds; the other days stand in the
settings. Logs stay for half a year at least, whatever was asked: the law wants that.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianzhang.city import personal
from lianzhang.kernel.jobs import progress
from lianzhang.kernel.models import IdempotentAnswer, Job, OneTimeCode, SignIn
from lianzhang.kernel.models.login import LoginFailure
from lianzhang.site.operations import unapplied
from lianzhang.site.operations.checks.keeping import left_behind
from lianzhang.site.operations.checks.settings import LAW_DAYS

Remove = Callable[[datetime, bool], int]


@dataclass(frozen=True)
class Rule:
    """One kind of trace. remove(before, really): how many are older; with `really` they are gone. model: the table whose
    term in the register of personal data it keeps, `app.model`."""

    code: str
    title: Any
    remove: Remove
    at_least: int = 1
    model: str = ""

    def days(self) -> int:
        """After how many days its rows go."""
        asked = personal.terms().get(self.model) or settings.RETENTION_DAYS[self.code]
        return max(asked, self.at_least)


def run(dry: bool = False) -> dict[str, int]:
    """Remove what is past its time, or only count it; rule → how many."""
    out = {}
    for rule in RULES:
        out[rule.code] = rule.remove(timezone.now() - timedelta(days=rule.days()), not dry)
    return out


def nightly() -> str:
    """For the schedule: what was removed, in words."""
    return ", ".join(f"{code} {count}" for code, count in run().items() if count) or "—"


def _rows(query: QuerySet[Any], really: bool) -> int:
    return query.delete()[0] if really else query.count()


def _jobs(before: datetime, really: bool) -> int:
    """Jobs that ended; a delivery that such a job did keeps everything but the link to it."""
    ended = [Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED]
    query = Job.objects.filter(state__in=ended, finished_at__lt=before, pk__in=_unneeded())
    found = list(query.values_list("pk", flat=True))
    for pk in found if really else ():
        progress.clear(pk)
    if really:
        Job.objects.filter(pk__in=found).delete()
    return len(found)


def _unneeded() -> QuerySet[Any]:
    """Jobs that no row needs: only what lets go of them by itself may point at them."""
    query = Job.objects.order_by()
    for relation in Job._meta.related_objects:
        name = getattr(relation.on_delete, "__name__", "")
        if name != "SET_NULL":
            needed = relation.related_model._base_manager.filter(**{f"{relation.field.name}__isnull": False})
            query = query.exclude(pk__in=needed.values(relation.field.attname))
    return query.values("pk")


def _sessions(before: datetime, really: bool) -> int:
    ended = Session.objects.filter(expire_date__lt=before)
    if really:
        UserSession.objects.filter(session_key__in=ended.values("session_key")).delete()
    return _rows(ended, really)


def _logins(before: datetime, really: bool) -> int:
    return _rows(LoginFailure.objects.filter(at__lt=before), really)


def _sign_ins(before: datetime, really: bool) -> int:
    return _rows(SignIn.objects.filter(at__lt=before), really)


def _devices(before: datetime, really: bool) -> int:
    """What is listed of sessions that nobody used since."""
    return _rows(UserSession.objects.filter(last_seen_at__lt=before), really)


def _answers(before: datetime, really: bool) -> int:
    return _rows(IdempotentAnswer.objects.filter(at__lt=before), really)


def _logs(before: datetime, really: bool) -> int:
    folder = settings.LOG_DIR
    if not folder:
        return 0
    first = f"lianzhang-{before.astimezone(UTC):%Y%m%d}.jsonl"
    return _files([p for p in Path(folder).glob("lianzhang-????????.jsonl") if p.name < first], really)


def _parts(before: datetime, really: bool) -> int:
    """Uploads broken off."""
    found = [p for p in (Path(settings.HOME) / "imports").glob("*.part") if _older(p, before)]
    return _files(found, really)


def _codes(before: datetime, really: bool) -> int:
    """One-time codes that were used, taken back, or not used in time."""
    over = Q(used_at__lt=before) | Q(revoked_at__lt=before) | Q(expires_at__lt=before)
    return _rows(OneTimeCode.objects.filter(over), really)


def _previews(before: datetime, really: bool) -> int:
    return _files(unapplied.left_beside(before), really)


def _temp(_before: datetime, really: bool) -> int:
    return _files(left_behind(), really)


def _older(path: Path, before: datetime) -> bool:
    return path.stat().st_mtime < before.timestamp() and path.stat().st_mtime < time.time()


def _files(paths: list[Path], really: bool) -> int:
    for path in paths if really else ():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return len(paths)


RULES = (
    Rule("jobs", _("Long work that ended"), _jobs, 7),
    Rule("sessions", _("Sessions that ended"), _sessions),
    Rule("devices", _("Addresses and browsers of sessions"), _devices, model="usersessions.usersession"),
    Rule("logins", _("Failed sign-ins"), _logins, LAW_DAYS, "kernel.loginfailure"),
    Rule("signins", _("The sign-in log"), _sign_ins, LAW_DAYS, "kernel.signin"),
    Rule("idempotency", _("Answers kept for requests sent twice"), _answers, model="kernel.idempotentanswer"),
    Rule("logs", _("Log files"), _logs, LAW_DAYS),
    Rule("codes", _("One-time codes that are over"), _codes, model="kernel.onetimecode"),
    Rule("deliveries", _("Deliveries that were never applied"), unapplied.remove, 30),
    Rule("previews", _("Previews and refused rows of deliveries that are gone"), _previews),
    Rule("uploads", _("Uploads broken off"), _parts),
    Rule("temp", _("Temporary files left behind"), _temp),
)


def without_rule() -> list[str]:
    """Tables to which the register gives a term, and that nothing keeps."""
    return sorted(set(personal.terms()) - {rule.model for rule in RULES})
