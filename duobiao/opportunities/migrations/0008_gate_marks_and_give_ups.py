"""Mark deals that a gate review holds or stops; keep why deals were to be given up, and what became of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.opportunities.models.give_up


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
        ("opportunities", "0007_suggestions"),
        ("playbooks", "0002_improvement_notes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GiveUpReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        default=duobiao.opportunities.models.give_up.give_up_ref, max_length=16, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "waits for a decision"),
                            ("APPROVED", "agreed"),
                            ("REFUSED", "refused"),
                            ("WITHDRAWN", "taken back"),
                        ],
                        default="PENDING",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("VALUE", "our value was seen as highest"),
                            ("RELATION", "trust in our people"),
                            ("PRICE_WON", "our price"),
                            ("TECHNICAL_WON", "our technical solution"),
                            ("IMPORTED", "imported"),
                            ("PRICE", "price too high"),
                            ("VALUE_NOT_SEEN", "value not made clear"),
                            ("RELATION_WEAK", "relations too weak"),
                            ("TECHNICAL", "technical requirements not met"),
                            ("RIVAL_INCUMBENT", "rival was established there"),
                            ("LATE", "we came too late"),
                            ("REJECTED_BID", "our bid was rejected"),
                            ("NO_BUDGET", "budget cancelled"),
                            ("PROJECT_STOPPED", "project stopped by the customer"),
                            ("NO_FIT", "no fit with what we do"),
                            ("NO_RESOURCES", "our resources do not suffice"),
                            ("RISK", "risk too high"),
                            ("OTHER", "other"),
                        ],
                        max_length=24,
                        verbose_name="reason",
                    ),
                ),
                ("alternatives", models.TextField(blank=True, max_length=1000, verbose_name="alternatives tried")),
                ("proposals", models.JSONField(default=list)),
                (
                    "change_mind",
                    models.TextField(blank=True, max_length=1000, verbose_name="what would change our mind"),
                ),
                ("look_again_on", models.DateField(null=True, verbose_name="look again on")),
                ("lessons", models.TextField(blank=True, max_length=1000, verbose_name="lessons")),
                ("stage_number", models.PositiveSmallIntegerField()),
                ("buyer_stage", models.PositiveSmallIntegerField()),
                ("lag", models.SmallIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True, max_length=1000)),
                ("reminded_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="opportunity",
            name="gate_mark",
            field=models.CharField(
                blank=True, choices=[("HOLD", "on hold"), ("STOP", "stopped")], default="", max_length=4
            ),
        ),
        migrations.AddConstraint(
            model_name="opportunity",
            constraint=models.CheckConstraint(
                condition=models.Q(("gate_mark__in", ["", "HOLD", "STOP"])), name="opportunities_deal_gate_mark_known"
            ),
        ),
        migrations.AddField(
            model_name="giveupreview",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="giveupreview",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="giveupreview",
            name="opportunity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="give_ups", to="opportunities.opportunity"
            ),
        ),
        migrations.AddIndex(
            model_name="giveupreview",
            index=models.Index(fields=["opportunity", "asked_at"], name="opportunities_give_up_of_deal"),
        ),
        migrations.AddIndex(
            model_name="giveupreview",
            index=models.Index(fields=["state", "look_again_on"], name="opportunities_give_up_look"),
        ),
        migrations.AddConstraint(
            model_name="giveupreview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "PENDING")),
                fields=("opportunity",),
                name="opportunities_give_up_one_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="giveupreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["PENDING", "APPROVED", "REFUSED", "WITHDRAWN"])),
                name="opportunities_give_up_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="giveupreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "PENDING")),
                    models.Q(models.Q(("state", "PENDING"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="opportunities_give_up_decided_at_a_moment",
            ),
        ),
    ]
