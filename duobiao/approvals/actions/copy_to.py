"""Keep somebody informed about a request (抄送)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.lock import lock
from duobiao.approvals.actions.refusals import NotAsked, WrongPerson
from duobiao.approvals.actions.walk import page_of, told
from duobiao.approvals.events import ApprovalCopied
from duobiao.approvals.models import Act, ApprovalRequest, Copy, Verb
from duobiao.approvals.queries.rights import may_copy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record


@transaction.atomic
def copy_to(*, request: ApprovalRequest, person: User, actor: User, now: datetime) -> Copy:
    """Let a colleague see a request and hear how it ends; a second time changes nothing.

    Raises:
        NotAsked: the actor neither asked, owns the subject, decides on it, nor may step in.
        WrongPerson: the person left.
    """
    held = lock(request)
    if not may_copy(held, actor):
        raise NotAsked(_("Only those who ask or decide can copy others."))
    if not person.is_active:
        message = _("This person no longer works here.")
        raise WrongPerson(message, fields={"person": message})
    copy, created = Copy.objects.get_or_create(request=held, user=person, defaults={"by": actor, "at": now})
    if created:
        Act.objects.create(request=held, verb=Verb.COPIED, by=actor, person=person, at=now)
        data = told(held, person=str(person))
        record(ApprovalCopied(subject=Ref.of(held), data=data), actor=actor, at=now)
        notify([person], event=ApprovalCopied.name, url=page_of(held), at=now, data=data)
    return copy
