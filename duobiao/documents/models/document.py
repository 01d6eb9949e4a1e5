"""Tables of documents: the file as uploaded, and the records it hangs on."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owner_in_scope
from duobiao.kernel.refs import new_ref


def document_ref() -> str:
    """Make the reference of a document."""
    return new_ref("D")


class Document(models.Model):
    """One upload. Uploads of the same content share one stored file.

    Attributes:
        sha256: Hash of the content, hexadecimal; the stored file is named after it.
        size: Bytes.
        media_type: What the content is, found by looking at it; never what the client said.
    """

    kind = "document"

    ref = models.CharField(max_length=16, unique=True, default=document_ref)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size"))
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(_("type"), max_length=100)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="documents")
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="documents_document_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the content lies under the media root."""
        return f"documents/{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the person who uploaded it is within the scope."""
        return owner_in_scope(self.uploaded_by, actor, scope)


class Attachment(models.Model):
    """A document hanging on a record.

    Attributes:
        chain: Audit chain of the record it hangs on.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="attachments")
    subject_kind = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=40)
    chain = models.CharField(max_length=40)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "subject_kind", "subject_ref"], name="documents_attachment_once_per_subject"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_ref", "added_at"], name="documents_attachment_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} on {self.subject_kind}:{self.subject_ref}"
