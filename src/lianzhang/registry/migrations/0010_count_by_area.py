"""Rows counted from an index, built while others work."""

from django.db import migrations, models

from lianzhang.kernel.large_tables import AddIndexAside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registry", "0009_count_by_district")]

    operations = [
        AddIndexAside(
            model_name="enterprise", index=models.Index(fields=["area_path", "size", "status", "industry", "registered"], name="enterprise_count_area")
        ),
    ]
