from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class UserManager(BaseUserManager["User"].from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Makes accounts; passwords are stored hashed only. A password given here is another person's choice."""

    def create_user(self, username: str, password: str | None = None, **extra: Any) -> User:
        given = extra.pop("must_change_password", password is not None)
        name = self.model.normalize_username(username)
        user = self.model(username=name, must_change_password=given, **extra)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """An account of one person. What it may do stands in the memberships (city.Membership).

    locked_at: an administrator keeps the person out until he unlocks. closed_at: the person left; `is_active` is off.
    must_change_password: the password was chosen by somebody else.
    """

    username = models.CharField(_("user name"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=64)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False)
    locked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    visibility = Visibility(
        view="user.view",
        org="memberships__organisation_id",
        enterprise="memberships__enterprise_id",
        person="id",
    )
    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    is_staff = False
    is_superuser = False

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name
