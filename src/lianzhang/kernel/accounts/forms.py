"""Forms of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianzhang.kernel.accounts import codes, lockout, policy, signins
from lianzhang.kernel.accounts.adapter import too_many
from lianzhang.kernel.accounts.addresses import client_address
from lianzhang.kernel.accounts.passwords import help_text
from lianzhang.kernel.models.one_time_code import OneTimeCode
from lianzhang.kernel.models.sign_in import SignIn
from lianzhang.kernel.models.user import User


class CodeOnPaper(forms.Form):
    """Choose a password with the one-time code that an administrator handed over."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        help_text=gettext_lazy("Job number or telephone, as printed on the sheet."),
    )
    code = forms.CharField(
        label=gettext_lazy("One-time code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("As printed or sent, with or without dashes."),
    )
    password1 = forms.CharField(
        label=gettext_lazy("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=256,
    )
    password2 = forms.CharField(
        label=gettext_lazy("New password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=256,
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["password1"].help_text = help_text()
        self.row: OneTimeCode | None = None

    def clean(self) -> dict[str, Any]:
        """The password is judged before the code is looked at, so that no answer tells whether the code is right."""
        data = super().clean() or {}
        if self.errors:
            return data
        if data["password1"] != data["password2"]:
            self.add_error("password2", _("The two passwords differ."))
            return data
        try:
            validate_password(data["password1"], User(username=data["username"]))
        except ValidationError as error:
            self.add_error("password1", error)
            return data
        self._judge(data)
        return data

    def _judge(self, data: dict[str, Any]) -> None:
        username, address, rules = data["username"].strip(), client_address(self.request), policy.in_force()
        if lockout.locked(username, address, rules):
            signins.keep(self.request, username, SignIn.Method.CODE, SignIn.Outcome.LOCKED)
            raise ValidationError(too_many(rules))
        self.row = codes.find(username, data["code"])
        if self.row is None:
            lockout.failed(username, address)
            signins.keep(self.request, username, SignIn.Method.CODE, SignIn.Outcome.WRONG)
            raise ValidationError(
                _(
                    "This user name and code do not fit, or the code was used or is too old. Ask your administrator for a new one."
                )
            )
        try:
            validate_password(data["password1"], self.row.user)
        except ValidationError as error:
            self.add_error("password1", error)
