"""Robots, what people choose, the outbox."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.push.models
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="PushSettings",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("base_url", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="push_settings_single_row")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Robot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("WECOM", "WeCom"), ("DINGTALK", "DingTalk"), ("FEISHU", "Feishu")],
                                max_length=8,
                                verbose_name="chat",
                            ),
                        ),
                        ("ref", models.CharField(default=duobiao.push.models.robot_ref, max_length=16, unique=True)),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("address", models.TextField()),
                        ("secret", models.TextField(blank=True)),
                        ("host", models.CharField(max_length=200)),
                        ("topics", models.JSONField(default=list)),
                        ("language", models.CharField(default="zh-hans", max_length=10, verbose_name="language")),
                        ("is_active", models.BooleanField(default=True, verbose_name="on")),
                        ("version", models.PositiveIntegerField(default=1)),
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("name", ""), _negated=True), models.Q(("address", ""), _negated=True)
                                ),
                                name="push_robot_complete",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("ref", models.CharField(default=duobiao.push.models.delivery_ref, max_length=16, unique=True)),
                        ("key", models.CharField(max_length=64, unique=True)),
                        ("digest", models.BooleanField(default=False)),
                        ("event", models.CharField(max_length=80)),
                        ("data", models.JSONField(default=dict)),
                        ("url", models.CharField(max_length=300)),
                        ("people", models.JSONField(default=list)),
                        ("happened_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("WAITING", "waits"), ("SENT", "sent"), ("FAILED", "given up")],
                                default="WAITING",
                                max_length=8,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("claimed_at", models.DateTimeField(null=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("last_error", models.CharField(blank=True, max_length=300)),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "robot",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="push.robot",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["state", "due_at"], name="push_delivery_due")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("robot__isnull", False), ("user__isnull", True)),
                                    models.Q(("robot__isnull", True), ("user__isnull", False)),
                                    _connector="OR",
                                ),
                                name="push_delivery_to_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TopicChoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "topic",
                            models.CharField(
                                choices=[
                                    ("APPROVALS", "approvals"),
                                    ("TASKS", "tasks and promises"),
                                    ("RISKS", "risks and plans"),
                                    ("MENTIONS", "mentions"),
                                    ("DEALS", "everything else about projects"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("in_app", models.BooleanField(default=True)),
                        (
                            "mail",
                            models.CharField(
                                choices=[("OFF", "no mail"), ("NOW", "at once"), ("DAILY", "daily digest")],
                                default="OFF",
                                max_length=5,
                            ),
                        ),
                        ("robot", models.BooleanField(default=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="topic_choices",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("user", "topic"), name="push_choice_once")],
                    },
                ),
                migrations.CreateModel(
                    name="PersonHours",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quiet_from", models.TimeField(null=True)),
                        ("quiet_to", models.TimeField(null=True)),
                        ("digest_at", models.TimeField()),
                        ("mobile", models.CharField(blank=True, max_length=20)),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="push_hours",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("quiet_from__isnull", True), ("quiet_to__isnull", True)),
                                    models.Q(("quiet_from__isnull", False), ("quiet_to__isnull", False)),
                                    _connector="OR",
                                ),
                                name="push_hours_quiet_from_and_to",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
