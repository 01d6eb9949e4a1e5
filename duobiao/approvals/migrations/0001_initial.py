import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.approvals.models.absence
import duobiao.approvals.models.requests
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
                    name="Absence",
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
                                default=duobiao.approvals.models.absence.absence_ref, max_length=16, unique=True
                            ),
                        ),
                        ("from_on", models.DateField()),
                        ("to_on", models.DateField()),
                        ("created_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "substitute",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="absences",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["from_on", "to_on"], name="approvals_absence_days")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("to_on__gte", models.F("from_on"))),
                                name="approvals_absence_days_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("user", models.F("substitute")), _negated=True),
                                name="approvals_absence_somebody_else",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChainVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("matter", models.CharField(max_length=40)),
                        ("version", models.PositiveIntegerField()),
                        ("steps", models.JSONField()),
                        ("published_at", models.DateTimeField()),
                        (
                            "published_by",
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
                            models.UniqueConstraint(fields=("matter", "version"), name="approvals_chain_version_once"),
                            models.CheckConstraint(
                                condition=models.Q(("version__gte", 1)), name="approvals_chain_version_positive"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApprovalRequest",
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
                                default=duobiao.approvals.models.requests.request_ref, max_length=16, unique=True
                            ),
                        ),
                        ("matter", models.CharField(max_length=40)),
                        ("subject_kind", models.CharField(max_length=40)),
                        ("subject_ref", models.CharField(max_length=40)),
                        ("title", models.CharField(max_length=200)),
                        ("facts", models.JSONField(default=dict)),
                        ("amount_minor", models.BigIntegerField(null=True)),
                        ("currency", models.CharField(default="CNY", max_length=3)),
                        ("plan", models.JSONField(default=list)),
                        ("asked_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("OPEN", "waits"),
                                    ("APPROVED", "approved"),
                                    ("REFUSED", "refused"),
                                    ("WITHDRAWN", "withdrawn"),
                                ],
                                default="OPEN",
                                max_length=10,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("alone", models.BooleanField(default=False)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "chain",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.chainversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["asked_by", "asked_at"], name="approvals_request_asker"),
                            models.Index(fields=["state", "asked_at"], name="approvals_request_state"),
                            models.Index(fields=["subject_ref"], name="approvals_request_subject"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", True), ("state", "OPEN")),
                                    models.Q(models.Q(("state", "OPEN"), _negated=True), ("closed_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="approvals_request_closed_at_a_moment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["OPEN", "APPROVED", "REFUSED", "WITHDRAWN"])),
                                name="approvals_request_state_known",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "OPEN")),
                                fields=("matter", "subject_kind", "subject_ref"),
                                name="approvals_request_one_open",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Copy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="copies",
                                to="approvals.approvalrequest",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("request", "user"), name="approvals_copy_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StepVisit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField()),
                        ("step", models.JSONField()),
                        ("entered_at", models.DateTimeField()),
                        ("due_on", models.DateField(null=True)),
                        ("reminded_on", models.DateField(null=True)),
                        ("left_at", models.DateTimeField(null=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("APPROVED", "approved"),
                                    ("REFUSED", "refused"),
                                    ("RETURNED", "sent back"),
                                    ("PUT_OFF", "somebody else first"),
                                    ("SKIPPED", "not needed"),
                                    ("STOPPED", "stopped"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="visits",
                                to="approvals.approvalrequest",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["due_on"], name="approvals_visit_due")],
                        "constraints": [
                            models.UniqueConstraint(fields=("request", "sequence"), name="approvals_visit_sequence"),
                            models.UniqueConstraint(
                                condition=models.Q(("left_at__isnull", True)),
                                fields=("request",),
                                name="approvals_visit_one_present",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("left_at__isnull", True), ("outcome", "")),
                                    models.Q(("left_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="approvals_visit_left_with_outcome",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Act",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "verb",
                            models.CharField(
                                choices=[
                                    ("ASKED", "asked"),
                                    ("APPROVED", "approved"),
                                    ("REFUSED", "refused"),
                                    ("RETURNED", "sent back"),
                                    ("RESUBMITTED", "asked again"),
                                    ("ADDED", "added an approver"),
                                    ("COPIED", "copied to"),
                                    ("DELEGATED", "handed the task on"),
                                    ("WITHDRAWN", "withdrew"),
                                    ("REMINDED", "reminded"),
                                    ("ESCALATED", "passed on to the superior"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("words", models.JSONField(default=dict)),
                        (
                            "behalf_of",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="acts",
                                to="approvals.approvalrequest",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="acts",
                                to="approvals.stepvisit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["by", "verb"], name="approvals_act_of_person")],
                    },
                ),
                migrations.CreateModel(
                    name="Task",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("CHAIN", "by the chain"),
                                    ("ADDED", "added by an approver"),
                                    ("DELEGATED", "handed on"),
                                    ("SUBSTITUTE", "as a substitute"),
                                    ("ESCALATED", "passed on to the superior"),
                                    ("STEPPED_IN", "stepped in"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("required", models.BooleanField(default=False)),
                        ("assigned_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "ended_as",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("DECIDED", "decided"),
                                    ("HANDED_ON", "handed on"),
                                    ("TAKEN_BACK", "back with the person it was for"),
                                    ("CLOSED", "no longer needed"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("approved", models.BooleanField(null=True)),
                        (
                            "absence",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.absence",
                            ),
                        ),
                        (
                            "behalf_of",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tasks",
                                to="approvals.stepvisit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["user", "ended_at"], name="approvals_task_of_user")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("visit", "user"),
                                name="approvals_task_asked_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_as", ""), ("ended_at__isnull", True)),
                                    models.Q(("ended_at__isnull", False), models.Q(("ended_as", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="approvals_task_ended_somehow",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved__isnull", True), ("ended_as", "DECIDED"), _connector="OR"
                                ),
                                name="approvals_task_answer_ends_it",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
