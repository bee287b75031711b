"""One index a step: each holds the table only as long as it takes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_count_by_district")]

    operations = [
        migrations.AddIndex(
            model_name="enterprise", index=models.Index(fields=["area_path", "size", "status", "industry", "registered"], name="enterprise_count_area")
        ),
    ]
