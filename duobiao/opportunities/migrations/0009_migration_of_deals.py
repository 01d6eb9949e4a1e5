"""Keep migrations of deals, which playbook a deal had when, and whose stages a change of place counts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.opportunities.models.migration
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("opportunities", "0008_gate_marks_and_give_ups"),
        ("playbooks", "0002_improvement_notes"),
    ]

    operations = [
        migrations.AddField(
            model_name="opportunity",
            name="playbook_since",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="stagechange",
            name="playbook",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="playbooks.playbookversion",
            ),
        ),
        migrations.AddField(
            model_name="waiver",
            name="playbook",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="playbooks.playbookversion"
            ),
        ),
        CreateModels(
            [
                migrations.CreateModel(
                    name="MigrationRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(
                                default=duobiao.opportunities.models.migration.migration_ref, max_length=16, unique=True
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("QUEUED", "waiting to start"),
                                    ("RUNNING", "running"),
                                    ("DONE", "done"),
                                    ("REVERTING", "being taken back"),
                                    ("REVERTED", "taken back"),
                                ],
                                default="QUEUED",
                                max_length=10,
                            ),
                        ),
                        ("total", models.PositiveIntegerField()),
                        ("created_at", models.DateTimeField()),
                        ("touched_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("revert_asked_at", models.DateTimeField(null=True)),
                        ("reverted_at", models.DateTimeField(null=True)),
                        (
                            "actor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reverted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["created_at"], name="opportunities_migration_at")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("finished_at__isnull", True), ("state__in", ["QUEUED", "RUNNING"])),
                                    models.Q(
                                        ("finished_at__isnull", False), ("state__in", ["DONE", "REVERTING", "REVERTED"])
                                    ),
                                    _connector="OR",
                                ),
                                name="opportunities_migration_finished_at",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("reverted_by__isnull", True), ("state__in", ["QUEUED", "RUNNING", "DONE"])
                                    ),
                                    models.Q(("reverted_by__isnull", False), ("state__in", ["REVERTING", "REVERTED"])),
                                    _connector="OR",
                                ),
                                name="opportunities_migration_reverted_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MigratedDeal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seen_version", models.PositiveIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("WAITING", "waiting"),
                                    ("MOVED", "moved"),
                                    ("LEFT_OUT", "left out"),
                                    ("RETURNED", "put back"),
                                    ("KEPT", "not put back"),
                                ],
                                default="WAITING",
                                max_length=10,
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("CLOSED", "The deal is closed; its judgement is frozen."),
                                    (
                                        "STALE",
                                        "The deal was changed after you chose it. Look at it and choose it again.",
                                    ),
                                    ("SAME", "The deal is on this playbook already."),
                                    ("MOVED_AGAIN", "The deal was moved again since."),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("place_before", models.JSONField(default=dict)),
                        ("place_after", models.JSONField(default=dict)),
                        ("claimed_before", models.PositiveSmallIntegerField(null=True)),
                        ("lost", models.JSONField(default=list)),
                        ("gained", models.JSONField(default=list)),
                        ("waivers_lost", models.JSONField(default=list)),
                        (
                            "before",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="migrations",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deals",
                                to="opportunities.migrationrun",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["run", "state"], name="opportunities_migrated_state")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "opportunity"), name="opportunities_migrated_deal_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reason", ""), ("state__in", ["WAITING", "MOVED", "RETURNED"])),
                                    models.Q(
                                        ("state__in", ["LEFT_OUT", "KEPT"]), models.Q(("reason", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="opportunities_migrated_deal_says_why_not",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlaybookChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("on", models.DateField()),
                        ("reverses", models.BooleanField(default=False)),
                        (
                            "after",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        (
                            "before",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="playbook_changes",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes",
                                to="opportunities.migrationrun",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("opportunity", "sequence"), name="opportunities_playbook_change_sequence"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("before", models.F("after")), _negated=True),
                                name="opportunities_playbook_change_changes",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
