"""Forms of the account pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianzhang.city import enterprises
from lianzhang.city.administration.posts import NewPost
from lianzhang.city.models import Area, Organisation
from lianzhang.city.services import in_language, roles
from lianzhang.city.verbs import word
from lianzhang.kernel.accounts.policy import PROFILES, Policy

TELEPHONE = RegexValidator(
    r"^\+?[0-9][0-9 ()/*#-]{2,30}$",
    gettext_lazy(
        "Write the telephone in digits; spaces, +, -, ( ) and extensions (* or #) may stand between."
    ),
)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PostForm(forms.Form):
    """A post: role, place, days."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"), required=False)
    area = forms.ChoiceField(
        label=gettext_lazy("Area"),
        required=False,
        help_text=gettext_lazy("For roles that hold in a district, street or park."),
    )
    enterprise = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        required=False,
        max_length=18,
        help_text=gettext_lazy("For people of an enterprise."),
    )
    title = forms.CharField(label=gettext_lazy("Name of the post"), required=False, max_length=80)
    since = forms.DateField(label=gettext_lazy("First day"), required=False, widget=DAY)
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=DAY,
        help_text=gettext_lazy("The post ends by itself after this day."),
    )
    reason = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = [("", "—")]
        self.fields["role"].choices = none + [(c, in_language(r["title"])) for c, r in roles().items()]  # type: ignore[attr-defined]
        units = [(o.code, o.label) for o in Organisation.objects.order_by("order")]
        self.fields["organisation"].choices = none + units  # type: ignore[attr-defined]
        areas = Area.objects.exclude(level=Area.Level.CITY).order_by("order")
        self.fields["area"].choices = none + [(a.code, a.label) for a in areas]  # type: ignore[attr-defined]

    def clean_enterprise(self) -> int | None:
        code = self.cleaned_data["enterprise"]
        if not code:
            return None
        found = enterprises.by_code(code)
        if found is None:
            raise ValidationError(_("no enterprise with this code is in the register"))
        return found

    def new_post(self) -> NewPost:
        """What the form asks for."""
        data = self.cleaned_data
        return NewPost(
            role=data["role"],
            organisation=Organisation.objects.filter(code=data["organisation"]).first()
            if data["organisation"]
            else None,
            area=Area.objects.filter(code=data["area"]).first() if data["area"] else None,
            enterprise_id=data["enterprise"],
            title=data["title"],
            since=data["since"],
            until=data["until"],
            reason=data["reason"],
        )


class AccountForm(PostForm):
    """A new account with its first post."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=64,
        help_text=gettext_lazy("Job number or telephone. No e-mail is needed."),
    )
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=64)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), required=False, max_length=32, validators=[TELEPHONE]
    )
    field_order = ("username", "name", "phone")


class PersonForm(forms.Form):
    """How somebody is called and reached."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=64)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), required=False, max_length=32, validators=[TELEPHONE]
    )


class ManyForm(forms.Form):
    """Many accounts at once, a line each."""

    rows = forms.CharField(
        label=gettext_lazy("People"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        max_length=60_000,
        help_text=gettext_lazy(
            "A line each: user name, name, role, organisation, last day. Columns copied from a sheet will do."
        ),
    )


class PolicyForm(forms.Form):
    """The rules of accounts. An empty number: as the profile says."""

    profile = forms.ChoiceField(
        label=gettext_lazy("Passwords"),
        widget=forms.RadioSelect,
        choices=lambda: [(code, profile.title) for code, profile in PROFILES.items()],
    )
    failures = forms.IntegerField(label=gettext_lazy("Failures until an account is locked"), required=False)
    lock_minutes = forms.IntegerField(label=gettext_lazy("Minutes that the lock lasts"), required=False)
    idle_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of idleness until a session ends"), required=False
    )
    absolute_hours = forms.IntegerField(label=gettext_lazy("Hours until a session ends in any case"))
    code_hours = forms.IntegerField(label=gettext_lazy("Hours that a one-time code is valid"))
    unused_days = forms.IntegerField(
        label=gettext_lazy("Days after which an account counts as not used for long")
    )
    delegation_days = forms.IntegerField(label=gettext_lazy("Days that a post may be lent at most"))
    second_factor = forms.MultipleChoiceField(
        label=gettext_lazy("Roles that need a second factor"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "lz-columns"}),
    )
    sensitive_verbs = forms.MultipleChoiceField(
        label=gettext_lazy("Verbs whose posts you agree to"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "lz-columns"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = roles()
        self.fields["second_factor"].choices = [(c, in_language(r["title"])) for c, r in known.items()]  # type: ignore[attr-defined]
        every = sorted({v.partition("@")[0] for r in known.values() for v in r["verbs"]})
        self.fields["sensitive_verbs"].choices = [(v, word(v)) for v in every]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Numbers within the bounds of the policy, each told at its field."""
        data = super().clean() or {}
        for name in (
            "failures",
            "lock_minutes",
            "idle_minutes",
            "absolute_hours",
            "code_hours",
            "unused_days",
            "delegation_days",
        ):
            value, bounds = data.get(name), Policy.model_fields[name].metadata
            low, high = (next(getattr(b, side) for b in bounds if hasattr(b, side)) for side in ("ge", "le"))
            if value is not None and not low <= value <= high:
                self.add_error(name, _("between %(low)s and %(high)s") % {"low": low, "high": high})
        return data


class LendForm(forms.Form):
    """To whom a post is lent, when and why."""

    to: Any = forms.ModelChoiceField(label=gettext_lazy("Colleague"), queryset=None)
    since = forms.DateField(label=gettext_lazy("First day"), widget=DAY)
    until = forms.DateField(label=gettext_lazy("Last day"), widget=DAY)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)

    def __init__(self, people: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class LinkForm(forms.Form):
    """Who somebody is at a sign-in service elsewhere."""

    provider = forms.ChoiceField(label=gettext_lazy("Service"))
    subject = forms.CharField(label=gettext_lazy("Id there"), max_length=255)

    def __init__(self, providers: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = providers  # type: ignore[attr-defined]
