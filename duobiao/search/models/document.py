"""The findable record: one row each, with the columns that decide who may find it."""

from typing import ClassVar

from django.db import models

from duobiao.identity.models import User


class SearchDocument(models.Model):
    """A record that can be found.

    Attributes:
        title: What the record is called; hits here rank first.
        subtitle: A line that tells records of the same name apart.
        body: Further words it is found by.
        owner: Whose scope decides who finds it.
        touched_at: When it last changed; newer first among equals.
    """

    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    touched_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "ref"], name="search_document_once")]
        indexes: ClassVar = [
            models.Index(fields=["owner", "kind", "touched_at"], name="search_document_owner"),
            models.Index(fields=["kind", "touched_at"], name="search_document_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.ref}"


class SearchAccess(models.Model):
    """Lets one person find a record that is not within their scope, e.g. a deal they are on."""

    document = models.ForeignKey(SearchDocument, on_delete=models.CASCADE, related_name="access")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "user"], name="search_access_once")]
        indexes: ClassVar = [models.Index(fields=["user", "document"], name="search_access_user")]

    def __str__(self) -> str:
        return f"{self.user_id} finds {self.document_id}"
