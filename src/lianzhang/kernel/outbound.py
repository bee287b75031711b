"""Requests that the program itself sends out: only to hosts that the installation names, never where an answer points.

`LIANZHANG_OUTBOUND` lists them. `sso.example.gov.cn` (or with a port) means https; plain http must be said:
`http://127.0.0.1:9000`. Redirects are not followed, proxies of the environment are not used, answers are bounded.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings
from django.utils.translation import gettext as _

TIMEOUT = 8  # seconds
LARGEST = 512 * 1024  # bytes of an answer
PORTS = {"https": 443, "http": 80}


class OutboundError(Exception):
    """The request was not sent, or got no usable answer; says why."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises OutboundError when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise OutboundError(_("the answer is no JSON")) from error


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def permitted(url: str) -> bool:
    """Whether the installation allows requests to this address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if (
        parts.scheme not in PORTS
        or not parts.hostname
        or parts.username is not None
        or parts.password is not None
    ):
        return False
    if any(ord(c) <= 32 or ord(c) > 126 or c == "\\" for c in url):
        return False
    return (parts.scheme, parts.hostname, port or PORTS[parts.scheme]) in _hosts()


def this_machine(url: str) -> bool:
    """Whether the address is this machine's own: what goes there is on no wire."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def _hosts() -> set[tuple[str, str, int]]:
    found = set()
    for entry in settings.OUTBOUND_HOSTS:
        parts = urlsplit(entry if "://" in entry else f"https://{entry}")
        if parts.scheme in PORTS and parts.hostname:
            found.add((parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]))
    return found


def send(
    url: str,
    *,
    form: dict[str, str] | None = None,
    body: Any = None,
    headers: dict[str, str] | None = None,
    sign: Callable[[bytes], dict[str, str]] | None = None,
) -> Answer:
    """GET, or POST with a form or a JSON body; `sign` gives headers from the body as it is sent. Raises OutboundError
    before any socket is opened for a foreign host."""
    if not permitted(url):
        host = urlsplit(url).hostname or url[:40]
        raise OutboundError(_("the host of %(host)s is not in LIANZHANG_OUTBOUND") % {"host": repr(host)})
    data, kind = None, {}
    if form is not None:
        data, kind = urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    elif body is not None:
        data, kind = json.dumps(body).encode(), {"Content-Type": "application/json"}
    if sign is not None:
        kind |= sign(data or b"")
    request = Request(url, data=data, headers={"Accept": "application/json", **kind, **(headers or {})})  # noqa: S310 (scheme checked)
    try:
        with build_opener(ProxyHandler({}), _Stay()).open(request, timeout=TIMEOUT) as answer:
            content = answer.read(LARGEST + 1)
            status = answer.status
    except HTTPError as error:
        raise OutboundError(_("answered with status %(status)s") % {"status": error.code}) from error
    except (URLError, OSError, ValueError) as error:
        raise OutboundError(_("no answer: %(kind)s") % {"kind": type(error).__name__}) from error
    if len(content) > LARGEST:
        raise OutboundError(_("the answer is too long"))
    return Answer(status, content)
