"""A one-time code by message: asked for at the sign-in, or sent by an administrator."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianzhang.city.administration import by_message
from lianzhang.city.web.people import found
from lianzhang.kernel.accounts import sms
from lianzhang.kernel.web.access import needs, public
from lianzhang.kernel.web.told import told


class AskForm(forms.Form):
    """Who asks."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
        help_text=gettext_lazy("Job number or telephone, with which you sign in."),
    )


@public
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a code. The answer is the same whether there is such an account or not."""
    if not sms.offered():
        raise Http404
    form, status = AskForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                by_message.ask(request=request, username=form.cleaned_data["username"])
            except by_message.TooOften:
                form.add_error(
                    None, _("Too many codes were asked for. Wait a minute, or ask your administrator.")
                )
                status = 429
            else:
                return render(request, "city/code_asked.html", {"minutes": by_message.MINUTES})
    return render(request, "city/code_by_message.html", {"form": form}, status=status)


@needs("user.reset")
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a code to the telephone of the person."""
    user, actor = found(request, pk, "user.reset"), request.actor  # type: ignore[attr-defined]
    told(
        request,
        lambda: by_message.send_code(actor=actor, user=user),
        _("The code is sent in the background."),
    )
    return redirect("city:person", pk=pk)
