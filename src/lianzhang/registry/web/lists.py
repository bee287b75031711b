"""Shared lists: all that one may read, one with its members and steps, two side by side."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import exports, tables
from lianzhang.kernel.keys import number
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.kernel.web.access import needs
from lianzhang.kernel.web.dates import day
from lianzhang.registry import lists
from lianzhang.registry.models import Enterprise, FirmList, ListMember
from lianzhang.registry.services import lists as services
from lianzhang.registry.web.listing import columns

Share = FirmList.Share


def list_or_404(request: HttpRequest, pk: int) -> FirmList:
    """The list that an address names, if the reader may read it."""
    found = lists.list_for(request.actor, pk)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def shared_with(row: FirmList) -> str:
    """Who else reads it, in words."""
    if row.share == Share.ROLE:
        return services.role_word(row.share_role)
    return row.share_org.label if row.share_org else str(row.get_share_display())


def _index(actor: Actor) -> Listing:
    counts = lists.counts(actor, lists.lists(actor))
    return Listing(
        code="lists",
        columns=[
            Column("name", _("Name of the list"), lambda r: r.name, sort="name"),
            Column("purpose", _("Purpose"), lambda r: r.purpose, kind="long"),
            Column("members", _("Enterprises"), lambda r: counts.get(r.pk, 0), kind="number"),
            Column("owner", _("Kept by"), lambda r: r.owner.name, sort="owner__name"),
            Column("share", _("Shared with"), shared_with),
            Column("changed", _("Changed"), lambda r: r.changed_at, sort="changed_at", kind="datetime"),
        ],
        filters=[Filter("whose", _("Kept by"), lambda: [("mine", _("me"))], lambda q, _v: q.filter(owner_id__in=actor.person_ids))],
        search=["name", "purpose"],
        default_sort="-changed",
        url=lambda r: r.get_absolute_url(),
        empty_title=_("No list is here yet"),
        empty_text=_("Select enterprises in the list of enterprises, or make a list and paste codes or names into it."),
    )  # fmt: skip


@needs("list.view")
def index(request: HttpRequest) -> HttpResponse:
    """The lists one may read."""
    actor = request.actor  # type: ignore[attr-defined]
    built = tables.build(_index(actor), request, lists.lists(actor))
    built.export_urls = {}
    return render(request, "registry/lists.html", {"table": built, "may_make": actor.can(services.VERB)})


def _of(column: Column) -> Column:
    """A column of the list of enterprises, read from a member."""

    def shown(member: ListMember) -> Enterprise:
        return member.enterprise.survivor or member.enterprise

    sort = f"enterprise__{column.sort}" if column.sort else None
    raw = column.export
    return Column(
        column.code, column.label, lambda m: column.get(shown(m)), sort=sort, kind=column.kind, unit=column.unit,
        export=(lambda m: raw(shown(m))) if raw else None, verb=column.verb,
    )  # fmt: skip


def _members(actor: Actor) -> Listing:
    return Listing(
        code="list",
        columns=[
            *(_of(c) for c in columns() if c.code not in ("industry", "year", "size")),
            Column("note", _("Note beside it"), lambda m: m.note, kind="long"),
            Column("since", _("Put in"), lambda m: m.added.at, sort="added__at", kind="datetime"),
            Column("by", _("Put in by"), lambda m: m.added.by.name if m.added.by else "", shown=False),
        ],
        search=["enterprise__name", "enterprise__uscc", "note"],
        default_sort="name",
        url=lambda m: (m.enterprise.survivor or m.enterprise).get_absolute_url(),
        empty_title=_("No enterprise that you may see is on this list"),
        empty_text=_("Put some in by code or name, or from the list of enterprises."),
    )


@needs("list.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: what it is for, who is on it, what was done to it; its file is what is seen."""
    actor = request.actor  # type: ignore[attr-defined]
    row = list_or_404(request, pk)
    declared = tables.for_actor(_members(actor), actor)
    rows = lists.members(actor, row).select_related("enterprise__survivor", "added__by")
    if request.GET.get("format") in tables.FILES:
        return _file(request, actor, row.name, declared, rows)
    built = tables.build(declared, request, rows)
    mine = row.owner_id in actor.person_ids and actor.can(services.VERB)
    if mine and row.deleted_at is None:
        built.bulk_actions = [  # type: ignore[attr-defined]
            {"label": _t("Write a note"), "url": reverse("registry:list_note", args=[pk])},
            {"label": _t("Take out of the list"), "url": reverse("registry:list_remove", args=[pk])},
        ]
    if not actor.can("enterprise.export"):
        built.export_urls = {}
    context = {
        "list": row, "table": built, "may_take_over": services.may_take_over(actor, row), "shared_with": shared_with(row), "mine": mine, "steps": lists.steps(actor, row),
        "others": [r for r in lists.lists(actor).order_by("name")[:200] if r.pk != row.pk],
        "source": f"{reverse('registry:enterprises')}?{row.taken_from}" if row.taken_from else "",
    }  # fmt: skip
    return render(request, "registry/list.html", context)


def _file(
    request: HttpRequest, actor: Actor, stem: str, declared: Listing, rows: QuerySet[Any]
) -> HttpResponse:
    if not actor.can("enterprise.export"):
        raise Http404
    header, lines = tables.export_rows(declared, request.GET, rows)
    synthetic = Enterprise.objects.visible_to(actor).synthetic().exists()
    return exports.answer(request, f"list_{stem}", header, lines, synthetic=synthetic)


def _differences(first: set[int], second: set[int], words: tuple[str, str]) -> Listing:
    only_first, both, only_second = ("first", _t("only %(list)s") % {"list": words[0]}), ("both", _t("in both")), (
        "second", _t("only %(list)s") % {"list": words[1]})  # fmt: skip
    sets = {"first": first - second, "both": first & second, "second": second - first}

    def where(e: Enterprise) -> str:
        return both[1] if e.pk in sets["both"] else only_first[1] if e.pk in sets["first"] else only_second[1]

    name, *others = columns()
    return Listing(
        code="list-compare",
        columns=[name, Column("where", _("On which list"), where), *others],
        filters=[
            Filter("where", _("On which list"), lambda: [only_first, both, only_second], lambda q, v: q.filter(pk__in=sets[v]))
        ],
        search=["name", "uscc"],
        default_sort="name",
        url=lambda e: e.get_absolute_url(),
        empty_title=_("No enterprise that you may see is on either"),
        empty_text=_("Choose other lists, or another day."),
    )  # fmt: skip


@needs("list.view")
def compare(request: HttpRequest) -> HttpResponse:
    """Two lists, or one as it was on a day and as it is now: who is only on the first, on both, only on the second."""
    actor = request.actor  # type: ignore[attr-defined]
    first = _chosen(request, "a")
    second, since = _chosen(request, "b"), _day(request.GET.get("since", ""))
    context: dict[str, Any] = {
        "first": first, "second": second, "since": request.GET.get("since", "") if since else "",
        "all": list(lists.lists(actor).order_by("name")[:500]),
    }  # fmt: skip
    if first is not None and (second is not None or since is not None):
        if second is None and since is not None:
            sets = (lists.firms(actor, first, lists.end_of(since)), lists.firms(actor, first))
            words = (_t("on %(day)s") % {"day": day(since)}, _t("now"))
        else:
            assert second is not None
            sets, words = (lists.firms(actor, first), lists.firms(actor, second)), (first.name, second.name)
        shown = Enterprise.objects.registered().visible_to(actor).filter(pk__in=sets[0] | sets[1])
        declared = tables.for_actor(_differences(*sets, words), actor)
        query = shown.select_related("district", "industry")
        if request.GET.get("format") in tables.FILES:
            return _file(request, actor, "compare", declared, query)
        built = tables.build(declared, request, query)
        if not actor.can("enterprise.export"):
            built.export_urls = {}
        numbers = (len(sets[0] - sets[1]), len(sets[0] & sets[1]), len(sets[1] - sets[0]))
        kept = {k: str(v) for k, v in request.GET.items() if k in ("a", "b", "since")}
        built.kept += list(kept.items())
        context |= {"table": built, "words": words, "numbers": numbers, "kept": urlencode(kept)}
    return render(request, "registry/list_compare.html", context)


def _chosen(request: HttpRequest, name: str) -> FirmList | None:
    key = number(request.GET.get(name, ""))
    found = lists.list_for(request.actor, key) if key else None  # type: ignore[attr-defined]
    return found if found and found.deleted_at is None else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1990 < found.year < 2200 else None
