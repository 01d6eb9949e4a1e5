"""Note on the cards of people what a purchase process says of them, where their card says nothing yet."""

from datetime import datetime

from duobiao.customers.actions.edit_contact import edit_contact
from duobiao.customers.models import Contact
from duobiao.customers.models.contact import BuyingRole
from duobiao.engagement.actions.process_values import Process
from duobiao.engagement.domain.purchasing import ROLE_OF
from duobiao.identity import policy
from duobiao.identity.models import User


def note_people(process: Process, *, actor: User, now: datetime) -> list[Contact]:
    """Note function, buying role and decider on the cards the actor may change; return whose card it was."""
    people = {duty.contact.pk: duty.contact for duty in process.duties if duty.contact is not None}
    if process.decider is not None:
        people.setdefault(process.decider.pk, process.decider)
    changed = []
    for person in people.values():
        values = _of_duties(person, process) | _of_decider(person, process)
        if values and policy.allows(actor, "customers.edit", person):
            edit_contact(contact=person, version=person.version, values=values, actor=actor, now=now)
            changed.append(person)
    return changed


def _of_duties(person: Contact, process: Process) -> dict[str, object]:
    values: dict[str, object] = {}
    for duty in process.duties:
        if duty.contact is None or duty.contact.pk != person.pk:
            continue
        if not person.function:
            values.setdefault("function", duty.function)
        if person.buying_role == BuyingRole.UNKNOWN and duty.function in ROLE_OF:
            values.setdefault("buying_role", ROLE_OF[duty.function])
    return values


def _of_decider(person: Contact, process: Process) -> dict[str, object]:
    if process.decider is None or process.decider.pk != person.pk:
        return {}
    values: dict[str, object] = {} if person.is_decision_maker else {"is_decision_maker": True}
    return values | ({"buying_role": BuyingRole.DECIDER} if person.buying_role == BuyingRole.UNKNOWN else {})
