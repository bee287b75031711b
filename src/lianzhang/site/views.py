"""The first page, the search."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianzhang.kernel import doctor, panels
from lianzhang.kernel import search as kernel_search
from lianzhang.kernel.web.access import needs, signed_in
from lianzhang.site.operations import state


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The cockpit of the person's role: what is mine, what is late, what changed."""
    actor = request.actor  # type: ignore[attr-defined]
    return render(request, "site/home.html", {"panels": panels.collect("cockpit", None, actor)})


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Everything this person may see that matches."""
    text = request.GET.get("q", "")
    found = kernel_search.search(text, request.actor)  # type: ignore[attr-defined]
    return render(request, "site/search.html", {"q": text, "found": found})


@needs("system.examine")
def health(request: HttpRequest) -> HttpResponse:
    """What the doctor finds now, and what his last whole round found where a check walks over everything."""
    results = doctor.examine(slow=False, service=not settings.DEBUG)
    last = state.kept("doctor") or {}
    slow = {c.code for c in doctor.checks() if c.slow}
    kept = [r for r in last.get("results", []) if r["code"] in slow]
    shown = [r.as_json() | {"light": LIGHTS[r.as_json()["state"]]} for r in results]
    shown += [r | {"light": LIGHTS[r["state"]]} for r in kept]
    sick = [r for r in shown if r["state"] != "ok"]
    facts = {"sick": sick, "well": [r for r in shown if r["state"] == "ok"], "last": last.get("at"),
             "backup": state.kept("backup"), "drill": state.kept("drill")}  # fmt: skip
    return render(request, "site/health.html", facts)


LIGHTS = {"ok": "green", "warning": "amber", "error": "red"}
