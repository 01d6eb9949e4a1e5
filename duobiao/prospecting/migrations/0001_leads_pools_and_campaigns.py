"""Keep leads, pools and who took what, campaigns with follow-ups and referral asks, web forms, registrations."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.prospecting.models.campaign
import duobiao.prospecting.models.follow_up
import duobiao.prospecting.models.lead
import duobiao.prospecting.models.pool
import duobiao.prospecting.models.registration
import duobiao.prospecting.models.web_form
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("identity", "0001_initial"),
        ("identity", "__first__"),
        ("opportunities", "0001_deals"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Campaign",
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
                                default=duobiao.prospecting.models.campaign.campaign_ref, max_length=16, unique=True
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("NETWORK", "personal network"),
                                    ("EXISTING", "existing customer"),
                                    ("REFERRAL", "referral"),
                                    ("ASSOCIATION", "industry association"),
                                    ("SOCIAL", "social occasion"),
                                    ("SEMINAR", "solution seminar"),
                                    ("EXHIBITION", "trade exhibition"),
                                    ("OUTBOUND", "own prospecting"),
                                ],
                                max_length=12,
                                verbose_name="way",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="first day")),
                        ("ends_on", models.DateField(verbose_name="last day")),
                        ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                        ("goal", models.TextField(blank=True, max_length=2000, verbose_name="what it is to bring")),
                        ("cost_minor", models.BigIntegerField(default=0, verbose_name="cost")),
                        ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                        (
                            "attendees_expected",
                            models.PositiveIntegerField(
                                blank=True,
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(1000000)],
                                verbose_name="attendees expected",
                            ),
                        ),
                        (
                            "attendees",
                            models.PositiveIntegerField(
                                blank=True,
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(1000000)],
                                verbose_name="attendees",
                            ),
                        ),
                        (
                            "pioneer_booth",
                            models.TextField(blank=True, max_length=2000, verbose_name="pioneers: technology shown"),
                        ),
                        ("late_cases", models.TextField(blank=True, max_length=2000, verbose_name="followers: cases")),
                        ("late_value", models.TextField(blank=True, max_length=2000, verbose_name="followers: value")),
                        (
                            "late_customers",
                            models.TextField(blank=True, max_length=2000, verbose_name="followers: list of customers"),
                        ),
                        ("notes", models.TextField(blank=True, max_length=2000, verbose_name="what we learnt")),
                        ("created_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="campaigns",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["starts_on", "id"], name="prospecting_campaign_starts")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="prospecting_campaign_has_name"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="prospecting_campaign_ends_after",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("cost_minor__gte", 0)),
                                name="prospecting_campaign_cost_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "way__in",
                                        [
                                            "NETWORK",
                                            "EXISTING",
                                            "REFERRAL",
                                            "ASSOCIATION",
                                            "SOCIAL",
                                            "SEMINAR",
                                            "EXHIBITION",
                                            "OUTBOUND",
                                        ],
                                    )
                                ),
                                name="prospecting_campaign_way_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgendaItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("topic", models.CharField(max_length=200, verbose_name="topic")),
                        (
                            "problem",
                            models.CharField(blank=True, max_length=300, verbose_name="business problem of the guests"),
                        ),
                        ("speaker", models.CharField(blank=True, max_length=80, verbose_name="speaker")),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(
                                default=20,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1440),
                                ],
                                verbose_name="minutes",
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="agenda",
                                to="prospecting.campaign",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("campaign", "number"), name="prospecting_agenda_number_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("topic", ""), _negated=True), name="prospecting_agenda_has_topic"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pool",
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
                                default=duobiao.prospecting.models.pool.pool_ref, max_length=16, unique=True
                            ),
                        ),
                        ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                        ("description", models.CharField(blank=True, max_length=300, verbose_name="what belongs here")),
                        (
                            "most_open",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(10000),
                                ],
                                verbose_name="leads a person may hold",
                            ),
                        ),
                        (
                            "most_per_day",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(10000),
                                ],
                                verbose_name="leads a person may take a day",
                            ),
                        ),
                        (
                            "recycle_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(730),
                                ],
                                verbose_name="days without work until a lead comes back",
                            ),
                        ),
                        (
                            "warn_days",
                            models.PositiveSmallIntegerField(
                                default=3,
                                validators=[django.core.validators.MaxValueValidator(730)],
                                verbose_name="days before that with a warning",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        ("created_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="prospecting_pool_has_name"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("recycle_days__isnull", True),
                                    models.Q(
                                        ("recycle_days__isnull", False), ("warn_days__lt", models.F("recycle_days"))
                                    ),
                                    _connector="OR",
                                ),
                                name="prospecting_pool_warns_before",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PoolMember",
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
                                blank=True,
                                choices=[
                                    ("seller", "Seller"),
                                    ("presales", "Presales"),
                                    ("manager", "Sales manager"),
                                    ("bid", "Bid manager"),
                                    ("commercial", "Commercial"),
                                    ("legal", "Legal"),
                                    ("finance", "Finance"),
                                    ("delivery", "Delivery"),
                                    ("executive", "Executive"),
                                    ("coach", "Coach"),
                                    ("administrator", "Administrator"),
                                ],
                                max_length=20,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "pool",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="prospecting.pool",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="identity.unit",
                                verbose_name="unit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("unit__isnull", False)),
                                fields=("pool", "unit", "role"),
                                name="prospecting_pool_member_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("unit__isnull", True)),
                                fields=("pool", "role"),
                                name="prospecting_pool_role_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Registration",
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
                                default=duobiao.prospecting.models.registration.registration_ref,
                                max_length=16,
                                unique=True,
                            ),
                        ),
                        ("customer_name", models.CharField(max_length=120, verbose_name="end customer")),
                        ("normal_name", models.CharField(db_index=True, max_length=120)),
                        (
                            "credit_code",
                            models.CharField(blank=True, max_length=18, verbose_name="unified social credit code"),
                        ),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                        ("domain", models.CharField(blank=True, max_length=120, verbose_name="domain")),
                        ("project", models.CharField(max_length=160, verbose_name="project")),
                        ("normal_project", models.CharField(max_length=160)),
                        ("site", models.CharField(blank=True, max_length=160, verbose_name="site")),
                        ("normal_site", models.CharField(blank=True, max_length=160)),
                        ("agent", models.CharField(blank=True, max_length=120, verbose_name="agent")),
                        (
                            "evidence",
                            models.TextField(blank=True, max_length=2000, verbose_name="what shows that we were first"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("PENDING", "to be arbitrated"),
                                    ("ACTIVE", "protected"),
                                    ("REFUSED", "refused"),
                                    ("LOST", "given to another one"),
                                    ("WITHDRAWN", "withdrawn"),
                                    ("EXPIRED", "expired"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("registered_on", models.DateField(verbose_name="registered on")),
                        ("protected_until", models.DateField(null=True, verbose_name="protected until")),
                        ("extensions", models.PositiveSmallIntegerField(default=0)),
                        ("warned_on", models.DateField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                        ("created_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="registrations",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "settled_by",
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
                            models.Index(fields=["owner", "state"], name="prospecting_registration_owner"),
                            models.Index(fields=["state", "protected_until"], name="prospecting_registration_until"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("customer_name", ""), _negated=True),
                                    models.Q(("project", ""), _negated=True),
                                ),
                                name="prospecting_registration_says_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "ACTIVE"), _negated=True),
                                    ("protected_until__isnull", False),
                                    _connector="OR",
                                ),
                                name="prospecting_registration_active_until",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["PENDING", "ACTIVE", "REFUSED", "LOST", "WITHDRAWN", "EXPIRED"])
                                ),
                                name="prospecting_registration_state_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Clash",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reasons", models.JSONField(default=list)),
                        (
                            "opportunity",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "other",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="prospecting.registration",
                            ),
                        ),
                        (
                            "registration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="clashes",
                                to="prospecting.registration",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("opportunity__isnull", True), ("other__isnull", False)),
                                    models.Q(("opportunity__isnull", False), ("other__isnull", True)),
                                    _connector="OR",
                                ),
                                name="prospecting_clash_with_one_thing",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebForm",
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
                                default=duobiao.prospecting.models.web_form.web_form_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "token",
                            models.CharField(
                                default=duobiao.prospecting.models.web_form.web_form_token, max_length=40, unique=True
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        (
                            "intro",
                            models.CharField(blank=True, max_length=500, verbose_name="what stands above the form"),
                        ),
                        (
                            "thanks",
                            models.CharField(blank=True, max_length=500, verbose_name="what is said afterwards"),
                        ),
                        (
                            "hosts",
                            models.TextField(blank=True, max_length=1000, verbose_name="web sites that may show it"),
                        ),
                        ("is_on", models.BooleanField(default=False, verbose_name="switched on")),
                        ("created_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "campaign",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="prospecting.campaign",
                                verbose_name="campaign",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "pool",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="prospecting.pool",
                                verbose_name="pool",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True), name="prospecting_webform_has_title"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("owner__isnull", True), ("pool__isnull", False)),
                                    models.Q(("owner__isnull", False), ("pool__isnull", True)),
                                    _connector="OR",
                                ),
                                name="prospecting_webform_leads_go_somewhere",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Lead",
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
                                default=duobiao.prospecting.models.lead.lead_ref, max_length=16, unique=True
                            ),
                        ),
                        ("company", models.CharField(max_length=120, verbose_name="company")),
                        ("normal_name", models.CharField(db_index=True, max_length=120)),
                        (
                            "contact_name",
                            models.CharField(blank=True, max_length=60, verbose_name="name of the person"),
                        ),
                        ("position", models.CharField(blank=True, max_length=60, verbose_name="position")),
                        ("mobile", models.CharField(blank=True, max_length=40, verbose_name="mobile")),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                        ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
                        ("need", models.TextField(blank=True, max_length=2000, verbose_name="need")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("NETWORK", "personal network"),
                                    ("EXISTING", "existing customer"),
                                    ("REFERRAL", "referral"),
                                    ("ASSOCIATION", "industry association"),
                                    ("SOCIAL", "social occasion"),
                                    ("SEMINAR", "solution seminar"),
                                    ("EXHIBITION", "trade exhibition"),
                                    ("OUTBOUND", "own prospecting"),
                                    ("RESEARCH", "data research"),
                                    ("WEB_FORM", "web form"),
                                    ("INBOUND", "call or mail to us"),
                                    ("OTHER", "other"),
                                ],
                                default="OTHER",
                                max_length=12,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("NEW", "new"),
                                    ("WORKING", "being worked on"),
                                    ("CONVERTED", "converted"),
                                    ("DISCARDED", "discarded"),
                                ],
                                default="NEW",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "real",
                            models.CharField(
                                choices=[("UNKNOWN", "not yet known"), ("YES", "yes"), ("NO", "no")],
                                default="UNKNOWN",
                                max_length=7,
                                verbose_name="The need is real",
                            ),
                        ),
                        (
                            "feasible",
                            models.CharField(
                                choices=[("UNKNOWN", "not yet known"), ("YES", "yes"), ("NO", "no")],
                                default="UNKNOWN",
                                max_length=7,
                                verbose_name="It is feasible",
                            ),
                        ),
                        (
                            "fit",
                            models.CharField(
                                choices=[("UNKNOWN", "not yet known"), ("YES", "yes"), ("NO", "no")],
                                default="UNKNOWN",
                                max_length=7,
                                verbose_name="It fits us",
                            ),
                        ),
                        (
                            "check_note",
                            models.TextField(blank=True, max_length=1000, verbose_name="remark on the check"),
                        ),
                        ("checked_at", models.DateTimeField(null=True)),
                        (
                            "discard_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("NOT_REAL", "no real need"),
                                    ("NO_BUDGET", "no budget in sight"),
                                    ("NOT_FIT", "not what we do"),
                                    ("UNREACHABLE", "nobody can be reached"),
                                    ("ELSEWHERE", "bought elsewhere"),
                                    ("DUPLICATE", "known already"),
                                    ("SPAM", "spam"),
                                    ("OTHER", "another reason"),
                                ],
                                max_length=12,
                                verbose_name="reason",
                            ),
                        ),
                        ("discard_note", models.CharField(blank=True, max_length=500, verbose_name="remark")),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("external_source", models.CharField(blank=True, max_length=60)),
                        ("external_id", models.CharField(blank=True, max_length=120)),
                        ("created_at", models.DateTimeField()),
                        ("touched_at", models.DateTimeField()),
                        ("warned_on", models.DateField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "campaign",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leads",
                                to="prospecting.campaign",
                                verbose_name="campaign",
                            ),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leads",
                                to="customers.contact",
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leads",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "ended_by",
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leads",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leads",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "pool",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leads",
                                to="prospecting.pool",
                                verbose_name="pool",
                            ),
                        ),
                        (
                            "web_form",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leads",
                                to="prospecting.webform",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["owner", "state"], name="prospecting_lead_owner_state"),
                            models.Index(fields=["pool", "owner", "state"], name="prospecting_lead_pool"),
                            models.Index(fields=["created_at", "id"], name="prospecting_lead_created"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("company", ""), _negated=True), name="prospecting_lead_has_company"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("owner__isnull", False), ("pool__isnull", False), _connector="OR"),
                                name="prospecting_lead_is_somewhere",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("customer__isnull", False), ("ended_at__isnull", False), ("state", "CONVERTED")
                                    ),
                                    models.Q(
                                        models.Q(("state", "CONVERTED"), _negated=True),
                                        ("contact__isnull", True),
                                        ("customer__isnull", True),
                                        ("opportunity__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="prospecting_lead_converted_into_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "DISCARDED"), models.Q(("discard_reason", ""), _negated=True)),
                                    models.Q(models.Q(("state", "DISCARDED"), _negated=True), ("discard_reason", "")),
                                    _connector="OR",
                                ),
                                name="prospecting_lead_discarded_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "source__in",
                                        [
                                            "NETWORK",
                                            "EXISTING",
                                            "REFERRAL",
                                            "ASSOCIATION",
                                            "SOCIAL",
                                            "SEMINAR",
                                            "EXHIBITION",
                                            "OUTBOUND",
                                            "RESEARCH",
                                            "WEB_FORM",
                                            "INBOUND",
                                            "OTHER",
                                        ],
                                    )
                                ),
                                name="prospecting_lead_source_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["NEW", "WORKING", "CONVERTED", "DISCARDED"])),
                                name="prospecting_lead_state_known",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("external_source", "external_id"),
                                name="prospecting_lead_external_id",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUp",
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
                                default=duobiao.prospecting.models.follow_up.follow_up_ref, max_length=16, unique=True
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="what is to be done")),
                        ("due_on", models.DateField(verbose_name="due on")),
                        ("added_at", models.DateTimeField()),
                        ("reminded_on", models.DateField(null=True)),
                        ("done_at", models.DateTimeField(null=True)),
                        ("result", models.CharField(blank=True, max_length=500, verbose_name="result")),
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
                            "campaign",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follow_ups",
                                to="prospecting.campaign",
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who does it",
                            ),
                        ),
                        (
                            "task",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follow_up",
                                to="opportunities.dealtask",
                            ),
                        ),
                        (
                            "lead",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="follow_ups",
                                to="prospecting.lead",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["owner", "done_at", "due_on"], name="prospecting_followup_due")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True), name="prospecting_followup_says_what"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="prospecting_followup_done_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("began_at", models.DateTimeField()),
                        ("taken", models.BooleanField(default=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "ended_as",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("RETURNED", "given back"),
                                    ("RECYCLED", "taken back"),
                                    ("ASSIGNED", "given to somebody else"),
                                    ("CONVERTED", "converted"),
                                    ("DISCARDED", "discarded"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "lead",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="claims",
                                to="prospecting.lead",
                            ),
                        ),
                        (
                            "pool",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="prospecting.pool",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["pool", "user", "began_at"], name="prospecting_claim_user")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("lead",),
                                name="prospecting_claim_one_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_as", ""), ("ended_at__isnull", True)),
                                    models.Q(("ended_at__isnull", False), models.Q(("ended_as", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="prospecting_claim_ended_somehow",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReferralAsk",
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
                                default=duobiao.prospecting.models.follow_up.ask_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "satisfied_with",
                            models.CharField(max_length=300, verbose_name="what they are satisfied with"),
                        ),
                        ("whom", models.CharField(max_length=300, verbose_name="to whom we want to be referred")),
                        ("asked_on", models.DateField(verbose_name="asked on")),
                        (
                            "state",
                            models.CharField(
                                choices=[("ASKED", "asked"), ("REFERRED", "referred us"), ("DECLINED", "declined")],
                                default="ASKED",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("result", models.CharField(blank=True, max_length=500, verbose_name="result")),
                        ("settled_at", models.DateTimeField(null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referral_asks",
                                to="prospecting.campaign",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referral_asks",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referral_asks",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "lead",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referral_ask",
                                to="prospecting.lead",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["asked_by", "asked_on"], name="prospecting_ask_by")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("satisfied_with", ""), _negated=True),
                                    models.Q(("whom", ""), _negated=True),
                                ),
                                name="prospecting_ask_has_grounds",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("settled_at__isnull", True), ("state", "ASKED")),
                                    models.Q(
                                        models.Q(("state", "ASKED"), _negated=True), ("settled_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="prospecting_ask_settled_at_a_moment",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
