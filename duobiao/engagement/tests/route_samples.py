"""Records of calls and visits for the route matrix; all belong to the owner."""

from datetime import timedelta

from duobiao.engagement.actions.plan_contact import plan_contact
from duobiao.engagement.tests import factories
from tests.support.routes import Sample, World


def call(world: World) -> dict[str, str]:
    """A call on a deal."""
    person = factories.make_contact(factories.make_customer(world.owner), is_handler=True)
    deal = factories.make_deal(world.owner, person.customer, now=world.now)
    return {"ref": factories.log(world.owner, person, deal, now=world.now).call.ref}


def visit(world: World) -> dict[str, str]:
    """A planned visit on a deal."""
    customer = factories.make_customer(world.owner)
    deal = factories.make_deal(world.owner, customer, now=world.now)
    at = world.now + timedelta(days=3)
    return {"ref": factories.plan(world.owner, customer, deal, now=world.now, planned_at=at).visit.ref}


def person_to_call(world: World) -> dict[str, str]:
    """A contact of a customer."""
    person = factories.make_contact(factories.make_customer(world.owner), is_handler=True)
    return {"contact": person.ref, "customer": person.customer.ref}


def planned_contact(world: World) -> dict[str, str]:
    """A contact with a plan."""
    person = factories.make_contact(factories.make_customer(world.owner))
    plan_contact(contact=person, every_days=30, actor=world.owner, now=world.now)
    return {"ref": person.ref}


SAMPLES: dict[str, Sample] = {
    "planned_contact": planned_contact,
    "call": call,
    "visit": visit,
    "person_to_call": person_to_call,
}
