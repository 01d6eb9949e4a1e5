"""People, observations, lines and records of chains, made through the actions."""

from datetime import date, datetime
from typing import Any

from django.apps import apps

from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.opportunities.models import DealTask, Opportunity, Proof, RiskReport
from duobiao.opportunities.tests.factories import NOW, TODAY
from duobiao.stakeholders.actions.add_person import add_person
from duobiao.stakeholders.actions.link_people import Line, link_people
from duobiao.stakeholders.actions.observe import Sighting, observe
from duobiao.stakeholders.actions.record_relation import Reached, record_relation
from duobiao.stakeholders.models import DealPerson, InfluenceLink, Observation, RelationRecord
from duobiao.stakeholders.queries.chain import Chain, load_chain
from duobiao.timeline.models import Entry, Notification


def put(deal: Opportunity, contact: Contact, actor: User, now: datetime = NOW, **values: Any) -> DealPerson:
    """Put a contact on the chain."""
    return add_person(opportunity=deal, contact=contact, values=values, actor=actor, now=now)


def saw(
    person: DealPerson,
    actor: User,
    value: int,
    topic: str = "STANCE",
    on: date = TODAY,
    now: datetime = NOW,
    **more: Any,
) -> Observation:
    """Note an observation, of which one is 90% sure."""
    given = {"source": "拜访", "percent": 90, **more}
    return observe(person=person, seen=Sighting(topic, value, on=on, **given), actor=actor, now=now)


def won(
    person: DealPerson, actor: User, cell: str, state: int = 2, on: date = TODAY, now: datetime = NOW, **more: Any
) -> RelationRecord:
    """Record a cell."""
    reached = Reached(cell, state, more.pop("words", "说好用"), on, **more)
    return record_relation(person=person, reached=reached, actor=actor, now=now)


def line(
    source: DealPerson, target: DealPerson, actor: User, kind: str = "INFORMAL", now: datetime = NOW, **more: Any
) -> InfluenceLink:
    """Draw a line."""
    drawn = Line(source, target, kind, **more)
    return link_people(opportunity=source.opportunity, line=drawn, actor=actor, now=now)


def chain(deal: Opportunity, on: date = TODAY) -> Chain:
    """Return the chain of a deal."""
    deal.refresh_from_db()
    return load_chain(deal, on=on)


def live_keys(deal: Opportunity) -> dict[str, int]:
    """Return the live proofs of the chain of a deal: grade by key."""
    rows = Proof.objects.filter(opportunity=deal, source_kind="decision_chain", retracted_on=None)
    return dict(rows.values_list("key", "grade"))


def everything() -> dict[str, Any]:
    """Return all rows of chains, with tasks, proofs, risks, audit and notices, to show that nothing changed."""
    kinds = [*apps.get_app_config("stakeholders").get_models(), DealTask, Proof, RiskReport, Entry, Notification]
    return {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in kinds}
