"""A district's enterprises in order from an index, built while others work."""

from django.db import migrations, models

from lianzhang.kernel.large_tables import AddIndexAside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('city', '0003_agreed_deliveries'),
        ('registry', '0004_statistics_release'),
    ]

    operations = [
        AddIndexAside(
            model_name='enterprise',
            index=models.Index(fields=['area_path', 'id'], name='enterprise_by_area'),
        ),
    ]
