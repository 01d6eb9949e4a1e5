"""Tables made together are the tables that one operation after another makes."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from duobiao.migrating import CreateModels

KEY = ("id", models.BigAutoField(primary_key=True))


def tables() -> list[migrations.CreateModel]:
    return [
        migrations.CreateModel("Shelf", [KEY, ("name", models.CharField(max_length=10))]),
        migrations.CreateModel("Book", [KEY, ("shelf", models.ForeignKey("library.Shelf", models.CASCADE))]),
    ]


def state_after(*operations: Operation) -> ProjectState:
    state = ProjectState()
    assert state.apps.get_models() == []  # so that what is built has to be built anew
    for operation in operations:
        operation.state_forwards("library", state)
    return state


def test_the_state_is_that_of_one_after_another():
    together, apart = state_after(CreateModels(tables())), state_after(*tables())

    assert together == apart
    assert together.apps.get_model("library", "Book").shelf.field.related_model._meta.model_name == "shelf"
    assert together.apps.get_model("library", "Shelf")._meta.get_field("book").is_relation


@pytest.mark.django_db(transaction=True)
def test_the_tables_are_made_and_dropped():
    operation = CreateModels(tables())
    before, after = ProjectState(), state_after(operation)

    with connection.schema_editor() as editor:
        operation.database_forwards("library", editor, before, after)
    assert {"library_shelf", "library_book"} <= set(connection.introspection.table_names())

    with connection.schema_editor() as editor:
        operation.database_backwards("library", editor, after, before)
    assert not {"library_shelf", "library_book"} & set(connection.introspection.table_names())


def test_it_says_what_it_makes():
    assert CreateModels(tables()).describe() == "Create models Shelf, Book"
