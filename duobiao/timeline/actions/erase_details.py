"""Erase what entries say about a person; who did what and when stays, and the chains stay whole."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.timeline import permissions
from duobiao.timeline.actions.record import record
from duobiao.timeline.events import DetailsErased
from duobiao.timeline.models import EntryDetail

LONGEST_REASON = 500


class NothingToErase(Conflict):
    """No entry about the record holds details."""

    code = "nothing_to_erase"


@transaction.atomic
def erase_details(*, subject: Ref, reason: str, actor: AbstractBaseUser, now: datetime) -> int:
    """Erase the details of all entries about one record; return how many.

    Raises:
        NotAllowed: the actor may not erase.
        Invalid: no reason given.
        NothingToErase: there are none.
    """
    permissions.require(actor, "timeline.erase")
    reason = reason.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Invalid(_("Give the reason."), fields={"reason": _("1 to 500 characters")})
    details = EntryDetail.objects.filter(entry__subject_kind=subject.kind, entry__subject_ref=subject.ref)
    details = details.exclude(entry__event=DetailsErased.name)
    if not details.exists():
        raise NothingToErase(_("There are no details to erase."))
    return erase_found(details, subject=subject, reason=reason, actor=actor, now=now)


@transaction.atomic
def erase_found(
    details: QuerySet[EntryDetail],
    *,
    subject: Ref,
    reason: str,
    actor: AbstractBaseUser,
    now: datetime,
    chain: str = "",
) -> int:
    """Erase details because of one record, and record which; return how many. The caller required its own right."""
    erased = sorted(details.values_list("entry__chain", "entry__sequence"))
    if not erased:
        return 0
    details.delete()
    data = {"reason": reason, "entries": [[place, sequence] for place, sequence in erased]}
    record(DetailsErased(subject=subject, chain=chain, data=data), actor=actor, at=now)
    return len(erased)
