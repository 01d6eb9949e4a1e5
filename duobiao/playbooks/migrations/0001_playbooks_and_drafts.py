"""All tables of playbooks as of 0003: new installations make them at once; older ones go through the steps it replaces."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.playbooks.models
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("playbooks", "0001_initial"),
        ("playbooks", "0002_improvement_notes"),
        ("playbooks", "0003_drafts_and_retiring"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="PlaybookVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.SlugField(max_length=60)),
                        ("version", models.PositiveIntegerField()),
                        ("document", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("shipped", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "base",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        ("retired_at", models.DateTimeField(null=True)),
                        (
                            "retired_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("key", "version"), name="playbooks_version_key_version"),
                            models.CheckConstraint(
                                condition=models.Q(("version__gte", 1)), name="playbooks_version_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("shipped", True), ("created_by__isnull", False), _connector="OR"),
                                name="playbooks_version_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ToolTick",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("playbook", models.SlugField(max_length=60)),
                        ("tool", models.CharField(max_length=60)),
                        ("ticked_at", models.DateTimeField()),
                        (
                            "ticked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("playbook", "tool"), name="playbooks_tick_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlaybookDraft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(default=duobiao.playbooks.models.draft_ref, max_length=16, unique=True),
                        ),
                        ("key", models.SlugField(max_length=60)),
                        (
                            "base",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        ("document", models.JSONField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("changed_at", models.DateTimeField()),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="draft",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("key",),
                                name="playbooks_draft_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at__isnull", True),
                                        ("ended_by__isnull", True),
                                        ("published__isnull", True),
                                    ),
                                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="playbooks_draft_ended_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImprovementNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(default=duobiao.playbooks.models.note_ref, max_length=16, unique=True),
                        ),
                        (
                            "playbook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("text", models.TextField(blank=True, max_length=4000, verbose_name="text")),
                        ("evidence", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("OPEN", "open"), ("TAKEN", "taken up"), ("REJECTED", "rejected")],
                                default="OPEN",
                                max_length=8,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "draft",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="playbooks.playbookdraft",
                            ),
                        ),
                        (
                            "done_in",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="improvements",
                                to="playbooks.playbookversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["playbook", "created_at"], name="playbooks_note_of_playbook")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", "TAKEN"),
                                    models.Q(("done_in__isnull", True), ("draft__isnull", True)),
                                    _connector="OR",
                                ),
                                name="playbooks_note_taken_before_done",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True), name="playbooks_note_has_title"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at__isnull", True), ("decided_by__isnull", True), ("status", "OPEN")
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        ("status__in", ["TAKEN", "REJECTED"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="playbooks_note_decided_by_somebody",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
