"""Keep the contact lines of a deal to the departments of its customer."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("opportunities", "0012_confirmations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DealThread",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("concern", models.CharField(blank=True, max_length=300, verbose_name="concern")),
                (
                    "quiet_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="cold after",
                    ),
                ),
                ("told_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "keeper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who keeps the line",
                    ),
                ),
                (
                    "opportunity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="threads",
                        to="opportunities.opportunity",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("opportunity", "function"), name="opportunities_thread_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quiet_days__range", (1, 365))),
                        name="opportunities_thread_quiet_days_in_range",
                    ),
                ],
            },
        ),
    ]
