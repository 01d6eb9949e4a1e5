import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

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
                    name="SearchDocument",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        ("ref", models.CharField(max_length=40)),
                        ("title", models.CharField(max_length=200)),
                        ("subtitle", models.CharField(blank=True, max_length=200)),
                        ("url", models.CharField(max_length=200)),
                        ("body", models.TextField(blank=True)),
                        ("touched_at", models.DateTimeField()),
                        (
                            "owner",
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
                            models.Index(fields=["owner", "kind", "touched_at"], name="search_document_owner"),
                            models.Index(fields=["kind", "touched_at"], name="search_document_recent"),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("kind", "ref"), name="search_document_once")],
                    },
                ),
                migrations.CreateModel(
                    name="SearchAccess",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="access",
                                to="search.searchdocument",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["user", "document"], name="search_access_user")],
                        "constraints": [
                            models.UniqueConstraint(fields=("document", "user"), name="search_access_once")
                        ],
                    },
                ),
            ]
        ),
    ]
