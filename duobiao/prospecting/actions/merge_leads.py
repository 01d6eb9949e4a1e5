"""Make one lead out of two entries of the same one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.domain.naming import normal_name
from duobiao.documents.actions.move_attachments import move_attachments
from duobiao.duplicates.actions.remember import remembered, repoint
from duobiao.duplicates.queries.sides import fill_gaps
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.prospecting.actions.capture_lead import LEAD_FIELDS
from duobiao.prospecting.actions.keep_lead import end_claim, event_data, keep, lock_leads, require_open
from duobiao.prospecting.events import LeadMergedAway, LeadsMerged
from duobiao.prospecting.models import ClaimEnd, Lead
from duobiao.prospecting.queries.findables import findable_lead
from duobiao.search.actions.index import index, remove
from duobiao.timeline.actions.record import record
from duobiao.timeline.models import Comment

LEAD_STAYS = frozenset(("prospecting.Lead.merged_into", "prospecting.Claim.lead"))
"""Who held the lead that went stays with it."""


@transaction.atomic
def merge_leads(*, keeper: Lead, other: Lead, actor: User, now: datetime, take: frozenset[str] = frozenset()) -> Lead:
    """Move everything of ``other`` to ``keeper``; facts of the keeper win, its gaps are filled.

    Args:
        take: Names of facts to take from the other one all the same.

    Raises:
        NotAllowed: the actor may not merge one of them.
        Invalid: both are the same.
        LeadClosed: one is converted, discarded, or was merged before.
    """
    if keeper.pk == other.pk:
        raise Invalid(_("Choose two different leads."), fields={"merge": _("the same lead")})
    keeper, other = lock_leads([keeper.pk, other.pk])
    for lead in (keeper, other):
        require(actor, "prospecting.merge", lead)
        require_open(lead)
    with remembered(keeper=keeper, other=other, actor=actor, now=now):
        changed = fill_gaps(keeper, other, LEAD_FIELDS, take=take)
        keeper.normal_name = normal_name(keeper.company)
        move_attachments(source=Ref.of(other), target=Ref.of(keeper), chain=keeper.ref)
        Comment.objects.filter(subject_kind=Lead.kind, subject_ref=other.ref).update(subject_ref=keeper.ref)
        end_claim(other, ClaimEnd.DISCARDED, now=now)
        other.merged_into = keeper
        other.version += 1
        other.save(update_fields=["merged_into", "version"])
        remove(kind=Lead.kind, refs=[other.ref])
        repoint(keeper, other, stays=LEAD_STAYS)
        keep(keeper, [*changed, "normal_name"], now=now)
    record(LeadMergedAway(subject=Ref.of(other), data=event_data(other, keeper=keeper.ref)), actor=actor, at=now)
    data = event_data(keeper, merged=other.ref, merged_name=other.company)
    record(LeadsMerged(subject=Ref.of(keeper), data=data), actor=actor, at=now)
    return keeper


def settle_leads(keeper: Lead, other: Lead, actor: User, now: datetime) -> None:
    """After a merge was undone: let both leads be found again."""
    del actor, now
    for lead in (keeper, other):
        lead.normal_name = normal_name(lead.company)
        lead.save(update_fields=["normal_name"])
        index(findable_lead(lead))
