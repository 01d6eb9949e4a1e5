import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.customers.models.contact
import duobiao.customers.models.customer
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
                    name="Customer",
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
                                default=duobiao.customers.models.customer.customer_ref, max_length=16, unique=True
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name of the customer")),
                        ("short_name", models.CharField(blank=True, max_length=40, verbose_name="short name")),
                        ("normal_name", models.CharField(db_index=True, max_length=120)),
                        ("industry", models.CharField(blank=True, max_length=60, verbose_name="industry")),
                        (
                            "credit_code",
                            models.CharField(blank=True, max_length=18, verbose_name="unified social credit code"),
                        ),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                        ("website", models.CharField(blank=True, max_length=200, verbose_name="website")),
                        ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
                        ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                        ("notes", models.TextField(blank=True, max_length=4000, verbose_name="notes")),
                        ("external_source", models.CharField(blank=True, max_length=60)),
                        ("external_id", models.CharField(blank=True, max_length=120)),
                        ("is_placeholder", models.BooleanField(default=False, verbose_name="placeholder")),
                        ("profile_items", models.PositiveSmallIntegerField(default=0)),
                        ("handler_items", models.PositiveSmallIntegerField(default=0)),
                        ("created_at", models.DateTimeField()),
                        ("touched_at", models.DateTimeField()),
                        ("trashed_at", models.DateTimeField(null=True)),
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
                            "merged_into",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged_from",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="subsidiaries",
                                to="customers.customer",
                                verbose_name="subsidiary of",
                            ),
                        ),
                        (
                            "trashed_by",
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
                            models.Index(fields=["owner", "name", "id"], name="customers_customer_owner_name"),
                            models.Index(fields=["touched_at", "id"], name="customers_customer_touched"),
                            models.Index(fields=["industry"], name="customers_customer_industry"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="customers_customer_has_name"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("external_source", "external_id"),
                                name="customers_customer_external_id",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parent__isnull", True),
                                    models.Q(("parent", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="customers_customer_not_own_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("merged_into__isnull", True),
                                    models.Q(("merged_into", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="customers_customer_not_merged_into_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("trashed_at__isnull", True), ("trashed_by__isnull", True)),
                                    models.Q(("trashed_at__isnull", False), ("trashed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="customers_customer_trashed_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("handler_items__range", (0, 4)), ("profile_items__range", (0, 8))),
                                name="customers_customer_items_counted",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
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
                                default=duobiao.customers.models.contact.contact_ref, max_length=16, unique=True
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name of the person")),
                        ("department", models.CharField(blank=True, max_length=60, verbose_name="department")),
                        ("position", models.CharField(blank=True, max_length=60, verbose_name="position")),
                        ("duties", models.TextField(blank=True, max_length=1000, verbose_name="duties")),
                        ("mobile", models.CharField(blank=True, max_length=40, verbose_name="mobile")),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                        ("wechat", models.CharField(blank=True, max_length=60, verbose_name="WeChat")),
                        ("character", models.TextField(blank=True, max_length=1000, verbose_name="character")),
                        ("interests", models.TextField(blank=True, max_length=1000, verbose_name="personal interests")),
                        (
                            "buying_role",
                            models.CharField(
                                choices=[
                                    ("UNKNOWN", "not yet known"),
                                    ("DECIDER", "final decider"),
                                    ("INFLUENCER", "key influencer"),
                                    ("GATEKEEPER", "gatekeeper"),
                                    ("USER", "user and implementer"),
                                ],
                                default="UNKNOWN",
                                max_length=12,
                                verbose_name="role in the purchase",
                            ),
                        ),
                        (
                            "function",
                            models.CharField(
                                blank=True,
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
                                verbose_name="function",
                            ),
                        ),
                        (
                            "influence",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")],
                                null=True,
                                verbose_name="influence",
                            ),
                        ),
                        (
                            "stance",
                            models.SmallIntegerField(
                                blank=True,
                                choices=[
                                    (2, "champions us"),
                                    (1, "supports us"),
                                    (0, "neutral"),
                                    (-1, "opposes us"),
                                    (-2, "strongly opposes us"),
                                ],
                                null=True,
                                verbose_name="stance",
                            ),
                        ),
                        ("relation_cells", models.JSONField(blank=True, default=list, verbose_name="relation")),
                        (
                            "bridge",
                            models.TextField(blank=True, max_length=1000, verbose_name="who leads us to this person"),
                        ),
                        ("is_handler", models.BooleanField(blank=True, null=True, verbose_name="handler (经手人)")),
                        (
                            "is_decision_maker",
                            models.BooleanField(blank=True, null=True, verbose_name="decision maker"),
                        ),
                        ("notes", models.TextField(blank=True, max_length=4000, verbose_name="notes")),
                        ("external_source", models.CharField(blank=True, max_length=60)),
                        ("external_id", models.CharField(blank=True, max_length=120)),
                        ("profile_items", models.PositiveSmallIntegerField(default=0)),
                        ("created_at", models.DateTimeField()),
                        ("touched_at", models.DateTimeField()),
                        ("trashed_at", models.DateTimeField(null=True)),
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
                            "merged_into",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged_from",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "trashed_by",
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
                                related_name="contacts",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "name", "id"], name="customers_contact_by_customer")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="customers_contact_has_name"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("external_source", "external_id"),
                                name="customers_contact_external_id",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("merged_into__isnull", True),
                                    models.Q(("merged_into", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="customers_contact_not_merged_into_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("trashed_at__isnull", True), ("trashed_by__isnull", True)),
                                    models.Q(("trashed_at__isnull", False), ("trashed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="customers_contact_trashed_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("profile_items__range", (0, 4))),
                                name="customers_contact_items_counted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("buying_role__in", ["UNKNOWN", "DECIDER", "INFLUENCER", "GATEKEEPER", "USER"])
                                ),
                                name="customers_contact_role_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerGrant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source_kind", models.CharField(max_length=40)),
                        ("source_ref", models.CharField(max_length=40)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="grants",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="customer_grants",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["user", "customer"], name="customers_grant_of_user"),
                            models.Index(fields=["source_kind", "source_ref"], name="customers_grant_source"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "user", "source_kind", "source_ref"),
                                name="customers_grant_once_per_source",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hold",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source_kind", models.CharField(max_length=40)),
                        ("source_ref", models.CharField(max_length=40)),
                        ("reason", models.CharField(max_length=200)),
                        ("until", models.DateField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holds",
                                to="customers.contact",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holds",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["source_kind", "source_ref"], name="customers_hold_source")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("contact__isnull", False)),
                                fields=("customer", "contact", "source_kind", "source_ref"),
                                name="customers_hold_contact_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("contact__isnull", True)),
                                fields=("customer", "source_kind", "source_ref"),
                                name="customers_hold_customer_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerProfile",
                    fields=[
                        (
                            "customer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="profile",
                                serialize=False,
                                to="customers.customer",
                            ),
                        ),
                        (
                            "industry_maturity",
                            models.CharField(
                                blank=True,
                                choices=[("EMERGING", "emerging"), ("MATURE", "mature")],
                                max_length=10,
                                verbose_name="industry maturity",
                            ),
                        ),
                        (
                            "industry_margin_percent",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=5,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(-100),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="average margin of the industry (%)",
                            ),
                        ),
                        ("competitors", models.TextField(blank=True, max_length=2000, verbose_name="main competitors")),
                        (
                            "founded_year",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1500),
                                    django.core.validators.MaxValueValidator(2100),
                                ],
                                verbose_name="founded in",
                            ),
                        ),
                        (
                            "lifecycle_stage",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("START_UP", "starting up"),
                                    ("GROWTH", "growing"),
                                    ("MATURITY", "at maturity"),
                                    ("DECLINE", "declining"),
                                ],
                                max_length=10,
                                verbose_name="stage of life",
                            ),
                        ),
                        (
                            "scale",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("LOCAL", "local"),
                                    ("REGIONAL", "regional"),
                                    ("NATIONAL", "national"),
                                    ("MULTINATIONAL", "multinational"),
                                ],
                                max_length=15,
                                verbose_name="scale",
                            ),
                        ),
                        ("branch_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="branches")),
                        (
                            "employee_count",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="employees"),
                        ),
                        (
                            "industry_position",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("LEADER", "industry leader"),
                                    ("FIRST_TIER", "first tier"),
                                    ("MIDDLE", "middle field"),
                                    ("NICHE", "strong in a niche"),
                                    ("NEWCOMER", "newcomer"),
                                ],
                                max_length=12,
                                verbose_name="standing in the industry",
                            ),
                        ),
                        (
                            "industry_position_note",
                            models.TextField(blank=True, max_length=1000, verbose_name="standing, in words"),
                        ),
                        (
                            "organisation_chart",
                            models.TextField(blank=True, max_length=2000, verbose_name="organisation chart"),
                        ),
                        ("departments", models.TextField(blank=True, max_length=2000, verbose_name="departments")),
                        (
                            "power_structure",
                            models.TextField(blank=True, max_length=2000, verbose_name="power structure"),
                        ),
                        ("key_deciders", models.TextField(blank=True, max_length=2000, verbose_name="key deciders")),
                        (
                            "short_term_goals",
                            models.TextField(blank=True, max_length=2000, verbose_name="short-term goals"),
                        ),
                        (
                            "long_term_goals",
                            models.TextField(blank=True, max_length=2000, verbose_name="long-term goals"),
                        ),
                        (
                            "annual_revenue_minor",
                            models.BigIntegerField(blank=True, null=True, verbose_name="annual revenue"),
                        ),
                        ("annual_revenue_currency", models.CharField(blank=True, max_length=3)),
                        (
                            "profitability",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("STRONG", "strong profit"),
                                    ("STEADY", "steady profit"),
                                    ("THIN", "thin profit"),
                                    ("LOSS", "loss"),
                                ],
                                max_length=10,
                                verbose_name="profitability",
                            ),
                        ),
                        (
                            "profitability_note",
                            models.TextField(blank=True, max_length=1000, verbose_name="profitability, in words"),
                        ),
                        (
                            "technical_strength",
                            models.TextField(blank=True, max_length=2000, verbose_name="technical strength"),
                        ),
                        ("suppliers", models.TextField(blank=True, max_length=2000, verbose_name="suppliers")),
                        (
                            "business_scope",
                            models.TextField(blank=True, max_length=2000, verbose_name="business scope"),
                        ),
                        ("product_range", models.TextField(blank=True, max_length=2000, verbose_name="product range")),
                        (
                            "pressing_problem",
                            models.TextField(blank=True, max_length=2000, verbose_name="most pressing problem"),
                        ),
                        (
                            "dealings",
                            models.TextField(blank=True, max_length=2000, verbose_name="business done together"),
                        ),
                        (
                            "relationship",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("NONE", "no contact yet"),
                                    ("ACQUAINTED", "acquainted"),
                                    ("SUPPLIER", "have worked together"),
                                    ("PARTNER", "long-term partner"),
                                    ("STRAINED", "strained"),
                                ],
                                max_length=12,
                                verbose_name="relationship",
                            ),
                        ),
                        (
                            "relationship_note",
                            models.TextField(blank=True, max_length=1000, verbose_name="relationship, in words"),
                        ),
                        (
                            "investment_trend",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("EXPANDING", "expanding"),
                                    ("STEADY", "steady"),
                                    ("SHRINKING", "shrinking"),
                                    ("FROZEN", "frozen"),
                                ],
                                max_length=10,
                                verbose_name="investment",
                            ),
                        ),
                        (
                            "investment_note",
                            models.TextField(blank=True, max_length=1000, verbose_name="investment, in words"),
                        ),
                        (
                            "credit_standing",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("EXCELLENT", "excellent"),
                                    ("GOOD", "good"),
                                    ("FAIR", "fair"),
                                    ("POOR", "poor"),
                                ],
                                max_length=10,
                                verbose_name="credit standing",
                            ),
                        ),
                        (
                            "credit_note",
                            models.TextField(blank=True, max_length=1000, verbose_name="credit standing, in words"),
                        ),
                        (
                            "project_scale",
                            models.TextField(blank=True, max_length=1000, verbose_name="size of the project"),
                        ),
                        (
                            "project_value",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="value of the project to the customer"
                            ),
                        ),
                        (
                            "project_importance",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("TOP", "top priority of the company"),
                                    ("HIGH", "important"),
                                    ("NORMAL", "normal"),
                                    ("LOW", "low"),
                                ],
                                max_length=10,
                                verbose_name="weight given to the project",
                            ),
                        ),
                        (
                            "project_importance_note",
                            models.TextField(blank=True, max_length=1000, verbose_name="weight, in words"),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("annual_revenue_minor__isnull", True),
                                    models.Q(("annual_revenue_currency", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="customers_profile_revenue_has_currency",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
