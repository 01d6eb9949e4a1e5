"""Keep review meetings with their notes and minutes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.strategy.models.meeting
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("opportunities", "0007_suggestions"),
        ("strategy", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ReviewMeeting",
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
                                default=duobiao.strategy.models.meeting.meeting_ref, max_length=16, unique=True
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("held_on", models.DateField(verbose_name="day")),
                        ("opened_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("summary", models.TextField(blank=True, max_length=2000, verbose_name="in short")),
                        (
                            "led_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="led by",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="seller",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="identity.unit",
                                verbose_name="unit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["opened_at"], name="strategy_meeting_opened")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True), name="strategy_meeting_has_title"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeetingDeal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField()),
                        ("since", models.DateTimeField()),
                        ("notes", models.TextField(blank=True, max_length=2000, verbose_name="notes")),
                        ("noted_at", models.DateTimeField(null=True)),
                        ("snapshot", models.JSONField(default=dict)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "noted_by",
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
                                related_name="+",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deals",
                                to="strategy.reviewmeeting",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("meeting", "opportunity"), name="strategy_meeting_deal_once"
                            ),
                            models.UniqueConstraint(fields=("meeting", "place"), name="strategy_meeting_place_once"),
                        ],
                    },
                ),
            ]
        ),
    ]
