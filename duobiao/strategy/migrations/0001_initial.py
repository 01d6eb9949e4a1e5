"""Keep strategy versions with their reviews, and contingency plans with their steps."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.strategy.models.plan
import duobiao.strategy.models.strategy
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("opportunities", "0005_risk_signals"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ContingencyPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(default=duobiao.strategy.models.plan.plan_ref, max_length=16, unique=True),
                        ),
                        ("rule", models.CharField(max_length=40, verbose_name="risk")),
                        ("trigger", models.TextField(max_length=500, verbose_name="trigger")),
                        ("plan", models.TextField(max_length=2000, verbose_name="what we do then")),
                        ("due_on", models.DateField(verbose_name="ready by")),
                        (
                            "state",
                            models.CharField(
                                choices=[("PREPARED", "prepared"), ("ACTIVATED", "activated"), ("DONE", "done")],
                                default="PREPARED",
                                max_length=10,
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contingency_plans",
                                to="opportunities.opportunity",
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
                    ],
                    options={
                        "indexes": [models.Index(fields=["opportunity", "rule"], name="strategy_plan_of_deal")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("rule", ""), _negated=True),
                                    models.Q(("trigger", ""), _negated=True),
                                    models.Q(("plan", ""), _negated=True),
                                ),
                                name="strategy_plan_says_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["PREPARED", "ACTIVATED", "DONE"])),
                                name="strategy_plan_state_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("PREPARED", "prepared"), ("ACTIVATED", "activated"), ("DONE", "done")],
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
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
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="strategy.contingencyplan",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "state"), name="strategy_step_once"),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["PREPARED", "ACTIVATED", "DONE"])),
                                name="strategy_step_state_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StrategyVersion",
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
                                default=duobiao.strategy.models.strategy.version_ref, max_length=16, unique=True
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("goal", models.TextField(max_length=2000, verbose_name="goal")),
                        ("position", models.TextField(max_length=2000, verbose_name="our position")),
                        ("moves", models.TextField(max_length=2000, verbose_name="main moves")),
                        ("supporters", models.TextField(blank=True, max_length=2000, verbose_name="who supports us")),
                        ("opponents", models.TextField(blank=True, max_length=2000, verbose_name="who opposes us")),
                        ("review_on", models.DateField(verbose_name="next review")),
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
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="strategies",
                                to="opportunities.opportunity",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("opportunity", "number"), name="strategy_version_number_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("goal", ""), _negated=True),
                                    models.Q(("position", ""), _negated=True),
                                    models.Q(("moves", ""), _negated=True),
                                ),
                                name="strategy_version_says_how",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("number__gte", 1)), name="strategy_version_counts_from_one"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StrategyReview",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("worked", models.TextField(max_length=2000, verbose_name="what worked")),
                        ("failed", models.TextField(max_length=2000, verbose_name="what did not work")),
                        ("causes", models.TextField(max_length=2000, verbose_name="why")),
                        ("reviewed_at", models.DateTimeField()),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="review",
                                to="strategy.strategyversion",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("causes", ""), _negated=True), name="strategy_review_names_causes"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
