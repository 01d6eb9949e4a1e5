"""Tables of the timeline, by the names people know them by."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duobiao.timeline.models import Anchor, AnchoredHead, ChainHead, Comment, Entry, EntryDetail, Notification
from duobiao.web.tables import Table, in_chains_seen_by, leave_out, register_tables, tables


def entries_seen_by(user: Any) -> "QuerySet[Entry]":
    """Return what happened to the records a person sees."""
    return Entry.objects.filter(in_chains_seen_by(user))


def comments_seen_by(user: Any) -> "QuerySet[Comment]":
    """Return comments on the records a person sees, however they came there, and the person's own."""
    subjects = entries_seen_by(user).filter(event="timeline.comment_added").values("subject_ref")
    condition = Q(subject_ref__in=subjects) | Q(author_id=user.pk)
    commented = set(Comment.objects.values_list("subject_kind", flat=True).distinct())
    for table in tables():
        kind = getattr(table.model, "kind", "")
        if kind in commented:
            condition |= Q(subject_kind=kind, subject_ref__in=table.seen_by(user).values("ref"))
    return Comment.objects.filter(condition)


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("comments", Comment, _("Comments"), rows=comments_seen_by),
        Table(
            "history",
            Entry,
            _("History"),
            rows=entries_seen_by,
            left_out=("detail_digest", "previous", "digest"),
            further=("detail__data",),
        ),
        Table(
            "notices",
            Notification,
            _("Notices"),
            rows=lambda user: Notification.objects.filter(user_id=user.pk),
            left_out=("routed_at",),
        ),
    )
    leave_out("stands in the history", EntryDetail)
    leave_out(
        "seals of the audit; whoever exports cannot check them without the whole", ChainHead, Anchor, AnchoredHead
    )
