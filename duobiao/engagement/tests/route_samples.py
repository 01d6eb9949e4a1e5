"""Records of calls and visits for the route matrix; all belong to the owner."""

from datetime import timedelta

from duobiao.customers.models import Contact
from duobiao.documents.actions.store_upload import store_upload
from duobiao.engagement.actions.confirm_minutes import confirm_minutes, request_confirmation
from duobiao.engagement.actions.plan_contact import plan_contact
from duobiao.engagement.actions.process_values import Process
from duobiao.engagement.actions.record_process import record_process
from duobiao.engagement.actions.write_report import write_report
from duobiao.engagement.models import Visit
from duobiao.engagement.queries.reports import monday_of
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


def _held(world: World) -> tuple[Visit, Contact]:
    person = factories.make_contact(factories.make_customer(world.owner), is_handler=True)
    deal = factories.make_deal(world.owner, person.customer, now=world.now)
    return factories.hold(world.owner, person, deal, now=world.now), person


def held_visit(world: World) -> dict[str, str]:
    """A visit that was recorded."""
    visit, person = _held(world)
    return {"ref": visit.ref, "contact": person.ref}


def sent_minutes(world: World) -> dict[str, str]:
    """Minutes that wait for the customer's answer."""
    visit, person = _held(world)
    asked = request_confirmation(visit=visit, contact=person, actor=world.owner, now=world.now)
    return {"ref": visit.ref, "confirmation": asked.confirmation.ref, "confirmation_ref": asked.confirmation.ref}


def claimed_minutes(world: World) -> dict[str, str]:
    """Minutes confirmed by a mail that nobody has looked at yet."""
    visit, person = _held(world)
    mail = store_upload(name="回复.txt", chunks=["纪要无误".encode()], actor=world.owner, now=world.now)
    made = confirm_minutes(
        visit=visit, contact=person, way="MAIL_REPLY", on=world.now.date(), documents=[mail],
        actor=world.owner, now=world.now,
    )  # fmt: skip
    return {"ref": visit.ref, "confirmation": made.ref, "confirmation_ref": made.ref}


def planned_contact(world: World) -> dict[str, str]:
    """A contact with a plan."""
    person = factories.make_contact(factories.make_customer(world.owner))
    plan_contact(contact=person, every_days=30, actor=world.owner, now=world.now)
    return {"ref": person.ref}


def customer_to_call(world: World) -> dict[str, str]:
    """A customer that a filter finds."""
    person = factories.make_contact(factories.make_customer(world.owner, industry="储能"), is_handler=True)
    return {"industry": person.customer.industry}


def call_list(world: World) -> dict[str, str]:
    """A calling list of one person."""
    customer_to_call(world)
    made = factories.make_list(world.owner, now=world.now)
    return {"ref": made.ref, "entry": made.entries.order_by("number")[0].ref}


def draft(world: World) -> dict[str, str]:
    """A deal whose customer received a draft."""
    made = factories.submit(world.owner, now=world.now)
    parts = {"contact": made.received_by.ref, "document": made.document.ref}
    return {"ref": made.opportunity.ref, **parts}


def one_draft(world: World) -> dict[str, str]:
    """A version of a draft."""
    made = factories.submit(world.owner, now=world.now)
    return {"ref": made.ref, "contact": made.received_by.ref}


def process(world: World) -> dict[str, str]:
    """A deal whose purchase process is recorded."""
    person = factories.make_contact(factories.make_customer(world.owner))
    deal = factories.make_deal(world.owner, person.customer, now=world.now)
    given = Process(project_lead=person)
    record_process(opportunity=deal, number=0, process=given, actor=world.owner, now=world.now)
    return {"ref": deal.ref}


def weekly_report(world: World) -> dict[str, str]:
    """A report that was sent."""
    monday = monday_of(world.now.date())
    given = {"week_on": monday, "version": 0, "done": "两次拜访", "plans": "", "send": True}
    return {"ref": write_report(**given, actor=world.owner, now=world.now).ref}


def own_week(world: World) -> dict[str, str]:
    """A week to report of."""
    return {"week_on": monday_of(world.now.date()).isoformat()}


SAMPLES: dict[str, Sample] = {
    "call": call,
    "visit": visit,
    "person_to_call": person_to_call,
    "held_visit": held_visit,
    "sent_minutes": sent_minutes,
    "claimed_minutes": claimed_minutes,
    "planned_contact": planned_contact,
    "customer_to_call": customer_to_call,
    "call_list": call_list,
    "draft_received": draft,
    "weekly_report": weekly_report,
    "own_week": own_week,
    "draft_version": one_draft,
    "process_recorded": process,
}
