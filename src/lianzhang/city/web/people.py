"""The list of people, one person, a new account."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lianzhang.city import enterprises
from lianzhang.city.administration import accounts, agreements, many, posts, reach, selectors
from lianzhang.city.models import Membership
from lianzhang.city.sso import catalogue as services
from lianzhang.city.web.forms import AccountForm, LinkForm, ManyForm, PersonForm, PostForm
from lianzhang.city.web.listings import PEOPLE, state_of
from lianzhang.city.web.said import role_title, said
from lianzhang.kernel import tables, time
from lianzhang.kernel.accounts import codes, policy, sms
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import verbs
from lianzhang.kernel.web.access import needs

SHOWN = 40
"""Events of an account that its page shows."""


@needs("user.view")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody whom the actor may see, with posts, state and last sign-in."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    built = tables.build(PEOPLE, request, selectors.people(actor))
    built.export_urls = {}
    return render(request, "city/people.html", {"table": built, "may_make": actor.can("user.manage")})


@needs("user.view")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: posts, sign-ins, second factors, what happened, and what the actor may do."""
    return person_page(request, found(request, pk))


def found(request: HttpRequest, pk: int, verb: str | None = None) -> User:
    """The account; 404 when it is out of sight, or where this person may not do `verb` to it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    user = selectors.person(actor, pk)
    if user is None or (verb and not reach.allowed(actor, verb, user)):
        raise Http404
    return user


def person_page(request: HttpRequest, user: User, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a person, with a form that came back if any."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    held = list(selectors.posts_of(user))
    context = {
        "person": user,
        "state": state_of(user),
        "posts": [_post_row(actor, p) for p in held],
        "enterprises": enterprises.names(p.enterprise_id for p in held if p.enterprise_id),
        "may": {
            verb: reach.allowed(actor, verb, user) for verb in ("user.manage", "user.reset", "factor.reset")
        },
        "post_form": PostForm(),
        "person_form": PersonForm(initial={"name": user.name, "phone": user.phone}),
        "link_form": LinkForm([(p.code, p.name) for p in services.providers()]),
        "factors": selectors.factors(user),
        "identities": selectors.identities(user),
        "sign_ins": selectors.sign_ins(actor).filter(user=user)[:10] if actor.can("signin.view") else None,
        "history": [
            {
                "at": e.at,
                "who": verbs.who(e.actor_name),
                "text": verbs.word(e.verb),
                "note": said(e.data) or "",
            }
            for e in selectors.history(user)[:SHOWN]
        ],
    }
    names = {"user_manage": "user.manage", "user_reset": "user.reset", "factor_reset": "factor.reset"}
    context["may"] = {short: context["may"][verb] for short, verb in names.items()}  # type: ignore[index]
    context["may_send"] = sms.offered() and sms.number(user.phone) is not None
    context["agreements"] = [
        {"act": agreements.ACTS.get(each.act, each.act), "row": each}
        for each in agreements.going_on(actor).filter(user=user)
    ]
    context["may_subject"] = actor.can("subject.manage")
    return render(request, "city/person.html", context | more, status=status)


def _post_row(actor: Actor, post: Membership) -> dict[str, Any]:
    today = time.today()
    over = post.is_over(today)
    coming = bool(post.since and post.since > today)
    return {
        "post": post,
        "role": role_title(post.role),
        "over": over,
        "state": _("ended") if over else _("begins later") if coming else post.get_state_display(),
        "light": "" if over else "amber" if coming or post.state != Membership.State.IN_FORCE else "green",
        "may_end": not over and not post.acting_for_id and _may_end(actor, post),
    }


def _may_end(actor: Actor, post: Membership) -> bool:
    watched = actor.can("post.approve") and bool(posts.sensitive({"verbs": posts.verbs_of(post.role)}))
    return watched or reach.allowed(actor, "user.manage", post.user)


@needs("user.manage")
def new(request: HttpRequest) -> HttpResponse:
    """Make an account; the answer is the sheet with its one-time code."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user, code = accounts.create_account(
                actor=request.actor,  # type: ignore[attr-defined]
                username=data["username"],
                name=data["name"],
                phone=data["phone"],
                post=form.new_post(),
            )
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            return sheet(request, [(user, code)])
    status = 422 if request.method == "POST" else 200
    return render(request, "city/person_new.html", {"form": form}, status=status)


@needs("user.manage")
def new_many(request: HttpRequest) -> HttpResponse:
    """Make many accounts at once, all or none; the answer is a sheet for each."""
    form = ManyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = many.create_accounts(actor=request.actor, text=form.cleaned_data["rows"])  # type: ignore[attr-defined]
        except many.Mistakes as error:
            form.add_error("rows", error.lines)
        else:
            return sheet(request, made)
    status = 422 if request.method == "POST" else 200
    return render(request, "city/people_new.html", {"form": form}, status=status)


def sheet(request: HttpRequest, made: list[tuple[User, str]]) -> HttpResponse:
    """Sheets with user name and one-time code, to be printed and handed over; shown this once."""
    if not made:
        raise PermissionDenied
    context = {
        "made": [{"person": u, "code": code, "expires_at": codes.valid_until(u)} for u, code in made],
        "hours": policy.in_force().code_hours,
    }
    return render(request, "city/sheet.html", context)
