"""Hang documents on records and take them off."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.documents.events import DocumentAttached, DocumentDetached
from duobiao.documents.models import Attachment, Document
from duobiao.documents.queries import chain_of_visible
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, NotAllowed
from duobiao.timeline.actions.record import record


@transaction.atomic
def attach_document(*, document: Document, subject: Ref, actor: User, now: datetime) -> Attachment:
    """Hang a document on a record; hanging it there again changes nothing.

    Raises:
        NotFound: there is no such record, or the actor may not see it.
        NotAllowed: the actor may not upload.
    """
    require(actor, "documents.upload")
    chain = chain_of_visible(subject=subject, user=actor)
    attachment, is_new = Attachment.objects.get_or_create(
        document=document,
        subject_kind=subject.kind,
        subject_ref=subject.ref,
        defaults={"chain": chain, "added_by": actor, "added_at": now},
    )
    if is_new:
        data = {"document": document.ref, "note": document.name}
        record(DocumentAttached(subject=subject, chain=chain, data=data), actor=actor, at=now)
    return attachment


@transaction.atomic
def detach_document(*, document: Document, subject: Ref, actor: User, now: datetime) -> None:
    """Take a document off a record; the file and the trace stay.

    Raises:
        NotFound: there is no such record, or the actor may not see it.
        NotAllowed: somebody else hung it there, and it is not within the actor's reach.
        Conflict: it does not hang there.
    """
    chain = chain_of_visible(subject=subject, user=actor)
    attachment = Attachment.objects.filter(
        document=document, subject_kind=subject.kind, subject_ref=subject.ref
    ).first()
    if attachment is None:
        raise Conflict(_("This file does not hang here any more."))
    if attachment.added_by_id != actor.pk:
        _require_reach(actor, document)
    attachment.delete()
    data = {"document": document.ref, "note": document.name}
    record(DocumentDetached(subject=subject, chain=chain, data=data), actor=actor, at=now)


def _require_reach(actor: User, document: Document) -> None:
    try:
        require(actor, "documents.upload", document)
    except NotAllowed as refusal:
        message = _("Only who added a file, or their manager, takes it off.")
        raise NotAllowed(message, details=refusal.details) from refusal
