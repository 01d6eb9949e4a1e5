"""Tell deals whom earlier calls and visits spoke to."""

from typing import Any

from django.db import migrations

BATCH = 1000


def note_old_records(apps: Any, schema_editor: Any) -> None:
    """Write a conversation for each person of each call in which we spoke and each visit that was held."""
    del schema_editor
    conversation = apps.get_model("opportunities", "Conversation")
    calls = apps.get_model("engagement", "Call").objects.filter(
        opportunity__isnull=False, withdrawn_at=None, result="SPOKE"
    )
    visits = apps.get_model("engagement", "Visit").objects.filter(
        opportunity__isnull=False, held_on__isnull=False, cancelled_at=None, met__isnull=False
    )
    rows = [("call", *row) for row in calls.values_list("ref", "opportunity_id", "contact_id", "called_on")]
    rows += [("visit", *row) for row in visits.values_list("ref", "opportunity_id", "met", "held_on")]
    conversation.objects.bulk_create(
        (
            conversation(opportunity_id=deal, contact_id=contact, on=on, source_kind=kind, source_ref=ref)
            for kind, ref, deal, contact, on in rows
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0001_initial"),
        ("opportunities", "0005_risk_signals"),
    ]

    operations = [migrations.RunPython(note_old_records, migrations.RunPython.noop)]
