"""One index a step: each holds the table only as long as it takes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_count_by_area")]

    operations = [
        migrations.AddIndex(
            model_name="enterprise", index=models.Index(fields=["size", "industry", "status", "registered", "area_path"], name="enterprise_count_size")
        ),
    ]
