"""Keep tasks of deals: who does what by when."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.opportunities.models.task


class Migration(migrations.Migration):
    dependencies = [
        ("opportunities", "0005_risk_signals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DealTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=duobiao.opportunities.models.task.task_ref, max_length=16, unique=True),
                ),
                ("title", models.CharField(max_length=200, verbose_name="what is to be done")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("source_kind", models.CharField(blank=True, max_length=40)),
                ("source_ref", models.CharField(blank=True, max_length=40)),
                ("added_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("dropped", models.BooleanField(default=False)),
                ("result", models.CharField(blank=True, max_length=500, verbose_name="result")),
                ("reminded_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "done_by",
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
                        related_name="tasks",
                        to="opportunities.opportunity",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deal_tasks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who does it",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["opportunity", "done_at", "due_on"], name="opportunities_task_deal"),
                    models.Index(fields=["owner", "done_at", "due_on"], name="opportunities_task_owner"),
                    models.Index(fields=["source_ref"], name="opportunities_task_source"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="opportunities_task_says_what"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dropped", False),
                            models.Q(("done_at__isnull", False), models.Q(("result", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="opportunities_task_dropped_with_reason",
                    ),
                ],
            },
        ),
    ]
