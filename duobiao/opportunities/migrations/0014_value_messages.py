"""Keep what is said to which department in which stage of a deal."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("opportunities", "0013_contact_lines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ValueMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.CharField(max_length=40, verbose_name="stage")),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("MANAGEMENT", "management"),
                            ("USING", "using department"),
                            ("TECHNICAL", "technical"),
                            ("PROCUREMENT", "procurement"),
                            ("FINANCE", "finance"),
                            ("LEGAL", "legal"),
                            ("OTHER", "other"),
                        ],
                        max_length=12,
                        verbose_name="department",
                    ),
                ),
                ("message", models.TextField(blank=True, max_length=500, verbose_name="message")),
                ("proof", models.CharField(blank=True, max_length=300, verbose_name="what shows it")),
                ("written_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "opportunity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="value_messages",
                        to="opportunities.opportunity",
                    ),
                ),
                (
                    "written_by",
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
                    models.UniqueConstraint(
                        fields=("opportunity", "stage", "function"), name="opportunities_message_once"
                    )
                ],
            },
        ),
    ]
