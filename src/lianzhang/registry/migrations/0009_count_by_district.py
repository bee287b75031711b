"""Rows counted from an index, built while others work."""

from django.db import migrations, models

from lianzhang.kernel.large_tables import AddIndexAside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registry", "0008_consent")]

    operations = [
        AddIndexAside(
            model_name="enterprise", index=models.Index(fields=["district", "size", "industry", "status", "registered", "area_path"], name="enterprise_count_district")
        ),
    ]
