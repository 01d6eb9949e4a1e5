"""All tables of deals as of 0011: new installations make them at once; older ones go through the steps it replaces."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.opportunities.models.deal
import duobiao.opportunities.models.give_up
import duobiao.opportunities.models.history
import duobiao.opportunities.models.ledger
import duobiao.opportunities.models.migration
import duobiao.opportunities.models.risk
import duobiao.opportunities.models.suggestion
import duobiao.opportunities.models.task
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("opportunities", "0001_initial"),
        ("opportunities", "0002_board_lanes_and_default_view"),
        ("opportunities", "0003_closing_approver"),
        ("opportunities", "0004_requests_for_waiting_waivers"),
        ("opportunities", "0005_risk_signals"),
        ("opportunities", "0006_deal_tasks"),
        ("opportunities", "0007_suggestions"),
        ("opportunities", "0008_gate_marks_and_give_ups"),
        ("opportunities", "0009_migration_of_deals"),
        ("opportunities", "0010_waivers_name_their_playbook"),
        ("opportunities", "0011_waivers_need_their_playbook"),
    ]

    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("documents", "0001_initial"),
        ("playbooks", "0002_improvement_notes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="MigrationRun",
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
                                default=duobiao.opportunities.models.migration.migration_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("QUEUED", "waiting to start"),
                                    ("RUNNING", "running"),
                                    ("DONE", "done"),
                                    ("REVERTING", "being taken back"),
                                    ("REVERTED", "taken back"),
                                ],
                                default="QUEUED",
                                max_length=10,
                            ),
                        ),
                        ("total", models.PositiveIntegerField()),
                        (
                            "actor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("touched_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "reverted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("revert_asked_at", models.DateTimeField(null=True)),
                        ("reverted_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["created_at"], name="opportunities_migration_at")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("finished_at__isnull", True), ("state__in", ["QUEUED", "RUNNING"])),
                                    models.Q(
                                        ("finished_at__isnull", False), ("state__in", ["DONE", "REVERTING", "REVERTED"])
                                    ),
                                    _connector="OR",
                                ),
                                name="opportunities_migration_finished_at",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("reverted_by__isnull", True), ("state__in", ["QUEUED", "RUNNING", "DONE"])
                                    ),
                                    models.Q(("reverted_by__isnull", False), ("state__in", ["REVERTING", "REVERTED"])),
                                    _connector="OR",
                                ),
                                name="opportunities_migration_reverted_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Product",
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
                                default=duobiao.opportunities.models.deal.product_ref, max_length=16, unique=True
                            ),
                        ),
                        ("code", models.CharField(max_length=60, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("series", models.CharField(blank=True, max_length=60, verbose_name="series")),
                        ("list_price_minor", models.BigIntegerField(null=True, verbose_name="list price")),
                        ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                        ("is_active", models.BooleanField(default=True, verbose_name="on sale")),
                        ("external_source", models.CharField(blank=True, max_length=60)),
                        ("external_id", models.CharField(blank=True, max_length=120)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("external_source", "external_id"),
                                name="opportunities_product_external_id",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("list_price_minor__isnull", True), ("list_price_minor__gte", 0), _connector="OR"
                                ),
                                name="opportunities_product_price_not_negative",
                            ),
                        ],
                    },
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
                    name="SavedView",
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
                                default=duobiao.opportunities.models.history.view_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("layout", models.CharField(default="list", max_length=8)),
                        ("query", models.JSONField(default=dict)),
                        ("columns", models.JSONField(default=list)),
                        ("shared", models.BooleanField(default=False, verbose_name="shared")),
                        ("is_default", models.BooleanField(default=False, verbose_name="default")),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "name"), name="opportunities_view_name_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("is_default", True)),
                                fields=("user",),
                                name="opportunities_view_one_default",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Opportunity",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("ref", models.CharField(max_length=16, unique=True)),
                        ("name", models.CharField(max_length=160, verbose_name="name")),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opportunities",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opportunities",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        ("amount_minor", models.BigIntegerField(null=True, verbose_name="amount")),
                        ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                        (
                            "expected_close_on",
                            models.DateField(blank=True, null=True, verbose_name="expected signature"),
                        ),
                        ("bid_deadline_at", models.DateTimeField(blank=True, null=True, verbose_name="bid deadline")),
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="opportunities.product",
                                verbose_name="product",
                            ),
                        ),
                        ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                        ("description", models.TextField(blank=True, max_length=4000, verbose_name="description")),
                        (
                            "playbook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        ("playbook_since", models.DateField(null=True)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("OPEN", "Open"), ("WON", "Won"), ("LOST", "Lost"), ("GIVEN_UP", "Given up")],
                                default="OPEN",
                                max_length=10,
                                verbose_name="outcome",
                            ),
                        ),
                        ("closed_on", models.DateField(null=True, verbose_name="closed on")),
                        (
                            "close_reason",
                            models.CharField(
                                blank=True,
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
                        ("outcome_unproved", models.BooleanField(default=False)),
                        ("stage_number", models.PositiveSmallIntegerField(default=0)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("NOT_ENTERED", "not entered"),
                                    ("IN_STAGE", "in the stage"),
                                    ("TRANSIT", "completed, waiting to enter the next"),
                                    ("COMPLETED", "all stages completed"),
                                ],
                                default="NOT_ENTERED",
                                max_length=12,
                            ),
                        ),
                        ("completed_stage", models.PositiveSmallIntegerField(default=0)),
                        ("rate_percent", models.PositiveSmallIntegerField(default=0)),
                        ("buyer_stage", models.PositiveSmallIntegerField(default=0)),
                        ("lag", models.SmallIntegerField(null=True)),
                        (
                            "lag_verdict",
                            models.CharField(
                                choices=[
                                    ("UNKNOWN", "buyer unknown"),
                                    ("IN_SYNC", "in sync"),
                                    ("AHEAD", "ahead"),
                                    ("CATCH_UP", "catch up"),
                                    ("GIVE_UP_PROPOSED", "giving up proposed"),
                                ],
                                default="UNKNOWN",
                                max_length=16,
                            ),
                        ),
                        ("settled_through", models.PositiveSmallIntegerField(default=0)),
                        (
                            "purchase_method",
                            models.CharField(
                                choices=[
                                    ("OPEN_TENDER", "open tender"),
                                    ("INVITED_TENDER", "invited tender"),
                                    ("NEGOTIATION", "competitive negotiation"),
                                    ("CONSULTATION", "competitive consultation"),
                                    ("INQUIRY", "request for quotation"),
                                    ("COMPARISON", "comparison of quotations"),
                                    ("AUCTION", "reverse auction"),
                                    ("SINGLE_SOURCE", "single source"),
                                    ("DIRECT", "direct purchase"),
                                    ("FRAMEWORK", "framework agreement"),
                                    ("UNKNOWN", "unknown"),
                                ],
                                default="UNKNOWN",
                                max_length=16,
                                verbose_name="purchase method",
                            ),
                        ),
                        ("word_0", models.BigIntegerField(default=0)),
                        ("word_1", models.BigIntegerField(default=0)),
                        ("word_2", models.BigIntegerField(default=0)),
                        ("word_3", models.BigIntegerField(default=0)),
                        ("word_4", models.BigIntegerField(default=0)),
                        ("gate_met", models.PositiveSmallIntegerField(default=0)),
                        ("gate_required", models.PositiveSmallIntegerField(default=0)),
                        ("waived_count", models.PositiveSmallIntegerField(default=0)),
                        ("expired_count", models.PositiveSmallIntegerField(default=0)),
                        ("reassess_on", models.DateField(null=True)),
                        ("stage_since", models.DateField(null=True)),
                        ("last_evidence_on", models.DateField(null=True)),
                        (
                            "risk",
                            models.CharField(
                                blank=True,
                                choices=[("RED", "high risk"), ("AMBER", "at risk"), ("GREEN", "no risk seen")],
                                default="",
                                max_length=5,
                                verbose_name="risk",
                            ),
                        ),
                        ("review_on", models.DateField(null=True)),
                        (
                            "gate_mark",
                            models.CharField(
                                blank=True, choices=[("HOLD", "on hold"), ("STOP", "stopped")], default="", max_length=4
                            ),
                        ),
                        ("claimed_stage", models.PositiveSmallIntegerField(null=True)),
                        ("claimed_label", models.CharField(blank=True, max_length=60)),
                        ("external_source", models.CharField(blank=True, max_length=60)),
                        ("external_id", models.CharField(blank=True, max_length=120)),
                        ("created_at", models.DateTimeField()),
                        ("opened_on", models.DateField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["owner", "outcome", "stage_number"], name="opportunities_owner_stage"),
                            models.Index(fields=["outcome", "stage_number", "amount_minor"], name="opportunities_lane"),
                            models.Index(fields=["outcome", "amount_minor"], name="opportunities_outcome_amount"),
                            models.Index(fields=["outcome", "expected_close_on"], name="opportunities_outcome_close"),
                            models.Index(fields=["outcome", "lag"], name="opportunities_outcome_lag"),
                            models.Index(fields=["reassess_on"], name="opportunities_reassess"),
                            models.Index(fields=["outcome", "risk"], name="opportunities_outcome_risk"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="opportunities_deal_has_name"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount_minor__isnull", True), ("amount_minor__gte", 0), _connector="OR"
                                ),
                                name="opportunities_deal_amount_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_on__isnull", True), ("outcome", "OPEN")),
                                    models.Q(
                                        models.Q(("outcome", "OPEN"), _negated=True), ("closed_on__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="opportunities_deal_closed_on_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("buyer_stage__range", (0, 8)),
                                    ("completed_stage__range", (0, 8)),
                                    ("stage_number__range", (0, 8)),
                                ),
                                name="opportunities_deal_stages_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("claimed_stage__isnull", True), ("claimed_stage__range", (0, 8)), _connector="OR"
                                ),
                                name="opportunities_deal_claim_in_range",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("external_source", "external_id"),
                                name="opportunities_deal_external_id",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("risk__in", ["", "RED", "AMBER", "GREEN"])),
                                name="opportunities_deal_risk_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("gate_mark__in", ["", "HOLD", "STOP"])),
                                name="opportunities_deal_gate_mark_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Closing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="closings",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("OPEN", "Open"), ("WON", "Won"), ("LOST", "Lost"), ("GIVEN_UP", "Given up")],
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
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=1000)),
                        ("closed_on", models.DateField()),
                        ("known_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
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
                            "approved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reopened_on", models.DateField(null=True)),
                        ("reopened_at", models.DateTimeField(null=True)),
                        (
                            "reopened_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reopen_reason", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("outcome", "OPEN"), _negated=True),
                                name="opportunities_closing_has_outcome",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("reopened_on__isnull", True)),
                                fields=("opportunity",),
                                name="opportunities_closing_one_standing",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conversation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="conversations",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.contact"
                            ),
                        ),
                        ("on", models.DateField()),
                        ("source_kind", models.CharField(max_length=40)),
                        ("source_ref", models.CharField(max_length=40)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["opportunity", "on"], name="opportunities_spoken_deal"),
                            models.Index(fields=["source_ref"], name="opportunities_spoken_source"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("opportunity", "source_ref", "contact"), name="opportunities_conversation_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DealTask",
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
                                default=duobiao.opportunities.models.task.task_ref, max_length=16, unique=True
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
                        ("title", models.CharField(max_length=200, verbose_name="what is to be done")),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deal_tasks",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who does it",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="due on")),
                        ("source_kind", models.CharField(blank=True, max_length=40)),
                        ("source_ref", models.CharField(blank=True, max_length=40)),
                        ("added_at", models.DateTimeField()),
                        (
                            "added_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("done_at", models.DateTimeField(null=True)),
                        (
                            "done_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("dropped", models.BooleanField(default=False)),
                        ("result", models.CharField(blank=True, max_length=500, verbose_name="result")),
                        ("reminded_on", models.DateField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
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
                migrations.CreateModel(
                    name="FieldChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="field_changes",
                                to="opportunities.opportunity",
                            ),
                        ),
                        ("field", models.CharField(max_length=40)),
                        ("before", models.JSONField(null=True)),
                        ("after", models.JSONField(null=True)),
                        ("at", models.DateTimeField()),
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
                            models.Index(fields=["opportunity", "field", "at"], name="opportunities_field_change")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GiveUpReview",
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
                                default=duobiao.opportunities.models.give_up.give_up_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="give_ups",
                                to="opportunities.opportunity",
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
                        (
                            "alternatives",
                            models.TextField(blank=True, max_length=1000, verbose_name="alternatives tried"),
                        ),
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
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("note", models.TextField(blank=True, max_length=1000)),
                        ("reminded_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["opportunity", "asked_at"], name="opportunities_give_up_of_deal"),
                            models.Index(fields=["state", "look_again_on"], name="opportunities_give_up_look"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "PENDING")),
                                fields=("opportunity",),
                                name="opportunities_give_up_one_pending",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["PENDING", "APPROVED", "REFUSED", "WITHDRAWN"])),
                                name="opportunities_give_up_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("state", "PENDING")),
                                    models.Q(
                                        models.Q(("state", "PENDING"), _negated=True), ("decided_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="opportunities_give_up_decided_at_a_moment",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MigratedDeal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deals",
                                to="opportunities.migrationrun",
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="migrations",
                                to="opportunities.opportunity",
                            ),
                        ),
                        ("seen_version", models.PositiveIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("WAITING", "waiting"),
                                    ("MOVED", "moved"),
                                    ("LEFT_OUT", "left out"),
                                    ("RETURNED", "put back"),
                                    ("KEPT", "not put back"),
                                ],
                                default="WAITING",
                                max_length=10,
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("CLOSED", "The deal is closed; its judgement is frozen."),
                                    (
                                        "STALE",
                                        "The deal was changed after you chose it. Look at it and choose it again.",
                                    ),
                                    ("SAME", "The deal is on this playbook already."),
                                    ("MOVED_AGAIN", "The deal was moved again since."),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "before",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        ("place_before", models.JSONField(default=dict)),
                        ("place_after", models.JSONField(default=dict)),
                        ("claimed_before", models.PositiveSmallIntegerField(null=True)),
                        ("lost", models.JSONField(default=list)),
                        ("gained", models.JSONField(default=list)),
                        ("waivers_lost", models.JSONField(default=list)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["run", "state"], name="opportunities_migrated_state")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "opportunity"), name="opportunities_migrated_deal_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reason", ""), ("state__in", ["WAITING", "MOVED", "RETURNED"])),
                                    models.Q(
                                        ("state__in", ["LEFT_OUT", "KEPT"]), models.Q(("reason", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="opportunities_migrated_deal_says_why_not",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Participant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="participants",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="participations",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("END_USER", "end user"),
                                    ("DESIGN_INSTITUTE", "design institute"),
                                    ("INTEGRATOR", "integrator"),
                                    ("AGENT", "agent"),
                                    ("TENDER_AGENCY", "tender agency"),
                                    ("GENERAL_CONTRACTOR", "general contractor"),
                                    ("OTHER", "other"),
                                ],
                                max_length=20,
                                verbose_name="part in the project",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        ("added_at", models.DateTimeField()),
                        (
                            "added_by",
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
                                fields=("opportunity", "customer", "role"),
                                name="opportunities_participant_once_per_role",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlaybookChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="playbook_changes",
                                to="opportunities.opportunity",
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("on", models.DateField()),
                        (
                            "before",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        (
                            "after",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes",
                                to="opportunities.migrationrun",
                            ),
                        ),
                        ("reverses", models.BooleanField(default=False)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("opportunity", "sequence"), name="opportunities_playbook_change_sequence"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("before", models.F("after")), _negated=True),
                                name="opportunities_playbook_change_changes",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Proof",
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
                                default=duobiao.opportunities.models.ledger.proof_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="proofs",
                                to="opportunities.opportunity",
                            ),
                        ),
                        ("key", models.CharField(max_length=60, verbose_name="evidence")),
                        (
                            "grade_claimed",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "asserted"), (2, "documented"), (3, "buyer confirmed")]
                            ),
                        ),
                        (
                            "grade",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "asserted"), (2, "documented"), (3, "buyer confirmed")]
                            ),
                        ),
                        ("happened_on", models.DateField(verbose_name="happened on")),
                        ("known_at", models.DateTimeField()),
                        ("known_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("valid_until", models.DateField(null=True, verbose_name="valid until")),
                        (
                            "method",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("OPEN_TENDER", "open tender"),
                                    ("INVITED_TENDER", "invited tender"),
                                    ("NEGOTIATION", "competitive negotiation"),
                                    ("CONSULTATION", "competitive consultation"),
                                    ("INQUIRY", "request for quotation"),
                                    ("COMPARISON", "comparison of quotations"),
                                    ("AUCTION", "reverse auction"),
                                    ("SINGLE_SOURCE", "single source"),
                                    ("DIRECT", "direct purchase"),
                                    ("FRAMEWORK", "framework agreement"),
                                    ("UNKNOWN", "unknown"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("quote", models.TextField(blank=True, max_length=4000, verbose_name="the customer's words")),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proofs",
                                to="customers.contact",
                                verbose_name="who said it",
                            ),
                        ),
                        (
                            "channel",
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
                                verbose_name="channel",
                            ),
                        ),
                        ("source_kind", models.CharField(blank=True, max_length=40)),
                        ("source_ref", models.CharField(blank=True, max_length=40)),
                        (
                            "verifies",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verified_by",
                                to="opportunities.proof",
                            ),
                        ),
                        ("is_unverified", models.BooleanField(default=False)),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("retracted_on", models.DateField(null=True)),
                        ("documents", models.ManyToManyField(related_name="proofs", to="documents.document")),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["opportunity", "key", "happened_on"], name="opportunities_proof_of_deal"
                            ),
                            models.Index(fields=["recorded_by", "recorded_at"], name="opportunities_proof_author"),
                            models.Index(fields=["source_ref"], name="opportunities_proof_source"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("retracted_on__isnull", True)),
                                fields=("opportunity", "fingerprint"),
                                name="opportunities_proof_once_while_live",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("grade__range", (1, 3))), name="opportunities_proof_grade_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("grade__lte", models.F("grade_claimed"))),
                                name="opportunities_proof_grade_not_above_claim",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("key", ""), _negated=True), name="opportunities_proof_has_key"
                            ),
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
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="risk_reports",
                                to="opportunities.opportunity",
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
                        (
                            "reported_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("retracted_at", models.DateTimeField(null=True)),
                        (
                            "retracted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("retract_reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["opportunity", "happened_on"], name="opportunities_report_deal"),
                            models.Index(fields=["source_ref"], name="opportunities_report_source"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("seen", ""), _negated=True),
                                name="opportunities_risk_report_says_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rule", ""), _negated=True),
                                name="opportunities_risk_report_has_rule",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("retract_reason", ""), ("retracted_at__isnull", True)),
                                    models.Q(
                                        ("retracted_at__isnull", False), models.Q(("retract_reason", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="opportunities_risk_report_retracted_with_reason",
                            ),
                        ],
                    },
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
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="signals",
                                to="opportunities.opportunity",
                            ),
                        ),
                        ("rule", models.CharField(max_length=40)),
                        ("level", models.CharField(choices=[("RED", "high risk"), ("AMBER", "at risk")], max_length=5)),
                        ("reasons", models.JSONField(default=list)),
                        ("since", models.DateField()),
                        ("source_kind", models.CharField(blank=True, max_length=40)),
                        ("source_ref", models.CharField(blank=True, max_length=40)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["level", "since"], name="opportunities_signal_level")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("opportunity", "rule"), name="opportunities_signal_once_per_rule"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("level__in", ("RED", "AMBER"))),
                                name="opportunities_signal_level_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rule", ""), _negated=True), name="opportunities_signal_has_rule"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StageChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stage_changes",
                                to="opportunities.opportunity",
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("on", models.DateField()),
                        ("stage_before", models.PositiveSmallIntegerField()),
                        ("stage_after", models.PositiveSmallIntegerField()),
                        (
                            "state_before",
                            models.CharField(
                                choices=[
                                    ("NOT_ENTERED", "not entered"),
                                    ("IN_STAGE", "in the stage"),
                                    ("TRANSIT", "completed, waiting to enter the next"),
                                    ("COMPLETED", "all stages completed"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "state_after",
                            models.CharField(
                                choices=[
                                    ("NOT_ENTERED", "not entered"),
                                    ("IN_STAGE", "in the stage"),
                                    ("TRANSIT", "completed, waiting to enter the next"),
                                    ("COMPLETED", "all stages completed"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("completed_before", models.PositiveSmallIntegerField()),
                        ("completed_after", models.PositiveSmallIntegerField()),
                        ("rate_before", models.PositiveSmallIntegerField()),
                        ("rate_after", models.PositiveSmallIntegerField()),
                        ("buyer_before", models.PositiveSmallIntegerField()),
                        ("buyer_after", models.PositiveSmallIntegerField()),
                        ("cause", models.CharField(max_length=80)),
                        ("cause_ref", models.CharField(blank=True, max_length=40)),
                        ("cause_text", models.JSONField(default=dict)),
                        (
                            "actor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "playbook",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["at"], name="opportunities_stage_change_at")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("opportunity", "sequence"), name="opportunities_stage_change_sequence"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Suggestion",
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
                                default=duobiao.opportunities.models.suggestion.suggestion_ref,
                                max_length=16,
                                unique=True,
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="suggestions",
                                to="opportunities.opportunity",
                            ),
                        ),
                        ("key", models.CharField(max_length=80)),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("CALL", "call the handler"),
                                    ("VISIT", "visit the customer"),
                                    ("METHOD", "find out the purchase method"),
                                    ("PROFILE", "complete a record"),
                                    ("PROVE", "record evidence"),
                                    ("RENEW", "renew evidence"),
                                    ("WAIVER", "prove what stands on a waiver"),
                                    ("BUYER", "note what the buyer did"),
                                    ("RISK", "answer a risk"),
                                    ("GIVE_UP", "decide whether to give up"),
                                    ("CLOSE", "close the deal"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("items", models.JSONField(default=list)),
                        ("evidence", models.JSONField(default=list)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("first_on", models.DateField()),
                        ("facts", models.CharField(blank=True, max_length=16)),
                        (
                            "choice",
                            models.CharField(
                                blank=True,
                                choices=[("DONE", "done"), ("SNOOZED", "later"), ("DISMISSED", "dismissed")],
                                max_length=10,
                            ),
                        ),
                        ("until", models.DateField(null=True, verbose_name="until")),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("NOT_HERE", "does not fit this project"),
                                    ("BUYER_REFUSES", "the buyer does not want it"),
                                    ("NO_ACCESS", "nobody to reach"),
                                    ("NOT_WORTH_IT", "costs more than it brings"),
                                    ("ALREADY_CLEAR", "clear without a record"),
                                    ("WRONG", "the suggestion is wrong"),
                                    ("OTHER", "other"),
                                ],
                                max_length=16,
                                verbose_name="reason",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="in words")),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("arrived_on", models.DateField(null=True)),
                        ("gone_on", models.DateField(null=True)),
                        ("after_days", models.PositiveIntegerField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["first_on", "what"], name="opportunities_suggested_on")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("arrived_on__isnull", True), ("gone_on__isnull", True)),
                                fields=("opportunity", "key"),
                                name="opportunities_suggestion_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("choice__in", ["", "DONE", "SNOOZED", "DISMISSED"])),
                                name="opportunities_suggestion_choice_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("choice", "SNOOZED"), _negated=True),
                                    ("until__isnull", False),
                                    _connector="OR",
                                ),
                                name="opportunities_snoozed_until_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("choice", "DISMISSED"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="opportunities_dismissed_with_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="team",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deal_memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("SALES", "sales"),
                                    ("PRESALES", "presales"),
                                    ("BID", "bid"),
                                    ("COMMERCIAL", "commercial"),
                                    ("LEGAL", "legal"),
                                    ("FINANCE", "finance"),
                                    ("DELIVERY", "delivery"),
                                    ("EXPERT", "expert"),
                                    ("SPONSOR", "sponsor"),
                                ],
                                max_length=12,
                                verbose_name="role on the deal",
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                        (
                            "added_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["user", "opportunity"], name="opportunities_team_of_user")],
                        "constraints": [
                            models.UniqueConstraint(fields=("opportunity", "user"), name="opportunities_team_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Waiver",
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
                                default=duobiao.opportunities.models.ledger.waiver_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="waivers",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "playbook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
                        ("item", models.CharField(max_length=20, verbose_name="item")),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        ("expires_on", models.DateField(verbose_name="last day")),
                        ("asked_at", models.DateTimeField()),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("approved_on", models.DateField(null=True)),
                        ("ended_on", models.DateField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["opportunity", "approved_on"], name="opportunities_waiver_of_deal")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="opportunities_waiver_has_reason",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("approved_on__isnull", True), ("ended_on__isnull", True)),
                                fields=("opportunity", "item"),
                                name="opportunities_waiver_one_request",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Retraction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "proof",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="retraction",
                                to="opportunities.proof",
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        ("retracted_at", models.DateTimeField()),
                        (
                            "retracted_by",
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
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="opportunities_retraction_has_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WaiverDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "waiver",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="decisions",
                                to="opportunities.waiver",
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[("APPROVED", "approved"), ("REFUSED", "refused"), ("ENDED", "ended")],
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("decided_at", models.DateTimeField()),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("alone", models.BooleanField(default=False)),
                    ],
                ),
            ]
        ),
    ]
