"""Note that a person does not want to be called, or that they agree again."""

from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.locks import lock_contact
from duobiao.customers.domain.texts import NulCharacter, clean_line
from duobiao.customers.models import Contact, Objection, ObjectionKind
from duobiao.customers.work_events import ContactObjected, ObjectionLifted
from duobiao.identity.models import CompanySettings, User
from duobiao.identity.policy import require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.timeline.actions.record import record

LONGEST_SOURCE: Final = 200


class ObjectedBefore(Conflict):
    """An objection of this person stands already."""

    code = "objected_before"


class NoObjection(Conflict):
    """No objection of this person stands."""

    code = "no_objection"


@transaction.atomic
def note_objection(*, contact: Contact, wish: str, source: str, said_on: date, actor: User, now: datetime) -> Objection:
    """Note what a person does not want, with how we know and since when; plans to call them end.

    Raises:
        NotAllowed: the actor may not edit this contact.
        Invalid: the wish is unknown, the source is missing, or the day lies ahead.
        ObjectedBefore: one stands already.
        Conflict: the contact lies in the trash or was merged.
    """
    held = lock_contact(contact)
    require(actor, "customers.edit", held)
    faults: dict[str, object] = {}
    if wish not in ObjectionKind.values:
        faults["wish"] = _("Choose what the person does not want.")
    if said_on > local_day(now, CompanySettings.load().time_zone):
        faults["said_on"] = _("This day has not come yet.")
    words = _source(source, "source", faults)
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    objection = Objection(contact=held, wish=wish, source=words, said_on=said_on, noted_at=now, noted_by=actor)
    try:
        with transaction.atomic():
            objection.save()
    except IntegrityError as error:
        raise ObjectedBefore(_("An objection of this person stands already. Take it back first.")) from error
    _record(ContactObjected, objection, words, actor=actor, now=now)
    return objection


@transaction.atomic
def lift_objection(*, contact: Contact, source: str, actor: User, now: datetime) -> Objection:
    """Note that a person agrees again, and how we know; what was noted before stays readable.

    Raises:
        NotAllowed: the actor may not edit this contact.
        Invalid: nobody says how we know.
        NoObjection: none stands.
    """
    held = lock_contact(contact)
    require(actor, "customers.edit", held)
    faults: dict[str, object] = {}
    words = _source(source, "source", faults)
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    objection = Objection.objects.select_for_update().filter(contact=held, lifted_at__isnull=True).first()
    if objection is None:
        raise NoObjection(_("This person objects to nothing at present."))
    objection.contact = held
    objection.lifted_at, objection.lifted_by, objection.lift_source = now, actor, words
    objection.save(update_fields=["lifted_at", "lifted_by", "lift_source"])
    _record(ObjectionLifted, objection, words, actor=actor, now=now)
    return objection


def _source(text: str, name: str, faults: dict[str, object]) -> str:
    try:
        words = clean_line(text)
    except NulCharacter:
        words = ""
    if not 1 <= len(words) <= LONGEST_SOURCE:
        faults[name] = _("Say how we know, in at most %(n)d characters.") % {"n": LONGEST_SOURCE}
    return words


def _record(event: type[ContactObjected], objection: Objection, source: str, *, actor: User, now: datetime) -> None:
    contact = objection.contact
    data = {
        "contact_name": contact.name,
        "wish": objection.wish,
        "source": source,
        "said_on": objection.said_on.isoformat(),
    }
    customer = Ref.of(contact.customer)
    record(event(subject=Ref.of(contact), customer=customer, chain=customer.ref, data=data), actor=actor, at=now)
