"""The index by which enterprises are found by part of a name, by its sound, initials or road."""

from typing import Any

from django.db import migrations


def make(apps: Any, schema_editor: Any) -> None:
    from lianzhang.registry.names import index

    index.create(schema_editor.connection)
    index.rebuild()


def take_away(apps: Any, schema_editor: Any) -> None:
    from lianzhang.registry.names import index

    index.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunPython(make, take_away)]
