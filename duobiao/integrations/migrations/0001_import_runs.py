import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.integrations.models
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ImportedRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=60)),
                        ("target", models.CharField(max_length=16)),
                        ("external_id", models.CharField(max_length=120)),
                        ("object_id", models.BigIntegerField()),
                        ("values", models.JSONField(default=dict)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["target", "object_id"], name="integrations_imported_object")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "target", "external_id"), name="integrations_imported_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(default=duobiao.integrations.models.run_ref, max_length=16, unique=True),
                        ),
                        ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                        ("mapping", models.TextField(blank=True, verbose_name="mapping")),
                        ("digest", models.CharField(blank=True, db_index=True, max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("DRAFT", "being prepared"),
                                    ("QUEUED", "waiting to start"),
                                    ("RUNNING", "running"),
                                    ("CHECKED", "checked"),
                                    ("DONE", "done"),
                                    ("FAILED", "failed"),
                                ],
                                default="DRAFT",
                                max_length=8,
                            ),
                        ),
                        ("dry_run", models.BooleanField(default=False, verbose_name="dry run")),
                        ("failure", models.TextField(blank=True)),
                        ("totals", models.JSONField(default=list)),
                        ("rows_total", models.PositiveIntegerField(default=0)),
                        ("rows_done", models.PositiveIntegerField(default=0)),
                        ("peak_bytes", models.PositiveBigIntegerField(default=0)),
                        ("created_at", models.DateTimeField()),
                        ("began_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "actor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["created_at", "id"], name="integrations_run_created")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("rows_done__lte", models.F("rows_total"))),
                                name="integrations_run_not_over_done",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("size", models.PositiveBigIntegerField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("content", models.FileField(upload_to="imports/")),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="integrations.importrun",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "name"), name="integrations_file_name_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportFault",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("part", models.PositiveSmallIntegerField()),
                        ("file", models.CharField(max_length=200)),
                        ("line", models.PositiveIntegerField()),
                        ("column", models.CharField(blank=True, max_length=200)),
                        ("target_field", models.CharField(blank=True, max_length=60)),
                        ("code", models.CharField(max_length=40)),
                        ("params", models.JSONField(default=dict)),
                        ("cells", models.JSONField(default=dict)),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="faults",
                                to="integrations.importrun",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["run", "part", "line", "id"], name="integrations_fault_of_run")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("part", models.PositiveSmallIntegerField()),
                        ("links", models.BooleanField(default=False)),
                        ("number", models.PositiveIntegerField()),
                        ("rows", models.PositiveIntegerField()),
                        ("created", models.PositiveIntegerField(default=0)),
                        ("changed", models.PositiveIntegerField(default=0)),
                        ("unchanged", models.PositiveIntegerField(default=0)),
                        ("skipped", models.PositiveIntegerField(default=0)),
                        ("refused", models.PositiveIntegerField(default=0)),
                        ("at", models.DateTimeField()),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="batches",
                                to="integrations.importrun",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "part", "links", "number"), name="integrations_batch_once"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
