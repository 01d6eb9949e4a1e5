"""Keep what was suggested on deals, what people decided about it, and what became of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.opportunities.models.suggestion


class Migration(migrations.Migration):
    dependencies = [
        ("opportunities", "0006_deal_tasks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        default=duobiao.opportunities.models.suggestion.suggestion_ref, max_length=16, unique=True
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("CALL", "call the handler"),
                            ("VISIT", "visit the customer"),
                            ("METHOD", "find out the purchase method"),
                            ("PROFILE", "complete a record"),
                            ("PROVE", "record evidence"),
                            ("RENEW", "renew evidence"),
                            ("WAIVER", "prove what stands on a waiver"),
                            ("BUYER", "note what the buyer did"),
                            ("RISK", "answer a risk"),
                            ("GIVE_UP", "decide whether to give up"),
                            ("CLOSE", "close the deal"),
                        ],
                        max_length=10,
                    ),
                ),
                ("items", models.JSONField(default=list)),
                ("evidence", models.JSONField(default=list)),
                ("first_on", models.DateField()),
                ("facts", models.CharField(blank=True, max_length=16)),
                (
                    "choice",
                    models.CharField(
                        blank=True,
                        choices=[("DONE", "done"), ("SNOOZED", "later"), ("DISMISSED", "dismissed")],
                        max_length=10,
                    ),
                ),
                ("until", models.DateField(null=True, verbose_name="until")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NOT_HERE", "does not fit this project"),
                            ("BUYER_REFUSES", "the buyer does not want it"),
                            ("NO_ACCESS", "nobody to reach"),
                            ("NOT_WORTH_IT", "costs more than it brings"),
                            ("ALREADY_CLEAR", "clear without a record"),
                            ("WRONG", "the suggestion is wrong"),
                            ("OTHER", "other"),
                        ],
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="in words")),
                ("decided_at", models.DateTimeField(null=True)),
                ("arrived_on", models.DateField(null=True)),
                ("gone_on", models.DateField(null=True)),
                ("after_days", models.PositiveIntegerField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opportunity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="opportunities.opportunity",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["first_on", "what"], name="opportunities_suggested_on")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("arrived_on__isnull", True), ("gone_on__isnull", True)),
                        fields=("opportunity", "key"),
                        name="opportunities_suggestion_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("choice__in", ["", "DONE", "SNOOZED", "DISMISSED"])),
                        name="opportunities_suggestion_choice_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("choice", "SNOOZED"), _negated=True), ("until__isnull", False), _connector="OR"
                        ),
                        name="opportunities_snoozed_until_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("choice", "DISMISSED"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="opportunities_dismissed_with_reason",
                    ),
                ],
            },
        ),
    ]
