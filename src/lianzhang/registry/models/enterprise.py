from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.models.ordering import falling, rising
from lianzhang.kernel.paths import path_of
from lianzhang.kernel.scope import ScopedQuerySet, Visibility

# No such administrative areas exist: codes drawn for the demonstration city and the made-up town.
SYNTHETIC_AREAS = ("449900", "449800")

GONE = ("moved", "revoked", "deregistered")
"""Statuses of an enterprise that is no longer here."""

LARGEST_FIRST = (falling("revenue"), F("id").desc())
"""The order the list begins with."""

ASKED = ("district", "size", "status", "industry", "registered", "area_path")
"""What filters and scopes ask of a row. It stands behind each order, so that rows are passed over without being read: of
three million, a deep page of a district's passes over a hundred thousand."""


def _order(name: str, *by: Any) -> models.Index:
    return models.Index(*by, *(asked for asked in ASKED if asked not in by), name=name)


class EnterpriseQuerySet(ScopedQuerySet["Enterprise"]):
    def registered(self) -> EnterpriseQuerySet:
        """Enterprises that some delivery in force names."""
        return self.filter(registered=True)

    def synthetic(self) -> EnterpriseQuerySet:
        """Enterprises drawn for demonstrations."""
        marks = Q()
        for area in SYNTHETIC_AREAS:
            marks |= Q(uscc__contains=area)
        return self.filter(marks)

    def light(self) -> EnterpriseQuerySet:
        """Without what lists do not show and is dear to read: where each fact comes from, and other JSON."""
        return self.defer(
            *(f.name for f in Enterprise._meta.concrete_fields if isinstance(f, models.JSONField))
        )

    def still_there(self) -> EnterpriseQuerySet:
        """Enterprises that are not known to have ceased or to have left the city."""
        return self.exclude(status__in=GONE)


class Enterprise(models.Model):
    """A market entity under its unified social credit code. Everything but the code is projected from its filings.

    `survivor`: the entry under which this one is shown since the two were found to be one firm; this one is then not
    `registered`, lies where its survivor lies, and keeps all that was ever said of it. `former_codes`: codes it was
    entered under before, delivered or merged.
    """

    class Status(models.TextChoices):
        UNKNOWN = "unknown", _("not known")
        ACTIVE = "active", _("in operation")
        SUSPENDED = "suspended", _("suspended")
        MOVED_IN = "moved_in", _("moved in")
        MOVED = "moved", _("moved away")
        REVOKED = "revoked", _("licence revoked")
        DEREGISTERED = "deregistered", _("deregistered")

    class Size(models.TextChoices):
        ABOVE = "above", _("above scale")
        BELOW = "below", _("below scale")
        UNKNOWN = "unknown", _("size not known")

    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=200, db_index=True)
    former_names = models.JSONField(default=list)
    district = models.ForeignKey(
        "city.Area", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area_path = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=300, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    industry = models.ForeignKey(
        "city.Industry", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    products = models.JSONField(default=list)
    established = models.DateField(null=True)
    legal_representative = models.CharField(max_length=80, blank=True)
    contact = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    former_codes = models.JSONField(default=list)
    status_on = models.DateField(null=True)
    survivor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="absorbed")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.UNKNOWN)
    registered = models.BooleanField(default=False)
    origin = models.JSONField(default=dict)
    conflicts = models.JSONField(default=dict)
    size = models.CharField(max_length=8, choices=Size.choices, default=Size.UNKNOWN)
    latest_year = models.PositiveSmallIntegerField(null=True)
    revenue = models.FloatField(null=True)
    employees = models.FloatField(null=True)

    visibility = Visibility(
        view="enterprise.view",
        area="area_path",
        enterprise="id",
        limits={"enterprise.hidden": Q(registered=True)},
    )
    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        # Each order of the list, and the filters that leave many rows together with the order it begins with: a page
        # is read from an index and never sorted. Filters that leave few rows have indexes of their own.
        indexes = [
            _order("enterprise_revenue_falls", *LARGEST_FIRST),
            _order("enterprise_revenue_rises", rising("revenue"), "id"),
            _order("enterprise_employs_falls", falling("employees"), F("id").desc()),
            _order("enterprise_employs_rises", rising("employees"), "id"),
            _order("enterprise_name_order", "name", "id"),
            _order("enterprise_area_order", "area_path", "id"),
            _order("enterprise_district_area", "district", "area_path", "id"),
            _order("enterprise_district_revenue", "district", *LARGEST_FIRST),
            _order("enterprise_size_falls", "size", *LARGEST_FIRST),
            _order("enterprise_size_rises", "size", rising("revenue"), "id"),
            models.Index("status", *LARGEST_FIRST, name="enterprise_of_status"),
            # What filters ask of a row, so that rows are counted without being read.
            models.Index(
                fields=["industry", "district", "size", "status", "registered", "area_path"], name="enterprise_count_industry"
            ),
            models.Index(
                fields=["district", "size", "industry", "status", "registered", "area_path"],
                name="enterprise_count_district",
            ),
            models.Index(
                fields=["area_path", "size", "status", "industry", "registered"], name="enterprise_count_area"
            ),
            models.Index(
                fields=["size", "industry", "status", "registered", "area_path"], name="enterprise_count_size"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{path_of('registry:enterprises')}{self.pk}/"

    @property
    def ref(self) -> str:
        return f"enterprise:{self.pk}"

    @property
    def synthetic(self) -> bool:
        """Whether the code belongs to the range reserved for demonstrations."""
        return self.uscc[2:8] in SYNTHETIC_AREAS
