"""Tables of files, by the names people know them by."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duobiao.documents.models import Attachment, Document
from duobiao.web.tables import Table, in_chains_seen_by, register_tables


def attachments_seen_by(user: Any) -> "QuerySet[Attachment]":
    """Return where files hang on the records a person sees."""
    return Attachment.objects.filter(in_chains_seen_by(user))


def documents_seen_by(user: Any) -> "QuerySet[Document]":
    """Return the files on the records a person sees, and those they added."""
    hanging = attachments_seen_by(user).values("document_id")
    return Document.objects.filter(Q(pk__in=hanging) | Q(uploaded_by=user))


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("documents", Document, _("Files"), rows=documents_seen_by),
        Table("attachments", Attachment, _("Where files hang"), rows=attachments_seen_by, left_out=("chain",)),
    )
