"""Keep an uploaded file."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.documents.domain.file_names import safe_name
from duobiao.documents.domain.media_types import sniff
from duobiao.documents.events import DocumentUploaded
from duobiao.documents.models import Document
from duobiao.documents.models.files import ContentTooLarge, Incoming, file_path, files_locked, keep, received
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record
from duobiao.web.uploads import too_large


def store_upload(*, name: str, chunks: Iterable[bytes], actor: User, now: datetime) -> Document:
    """Write a file to disk and enter it; both or neither.

    A crash between the two leaves at most a file without a row, which the daily sweep takes away.

    Args:
        name: The file name as the sender gives it; folders and unsafe characters are taken out.
        chunks: The content, e.g. ``upload.chunks()``; never held in memory as a whole.

    Raises:
        NotAllowed: the actor may not upload.
        TooLarge: more than ``UPLOAD_MAX_BYTES`` arrived.
        Invalid: the file is empty.
    """
    require(actor, "documents.upload")
    try:
        with received(chunks) as incoming:
            if not incoming.size:
                raise Invalid(_("The file is empty."), fields={"file": _("The file is empty.")})
            return _enter(incoming, name, actor, now)
    except ContentTooLarge as error:
        raise too_large() from error


def _enter(incoming: Incoming, name: str, actor: User, now: datetime) -> Document:
    document = Document(
        sha256=incoming.sha256,
        size=incoming.size,
        name=safe_name(name),
        media_type=sniff(incoming.head, name),
        uploaded_by=actor,
        uploaded_at=now,
    )
    with files_locked():
        is_new = keep(incoming)
        try:
            with transaction.atomic():
                document.save(force_insert=True)
                data = {"name": document.name, "note": document.name, "size": document.size, "sha256": document.sha256}
                record(DocumentUploaded(subject=Ref.of(document), data=data), actor=actor, at=now)
        except BaseException:
            if is_new:
                file_path(incoming.sha256).unlink(missing_ok=True)
            raise
    return document
