"""A consent is given or withdrawn; both take effect in the same transaction, everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.city.models import Source
from lianzhang.kernel import events, time
from lianzhang.kernel.filetypes import HEAD, Unwelcome, kind_of
from lianzhang.kernel.imports import store
from lianzhang.kernel.scope import Actor
from lianzhang.registry import consents, selectors
from lianzhang.registry.models import Consent, Enterprise
from lianzhang.registry.services.errors import Refused, said

VERB = "consent.give"
NAME, POSITION, PURPOSE = 80, 80, 300


@dataclass(frozen=True)
class Terms:
    """Who consents to what, for what, from when until when. source "": of every source; fields (): all figures."""

    given_by: str
    purpose: str
    since: date
    until: date | None = None
    position: str = ""
    source: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """The paper, as it came: its name and its bytes."""

    name: str
    chunks: Iterable[bytes]


@transaction.atomic
def grant(*, actor: Actor, enterprise: Enterprise, terms: Terms, evidence: Evidence | None = None) -> Consent:
    """Record a consent: of one's own enterprise, or on paper by an office, which keeps the paper with it. Raises Refused."""
    firm = _firm(actor, enterprise)
    own = firm.pk in actor.scope.enterprises()
    _check(terms)
    if not own and evidence is None:
        raise Refused(_("Add the paper on which the enterprise consented."))
    kept = _kept(evidence) if evidence else {}
    row = Consent.objects.create(
        enterprise=firm, source=terms.source, fields=sorted(set(terms.fields)), purpose=terms.purpose.strip(),
        given_by=terms.given_by.strip(), position=terms.position.strip(), since=terms.since, until=terms.until, recorded_by=actor.user,
        own=own, **kept,
    )  # fmt: skip
    told = {"source": row.source, "fields": row.fields, "since": row.since.isoformat(), "until": row.until.isoformat() if row.until else None}  # fmt: skip
    drafts = [events.Draft(ref, "consent_given", {**told, "consent": row.pk}) for ref in (row.ref, firm.ref)]
    events.record_many(actor, drafts)
    consents.put_right([firm.pk])
    return row


@transaction.atomic
def withdraw(*, actor: Actor, consent: Consent, reason: str) -> None:
    """End a consent now: from this moment on nothing that stood on it alone is used or shown. Raises Refused."""
    reason = said(reason)
    firm = _firm(actor, consent.enterprise)
    rows = Consent.objects.select_for_update().filter(pk=consent.pk, withdrawn_at__isnull=True)
    if not rows.update(withdrawn_at=time.now(), withdrawn_by=actor.user, withdrawn_reason=reason):
        raise Refused(_("This consent was withdrawn already."))
    told = {"consent": consent.pk, "reason": reason}
    events.record_many(
        actor, [events.Draft(ref, "consent_withdrawn", told) for ref in (consent.ref, firm.ref)]
    )
    consents.put_right([firm.pk])


def _firm(actor: Actor, enterprise: Enterprise) -> Enterprise:
    """The enterprise as it is shown, if the actor may speak for it or record what it said."""
    firm = selectors.enterprise_for(actor, enterprise.pk)
    if firm is None or not actor.can(VERB):
        raise Refused(_("Your post may not record consents of this enterprise."))
    return firm


def _check(terms: Terms) -> None:
    for text, most, what in (
        (terms.given_by, NAME, _("Who consents")), (terms.purpose, PURPOSE, _("The purpose")), (terms.position or "-", POSITION, _("The position")),
    ):  # fmt: skip
        if not text.strip():
            raise Refused(_("%(what)s is missing.") % {"what": what})
        if len(text) > most or "\x00" in text:
            raise Refused(_("%(what)s is longer than %(n)s characters.") % {"what": what, "n": most})
    if terms.until is not None and terms.until < terms.since:
        raise Refused(_("The last day lies before the first."))
    if terms.source and not Source.objects.filter(code=terms.source).exists():
        raise Refused(_("This source is not in the catalogue."))
    known = {f["code"] for f in selectors.facts()}
    if strange := sorted(set(terms.fields) - known):
        raise Refused(_("No such figure: %(names)s") % {"names": ", ".join(strange)[:200]})


def _kept(evidence: Evidence) -> dict[str, str]:
    """The paper in the store; its kind by its bytes."""
    name = "".join(c for c in evidence.name.replace("\\", "/").rpartition("/")[2] if c.isprintable()).strip(
        ". "
    )[-200:]
    chunks = iter(evidence.chunks)
    head = b""
    while len(head) < HEAD and (piece := next(chunks, b"")):
        head += piece
    if not name or not head:
        raise Refused(_("The file is empty or has no name."))
    try:
        kind = kind_of(name, head[:HEAD])
        sha256, _size = store.keep(chain([head], chunks), settings.ATTACHMENT_LIMIT_BYTES)
    except Unwelcome as error:
        raise Refused(str(error)) from error
    except store.TooLarge as error:
        told = {"limit": settings.ATTACHMENT_LIMIT_BYTES // 2**20}
        raise Refused(_("The file is larger than %(limit)s MB.") % told) from error
    return {"evidence_name": name, "evidence_sha256": sha256, "evidence_kind": kind}
