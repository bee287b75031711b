"""One index a step: each holds the table only as long as it takes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_consent")]

    operations = [
        migrations.AddIndex(
            model_name="enterprise", index=models.Index(fields=["district", "size", "industry", "status", "registered", "area_path"], name="enterprise_count_district")
        ),
    ]
