"""Keep what customers are asked to confirm, and what they answer."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.opportunities.models.confirmation


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
        ("documents", "0001_initial"),
        ("opportunities", "0001_deals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        default=duobiao.opportunities.models.confirmation.confirmation_ref, max_length=16, unique=True
                    ),
                ),
                ("source_kind", models.CharField(max_length=40)),
                ("source_ref", models.CharField(max_length=40)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("LINK", "signed link"),
                            ("STAMPED_SCAN", "stamped scan"),
                            ("MAIL_REPLY", "reply by mail"),
                            ("CHAT_PICTURE", "picture of a chat"),
                            ("SIGN_IN_SHEET", "sign-in sheet"),
                            ("PLATFORM_NOTICE", "notice of a platform"),
                        ],
                        default="LINK",
                        max_length=16,
                        verbose_name="way of confirming",
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
                ("snapshot", models.JSONField()),
                ("digest", models.CharField(max_length=64, null=True, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("CONFIRMED", "confirmed"),
                            ("REMARKED", "confirmed with a remark"),
                            ("DISPUTED", "not right"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_on", models.DateField(null=True)),
                ("remark", models.TextField(blank=True, max_length=2000, verbose_name="remark")),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=300)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contact",
                        verbose_name="who confirms",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer"
                    ),
                ),
                ("documents", models.ManyToManyField(related_name="+", to="documents.document")),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmations",
                        to="opportunities.opportunity",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["source_ref", "asked_at"], name="opportunities_confirm_source")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest__isnull", False), ("expires_at__isnull", False), ("way", "LINK")),
                            models.Q(
                                models.Q(("way", "LINK"), _negated=True),
                                ("answered_at__isnull", False),
                                ("digest__isnull", True),
                                ("expires_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="opportunities_confirmation_link_or_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_on__isnull", True)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="opportunities_confirmation_answered_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_at__isnull", True)),
                            models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="opportunities_confirmation_ended_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "DISPUTED"), _negated=True),
                            models.Q(("remark", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="opportunities_confirmation_dispute_says_why",
                    ),
                ],
            },
        ),
    ]
