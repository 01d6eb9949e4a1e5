import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.timeline.models
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
                    name="Anchor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(unique=True)),
                        ("at", models.DateTimeField()),
                        ("chains", models.PositiveIntegerField()),
                        ("previous", models.CharField(max_length=64)),
                        ("digest", models.CharField(max_length=64)),
                    ],
                ),
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("chain", models.CharField(max_length=40)),
                        ("sequence", models.PositiveIntegerField()),
                        ("event", models.CharField(max_length=80)),
                        ("subject_kind", models.CharField(max_length=40)),
                        ("subject_ref", models.CharField(max_length=40)),
                        ("at", models.DateTimeField()),
                        ("detail_digest", models.CharField(max_length=64)),
                        ("previous", models.CharField(max_length=64)),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "actor",
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
                            models.Index(fields=["subject_ref", "at"], name="timeline_entry_subject"),
                            models.Index(fields=["at"], name="timeline_entry_at"),
                            models.Index(fields=["actor", "at"], name="timeline_entry_actor"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("chain", "sequence"), name="timeline_entry_chain_sequence")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChainHead",
                    fields=[
                        ("chain", models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ("sequence", models.PositiveIntegerField()),
                        ("digest", models.CharField(max_length=64)),
                        ("anchored", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("anchored__lte", models.F("sequence"))),
                                name="timeline_head_anchored",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EntryDetail",
                    fields=[
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="detail",
                                serialize=False,
                                to="timeline.entry",
                            ),
                        ),
                        ("salt", models.CharField(max_length=32)),
                        ("data", models.JSONField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Notification",
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
                                default=duobiao.timeline.models.notification_ref, max_length=16, unique=True
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("event", models.CharField(max_length=80)),
                        ("data", models.JSONField(default=dict)),
                        ("url", models.CharField(max_length=300)),
                        ("read_at", models.DateTimeField(null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notifications",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["user", "read_at", "at"], name="timeline_notification_user")],
                    },
                ),
                migrations.CreateModel(
                    name="AnchoredHead",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("chain", models.CharField(max_length=40)),
                        ("sequence", models.PositiveIntegerField()),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "anchor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="heads", to="timeline.anchor"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("anchor", "chain"), name="timeline_anchoredhead_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(default=duobiao.timeline.models.comment_ref, max_length=16, unique=True),
                        ),
                        ("subject_kind", models.CharField(max_length=40)),
                        ("subject_ref", models.CharField(max_length=40)),
                        ("at", models.DateTimeField()),
                        ("body", models.TextField(max_length=4000)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("mentions", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["subject_kind", "subject_ref", "at"], name="timeline_comment_subject")
                        ],
                    },
                ),
            ]
        ),
    ]
