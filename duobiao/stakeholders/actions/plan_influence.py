"""Plan what is done to win a person: an action on one tier, which is a task of the deal."""

from datetime import date, datetime

from django.db import transaction

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.add_task import add_task
from duobiao.stakeholders.actions.take import take_person
from duobiao.stakeholders.actions.texts import Faults, check_choice, checked_text, refuse
from duobiao.stakeholders.events import InfluencePlanned
from duobiao.stakeholders.models import DealPerson, InfluenceAction
from duobiao.timeline.actions.record import record

TIERS = ("TOP", "MIDDLE", "BASE")
LONGEST_AIM = 200


@transaction.atomic
def plan_influence(
    *, person: DealPerson, tier: str, title: str, aim: str, owner: User, due_on: date, actor: User, now: datetime
) -> InfluenceAction:
    """Put an action on the plan; who is to do it is told.

    Args:
        tier: ``TOP`` executive dialogue, ``MIDDLE`` professional exchange, ``BASE`` support at the base.

    Raises:
        NotAllowed, DealClosed, NotFound: see ``take_person`` and ``add_task``.
        Invalid: a field does not fit.
    """
    held = take_person(person, actor)
    faults: Faults = {}
    check_choice("tier", tier, TIERS, faults)
    aim = checked_text("aim", aim, longest=LONGEST_AIM, faults=faults)
    refuse(faults)
    deal = held.opportunity
    task = add_task(
        opportunity=deal, title=title, owner=owner, due_on=due_on, source=Ref.of(held), actor=actor, now=now
    )
    action = InfluenceAction.objects.create(person=held, tier=tier, aim=aim, task=task)
    data = {"person": held.contact.name, "tier": tier, "task": task.ref, "words": task.title}
    record(InfluencePlanned(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    return action
