"""Bring the files of one record to another one, when records are merged."""

from duobiao.documents.models import Attachment
from duobiao.kernel.refs import Ref


def move_attachments(*, source: Ref, target: Ref, chain: str) -> None:
    """Hang the documents of ``source`` on ``target``; those that hang there already stay once.

    Args:
        chain: Audit chain of the target.
    """
    moved = Attachment.objects.filter(subject_kind=source.kind, subject_ref=source.ref)
    present = Attachment.objects.filter(subject_kind=target.kind, subject_ref=target.ref)
    moved.filter(document_id__in=list(present.values_list("document_id", flat=True))).delete()
    moved.update(subject_kind=target.kind, subject_ref=target.ref, chain=chain)
