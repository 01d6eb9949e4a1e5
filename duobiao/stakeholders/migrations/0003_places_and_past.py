"""Keep where people were moved to in pictures of a chain, and what they were before a change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stakeholders", "0002_whose_word"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonPast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("UNKNOWN", "not yet known"),
                            ("FINAL_DECIDER", "final decider"),
                            ("INFLUENCER", "key influencer"),
                            ("GATEKEEPER", "gatekeeper"),
                            ("USER", "user and implementer"),
                        ],
                        max_length=16,
                    ),
                ),
                ("influence_type", models.CharField(blank=True, max_length=10)),
                ("coach_grade", models.CharField(blank=True, max_length=10)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("TOP", "deciding level"),
                            ("MIDDLE", "managing level"),
                            ("BASE", "working level"),
                            ("OUTSIDE", "outside the customer"),
                        ],
                        max_length=8,
                    ),
                ),
                ("function", models.CharField(blank=True, max_length=12)),
                ("department", models.CharField(blank=True, max_length=60)),
                (
                    "keeper",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="pasts", to="stakeholders.dealperson"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "until"), name="stakeholders_past_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["UNKNOWN", "FINAL_DECIDER", "INFLUENCER", "GATEKEEPER", "USER"])
                        ),
                        name="stakeholders_past_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "layout",
                    models.CharField(
                        choices=[("LAYERS", "by level"), ("ROLES", "by part"), ("NETWORK", "by closeness")],
                        max_length=8,
                    ),
                ),
                ("x", models.PositiveSmallIntegerField()),
                ("y", models.PositiveSmallIntegerField()),
                ("placed_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="stakeholders.dealperson"
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "layout"), name="stakeholders_place_once_per_picture"),
                    models.CheckConstraint(
                        condition=models.Q(("layout__in", ["LAYERS", "ROLES", "NETWORK"])),
                        name="stakeholders_place_picture_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("x__lte", 20000), ("y__lte", 20000)),
                        name="stakeholders_place_within_the_picture",
                    ),
                ],
            },
        ),
    ]
