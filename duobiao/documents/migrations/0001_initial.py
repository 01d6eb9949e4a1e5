import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.documents.models.document
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
                    name="Document",
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
                                default=duobiao.documents.models.document.document_ref, max_length=16, unique=True
                            ),
                        ),
                        ("sha256", models.CharField(db_index=True, max_length=64)),
                        ("size", models.PositiveBigIntegerField(verbose_name="size")),
                        ("name", models.CharField(max_length=200, verbose_name="file name")),
                        ("media_type", models.CharField(max_length=100, verbose_name="type")),
                        ("uploaded_at", models.DateTimeField(verbose_name="uploaded")),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="documents_document_has_name"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("subject_kind", models.CharField(max_length=40)),
                        ("subject_ref", models.CharField(max_length=40)),
                        ("chain", models.CharField(max_length=40)),
                        ("added_at", models.DateTimeField()),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="documents.document",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["subject_kind", "subject_ref", "added_at"], name="documents_attachment_subject"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("document", "subject_kind", "subject_ref"),
                                name="documents_attachment_once_per_subject",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
