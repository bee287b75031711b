"""CAS 2 and 3: the ticket is validated at the service; its XML is read without entities."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.http import HttpRequest

from lianzhang.kernel import outbound
from lianzhang.kernel.accounts.sso import journey
from lianzhang.kernel.accounts.sso.service import Identity, Refused, Service, Started, identity

SPACE = "{http://www.yale.edu/tp/cas}"
TICKET = re.compile(r"^ST-[A-Za-z0-9._-]{1,250}$")


def leave(service: Service, started: Started, back: str) -> str:
    """The address to send the person to."""
    return f"{service.authorize}{'&' if '?' in service.authorize else '?'}{urlencode({'service': _own(started, back)})}"


def arrive(service: Service, started: Started, back: str, request: HttpRequest) -> Identity:
    """Who came back. Raises Refused, OutboundError."""
    ticket = journey.one(request, "ticket")
    if not TICKET.match(ticket):
        raise Refused("no service ticket")
    asked = urlencode({"service": _own(started, back), "ticket": ticket})
    return read(service, outbound.send(f"{service.validate_at}?{asked}", headers={"Accept": "*/*"}).body)


def read(service: Service, body: bytes) -> Identity:
    """The person whom an answer of serviceValidate names. Raises Refused.

    Exactly one success, directly below the root, with exactly one user: what is wrapped elsewhere counts for nothing.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Refused(f"the answer is no XML: {type(error).__name__}") from error
    done = root.findall(f"{SPACE}authenticationSuccess")
    if root.tag != f"{SPACE}serviceResponse" or len(root) != 1 or len(done) != 1:
        raise Refused("the ticket was not accepted")
    users = done[0].findall(f"{SPACE}user")
    if len(users) != 1 or len(users[0]) or not (users[0].text or "").strip():
        raise Refused("the answer names nobody")
    return identity(service, _attributes(done[0]), (users[0].text or "").strip())


def _attributes(done: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for holder in done.findall(f"{SPACE}attributes"):
        for each in holder:
            name = each.tag.removeprefix(SPACE)
            if name in found:
                raise Refused("an attribute comes twice")
            found[name] = (each.text or "").strip()
    return found


def _own(started: Started, back: str) -> str:
    """Our address as the service knows it: with the state, which so comes back with the ticket."""
    return f"{back}?{urlencode({'state': started.state})}"
