"""Rows of files say themselves that what they said was erased."""

import re
from typing import Any, ClassVar

from django.db import migrations, models

MARKED = re.compile(r"(?<!\*)\*{3}(?!\*)")


def note_erased(apps: Any, schema_editor: Any) -> None:
    """Mark what the mark alone told so far, where anybody was erased at all; a number with hidden digits tells nothing."""
    del schema_editor
    if not apps.get_model("customers", "Erasure").objects.exists():
        return
    rows = apps.get_model("integrations", "ImportedRecord").objects
    marked = [pk for pk, values in rows.values_list("pk", "values").iterator() if MARKED.search(str(values))]
    for start in range(0, len(marked), 500):
        rows.filter(pk__in=marked[start : start + 500]).update(erased=True)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("integrations", "0004_exports"),
        ("customers", "0008_objections_and_erasures"),
    ]

    operations: ClassVar = [
        migrations.AddField(model_name="importedrecord", name="erased", field=models.BooleanField(default=False)),
        migrations.RunPython(note_erased, migrations.RunPython.noop),
    ]
