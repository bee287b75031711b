"""What is done to an account or a post with one button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianzhang.city.administration import accounts, identities, posts, reach, selectors
from lianzhang.city.administration.agreements import Waits
from lianzhang.city.models import Membership
from lianzhang.city.sso import catalogue as services
from lianzhang.city.verbs import word
from lianzhang.city.web.forms import LinkForm, PersonForm, PostForm
from lianzhang.city.web.people import found, person_page, sheet
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs
from lianzhang.kernel.web.told import told

Step = Callable[[Actor, User, str], Any]
STEPS: dict[str, tuple[str, Step, Any]] = {
    "lock": ("user.reset", lambda a, u, why: accounts.lock(actor=a, user=u, reason=why), gettext_lazy("The account is locked.")),
    "unlock": ("user.reset", lambda a, u, why: accounts.unlock(actor=a, user=u), gettext_lazy("The account is unlocked.")),
    "sessions": ("user.reset", lambda a, u, why: accounts.end_sessions(actor=a, user=u), gettext_lazy("Signed out everywhere.")),
    "close": ("user.manage", lambda a, u, why: accounts.close_account(actor=a, user=u, reason=why), gettext_lazy("The account is closed.")),
    "reopen": ("user.manage", lambda a, u, why: accounts.reopen_account(actor=a, user=u), gettext_lazy("The account is open again. Give a post and a code.")),
    "factors": ("factor.reset", lambda a, u, why: accounts.reset_factors(actor=a, user=u, reason=why), gettext_lazy("The second factors are taken away.")),
}  # fmt: skip


@needs("user.view")
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step on an account; who may not take it finds nothing."""
    if name not in STEPS:
        raise Http404
    verb, act, done = STEPS[name]
    user, actor = found(request, pk, verb), request.actor  # type: ignore[attr-defined]
    told(request, lambda: act(actor, user, request.POST.get("note", "")), done)
    return redirect("city:person", pk=pk)


@needs("user.manage")
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name or telephone."""
    user, actor = found(request, pk, "user.manage"), request.actor  # type: ignore[attr-defined]
    form = PersonForm(request.POST)
    if not form.is_valid():
        return person_page(request, user, status=422, person_form=form)
    done = _("Name and telephone are kept.")
    told(request, lambda: accounts.change_account(actor=actor, user=user, **form.cleaned_data), done)
    return redirect("city:person", pk=pk)


@needs("user.reset")
@require_POST
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time code; the answer is the sheet."""
    user, actor = found(request, pk, "user.reset"), request.actor  # type: ignore[attr-defined]
    try:
        return sheet(request, [(user, accounts.issue_code(actor=actor, user=user))])
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("city:person", pk=pk)


@needs("user.manage")
@require_POST
def add_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a post."""
    user, actor = found(request, pk, "user.manage"), request.actor  # type: ignore[attr-defined]
    form = PostForm(request.POST)
    if form.is_valid():
        try:
            post = posts.add_post(actor=actor, user=user, new=form.new_post())
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            waits = post.state == Membership.State.PENDING
            text = _("The post waits for the security administrator.") if waits else _("The post is given.")
            messages.success(request, text)
            return redirect("city:person", pk=pk)
    return person_page(request, user, status=422, post_form=form)


def _post(request: HttpRequest, pk: int) -> Membership:
    post = selectors.post(request.actor, pk)  # type: ignore[attr-defined]
    if post is None:
        raise Http404
    return post


@needs("user.view")
@require_POST
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post now."""
    post, actor = _post(request, pk), request.actor  # type: ignore[attr-defined]
    if not (reach.allowed(actor, "user.manage", post.user) or actor.can("post.approve")):
        raise Http404
    told(request, lambda: posts.end_post(actor=actor, post=post), _("The post has ended."))
    return redirect("city:person", pk=post.user_id)


@needs("post.approve")
def waiting(request: HttpRequest) -> HttpResponse:
    """Posts with sensitive verbs that wait for the security administrator."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = [
        {
            "post": p,
            "verbs": [word(v) for v in posts.sensitive({"verbs": posts.verbs_of(p.role)})],
            "mine": actor.user_id in (p.user_id, p.proposed_by_id),
        }
        for p in selectors.waiting(actor)
    ]
    return render(request, "city/waiting.html", {"rows": rows})


@needs("post.approve")
@require_POST
def decide(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """Agree to a post, or refuse it."""
    if answer not in ("yes", "no"):
        raise Http404
    post, actor = _post(request, pk), request.actor  # type: ignore[attr-defined]
    yes, note = answer == "yes", request.POST.get("note", "")
    done = _("Agreed.") if yes else _("Refused.")
    told(request, lambda: posts.decide(actor=actor, post=post, yes=yes, note=note), done)
    return redirect("city:waiting")


@needs("user.manage")
@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Link an account with who the person is elsewhere."""
    user, actor = found(request, pk, "user.manage"), request.actor  # type: ignore[attr-defined]
    form = LinkForm([(p.code, p.name) for p in services.providers()], request.POST)
    if form.is_valid():
        try:
            identities.link(actor=actor, user=user, **form.cleaned_data)
        except Waits as error:
            messages.error(request, str(error))
            return redirect("city:person", pk=pk)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The accounts are linked."))
            return redirect("city:person", pk=pk)
    return person_page(request, user, status=422, link_form=form)


@needs("user.manage")
@require_POST
def unlink(request: HttpRequest, pk: int, identity: int) -> HttpResponse:
    """Take a link off."""
    user, actor = found(request, pk, "user.manage"), request.actor  # type: ignore[attr-defined]
    row = selectors.identities(user).filter(pk=identity).first()
    if row is None:
        raise Http404
    told(request, lambda: identities.unlink(actor=actor, identity=row), _("The link is taken off."))
    return redirect("city:person", pk=pk)
