"""Keep risk signals of deals, what was reported of risks, whom we spoke to, and a company's own figures."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.opportunities.models.risk
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("opportunities", "0004_requests_for_waiting_waivers"),
        ("playbooks", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Conversation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("on", models.DateField()),
                        ("source_kind", models.CharField(max_length=40)),
                        ("source_ref", models.CharField(max_length=40)),
                    ],
                ),
                migrations.CreateModel(
                    name="RiskFigures",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("rule", models.CharField(max_length=40, unique=True)),
                        ("figures", models.JSONField()),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("rule", ""), _negated=True), name="opportunities_figures_have_rule"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RiskReport",
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
                                default=duobiao.opportunities.models.risk.report_ref, max_length=16, unique=True
                            ),
                        ),
                        ("rule", models.CharField(max_length=40, verbose_name="signal")),
                        ("code", models.CharField(blank=True, max_length=24)),
                        ("happened_on", models.DateField(verbose_name="day")),
                        ("seen", models.TextField(max_length=1000, verbose_name="what was seen")),
                        ("said_by", models.CharField(blank=True, max_length=120, verbose_name="who said so")),
                        ("source_kind", models.CharField(blank=True, max_length=40)),
                        ("source_ref", models.CharField(blank=True, max_length=40)),
                        ("reported_at", models.DateTimeField()),
                        ("retracted_at", models.DateTimeField(null=True)),
                        ("retract_reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                    ],
                ),
                migrations.CreateModel(
                    name="RiskSignal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("rule", models.CharField(max_length=40)),
                        ("level", models.CharField(choices=[("RED", "high risk"), ("AMBER", "at risk")], max_length=5)),
                        ("reasons", models.JSONField(default=list)),
                        ("since", models.DateField()),
                        ("source_kind", models.CharField(blank=True, max_length=40)),
                        ("source_ref", models.CharField(blank=True, max_length=40)),
                    ],
                ),
            ]
        ),
        migrations.AddField(
            model_name="opportunity",
            name="review_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="opportunity",
            name="risk",
            field=models.CharField(
                blank=True,
                choices=[("RED", "high risk"), ("AMBER", "at risk"), ("GREEN", "no risk seen")],
                default="",
                max_length=5,
                verbose_name="risk",
            ),
        ),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(fields=["outcome", "risk"], name="opportunities_outcome_risk"),
        ),
        migrations.AddConstraint(
            model_name="opportunity",
            constraint=models.CheckConstraint(
                condition=models.Q(("risk__in", ["", "RED", "AMBER", "GREEN"])), name="opportunities_deal_risk_known"
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.contact"
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="opportunity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="conversations",
                to="opportunities.opportunity",
            ),
        ),
        migrations.AddField(
            model_name="riskreport",
            name="opportunity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="risk_reports", to="opportunities.opportunity"
            ),
        ),
        migrations.AddField(
            model_name="riskreport",
            name="reported_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="riskreport",
            name="retracted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="risksignal",
            name="opportunity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="signals", to="opportunities.opportunity"
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["opportunity", "on"], name="opportunities_spoken_deal"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["source_ref"], name="opportunities_spoken_source"),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(
                fields=("opportunity", "source_ref", "contact"), name="opportunities_conversation_once"
            ),
        ),
        migrations.AddIndex(
            model_name="riskreport",
            index=models.Index(fields=["opportunity", "happened_on"], name="opportunities_report_deal"),
        ),
        migrations.AddIndex(
            model_name="riskreport",
            index=models.Index(fields=["source_ref"], name="opportunities_report_source"),
        ),
        migrations.AddConstraint(
            model_name="riskreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("seen", ""), _negated=True), name="opportunities_risk_report_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("rule", ""), _negated=True), name="opportunities_risk_report_has_rule"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("retract_reason", ""), ("retracted_at__isnull", True)),
                    models.Q(("retracted_at__isnull", False), models.Q(("retract_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="opportunities_risk_report_retracted_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="risksignal",
            index=models.Index(fields=["level", "since"], name="opportunities_signal_level"),
        ),
        migrations.AddConstraint(
            model_name="risksignal",
            constraint=models.UniqueConstraint(
                fields=("opportunity", "rule"), name="opportunities_signal_once_per_rule"
            ),
        ),
        migrations.AddConstraint(
            model_name="risksignal",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ("RED", "AMBER"))), name="opportunities_signal_level_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="risksignal",
            constraint=models.CheckConstraint(
                condition=models.Q(("rule", ""), _negated=True), name="opportunities_signal_has_rule"
            ),
        ),
    ]
