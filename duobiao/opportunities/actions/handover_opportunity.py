"""Give a deal to another owner; stage, history and authors stay."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.follow_people import owner_changed
from duobiao.identity import policy
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.events import OpportunityHandedOver
from duobiao.opportunities.models import FieldChange, Opportunity, TeamMember
from duobiao.opportunities.queries.approval_requests import GIVE_UP, WAIVER
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record


class SuccessorNeeded(Invalid):
    """Somebody who leaves has open deals and no successor."""

    code = "successor_needed"


@transaction.atomic
def handover_opportunity(
    *, opportunity: Opportunity, to: User, note: str = "", actor: User, now: datetime
) -> Opportunity:
    """Give a deal to ``to``.

    Raises:
        NotAllowed: ``actor`` may not hand over this deal.
        Invalid: ``to`` is inactive or may not own deals.
    """
    policy.require(actor, "opportunities.handover", opportunity)
    if not to.is_active or not policy.allows(to, "opportunities.edit"):
        message = _("This person cannot own deals. Choose a seller or manager who works here.")
        raise Invalid(message, fields={"to": message, "owner": message})
    return _hand_over(opportunity, to=to, note=note, actor=actor, now=now)


@transaction.atomic
def handover_all(*, opportunities: Iterable[Opportunity], to: User, note: str = "", actor: User, now: datetime) -> int:
    """Give several deals to one person, all or none; returns how many changed hands."""
    deals = list(opportunities)
    for deal in deals:
        handover_opportunity(opportunity=deal, to=to, note=note, actor=actor, now=now)
    return len(deals)


def owner_left(event: UserDeactivated, actor: User, at: datetime) -> None:
    """Give the deals of a person who left to their successor.

    Raises:
        SuccessorNeeded: the person has open deals and nobody is named.
    """
    leaver = User.objects.get(ref=event.subject.ref)
    if event.successor is None:
        if Opportunity.objects.open().filter(owner=leaver).exists():
            message = _("This person has open deals. Choose who takes over.")
            raise SuccessorNeeded(message, fields={"successor": message})
        return
    successor = User.objects.get(ref=event.successor.ref)
    for deal in Opportunity.objects.filter(owner=leaver).select_related("owner", "customer"):
        _hand_over(deal, to=successor, note="", actor=actor, now=at)
    mine = Opportunity.objects.filter(team__user=successor).values("pk")
    TeamMember.objects.filter(user=leaver, opportunity__in=list(mine.values_list("pk", flat=True))).delete()
    TeamMember.objects.filter(user=leaver).update(user=successor)


def _hand_over(opportunity: Opportunity, *, to: User, note: str, actor: User, now: datetime) -> Opportunity:
    deal = lock(opportunity)
    before = deal.owner
    if before == to:
        return deal
    deal.owner = to
    deal.version += 1
    deal.save(update_fields=["owner", "version"])
    TeamMember.objects.filter(opportunity=deal, user=to).delete()
    FieldChange.objects.create(opportunity=deal, field="owner", before=before.ref, after=to.ref, at=now, actor=actor)
    data = {"before": before.name, "after": to.name, "note": note}
    record(OpportunityHandedOver(subject=Ref.of(deal), data=data), actor=actor, at=now)
    share_deal(deal, now=now)
    owner_changed(matter=GIVE_UP, subject=Ref.of(deal), owner=to, now=now)
    for waiver in deal.waivers.filter(approved_on=None, ended_on=None):
        owner_changed(matter=WAIVER, subject=Ref.of(waiver), owner=to, now=now)
    if to != actor:
        url = f"/opportunities/{deal.ref}/"
        notify([to], event=OpportunityHandedOver.name, url=url, at=now, data={**data, "deal": deal.name})
    opportunity.refresh_from_db()
    return deal
