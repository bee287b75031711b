"""Rows counted from an index, built while others work."""

from django.db import migrations, models

from lianzhang.kernel.large_tables import AddIndexAside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registry", "0010_count_by_area")]

    operations = [
        AddIndexAside(
            model_name="enterprise", index=models.Index(fields=["size", "industry", "status", "registered", "area_path"], name="enterprise_count_size")
        ),
    ]
