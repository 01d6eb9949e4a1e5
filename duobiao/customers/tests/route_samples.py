"""Records of customers for the route matrix; all belong to the owner."""

from duobiao.customers.actions.keep_admissions import add_admission
from duobiao.customers.actions.keep_network import add_outsider, note_acquaintance
from duobiao.customers.actions.keep_resources import add_resource
from duobiao.customers.actions.keep_sites import add_site
from duobiao.customers.actions.note_objection import note_objection
from duobiao.customers.actions.solve_issues import raise_issue
from duobiao.customers.actions.trash_contact import trash_contact
from duobiao.customers.actions.trash_customer import trash_customer
from duobiao.customers.tests import factories
from tests.support.routes import Sample, World


def customer(world: World) -> dict[str, str]:
    """A customer, and somebody to hand it to."""
    return {"ref": factories.customer(world.owner).ref, "to": world.actors["manager"].ref}


def two_customers(world: World) -> dict[str, str]:
    """Two customers."""
    return {"ref": factories.customer(world.owner).ref, "other": factories.customer(world.owner).ref}


def trashed_customer(world: World) -> dict[str, str]:
    """A customer in the trash."""
    held = factories.customer(world.owner)
    trash_customer(customer=held, actor=world.owner, now=world.now)
    return {"ref": held.ref}


def contact(world: World) -> dict[str, str]:
    """A contact."""
    return {"ref": factories.contact(factories.customer(world.owner)).ref}


def objecting_contact(world: World) -> dict[str, str]:
    """A contact who does not want to be called."""
    held = factories.contact(factories.customer(world.owner))
    day = world.now.date()
    note_objection(contact=held, wish="CALLS", source="来信", said_on=day, actor=world.owner, now=world.now)
    return {"ref": held.ref}


def two_contacts(world: World) -> dict[str, str]:
    """Two contacts of one customer."""
    held = factories.customer(world.owner)
    return {"ref": factories.contact(held).ref, "other": factories.contact(held).ref}


def trashed_contact(world: World) -> dict[str, str]:
    """A contact in the trash."""
    held = factories.contact(factories.customer(world.owner))
    trash_contact(contact=held, actor=world.owner, now=world.now)
    return {"ref": held.ref}


def assessment_scheme(world: World) -> dict[str, str]:
    """A way to assess customers; it ships with the product."""
    del world
    return {"key": "selection"}


def customer_channel(world: World) -> dict[str, str]:
    """A customer, and a channel of information."""
    return {"ref": factories.customer(world.owner).ref, "channel": "website"}


def customer_site(world: World) -> dict[str, str]:
    """A site of a customer."""
    held = factories.customer(world.owner)
    return {"ref": add_site(customer=held, values={"name": "一期厂房"}, actor=world.owner, now=world.now).ref}


def customer_issue(world: World) -> dict[str, str]:
    """An open issue of a customer."""
    held = factories.customer(world.owner)
    return {"ref": raise_issue(customer=held, values={"title": "停机"}, actor=world.owner, now=world.now).ref}


def account_resource(world: World) -> dict[str, str]:
    """A resource that works for a customer."""
    held = factories.customer(world.owner)
    return {"ref": add_resource(customer=held, values={"name": "交付一组"}, actor=world.owner, now=world.now).ref}


def outsider(world: World) -> dict[str, str]:
    """Somebody outside."""
    return {"ref": add_outsider(values={"name": "张院士"}, actor=world.owner, now=world.now).ref}


def known_contact(world: World) -> dict[str, str]:
    """A contact, and a colleague who knows them."""
    return {**contact(world), "owner": world.owner.ref}


def known_outsider(world: World) -> dict[str, str]:
    """Somebody outside, and a colleague who knows them."""
    return {**outsider(world), "owner": world.owner.ref}


def acquaintance(world: World) -> dict[str, str]:
    """A colleague knows a contact."""
    known = factories.contact(factories.customer(world.owner))
    tie = note_acquaintance(knower=world.owner, known=known, values={}, actor=world.owner, now=world.now)
    return {"ref": tie.ref}


def supplier_admission(world: World) -> dict[str, str]:
    """A register of a customer to which we applied."""
    held = factories.customer(world.owner)
    row = add_admission(
        customer=held, values={"name": "合格供方名录"}, state="SUBMITTED", actor=world.owner, now=world.now
    )
    return {"ref": row.ref, "today": row.since_on.isoformat()}


SAMPLES: dict[str, Sample] = {
    "account_resource": account_resource,
    "supplier_admission": supplier_admission,
    "outsider": outsider,
    "known_contact": known_contact,
    "known_outsider": known_outsider,
    "acquaintance": acquaintance,
    "customer_issue": customer_issue,
    "customer_site": customer_site,
    "customer_channel": customer_channel,
    "assessment_scheme": assessment_scheme,
    "customer": customer,
    "two_customers": two_customers,
    "trashed_customer": trashed_customer,
    "contact": contact,
    "objecting_contact": objecting_contact,
    "two_contacts": two_contacts,
    "trashed_contact": trashed_contact,
}
