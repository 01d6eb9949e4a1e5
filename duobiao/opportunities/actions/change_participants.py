"""Which companies take part in a project besides the customer we sell to."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.models import Customer
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.events import ParticipantsChanged
from duobiao.opportunities.models import Opportunity, Participant, ParticipantRole, Proof
from duobiao.timeline.actions.record import record


class PeopleInEvidence(Conflict):
    """People of this company are named in the deal's evidence."""

    code = "people_in_evidence"


@transaction.atomic
def add_participant(
    *, opportunity: Opportunity, customer: Customer, role: str, note: str = "", actor: User, now: datetime
) -> Participant:
    """Add a company to a project in one part, or change the note of that part.

    Raises:
        NotAllowed: ``actor`` may not change the team of this deal.
        Invalid: unknown part, or the note is too long.
    """
    policy.require(actor, "opportunities.team", opportunity)
    deal = lock(opportunity)
    if role not in ParticipantRole.values:
        message = _("Choose one of: %(names)s.") % {"names": ", ".join(ParticipantRole.values)}
        raise Invalid(message, fields={"role": message})
    if len(note) > 200:
        raise Invalid(_("The note is too long."), fields={"note": _("At most %(n)d characters.") % {"n": 200}})
    participant, _created = Participant.objects.update_or_create(
        opportunity=deal,
        customer=customer,
        role=role,
        defaults={"note": note},
        create_defaults={"note": note, "added_at": now, "added_by": actor},
    )
    data = {"company": customer.name, "role": role, "joined": True}
    record(ParticipantsChanged(subject=Ref.of(deal), data=data), actor=actor, at=now)
    share_deal(deal, now=now)
    return participant


@transaction.atomic
def remove_participant(*, participant: Participant, actor: User, now: datetime) -> None:
    """Take a company off a project.

    Raises:
        NotAllowed: ``actor`` may not change the team of this deal.
        PeopleInEvidence: live evidence names one of its people.
    """
    policy.require(actor, "opportunities.team", participant.opportunity)
    deal = lock(participant.opportunity)
    company = participant.customer
    others = deal.participants.filter(customer=company).exclude(pk=participant.pk).exists()
    named = Proof.objects.filter(opportunity=deal, contact__customer=company, retracted_on=None).exists()
    if named and not others and company.pk != deal.customer_id:
        raise PeopleInEvidence(_("Evidence of this deal names people of this company; retract it first."))
    participant.delete()
    data = {"company": company.name, "joined": False}
    record(ParticipantsChanged(subject=Ref.of(deal), data=data), actor=actor, at=now)
    share_deal(deal, now=now)
