"""Settings and secrets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.checks import run_checks
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.accounts import sms
from lianzhang.kernel.doctor import check

LOCAL = {"127.0.0.1", "localhost", "[::1]", "testserver"}
LAW_DAYS = 183
"""Logs of network operation are kept for six months (Cybersecurity Law of the PRC)."""


def _public_hosts() -> list[str]:
    return [h for h in settings.ALLOWED_HOSTS if h not in LOCAL]


@check("settings.debug", _("The demonstration mode is off"), cure=_("Unset LIANZHANG_DEBUG and start again."))
def debug() -> Iterable[str]:
    if settings.DEBUG:
        yield "LIANZHANG_DEBUG=1"


@check("settings.secret", _("The signing key is long and drawn by chance"),
       cure=_("Unset LIANZHANG_SECRET, so that a key is drawn, or set one of 50 characters or more."))  # fmt: skip
def secret() -> Iterable[str]:
    key = settings.SECRET_KEY
    if len(key) < 40 or len(set(key)) < 10 or key.startswith("django-insecure"):
        yield gettext("%(n)s characters, %(different)s different ones") % {
            "n": len(key),
            "different": len(set(key)),
        }


@check(
    "settings.key_files",
    _("Key files are readable by their owner only"),
    cure=_("chmod 600 the files named."),
)
def key_files() -> Iterable[str]:
    home = Path(settings.HOME)
    for path in (home / "secret.key", Path(settings.CRYPTO_KEYS or home / "keys.json")):
        if path.exists() and path.stat().st_mode & 0o077:
            yield f"{path}: {path.stat().st_mode & 0o777:o}"


@check("settings.hosts", _("Only named hosts are answered"), cure=_("Name the hosts in LIANZHANG_HOSTS."))
def hosts() -> Iterable[str]:
    yield from (h for h in settings.ALLOWED_HOSTS if h in ("*", "") or h != h.strip())


@check("settings.https", _("Served to others, it is served over TLS"),
       cure=_("Put a proxy with TLS in front and set LIANZHANG_HTTPS=1 and LIANZHANG_PROXY=1."))  # fmt: skip
def https() -> Iterable[str]:
    if _public_hosts() and not settings.HTTPS:
        yield ", ".join(_public_hosts())


@check("settings.proxy", _("The proxy's word on TLS is believed where TLS is used"),
       cure=_("Set LIANZHANG_PROXY=1 behind a proxy that overwrites X-Forwarded-Proto."))  # fmt: skip
def proxy() -> Iterable[str]:
    if settings.HTTPS and not settings.SECURE_PROXY_SSL_HEADER:
        yield gettext("LIANZHANG_HTTPS=1, but LIANZHANG_PROXY is not set")


@check("settings.origins", _("Trusted origins are whole addresses over TLS"),
       cure=_("Write LIANZHANG_ORIGINS as https://host, joined by commas."))  # fmt: skip
def origins() -> Iterable[str]:
    yield from (o for o in settings.CSRF_TRUSTED_ORIGINS if not o.startswith("https://") or "*" in o)


@check("settings.cookies", _("Cookies are closed to scripts, and sent over TLS only"),
       cure=_("Set LIANZHANG_HTTPS=1; do not change the cookies' settings."))  # fmt: skip
def cookies() -> Iterable[str]:
    if not settings.SESSION_COOKIE_HTTPONLY:
        yield "SESSION_COOKIE_HTTPONLY"
    if settings.HTTPS and not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield "SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE"


@check("settings.checks", _("The program's own start-up checks pass"), cure=_("Mend what is named."))
def start_up() -> Iterable[str]:
    yield from (
        f"{m.id or ''} {m.msg}".strip() for m in run_checks() if m.level >= 30 and not m.is_silenced()
    )


@check("settings.log_days", _("Logs are kept for half a year at least"),
       cure=_("Set LIANZHANG_LOG_DAYS to 183 or more."))  # fmt: skip
def log_days() -> Iterable[str]:
    if settings.RETENTION_DAYS["logs"] < LAW_DAYS:
        yield gettext("%(n)s days") % {"n": settings.RETENTION_DAYS["logs"]}


@check(
    "settings.sessions", _("A session ends after a day at the latest"), cure=_("Shorten SESSION_COOKIE_AGE.")
)
def sessions() -> Iterable[str]:
    if settings.SESSION_COOKIE_AGE > 24 * 3600:
        yield gettext("%(n)s hours") % {"n": settings.SESSION_COOKIE_AGE // 3600}


@check("settings.sms", _("Messages with one-time codes can be sent, signed and out of others' sight"),
       cure=_("Mend the file that LIANZHANG_SMS names, its key file, or LIANZHANG_OUTBOUND."))  # fmt: skip
def messages() -> Iterable[str]:
    yield from sms.problems()
