"""Let no waiver be without the playbook version whose item it waives."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("opportunities", "0010_waivers_name_their_playbook"),
        ("playbooks", "0002_improvement_notes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="waiver",
            name="playbook",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="playbooks.playbookversion"
            ),
        ),
    ]
