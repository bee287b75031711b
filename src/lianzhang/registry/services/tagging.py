"""Words that people put on enterprises."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.kernel import events
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise, ManualTag
from lianzhang.registry.services.errors import Refused, said

VERB = "tag.edit"
LONGEST = 40


@transaction.atomic
def put(*, actor: Actor, enterprise: Enterprise, word: str, reason: str) -> ManualTag:
    """Put a word on an enterprise, with who and why. Raises Refused."""
    _may(actor, enterprise)
    word = word.replace("\x00", "").strip()
    if not word or len(word) > LONGEST:
        raise Refused(_("Give the tag a word of at most %(n)s characters.") % {"n": LONGEST})
    reason = said(reason)
    row, fresh = ManualTag.objects.get_or_create(
        enterprise=enterprise, word=word, defaults={"reason": reason, "by": actor.user}
    )
    if not fresh:
        raise Refused(_("“%(word)s” stands on this enterprise already.") % {"word": word})
    events.record(actor, enterprise.ref, "tag_put", {"word": word, "reason": reason})
    return row


@transaction.atomic
def take(*, actor: Actor, tag: ManualTag) -> None:
    """Take a word away. Raises Refused."""
    _may(actor, tag.enterprise)
    events.record(actor, tag.enterprise.ref, "tag_taken", {"word": tag.word})
    ManualTag.objects.filter(pk=tag.pk).delete()


def _may(actor: Actor, enterprise: Enterprise) -> None:
    sees = Enterprise.objects.registered().visible_to(actor).filter(pk=enterprise.pk)
    if not actor.can(VERB) or not sees.exists():
        raise Refused(_("Your post may not put tags on this enterprise."))
