import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.engagement.models.call
import duobiao.engagement.models.visit
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("opportunities", "0002_board_lanes_and_default_view"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Call",
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
                                default=duobiao.engagement.models.call.call_ref, max_length=16, unique=True
                            ),
                        ),
                        ("started_at", models.DateTimeField(verbose_name="began")),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                        ("called_on", models.DateField(verbose_name="day")),
                        (
                            "result",
                            models.CharField(
                                choices=[
                                    ("SPOKE", "we talked"),
                                    ("CALL_BACK", "call again later"),
                                    ("NO_ANSWER", "no answer"),
                                ],
                                default="SPOKE",
                                max_length=10,
                                verbose_name="result",
                            ),
                        ),
                        ("purposes", models.JSONField(blank=True, default=list, verbose_name="purposes")),
                        (
                            "was_handler",
                            models.BooleanField(blank=True, null=True, verbose_name="was the handler (经手人)"),
                        ),
                        ("introduced_us", models.BooleanField(default=False, verbose_name="said who we are")),
                        (
                            "opened_with_consent",
                            models.BooleanField(blank=True, null=True, verbose_name="agreed to talk"),
                        ),
                        ("problem", models.TextField(blank=True, max_length=2000, verbose_name="What is the problem?")),
                        (
                            "problem_since",
                            models.CharField(blank=True, max_length=300, verbose_name="How long has it lasted?"),
                        ),
                        ("tried", models.CharField(blank=True, max_length=300, verbose_name="What has been tried?")),
                        (
                            "tried_result",
                            models.CharField(blank=True, max_length=300, verbose_name="With what result?"),
                        ),
                        (
                            "need_kind",
                            models.CharField(
                                blank=True,
                                choices=[("EXPLICIT", "explicit, the customer said it"), ("HIDDEN", "hidden")],
                                max_length=10,
                                verbose_name="this need is",
                            ),
                        ),
                        ("interest", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="interest")),
                        (
                            "attitude",
                            models.CharField(
                                blank=True,
                                choices=[("POSITIVE", "willing"), ("NEUTRAL", "neutral"), ("PASSIVE", "passive")],
                                max_length=10,
                                verbose_name="attitude",
                            ),
                        ),
                        ("reason_given", models.BooleanField(default=False, verbose_name="a reason to meet was given")),
                        ("pitched", models.BooleanField(default=False, verbose_name="a product was pitched")),
                        (
                            "let_customer_find",
                            models.BooleanField(default=False, verbose_name="the customer found the need itself"),
                        ),
                        (
                            "benefit_shown",
                            models.BooleanField(default=False, verbose_name="the benefit for the customer was clear"),
                        ),
                        ("meeting_at", models.DateTimeField(blank=True, null=True, verbose_name="meeting")),
                        ("meeting_place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                        ("meeting_topic", models.CharField(blank=True, max_length=200, verbose_name="topic")),
                        ("meeting_people", models.CharField(blank=True, max_length=300, verbose_name="others")),
                        (
                            "meeting_preparation",
                            models.TextField(blank=True, max_length=2000, verbose_name="to prepare"),
                        ),
                        ("next_step", models.CharField(blank=True, max_length=300, verbose_name="next step")),
                        ("is_a_class", models.BooleanField(blank=True, null=True, verbose_name="A class")),
                        ("notes", models.TextField(blank=True, max_length=4000, verbose_name="notes")),
                        ("created_at", models.DateTimeField()),
                        ("corrected_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        ("withdrawn_reason", models.CharField(blank=True, max_length=300)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "caller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="caller",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls",
                                to="customers.contact",
                                verbose_name="contact",
                            ),
                        ),
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "meeting_contacts",
                            models.ManyToManyField(blank=True, related_name="+", to="customers.contact"),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls",
                                to="opportunities.opportunity",
                                verbose_name="deal",
                            ),
                        ),
                        (
                            "withdrawn_by",
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
                            models.Index(fields=["opportunity", "started_at"], name="engagement_call_of_deal"),
                            models.Index(fields=["customer", "started_at"], name="engagement_call_of_customer"),
                            models.Index(fields=["contact", "started_at"], name="engagement_call_of_contact"),
                            models.Index(fields=["caller", "started_at"], name="engagement_call_of_caller"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("interest__isnull", True), ("interest__range", (1, 5)), _connector="OR"
                                ),
                                name="engagement_call_interest_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at__isnull", True),
                                    ("ended_at__gte", models.F("started_at")),
                                    _connector="OR",
                                ),
                                name="engagement_call_ends_after_it_began",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("meeting_at__isnull", True),
                                    ("meeting_at__gt", models.F("started_at")),
                                    _connector="OR",
                                ),
                                name="engagement_call_meeting_comes_later",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("withdrawn_at__isnull", True),
                                        ("withdrawn_by__isnull", True),
                                        ("withdrawn_reason", ""),
                                    ),
                                    models.Q(
                                        ("withdrawn_at__isnull", False),
                                        ("withdrawn_by__isnull", False),
                                        models.Q(("withdrawn_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="engagement_call_withdrawn_with_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("result__in", ["SPOKE", "CALL_BACK", "NO_ANSWER"])),
                                name="engagement_call_result_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
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
                                default=duobiao.engagement.models.visit.visit_ref, max_length=16, unique=True
                            ),
                        ),
                        ("planned_at", models.DateTimeField(verbose_name="time")),
                        ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                        ("topic", models.CharField(blank=True, max_length=200, verbose_name="topic")),
                        ("purposes", models.JSONField(blank=True, default=list, verbose_name="purposes")),
                        ("other_people", models.CharField(blank=True, max_length=300, verbose_name="others")),
                        ("preparation", models.TextField(blank=True, max_length=2000, verbose_name="to prepare")),
                        ("agreed_with_handler", models.BooleanField(null=True)),
                        ("agreed_on", models.DateField(null=True, verbose_name="agreed on")),
                        (
                            "agreed_channel",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("PHONE", "telephone"),
                                    ("MEETING", "meeting"),
                                    ("EMAIL", "e-mail"),
                                    ("WECHAT", "chat"),
                                    ("LETTER", "letter"),
                                    ("PLATFORM", "procurement platform"),
                                    ("PUBLIC", "public notice"),
                                    ("OTHER", "other"),
                                ],
                                max_length=10,
                                verbose_name="agreed by",
                            ),
                        ),
                        ("held_on", models.DateField(null=True, verbose_name="held on")),
                        ("face_to_face", models.BooleanField(default=True, verbose_name="face to face")),
                        (
                            "met_others",
                            models.CharField(blank=True, max_length=300, verbose_name="others who took part"),
                        ),
                        ("purposes_met", models.JSONField(blank=True, default=list, verbose_name="purposes met")),
                        ("strengths", models.JSONField(blank=True, default=list, verbose_name="introduced")),
                        ("reaction", models.TextField(blank=True, max_length=2000, verbose_name="how they took it")),
                        ("cases", models.CharField(blank=True, max_length=300, verbose_name="cases used")),
                        ("trends", models.CharField(blank=True, max_length=300, verbose_name="trends of the industry")),
                        ("draft_title", models.CharField(blank=True, max_length=200, verbose_name="draft handed over")),
                        ("draft_version", models.CharField(blank=True, max_length=40, verbose_name="version")),
                        ("handler_facts", models.TextField(blank=True, max_length=2000, verbose_name="what shows it")),
                        ("problem", models.TextField(blank=True, max_length=2000, verbose_name="problem")),
                        ("impact", models.TextField(blank=True, max_length=2000, verbose_name="effect")),
                        ("wanted_by", models.CharField(blank=True, max_length=120, verbose_name="wanted by")),
                        ("budget_range", models.CharField(blank=True, max_length=120, verbose_name="budget range")),
                        ("budget_source", models.CharField(blank=True, max_length=120, verbose_name="source of funds")),
                        (
                            "purchase_process",
                            models.TextField(blank=True, max_length=2000, verbose_name="purchase process"),
                        ),
                        ("roles", models.TextField(blank=True, max_length=2000, verbose_name="roles and duties")),
                        ("project_lead", models.CharField(blank=True, max_length=120, verbose_name="project lead")),
                        ("decision_maker", models.CharField(blank=True, max_length=120, verbose_name="decision maker")),
                        ("rivals", models.TextField(blank=True, max_length=2000, verbose_name="rivals")),
                        (
                            "confirmed_channel",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("PHONE", "telephone"),
                                    ("MEETING", "meeting"),
                                    ("EMAIL", "e-mail"),
                                    ("WECHAT", "chat"),
                                    ("LETTER", "letter"),
                                    ("PLATFORM", "procurement platform"),
                                    ("PUBLIC", "public notice"),
                                    ("OTHER", "other"),
                                ],
                                max_length=10,
                                verbose_name="confirmed through",
                            ),
                        ),
                        (
                            "confirmed_quote",
                            models.TextField(blank=True, max_length=2000, verbose_name="in these words"),
                        ),
                        ("requested_on", models.DateField(blank=True, null=True, verbose_name="asked on")),
                        (
                            "request_channel",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("PHONE", "telephone"),
                                    ("MEETING", "meeting"),
                                    ("EMAIL", "e-mail"),
                                    ("WECHAT", "chat"),
                                    ("LETTER", "letter"),
                                    ("PLATFORM", "procurement platform"),
                                    ("PUBLIC", "public notice"),
                                    ("OTHER", "other"),
                                ],
                                max_length=10,
                                verbose_name="asked through",
                            ),
                        ),
                        (
                            "request_quote",
                            models.TextField(blank=True, max_length=2000, verbose_name="the customer's words"),
                        ),
                        (
                            "solution_scope",
                            models.TextField(blank=True, max_length=2000, verbose_name="what the solution covers"),
                        ),
                        ("solution_due_on", models.DateField(blank=True, null=True, verbose_name="to be submitted on")),
                        (
                            "our_promises",
                            models.TextField(blank=True, max_length=2000, verbose_name="what we promised"),
                        ),
                        ("next_step", models.CharField(blank=True, max_length=300, verbose_name="next step")),
                        ("summary", models.TextField(blank=True, max_length=4000, verbose_name="in short")),
                        ("created_at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField(null=True)),
                        ("corrected_at", models.DateTimeField(null=True)),
                        ("cancelled_at", models.DateTimeField(null=True)),
                        ("cancel_reason", models.CharField(blank=True, max_length=300)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "agreed_with",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.contact",
                                verbose_name="agreed with",
                            ),
                        ),
                        (
                            "call",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visit",
                                to="engagement.call",
                            ),
                        ),
                        (
                            "cancelled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.contact",
                                verbose_name="confirmed by",
                            ),
                        ),
                        ("contacts", models.ManyToManyField(blank=True, related_name="+", to="customers.contact")),
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "found_handler",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.contact",
                                verbose_name="the real handler",
                            ),
                        ),
                        (
                            "handler_met",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "host",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="led by",
                            ),
                        ),
                        (
                            "met",
                            models.ManyToManyField(blank=True, related_name="met_on_visits", to="customers.contact"),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="opportunities.opportunity",
                                verbose_name="deal",
                            ),
                        ),
                        (
                            "our_people",
                            models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.contact",
                                verbose_name="asked by",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["opportunity", "planned_at"], name="engagement_visit_of_deal"),
                            models.Index(fields=["customer", "planned_at"], name="engagement_visit_of_customer"),
                            models.Index(fields=["host", "planned_at"], name="engagement_visit_of_host"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("held_on__isnull", True),
                                        ("recorded_at__isnull", True),
                                        ("recorded_by__isnull", True),
                                    ),
                                    models.Q(
                                        ("held_on__isnull", False),
                                        ("recorded_at__isnull", False),
                                        ("recorded_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="engagement_visit_recorded_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("cancel_reason", ""),
                                        ("cancelled_at__isnull", True),
                                        ("cancelled_by__isnull", True),
                                    ),
                                    models.Q(
                                        ("cancelled_at__isnull", False),
                                        ("cancelled_by__isnull", False),
                                        models.Q(("cancel_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="engagement_visit_cancelled_with_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("agreed_on__isnull", True), ("agreed_with__isnull", True)),
                                    models.Q(("agreed_on__isnull", False), ("agreed_with__isnull", False)),
                                    _connector="OR",
                                ),
                                name="engagement_visit_agreed_on_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitMove",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("before_at", models.DateTimeField()),
                        ("after_at", models.DateTimeField()),
                        ("before_place", models.CharField(blank=True, max_length=200)),
                        ("after_place", models.CharField(blank=True, max_length=200)),
                        ("reason", models.CharField(max_length=300)),
                        ("moved_at", models.DateTimeField()),
                        (
                            "moved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="engagement.visit"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="engagement_move_has_reason"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
