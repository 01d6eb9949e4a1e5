"""Make the table of words; its form depends on the database."""

from django.db import migrations

CREATE = {
    "sqlite": ["CREATE VIRTUAL TABLE search_index USING fts5(title, body, tokenize='ascii')"],
    "postgresql": [
        "CREATE TABLE search_index (document_id bigint PRIMARY KEY, vector tsvector NOT NULL)",
        "CREATE INDEX search_index_vector ON search_index USING gin (vector)",
    ],
}


def create(_apps, schema_editor):
    """Run the statements of this database."""
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(_apps, schema_editor):
    """Take the table away."""
    schema_editor.execute("DROP TABLE search_index")


class Migration(migrations.Migration):
    """The words people search for."""

    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
