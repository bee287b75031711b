"""The components of the house as template tags and filters; the style guide shows each one.

A builtin library: templates use it without loading. The mark-up lives in `kernel/ui/*.html`.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import count as counter
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lianzhang.kernel.accounts import gate, ways
from lianzhang.kernel.web import browsers, dates, figures, forms, lights, rows, source

register = template.Library()
_ids = counter(1)


@register.simple_tag
@lru_cache(maxsize=1024, typed=True)
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of the sprite; with a label it speaks for itself, without it is decoration."""
    if label:
        return format_html(
            '<svg class="lz-icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            label,
            static("kernel/icons.svg"),
            name,
        )
    return format_html(
        '<svg class="lz-icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("kernel/icons.svg"), name
    )


# Numbers -------------------------------------------------------------------------------------------------------


def _number_filter(name: str, kind: str) -> None:
    def show(value: Any, missing: str = "") -> SafeString:
        shown = figures.show(value, kind)
        return shown.html() if shown else figures.unknown(missing)

    show.__doc__ = f"The value shown as `{kind}`; the argument says what is missing when it is unknown."
    register.filter(name, show)


for _name in figures.KINDS:
    _number_filter(_name, _name)


@register.filter
def quantity(value: Any, unit: str = "") -> SafeString:
    """A number with its unit behind it."""
    shown = figures.count(value, unit)
    return shown.html() if shown else figures.unknown()


@register.simple_tag
def unknown(missing: str = "") -> SafeString:
    """The dash, with what is missing."""
    return figures.unknown(missing)


register.simple_tag(source.figure, name="figure")
register.simple_tag(source.synthetic_mark, name="synthetic")
register.simple_tag(lights.light, name="light")

# Dates ---------------------------------------------------------------------------------------------------------

register.filter("day", dates.day)
register.filter("due_day", dates.due_day)
register.filter("clock_time", dates.clock_time)
register.filter("moment", dates.moment)
register.filter("working_days_left", dates.working_days_left)
register.filter("browser", browsers.browser)

# Blocks of a page ----------------------------------------------------------------------------------------------


@register.inclusion_tag("kernel/ui/stat.html")
def stat(
    label: str,
    value: Any,
    kind: str = "text",
    *,
    note: str = "",
    state: str = "",
    word: str = "",
    url: str = "",
    url_label: str = "",
    **figure: Any,
) -> dict[str, Any]:
    """A tile: label, figure with its source, note, light; it ends in the list at `url`. Further keys go to `figure`."""
    return {
        "label": label,
        "figure": source.figure(value, kind, **figure),
        "note": note,
        "state": state,
        "word": word,
        "url": url,
        "url_label": url_label,
    }


@register.inclusion_tag("kernel/ui/table.html")
def data_table(table: Any, caption: str = "") -> dict[str, Any]:
    """A list as a table (see `kernel/ui/table.html` for the attributes it reads)."""
    return {"table": table, "caption": caption}


@register.inclusion_tag("kernel/ui/chart.html")
def chart(chart: Any) -> dict[str, Any]:
    """A chart figure from a `charts.Chart`."""
    return {"chart": chart}


@register.inclusion_tag("kernel/ui/map.html")
def map_figure(map: Any) -> dict[str, Any]:
    """A map figure from a `maps.Map`."""
    return {"map": map}


@register.inclusion_tag("kernel/ui/timeline.html")
def timeline(entries: Any) -> dict[str, Any]:
    """What happened, newest first as given: `at`, `who`, `text`, and if any `note`, `tone`, `url`."""
    return {"entries": entries}


@register.simple_tag
def tree(nodes: Any, label: str = "") -> SafeString:
    """A tree of `label`, and if any `url`, `note`, `state`, `open`, `children`."""
    return render_to_string("kernel/ui/tree.html", {"nodes": nodes, "label": label, "root": True})


@register.inclusion_tag("kernel/ui/notice.html")
def notice(kind: str, text: Any, undo_url: str = "") -> dict[str, Any]:
    """A notice (success, info, warning, error); with `undo_url` it offers to take the step back."""
    icons = {"success": "circle-check", "warning": "alert-triangle", "error": "alert-triangle"}
    return {"kind": kind, "text": text, "undo_url": undo_url, "icon_name": icons.get(kind, "info-circle")}


@register.inclusion_tag("kernel/ui/empty.html")
def empty(title: str, text: str = "", action_label: str = "", action_url: str = "") -> dict[str, Any]:
    """What will stand here, and the one button that begins."""
    return {"title": title, "text": text, "action_label": action_label, "action_url": action_url}


@register.inclusion_tag("kernel/ui/progress.html")
def progress(title: str, state: str, share: float | None = None, **more: Any) -> dict[str, Any]:
    """Long work: steps, rows, time left; asks again every two seconds until it is over, and can be left.

    state: waiting, running, done, failed, cancelled. share: 0…1, None while nobody can tell. Further keys: step,
    rows_done, rows_total, seconds_left, error, url (of this block, asked again), result_url, cancel_url.
    """
    return {"title": title, "state": state, "share": share, "open": state in ("waiting", "running"), **more}


@register.inclusion_tag("kernel/ui/plain_sentence.html")
def plain_sentence(text: str, tone: str = "", icon_name: str = "info-circle") -> dict[str, Any]:
    """How a matter stands, in one sentence; tone green, amber or red."""
    return {"text": text, "tone": tone, "icon_name": icon_name}


@register.inclusion_tag("kernel/ui/tabs.html")
def tabs(items: Any, label: str = "") -> dict[str, Any]:
    """Tabs as links: `label`, `url`, `current`, and if any `count`."""
    return {"items": items, "label": label}


@register.inclusion_tag("kernel/ui/crumbs.html")
def crumbs(*parts: Any) -> dict[str, Any]:
    """Where one is: label, url, label, url, …, and the last label without an address."""
    pairs = [(parts[i], parts[i + 1] if i + 1 < len(parts) else "") for i in range(0, len(parts), 2)]
    return {"pairs": pairs}


@register.inclusion_tag("kernel/ui/task_list.html")
def task_list(tasks: Any) -> dict[str, Any]:
    """A long form as a list of parts: `label`, `url`, `state` (done, begun, open, blocked), and if any `note`."""
    return {"tasks": tasks}


# Accounts ------------------------------------------------------------------------------------------------------


@register.simple_tag
def sign_in_ways() -> list[Any]:
    """Other services that sign people in here: `title`, `url`."""
    return ways.offered()


@register.simple_tag
def code_by_message() -> str:
    """Where a one-time code by message is asked for; empty where none can be sent."""
    return ways.code_page()


@register.simple_tag(takes_context=True)
def factor_duty(context: Any) -> str:
    """Why this person must set up a second factor now; empty when nothing is owed."""
    request = context["request"]
    rules = getattr(request, "rules", None)
    if rules is None or not gate.obliged(context["actor"], rules) or gate.held(request.user).exists():
        return ""
    return _("Your role asks for a second factor. Set up an app or a passkey before you go on.")


# Forms ---------------------------------------------------------------------------------------------------------


@register.inclusion_tag("kernel/ui/form_row.html")
def form_row(field: Any) -> dict[str, Any]:
    """One field: label above, help in half a sentence, the error beside."""
    return {"field": field, "widget": forms.widget(field)}


@register.inclusion_tag("kernel/ui/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """All errors of a form on top, each leading to its field."""
    return {"form": form, "errors": forms.errors(form)}


@register.inclusion_tag("kernel/ui/form_rows.html")
def form_rows(form: Any) -> dict[str, Any]:
    """The error summary, the hidden and all visible fields."""
    return {"form": form}


@register.inclusion_tag("kernel/ui/file_field.html")
def file_field(
    name: str,
    label: str,
    help_text: str = "",
    accept: str = "",
    *,
    multiple: bool = False,
    max_mb: int = 200,
    error: str = "",
) -> dict[str, Any]:
    """A file field that also takes files dropped on it."""
    return {
        "name": name,
        "label": label,
        "help_text": help_text,
        "accept": accept,
        "multiple": multiple,
        "max_mb": max_mb,
        "max_bytes": max_mb * 2**20,
        "error": error,
        "id": f"file-{name}-{next(_ids)}",
    }


@register.inclusion_tag("kernel/ui/draft.html")
def draft_note() -> dict[str, Any]:
    """Stands in a form with `data-autosave`: tells that a draft was restored and lets one discard it."""
    return {}


@register.inclusion_tag("kernel/ui/confirm.html")
def confirm(
    label: str, title: str, consequence: str, action_url: str, action_label: str, *, note: bool = False
) -> dict[str, Any]:
    """For what cannot be undone: a button that opens a dialog telling the consequence in numbers. `note`: asks why."""
    return {
        "label": label,
        "title": title,
        "consequence": consequence,
        "action_url": action_url,
        "action_label": action_label,
        "note": note,
        "id": f"confirm-{next(_ids)}",
    }


@register.simple_block_tag(end_name="enddialog")
def dialog(content: str, id: str, title: str) -> SafeString:
    """A dialog; a button with `data-open="id"` opens it."""
    return render_to_string("kernel/ui/dialog.html", {"content": content, "id": id, "title": title})


@register.simple_block_tag(end_name="endmenu")
def menu(content: str, label: str, icon_name: str = "") -> SafeString:
    """A menu button; put `lz-menu-item` links and buttons inside."""
    return render_to_string(
        "kernel/ui/menu.html", {"content": content, "label": label, "icon_name": icon_name}
    )


register.simple_tag(rows.body, name="table_rows")
register.simple_tag(rows.options, name="options")
