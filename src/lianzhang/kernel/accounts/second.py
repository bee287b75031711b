"""Second factors by django-allauth: app codes, recovery codes, passkeys; sealed at rest, each app code good once."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.accounts import gate, lockout, policy, signins, vault
from lianzhang.kernel.accounts.adapter import too_many
from lianzhang.kernel.accounts.addresses import client_address
from lianzhang.kernel.models.sign_in import SignIn

SEALED = "mfa_authenticator"
WRONG = _("The code is wrong, or was used already. Wait for the next one.")


class SecondFactors(DefaultMFAAdapter):
    """How allauth keeps and names second factors here."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG,
        "cannot_delete_authenticator": _(
            "Your role asks for a second factor: add another one before you remove this."
        ),
    }

    def encrypt(self, text: str) -> str:
        return vault.seal_text(text, SEALED)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.open_text(encrypted_text, SEALED)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays while a role of the person asks for one."""
        actor = getattr(context.request, "actor", None)
        others = gate.held(authenticator.user).exclude(pk=authenticator.pk)
        return actor is None or not gate.obliged(actor, policy.in_force()) or others.exists()


def matching_step(secret: str, code: str) -> int | None:
    """The time step (30 s) whose code this is, within the tolerance; None for a wrong one."""
    for step in auth.yield_hotp_counters_from_time():
        expected = auth.format_hotp_value(auth.hotp_value(secret, step))
        if compare_user_code(actual=code, expected=expected):
            return step
    return None


def use_code(user: Any, code: str) -> Authenticator | None:
    """The second factor that a typed code belongs to, used up with it; None for a wrong or used one.

    A step is worth one sign-in (RFC 6238, 5.2): the last one is kept with the secret, in the database, so that no other
    process takes it again.
    """
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user=user)
        totp = rows.filter(type=Authenticator.Type.TOTP).first()
        if totp is not None:
            step = matching_step(vault.open_text(totp.data["secret"], SEALED), code)
            if step is not None:
                if step <= totp.data.get("last_step", 0):
                    return None
                totp.data["last_step"] = step
                totp.save(update_fields=["data"])
                return totp
        recovery = rows.filter(type=Authenticator.Type.RECOVERY_CODES).first()
        return recovery if recovery is not None and recovery.wrap().validate_code(code) else None


def checked(user: Any, code: str) -> Authenticator:
    """The second factor of a code; failures count towards the lockout of the account. Raises ValidationError."""
    request, rules = context.request, policy.in_force()
    if lockout.locked(user.username, client_address(request), rules):
        signins.keep(request, user.username, SignIn.Method.TOTP, SignIn.Outcome.LOCKED, user=user)
        raise ValidationError(too_many(rules))
    found = use_code(user, code)
    if found is None:
        lockout.failed(user.username, client_address(request))
        signins.keep(request, user.username, SignIn.Method.TOTP, SignIn.Outcome.WRONG, user=user)
        raise ValidationError(WRONG)
    found.user = user
    return found


def _code_field() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "maxlength": 20})
    return forms.CharField(
        label=_("Code"),
        widget=widget,
        max_length=20,
        help_text=_("Six digits from the app, or a recovery code."),
    )


class CodeForm(AuthenticateForm):
    """The second step of a sign-in."""

    code = _code_field()

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.authenticator = checked(self.user, code)
        return code


class CodeAgainForm(ReauthenticateForm):
    """The same, before a change of second factors."""

    code = _code_field()

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.authenticator = checked(self.user, code)
        return code


class EnrolForm(ActivateTOTPForm):
    """Enrolment of an app: its secret waits in the session, sealed, until the first code proves that the app has it."""

    code = forms.CharField(
        label=_("Code of the app"),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12}
        ),
        max_length=12,
        help_text=_("The six digits that the app shows now."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = self._secret()

    def _secret(self) -> str:
        session, own = context.request.session, f"{SEALED}:{self.user.pk}"
        sealed = session.get(auth.SECRET_SESSION_KEY) if self.is_bound else None
        if sealed:
            return vault.open_text(sealed, own)
        secret: str = auth.generate_totp_secret()
        session[auth.SECRET_SESSION_KEY] = vault.seal_text(secret, own)
        return secret

    @property
    def grouped(self) -> str:
        """The secret in groups of four, to be typed by hand."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if matching_step(self.secret, code) is None:
            raise ValidationError(
                _("This is not the code that the app should show now. Check the clock of the phone.")
            )
        return code


def steps_of_now() -> int:
    """The newest time step that a code may be of: codes up to it are spent once an app is enrolled."""
    return max(auth.yield_hotp_counters_from_time()) - app_settings.TOTP_TOLERANCE
