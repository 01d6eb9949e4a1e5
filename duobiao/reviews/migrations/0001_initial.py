"""Keep gate reviews, who takes part in them, and the conditions they set."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.reviews.models.condition
import duobiao.reviews.models.review
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "__first__"),
        ("opportunities", "0008_gate_marks_and_give_ups"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="GateReview",
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
                                default=duobiao.reviews.models.review.review_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "gate",
                            models.CharField(
                                choices=[("ATI", "ATI"), ("ATB", "ATB"), ("ATC", "ATC"), ("ATAC", "ATAC")],
                                max_length=4,
                                verbose_name="control point",
                            ),
                        ),
                        ("stage", models.PositiveSmallIntegerField()),
                        ("item", models.CharField(blank=True, max_length=20)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("PLANNED", "planned"),
                                    ("SUBMITTED", "waits for approval"),
                                    ("DECIDED", "decided"),
                                    ("REFUSED", "decision refused"),
                                    ("CANCELLED", "called off"),
                                ],
                                default="PLANNED",
                                max_length=10,
                            ),
                        ),
                        ("planned_on", models.DateField(verbose_name="planned for")),
                        ("planned_at", models.DateTimeField()),
                        ("held_on", models.DateField(null=True, verbose_name="held on")),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[("GO", "go"), ("HOLD", "hold"), ("STOP", "stop")],
                                max_length=4,
                                verbose_name="decision",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, max_length=4000, verbose_name="reason")),
                        ("minutes", models.TextField(blank=True, max_length=4000, verbose_name="minutes")),
                        ("replies", models.JSONField(default=dict)),
                        ("checklist", models.JSONField(default=dict)),
                        ("submitted_at", models.DateTimeField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("settled_on", models.DateField(null=True)),
                        ("note", models.TextField(blank=True, max_length=4000)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "corrects",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrected_by",
                                to="reviews.gatereview",
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="gate_reviews",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "planned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["opportunity", "gate", "settled_at"], name="reviews_review_of_deal"),
                            models.Index(fields=["state", "planned_on"], name="reviews_review_upcoming"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("PLANNED", "SUBMITTED"))),
                                fields=("opportunity", "gate"),
                                name="reviews_review_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["PLANNED", "SUBMITTED", "DECIDED", "REFUSED", "CANCELLED"])
                                ),
                                name="reviews_review_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("gate__in", ["ATI", "ATB", "ATC", "ATAC"])),
                                name="reviews_review_gate_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("SUBMITTED", "DECIDED", "REFUSED")), _negated=True),
                                    models.Q(
                                        ("decision__in", ["GO", "HOLD", "STOP"]),
                                        ("held_on__isnull", False),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="reviews_review_held_with_decision",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("DECIDED", "REFUSED")), _negated=True),
                                    models.Q(("settled_at__isnull", False), ("settled_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="reviews_review_settled_at_a_moment",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Condition",
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
                                default=duobiao.reviews.models.condition.condition_ref, max_length=16, unique=True
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("text", models.CharField(max_length=200, verbose_name="what has to be done")),
                        ("due_on", models.DateField(verbose_name="due on")),
                        (
                            "task",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="condition",
                                to="opportunities.dealtask",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who does it",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="conditions",
                                to="reviews.gatereview",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("review", "number"), name="reviews_condition_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="reviews_condition_says_what"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attendee",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="gate_reviews",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attendees",
                                to="reviews.gatereview",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["user", "review"], name="reviews_attendee_of_user")],
                        "constraints": [
                            models.UniqueConstraint(fields=("review", "user"), name="reviews_attendee_once")
                        ],
                    },
                ),
            ]
        ),
    ]
