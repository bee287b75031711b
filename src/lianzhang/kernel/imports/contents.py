"""Who may see what stands in a delivered file, and the record of who did."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from lianzhang.kernel import events, time
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.masking import Kind
from lianzhang.kernel.models import Event, Import
from lianzhang.kernel.scope import Actor

OPENED = "contents_opened"


def may_read(actor: Actor, row: Import) -> bool:
    """Who handed it in, and who works with deliveries: others who see deliveries see that there was one, and its counts.
    Statistical returns stay with the statistics role and with who handed them in."""
    if row.owner_id == actor.user_id:
        return True
    return actor.can("filing.statistical" if row.use == "statistical" else "import.run")


def opened(actor: Actor, row: Import) -> None:
    """Record that somebody opened another's delivery of a data set with personal columns: once a day and a delivery."""
    masks = datasets.get(row.dataset).masks() if row.dataset in datasets.codes() else {}
    if not masks or row.owner_id == actor.user_id:
        return
    ref = f"import:{row.pk}"
    told = Event.objects.filter(subject=ref, verb=OPENED, actor_id=actor.user_id, at__date=time.today())
    if told.exists():
        return
    try:
        _record(actor, ref, masks)
    except IntegrityError:  # another event of this delivery at the same moment
        _record(actor, ref, masks)


@transaction.atomic
def _record(actor: Actor, ref: str, masks: Mapping[str, Kind]) -> None:
    events.record(actor, ref, OPENED, {"columns": sorted(masks), "post": actor.role})
