"""Who works on a deal: add a colleague with a role, or let one go."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.events import TeamChanged
from duobiao.opportunities.models import DealRole, Opportunity, TeamMember
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record


class NotOnTeam(Conflict):
    """The person is not on this deal's team."""

    code = "not_on_team"


@transaction.atomic
def add_to_team(*, opportunity: Opportunity, user: User, role: str, actor: User, now: datetime) -> TeamMember:
    """Put a colleague on a deal, or change their role on it.

    Raises:
        NotAllowed: ``actor`` may not change the team.
        Invalid: unknown role, inactive person, or the owner, who is on it anyway.
    """
    policy.require(actor, "opportunities.team", opportunity)
    deal = lock(opportunity)
    if role not in DealRole.values:
        message = _("Choose one of: %(names)s.") % {"names": ", ".join(DealRole.values)}
        raise Invalid(message, fields={"role": message})
    if not user.is_active or user.pk == deal.owner_id:
        raise Invalid(_("This person cannot join the team."), fields={"user": _("owner or inactive")})
    member, created = TeamMember.objects.update_or_create(
        opportunity=deal,
        user=user,
        defaults={"role": role},
        create_defaults={"role": role, "added_at": now, "added_by": actor},
    )
    data = {"person": user.name, "role": role, "joined": True}
    record(TeamChanged(subject=Ref.of(deal), data=data), actor=actor, at=now)
    share_deal(deal, now=now)
    if created and user != actor:
        url = f"/opportunities/{deal.ref}/"
        notify([user], event=TeamChanged.name, url=url, at=now, data={**data, "deal": deal.name})
    return member


@transaction.atomic
def remove_from_team(*, opportunity: Opportunity, user: User, actor: User, now: datetime) -> None:
    """Take a colleague off a deal.

    Raises:
        NotAllowed: ``actor`` may not change the team.
        NotOnTeam: the person is not on it.
    """
    policy.require(actor, "opportunities.team", opportunity)
    deal = lock(opportunity)
    if not TeamMember.objects.filter(opportunity=deal, user=user).delete()[0]:
        raise NotOnTeam(_("This person is not on the team."))
    record(TeamChanged(subject=Ref.of(deal), data={"person": user.name, "joined": False}), actor=actor, at=now)
    share_deal(deal, now=now)
