"""Reads of documents."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.documents.domain.media_types import INLINE_TYPES
from duobiao.documents.models import Attachment, Document
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, allows, owner_in_scope, scope_of
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotFound
from duobiao.timeline.registry import refs_seen, subject_of


@dataclass(frozen=True, slots=True)
class FileRow:
    """A document as it hangs on a record.

    Attributes:
        removable: Whether the reader may take it off: they hung it there, or the uploader is within their reach.
        inline: Whether a browser may show it.
    """

    ref: str
    name: str
    size: int
    media_type: str
    added_by: str
    added_at: datetime
    removable: bool
    inline: bool


@dataclass(frozen=True, slots=True)
class FilesShown:
    """The files of a record as one reader sees them.

    Attributes:
        may_upload: Whether the reader may add one.
    """

    subject: Ref
    files: list[FileRow]
    may_upload: bool


def files_shown(subject: Ref, *, user: User) -> FilesShown:
    """Return what the fragment of files shows; the caller checked that the reader may see the record."""
    return FilesShown(subject, documents_of(subject, user=user), allows(user, "documents.upload"))


def documents_of(subject: Ref, *, user: User | None = None) -> list[FileRow]:
    """Return the documents on a record, newest first; the caller checked that the reader may see it."""
    rows = Attachment.objects.filter(subject_kind=subject.kind, subject_ref=subject.ref)
    scope = scope_of(user, "documents.upload") if user is not None else Scope.NONE
    return [
        FileRow(
            ref=row.document.ref,
            name=row.document.name,
            size=row.document.size,
            media_type=row.document.media_type,
            added_by=str(row.added_by),
            added_at=row.added_at,
            removable=user is not None
            and scope is not Scope.NONE
            and (row.added_by_id == user.pk or owner_in_scope(row.document.uploaded_by, user, scope)),
            inline=row.document.media_type in INLINE_TYPES,
        )
        for row in rows.select_related("document__uploaded_by", "added_by").order_by("-added_at", "-pk")
    ]


def chain_of_visible(*, subject: Ref, user: User) -> str:
    """Return the audit chain of a record the person may see.

    Raises:
        NotFound: there is no such record, or the person may not see it.
    """
    kind = subject_of(subject)
    found = kind.find(user, subject.ref) if kind is not None else None
    if kind is None or found is None:
        raise NotFound(_("There is no such record, or you may not see it."))
    return kind.chain(found)


def get_document(*, ref: str, user: User) -> Document:
    """Return a document the person uploaded, or that hangs on a record the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    document = Document.objects.select_related("uploaded_by").filter(ref=ref).first()
    if document is None or not _may_see(document, user):
        raise NotFound(_("There is no such file, or you may not see it."))
    return document


def files_seen(refs: Collection[str], *, user: User) -> dict[str, str]:
    """Return by reference the names of those documents that ``get_document`` would give this person."""
    if not refs:
        return {}
    rows = Document.objects.filter(ref__in=refs).prefetch_related("attachments")
    found = {row: {Ref(hung.subject_kind, hung.subject_ref) for hung in row.attachments.all()} for row in rows}
    others = {row: hung for row, hung in found.items() if row.uploaded_by_id != user.pk}
    seen = refs_seen(user, {ref for hung in others.values() for ref in hung})
    return {row.ref: row.name for row in found if row not in others or others[row] & seen}


def _may_see(document: Document, user: User) -> bool:
    if document.uploaded_by_id == user.pk:
        return True
    for kind, ref in document.attachments.order_by("pk").values_list("subject_kind", "subject_ref"):
        subject = Ref(kind, ref)
        finder = subject_of(subject)
        if finder is not None and finder.find(user, ref) is not None:
            return True
    return False
