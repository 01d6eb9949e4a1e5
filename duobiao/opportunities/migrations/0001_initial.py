import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.opportunities.models.deal
import duobiao.opportunities.models.history
import duobiao.opportunities.models.ledger
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("documents", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("playbooks", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
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
                        ("amount_minor", models.BigIntegerField(null=True, verbose_name="amount")),
                        ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                        (
                            "expected_close_on",
                            models.DateField(blank=True, null=True, verbose_name="expected signature"),
                        ),
                        ("bid_deadline_at", models.DateTimeField(blank=True, null=True, verbose_name="bid deadline")),
                        ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                        ("description", models.TextField(blank=True, max_length=4000, verbose_name="description")),
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
                        ("claimed_stage", models.PositiveSmallIntegerField(null=True)),
                        ("claimed_label", models.CharField(blank=True, max_length=60)),
                        ("external_source", models.CharField(blank=True, max_length=60)),
                        ("external_id", models.CharField(blank=True, max_length=120)),
                        ("created_at", models.DateTimeField()),
                        ("opened_on", models.DateField()),
                        ("version", models.PositiveIntegerField(default=1)),
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
                        (
                            "playbook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="playbooks.playbookversion",
                            ),
                        ),
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
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["owner", "outcome", "stage_number"], name="opportunities_owner_stage"),
                            models.Index(fields=["outcome", "stage_number"], name="opportunities_outcome_stage"),
                            models.Index(fields=["outcome", "amount_minor"], name="opportunities_outcome_amount"),
                            models.Index(fields=["outcome", "expected_close_on"], name="opportunities_outcome_close"),
                            models.Index(fields=["outcome", "lag"], name="opportunities_outcome_lag"),
                            models.Index(fields=["reassess_on"], name="opportunities_reassess"),
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
                        ("is_unverified", models.BooleanField(default=False)),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("retracted_on", models.DateField(null=True)),
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
                        ("documents", models.ManyToManyField(related_name="proofs", to="documents.document")),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="proofs",
                                to="opportunities.opportunity",
                            ),
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
                            "verifies",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verified_by",
                                to="opportunities.proof",
                            ),
                        ),
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
                    name="Retraction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        ("retracted_at", models.DateTimeField()),
                        (
                            "proof",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="retraction",
                                to="opportunities.proof",
                            ),
                        ),
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
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("layout", models.CharField(default="list", max_length=8)),
                        ("query", models.JSONField(default=dict)),
                        ("columns", models.JSONField(default=list)),
                        ("shared", models.BooleanField(default=False, verbose_name="shared")),
                        ("created_at", models.DateTimeField()),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "name"), name="opportunities_view_name_once")
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
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stage_changes",
                                to="opportunities.opportunity",
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
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        ("item", models.CharField(max_length=20, verbose_name="item")),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        ("expires_on", models.DateField(verbose_name="last day")),
                        ("asked_at", models.DateTimeField()),
                        ("approved_on", models.DateField(null=True)),
                        ("ended_on", models.DateField(null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    name="WaiverDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        ("alone", models.BooleanField(default=False)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    ],
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
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="field_changes",
                                to="opportunities.opportunity",
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
                    name="Closing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        ("reopened_on", models.DateField(null=True)),
                        ("reopened_at", models.DateTimeField(null=True)),
                        ("reopen_reason", models.CharField(blank=True, max_length=500)),
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
                            "reopened_by",
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
                                related_name="closings",
                                to="opportunities.opportunity",
                            ),
                        ),
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
                    name="Participant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="participations",
                                to="customers.customer",
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
            ]
        ),
    ]
