import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import duobiao.identity.models
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Counter",
                    fields=[
                        ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ("last", models.PositiveBigIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("ref", models.CharField(default=duobiao.identity.models.user_ref, max_length=16, unique=True)),
                        (
                            "username",
                            models.CharField(
                                max_length=60,
                                unique=True,
                                validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                                verbose_name="sign-in name",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                        (
                            "role",
                            models.CharField(
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
                                default="seller",
                                max_length=20,
                                verbose_name="role",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                        ("time_zone", models.CharField(blank=True, max_length=40, verbose_name="time zone")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "coach",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="learners",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ApiToken",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(default=duobiao.identity.models.token_ref, max_length=16, unique=True),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("read_only", models.BooleanField(default=False, verbose_name="read only")),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("last_used_on", models.DateField(null=True)),
                        ("revoked_at", models.DateTimeField(null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tokens",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CompanySettings",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=120, verbose_name="company name")),
                        ("logo", models.FileField(blank=True, upload_to="company/", verbose_name="logo")),
                        ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                        (
                            "fiscal_year_start_month",
                            models.PositiveSmallIntegerField(default=1, verbose_name="first month of the fiscal year"),
                        ),
                        (
                            "time_zone",
                            models.CharField(default="Asia/Shanghai", max_length=40, verbose_name="time zone"),
                        ),
                        (
                            "second_person_verifies",
                            models.BooleanField(
                                default=False, verbose_name="a second person verifies buyer confirmations"
                            ),
                        ),
                        ("mail_host", models.CharField(blank=True, max_length=120, verbose_name="mail server")),
                        ("mail_port", models.PositiveIntegerField(default=465, verbose_name="port")),
                        (
                            "mail_security",
                            models.CharField(
                                choices=[("ssl", "SSL/TLS"), ("starttls", "STARTTLS"), ("none", "none")],
                                default="ssl",
                                max_length=8,
                                verbose_name="encryption",
                            ),
                        ),
                        ("mail_username", models.CharField(blank=True, max_length=120, verbose_name="mail user")),
                        ("mail_password", models.CharField(blank=True, max_length=400)),
                        ("mail_from", models.EmailField(blank=True, max_length=254, verbose_name="sender address")),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="identity_company_single_row"),
                            models.CheckConstraint(
                                condition=models.Q(("fiscal_year_start_month__range", (1, 12))),
                                name="identity_company_fiscal_month",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RoleGrant",
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
                            ),
                        ),
                        ("verb", models.CharField(max_length=60)),
                        (
                            "scope",
                            models.CharField(
                                choices=[
                                    ("none", "no"),
                                    ("own", "own"),
                                    ("learners", "learners"),
                                    ("unit", "unit"),
                                    ("subtree", "unit and below"),
                                    ("all", "all"),
                                ],
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("role", "verb"), name="identity_rolegrant_role_verb"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "role__in",
                                        [
                                            "seller",
                                            "presales",
                                            "manager",
                                            "bid",
                                            "commercial",
                                            "legal",
                                            "finance",
                                            "delivery",
                                            "executive",
                                            "coach",
                                            "administrator",
                                        ],
                                    )
                                ),
                                name="identity_rolegrant_role_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("scope__in", ["none", "own", "learners", "unit", "subtree", "all"])
                                ),
                                name="identity_rolegrant_scope_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Unit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("ref", models.CharField(default=duobiao.identity.models.unit_ref, max_length=16, unique=True)),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="identity.unit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("parent__isnull", False)),
                                fields=("parent", "name"),
                                name="identity_unit_name_in_parent",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("parent__isnull", True)),
                                fields=("name",),
                                name="identity_unit_name_at_top",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parent__isnull", True),
                                    models.Q(("parent", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="identity_unit_not_its_own_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="identity_unit_has_name"
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="user",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="identity.unit",
            ),
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("claimed_at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("body", models.TextField(blank=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["claimed_at"], name="identity_idempotency_age")],
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="identity_idempotencykey_once")],
            },
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["name", "id"], name="identity_user_name"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"), name="identity_user_username_any_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="identity_user_email_any_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "seller",
                            "presales",
                            "manager",
                            "bid",
                            "commercial",
                            "legal",
                            "finance",
                            "delivery",
                            "executive",
                            "coach",
                            "administrator",
                        ],
                    )
                ),
                name="identity_user_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("coach__isnull", True), models.Q(("coach", models.F("id")), _negated=True), _connector="OR"
                ),
                name="identity_user_not_own_coach",
            ),
        ),
    ]
