"""The release as work of the worker: linear programs take seconds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from lianzhang.kernel.jobs.runner import Handle, job
from lianzhang.kernel.jobs.runner import Refused as JobRefused
from lianzhang.kernel.scope import actor_in_post
from lianzhang.registry.statistics import services


@job("registry.release")
def release(
    handle: Handle, measure: str, year: int, basis: str, user: int, post: int | None
) -> dict[str, Any]:
    """Make a release as the person who asked for it, with what the post may do today."""
    handle.step(0.1, _("looking for cells that tell too much"))
    try:
        row = services.release(actor=actor_in_post(user, post), measure=measure, year=year, basis=basis)
    except services.Refused as error:
        raise JobRefused(str(error)) from None
    return {"release": row.pk, "withheld": len(row.withheld), "published": len(row.published)}
