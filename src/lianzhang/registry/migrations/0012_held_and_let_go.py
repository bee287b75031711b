"""What the steps before left open while others work: the reference to a survivor is held, indexes that the new ones
replace are let go."""

import django.db.models.deletion
from django.db import migrations, models

from lianzhang.kernel.large_tables import DropColumnIndexes, HoldReference, RemoveIndexAside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('city', '0001_initial'),
        ('registry', '0011_count_by_size'),
    ]

    operations = [
        HoldReference('enterprise', 'survivor'),
        RemoveIndexAside(model_name='enterprise', name='registry_en_registe_87c589_idx'),
        RemoveIndexAside(model_name='enterprise', name='registry_en_distric_0d02ad_idx'),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                DropColumnIndexes('enterprise', ['district', 'registered', 'revenue', 'size', 'status']),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='enterprise',
                    name='district',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='city.area'),
                ),
                migrations.AlterField(
                    model_name='enterprise',
                    name='registered',
                    field=models.BooleanField(default=False),
                ),
                migrations.AlterField(
                    model_name='enterprise',
                    name='revenue',
                    field=models.FloatField(null=True),
                ),
                migrations.AlterField(
                    model_name='enterprise',
                    name='size',
                    field=models.CharField(choices=[('above', 'above scale'), ('below', 'below scale'), ('unknown', 'size not known')], default='unknown', max_length=8),
                ),
                migrations.AlterField(
                    model_name='enterprise',
                    name='status',
                    field=models.CharField(choices=[('unknown', 'not known'), ('active', 'in operation'), ('suspended', 'suspended'), ('moved_in', 'moved in'), ('moved', 'moved away'), ('revoked', 'licence revoked'), ('deregistered', 'deregistered')], default='unknown', max_length=12),
                ),
            ],
        ),
    ]
