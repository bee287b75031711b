"""The smallest of the large first, and the other way round, from an index, built while others work."""

import lianzhang.kernel.models.ordering
from django.db import migrations, models

from lianzhang.kernel.large_tables import AddIndexAside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registry", "0012_held_and_let_go")]

    operations = [
        AddIndexAside(
            model_name="enterprise", index=models.Index(models.F("size"), lianzhang.kernel.models.ordering.UnknownLast(models.F("revenue")), models.F("id"), name="enterprise_of_size_rising")
        ),
    ]
