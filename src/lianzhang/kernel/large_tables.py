"""Steps of a migration that hold nobody up who reads or writes a large table meanwhile.

On PostgreSQL an index is built beside the work (`CONCURRENTLY`), and a reference is entered first and its rows are
checked afterwards (`NOT VALID`, `VALIDATE`). Neither runs in a transaction: the migration says `atomic = False`, and each
step looks at what is there, so that it can be repeated when it broke off. SQLite has one writer at a time anyhow: there
the steps are the plain ones.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation


class AddIndexAside(migrations.AddIndex):
    """An index; one that a broken build left behind is made anew."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not _stands(schema_editor, self.index.name):
            model = to_state.apps.get_model(app_label, self.model_name)
            schema_editor.add_index(model, self.index, **_aside(schema_editor))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _drop(schema_editor, self.index.name)


class RemoveIndexAside(migrations.RemoveIndex):
    """An index no longer; it may be gone already."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _drop(schema_editor, self.name)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not _stands(schema_editor, self.name):
            model = to_state.apps.get_model(app_label, self.model_name)
            index = to_state.models[app_label, self.model_name_lower].get_index_by_name(self.name)
            schema_editor.add_index(model, index, **_aside(schema_editor))


class DropColumnIndexes(Operation):
    """Without the indexes that columns had by `db_index`. The state learns of it beside (`SeparateDatabaseAndState`):
    Django's own way writes the table of SQLite anew for each column, and checks a reference of PostgreSQL again."""

    def __init__(self, model_name: str, names: list[str]) -> None:
        self.model_name, self.names = model_name, names

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Said beside."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        for name in self.names:
            for index in _of_column(schema_editor, model, name):
                _drop(schema_editor, index)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for name in self.names:
            if not _of_column(schema_editor, model, name):
                for statement in schema_editor._field_indexes_sql(model, model._meta.get_field(name)):
                    schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Drop the indexes of {', '.join(self.names)} on {self.model_name}"


class CompareAsBytes(Operation):
    """Let PostgreSQL compare a text column byte by byte (collation C), as SQLite does: then one index serves its order and
    what begins with a text. Takes no time but that of making its indexes anew, so it stands before there are many."""

    reversible = True

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name, self.name = model_name, name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The model says nothing of it: SQLite has no collation of this name."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """By bytes."""
        self._set(schema_editor, to_state.apps.get_model(app_label, self.model_name), '"C"')

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """As the database compares."""
        self._set(schema_editor, to_state.apps.get_model(app_label, self.model_name), '"default"')

    def _set(self, schema_editor: Any, model: Any, collation: str) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        field = model._meta.get_field(self.name)
        table, column = (schema_editor.quote_name(n) for n in (model._meta.db_table, field.column))
        kind = field.db_type(schema_editor.connection)
        schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} COLLATE {collation}")

    def describe(self) -> str:
        """In words."""
        return f"Compare {self.model_name}.{self.name} byte by byte"


class AddFields(Operation):
    """Several columns, quickly: what Django works out between two of them takes longer than adding them, and the table
    would be held meanwhile. Of a reference, empty at first, the column alone on PostgreSQL: `HoldReference` follows."""

    def __init__(self, model_name: str, fields: list[tuple[str, Any]]) -> None:
        self.model_name, self.fields = model_name, fields
        self.steps = [migrations.AddField(model_name, name, field) for name, field in fields]

    def state_forwards(self, app_label: str, state: Any) -> None:
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            before = from_state.apps.get_model(app_label, self.model_name)
            after = to_state.apps.get_model(app_label, self.model_name)
            for name, _ in self.fields:
                _add_column(schema_editor, before, after._meta.get_field(name))
            return
        for step in self.steps:
            state = from_state.clone()
            step.state_forwards(app_label, state)
            step.database_forwards(app_label, schema_editor, from_state, state)
            from_state = state

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for at in reversed(range(len(self.steps))):
            state = to_state.clone()
            for step in self.steps[:at]:
                step.state_forwards(app_label, state)
            self.steps[at].database_backwards(app_label, schema_editor, from_state, state)
            from_state = state

    def describe(self) -> str:
        return f"Add {', '.join(name for name, _ in self.fields)} to {self.model_name}"


class HoldReference(Operation):
    """Index and foreign key of a column that `AddFields` added on PostgreSQL."""

    SUFFIX = "_fk_%(to_table)s_%(to_column)s"

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name, self.name = model_name, name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """`AddFields` said it."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        field, table = model._meta.get_field(self.name), model._meta.db_table
        index = schema_editor._create_index_name(table, [field.column])
        if not _stands(schema_editor, index):
            statement = schema_editor._create_index_sql(model, fields=[field], name=index, concurrently=True)
            schema_editor.execute(statement)
        key = str(schema_editor._fk_constraint_name(model, field, self.SUFFIX))
        if not _references(schema_editor, table, key):
            schema_editor.execute(f"{schema_editor._create_fk_sql(model, field, self.SUFFIX)} NOT VALID")
        schema_editor.execute(
            f"ALTER TABLE {schema_editor.quote_name(table)} VALIDATE CONSTRAINT {key}"
        )  # nothing where it is valid

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Goes with the column."""

    def describe(self) -> str:
        return f"Index and foreign key of {self.name} on {self.model_name}"


def _add_column(schema_editor: Any, model: Any, field: Any) -> None:
    if not field.remote_field:
        schema_editor.add_field(model, field)
        return
    quote, kind = schema_editor.quote_name, field.db_type(schema_editor.connection)
    table = quote(model._meta.db_table)
    schema_editor.execute(f"ALTER TABLE {table} ADD COLUMN {quote(field.column)} {kind} NULL")


def _aside(schema_editor: Any) -> dict[str, bool]:
    return {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}


def _stands(schema_editor: Any, index: str) -> bool:
    """Whether there is such an index; what a build that broke off left of it is dropped."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = %s", [index])
            return cursor.fetchone() is not None
        name = schema_editor.quote_name(index)
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        found = cursor.fetchone()
    if found and not found[0]:
        _drop(schema_editor, index)
    return bool(found and found[0])


def _drop(schema_editor: Any, index: str) -> None:
    aside = "CONCURRENTLY " if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP INDEX {aside}IF EXISTS {schema_editor.quote_name(index)}")


def _of_column(schema_editor: Any, model: Any, name: str) -> list[str]:
    """The indexes over this column alone that neither hold it unique nor are declared with the model."""
    connection, column = schema_editor.connection, model._meta.get_field(name).column
    declared = {index.name for index in model._meta.indexes}
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return sorted(
        index
        for index, facts in there.items()
        if facts["index"] and not facts["unique"] and facts["columns"] == [column] and index not in declared
    )


def _references(schema_editor: Any, table: str, key: str) -> bool:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass(%s) AND conname = %s",
            [schema_editor.quote_name(table), key.strip('"')],
        )
        return cursor.fetchone() is not None
