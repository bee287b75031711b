"""Every order of the list of enterprises from an index, built while others work."""

import lianzhang.kernel.models.ordering
from django.db import migrations, models

from lianzhang.kernel.large_tables import AddIndexAside, CompareAsBytes


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('city', '0001_initial'),
        ('registry', '0002_name_index'),
    ]

    operations = [
        CompareAsBytes(model_name='enterprise', name='area_path'),
        AddIndexAside(
            model_name='enterprise',
            index=models.Index(lianzhang.kernel.models.ordering.UnknownLast(models.F('revenue'), descending=True), models.OrderBy(models.F('id'), descending=True), name='enterprise_largest'),
        ),
        AddIndexAside(
            model_name='enterprise',
            index=models.Index(lianzhang.kernel.models.ordering.UnknownLast(models.F('revenue')), models.F('id'), name='enterprise_smallest'),
        ),
        AddIndexAside(
            model_name='enterprise',
            index=models.Index(lianzhang.kernel.models.ordering.UnknownLast(models.F('employees'), descending=True), models.OrderBy(models.F('id'), descending=True), name='enterprise_employs_most'),
        ),
        AddIndexAside(
            model_name='enterprise',
            index=models.Index(lianzhang.kernel.models.ordering.UnknownLast(models.F('employees')), models.F('id'), name='enterprise_employs_least'),
        ),
        AddIndexAside(
            model_name='enterprise',
            index=models.Index(models.F('district'), lianzhang.kernel.models.ordering.UnknownLast(models.F('revenue'), descending=True), models.OrderBy(models.F('id'), descending=True), name='enterprise_of_district'),
        ),
        AddIndexAside(
            model_name='enterprise',
            index=models.Index(models.F('size'), lianzhang.kernel.models.ordering.UnknownLast(models.F('revenue'), descending=True), models.OrderBy(models.F('id'), descending=True), name='enterprise_of_size'),
        ),
        AddIndexAside(
            model_name='enterprise',
            index=models.Index(models.F('status'), lianzhang.kernel.models.ordering.UnknownLast(models.F('revenue'), descending=True), models.OrderBy(models.F('id'), descending=True), name='enterprise_of_status'),
        ),
    ]
