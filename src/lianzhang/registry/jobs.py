"""Long work of the registry: the whole register compared for doubles."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lianzhang.kernel.jobs import runner, schedule
from lianzhang.kernel.jobs.runner import Handle, job
from lianzhang.kernel.models import Job
from lianzhang.registry import consents, doubles, tags

NAME = "registry.doubles"


@job(NAME)
def find_doubles(handle: Handle) -> dict[str, Any]:
    """Compare the whole register."""
    return dict(doubles.search_all(handle.step))


@job("registry.tags")
def compute_tags(handle: Handle) -> dict[str, Any]:
    """Compute the tags of all enterprises anew."""
    handle.step(0.01)
    return {"tags": tags.refresh()}


schedule.every("registry.consents", 3600, consents.ends_and_begins, _lazy("Consents that begin or end"))


def start_tags(owner: Any) -> Job:
    """Queue the tags of all enterprises, unless that waits already."""
    waiting = Job.objects.filter(function="registry.tags", state=Job.State.WAITING).first()
    return waiting or runner.start("registry.tags", _("Tags by rule"), owner)


def start(owner: Any) -> Job:
    """Queue the search, or the one that waits already: twice at once would find nothing more."""
    waiting = Job.objects.filter(function=NAME, state=Job.State.WAITING).first()
    return waiting or runner.start(NAME, _("Search for duplicates"), owner, result_url="/duplicates/")
