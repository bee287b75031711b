"""One's own account: choosing the post to act in, the code on paper, how long the session lives, leaving."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.views import LogoutView, PasswordChangeView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.kernel.accounts import codes, lockout, policy, sessions, signins
from lianzhang.kernel.accounts.forms import CodeOnPaper
from lianzhang.kernel.models.sign_in import SignIn
from lianzhang.kernel.web.access import public, signed_in

SESSION_KEY = "membership"
SSO_KEY = "signed_in_with"


@signed_in
@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own posts from now on."""
    wanted = request.POST.get("membership", "")
    own = {str(m.pk): m.pk for m in request.actor.memberships}  # type: ignore[attr-defined]
    if wanted not in own:
        raise Http404
    request.session[SESSION_KEY] = own[wanted]
    return redirect("home")


@public
def activate(request: HttpRequest) -> HttpResponse:
    """Choose the password with the code on paper; then one signs in like everybody."""
    form = CodeOnPaper(request, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.row is not None:
        try:
            user = codes.use(row=form.row, password=form.cleaned_data["password1"])
        except ValueError:
            form.add_error(None, _("The code was used already."))
        else:
            lockout.clear(user.username)
            sessions.end_all(user)
            signins.keep(
                request,
                user.username,
                SignIn.Method.CODE,
                SignIn.Outcome.DONE,
                user=user,
                detail=_("password chosen"),
            )
            messages.success(request, _("The password is set. Sign in with it now."))
            return redirect("account_login")
    status = 422 if request.method == "POST" else 200
    return render(request, "account/activate.html", {"form": form}, status=status)


@public
def keep_alive(request: HttpRequest) -> HttpResponse:
    """Seconds that the session still lives: asked for by open pages; with POST it goes on living."""
    if request.actor.is_anonymous:  # type: ignore[attr-defined]
        return JsonResponse({"left": 0})
    return JsonResponse({"left": sessions.seconds_left(request, policy.in_force())})


class Leave(LogoutView):
    """Sign out; the browser forgets pages and drafts of this machine (GB/T 22239-2019, 8.1.4.10)."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        service = self.request.session.get(SSO_KEY)
        response = super().post(*args, **kwargs)
        if service:
            response.headers["Location"] = f"{reverse('account_login')}?{urlencode({'left': service})}"
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class OwnPassword(PasswordChangeView):
    """Change one's password: what another person chose, and what is too old, is done with then."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user: Any = request.user
        if not user.has_usable_password():
            messages.info(
                request, _("This account has no password here: it signs in through another service.")
            )
            return redirect("home")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        codes.password_changed(user=self.request.user)
        return response

    def get_success_url(self) -> str:
        return reverse("home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        from lianzhang.kernel.accounts import passwords

        rules = policy.in_force().passwords
        forced = passwords.must_change(self.request.user, rules)
        return super().get_context_data(**kwargs) | {"forced": forced, "rules": passwords.help_text()}
