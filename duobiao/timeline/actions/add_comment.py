"""Comment on a record and tell those who are mentioned."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.timeline import permissions, registry
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record
from duobiao.timeline.events import CommentAdded, Mentioned
from duobiao.timeline.models import Comment
from duobiao.timeline.queries import mentioned_in

LONGEST = 4000
EXCERPT = 120


@transaction.atomic
def add_comment(*, subject: Ref, body: str, actor: AbstractBaseUser, now: datetime) -> Comment:
    """Write a comment; only people who may see the record can be mentioned.

    Raises:
        NotFound: there is no such record, or the actor may not see it.
        NotAllowed: the actor may not comment.
        Invalid: the text is empty or longer than 4,000 characters.
    """
    kind = registry.subject_of(subject)
    found = kind.find(actor, subject.ref) if kind is not None else None
    if kind is None or found is None:
        raise NotFound(_("There is no such record."))
    permissions.require(actor, "timeline.comment")
    body = body.replace("\r\n", "\n").strip()
    if not 1 <= len(body) <= LONGEST or "\x00" in body:
        raise Invalid(_("Write 1 to 4,000 characters."), fields={"body": _("1 to 4,000 characters")})
    if kind.hold is not None:
        kind.hold(found)
    comment = Comment.objects.create(
        subject_kind=subject.kind, subject_ref=subject.ref, author_id=actor.pk, at=now, body=body
    )
    label = kind.label(found)
    people = mentioned_in(body, visible=lambda user: kind.find(user, subject.ref) is not None)
    comment.mentions.set(people)
    told = [user for user in people if user.pk != actor.pk]
    data = {"author": str(actor), "label": label, "excerpt": body[:EXCERPT]}
    notify(told, event=Mentioned.name, url=kind.url(subject.ref), at=now, data=data)
    event = CommentAdded(
        subject=subject, chain=kind.chain(found), data={"note": body[:EXCERPT], "comment": comment.ref}
    )
    record(event, actor=actor, at=now)
    return comment
