"""Each order of the list holds what filters ask of a row, so that rows are passed over without being read; built while
others work, before the indexes they replace are let go."""

from typing import Any

from django.db import migrations, models
from django.db.models import F

from lianzhang.kernel.large_tables import AddIndexAside, DropColumnIndexes, RemoveIndexAside
from lianzhang.kernel.models.ordering import UnknownLast

ASKED = ("district", "size", "status", "industry", "registered", "area_path")
FALLS = {n: (UnknownLast(F(n), descending=True), F("id").desc()) for n in ("revenue", "employees")}
RISES = {n: (UnknownLast(F(n)), F("id")) for n in ("revenue", "employees")}


def order(name: str, *by: Any) -> AddIndexAside:
    behind = (F(n) for n in ASKED if F(n) not in by)
    return AddIndexAside(model_name="enterprise", index=models.Index(*by, *behind, name=name))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registry", "0013_smallest_of_size")]

    operations = [
        order("enterprise_revenue_falls", *FALLS["revenue"]),
        order("enterprise_revenue_rises", *RISES["revenue"]),
        order("enterprise_employs_falls", *FALLS["employees"]),
        order("enterprise_employs_rises", *RISES["employees"]),
        order("enterprise_name_order", F("name"), F("id")),
        order("enterprise_area_order", F("area_path"), F("id")),
        order("enterprise_district_area", F("district"), F("area_path"), F("id")),
        order("enterprise_district_revenue", F("district"), *FALLS["revenue"]),
        order("enterprise_size_falls", F("size"), *FALLS["revenue"]),
        order("enterprise_size_rises", F("size"), *RISES["revenue"]),
        AddIndexAside(
            model_name="enterprise",
            index=models.Index(
                fields=["industry", "district", "size", "status", "registered", "area_path"], name="enterprise_count_industry"
            ),
        ),
        *(
            RemoveIndexAside(model_name="enterprise", name=f"enterprise_{name}")
            for name in (
                "largest", "smallest", "employs_most", "employs_least", "by_area", "of_district", "of_size", "of_size_rising",
            )
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[DropColumnIndexes("enterprise", ["area_path", "industry"])],
            state_operations=[
                migrations.AlterField("enterprise", "area_path", models.CharField(blank=True, max_length=120)),
                migrations.AlterField(
                    "enterprise",
                    "industry",
                    models.ForeignKey(
                        "city.Industry", models.PROTECT, null=True, related_name="+", db_index=False
                    ),
                ),
            ],
        ),
    ]  # fmt: skip
