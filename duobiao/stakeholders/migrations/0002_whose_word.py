"""Keep who says which part people play, and by code where a word of ours or of a card comes from; let two people be joined by ties of different kinds."""

from typing import Any

from django.conf import settings
from django.db import migrations, models

OWN = ("our own impression", "我方判断", "我方判斷")
"""How the source was written where none was given, in the languages of the product."""


def keep_codes(apps: Any, schema_editor: Any) -> None:
    """Give a code to what was kept in the writer's language."""
    del schema_editor
    rows = apps.get_model("stakeholders", "Observation").objects.filter(told_by=None)
    rows.filter(from_card=True).update(origin="CARD")
    rows.filter(from_card=False, source__in=OWN).update(origin="OWN")


class Migration(migrations.Migration):
    dependencies = [
        ("opportunities", "0016_suggestions_from_other_records"),
        ("stakeholders", "0001_decision_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="observation",
            name="origin",
            field=models.CharField(
                blank=True,
                choices=[("OWN", "our own impression"), ("CARD", "card of the contact")],
                default="",
                max_length=4,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="dealperson",
            name="part_source",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="how we know their part"),
            preserve_default=False,
        ),
        migrations.RunPython(keep_codes, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="dealperson",
            name="coach_grade",
            field=models.CharField(
                blank=True,
                choices=[
                    ("INFORMANT", "informant: gives information"),
                    ("INSIDER", "inside supporter: information and advice"),
                    ("COACH", "coach: acts for us"),
                ],
                max_length=10,
                verbose_name="helper",
            ),
        ),
        migrations.RemoveConstraint(model_name="influencelink", name="stakeholders_link_once"),
        migrations.AddConstraint(
            model_name="influencelink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("source", "target", "link_kind", "tie"),
                name="stakeholders_link_once_of_a_tie",
            ),
        ),
    ]
