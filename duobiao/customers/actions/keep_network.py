"""Keep the people outside who can open doors, and who knows whom."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_rules import phone
from duobiao.customers.actions.field_values import json_changes, set_values, stale
from duobiao.customers.models import Acquaintance, Contact, Outsider
from duobiao.customers.work_events import (
    AcquaintanceNoted,
    AcquaintanceRemoved,
    OutsiderAdded,
    OutsiderChanged,
    OutsiderRemoved,
)
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotFound
from duobiao.timeline.actions.record import record

OUTSIDER_FIELDS: Final = ("name", "part", "organisation", "position", "mobile", "notes")
RULES: Final = {"mobile": phone}
TIE_FIELDS: Final = ("strength", "can_introduce", "source")
Knower = User | Contact | Outsider
Known = Contact | Outsider


@transaction.atomic
def add_outsider(*, values: Mapping[str, Any], actor: User, now: datetime) -> Outsider:
    """Note a person or institute outside; the actor keeps it.

    Raises:
        NotAllowed: the actor may not enter customers.
        Invalid: a value cannot be accepted.
    """
    require(actor, "customers.create")
    outsider = Outsider(owner=actor, created_at=now)
    set_values(outsider, {"name": "", **values}, allowed=OUTSIDER_FIELDS, rules=RULES)
    _require_name(outsider)
    outsider.save(force_insert=True)
    record(OutsiderAdded(subject=Ref.of(outsider), data={"name": outsider.name}), actor=actor, at=now)
    return outsider


@transaction.atomic
def edit_outsider(
    *, outsider: Outsider, version: int, values: Mapping[str, Any], actor: User, now: datetime
) -> Outsider:
    """Change what is known of an outsider.

    Raises:
        NotAllowed: the actor may not edit what its keeper keeps.
        NotFound: it was taken out.
        StaleVersion: somebody changed it since.
        Invalid: a value cannot be accepted.
    """
    held = _lock(outsider)
    require(actor, "customers.edit", held)
    if held.version != version:
        raise stale({name: getattr(held, name) for name in values if name in OUTSIDER_FIELDS}, version=held.version)
    changes = set_values(held, values, allowed=OUTSIDER_FIELDS, rules=RULES)
    if not changes:
        return held
    _require_name(held)
    held.version += 1
    held.save()
    data = {"name": held.name, "changes": json_changes(changes)}
    record(OutsiderChanged(subject=Ref.of(held), data=data), actor=actor, at=now)
    return held


@transaction.atomic
def remove_outsider(*, outsider: Outsider, actor: User, now: datetime) -> None:
    """Take an outsider out; who knew it is no longer asked.

    Raises:
        NotAllowed: the actor may not edit what its keeper keeps.
        NotFound: it was taken out before.
    """
    held = _lock(outsider)
    require(actor, "customers.edit", held)
    held.removed_at, held.removed_by = now, actor
    held.version += 1
    held.save(update_fields=["removed_at", "removed_by", "version"])
    record(OutsiderRemoved(subject=Ref.of(held), data={"name": held.name}), actor=actor, at=now)


@transaction.atomic
def note_acquaintance(
    *, knower: Knower, known: Known, values: Mapping[str, Any], actor: User, now: datetime
) -> Acquaintance:
    """Note that somebody knows somebody; noted again, the newer word on how well counts.

    Args:
        values: By field name, see ``TIE_FIELDS``.

    Raises:
        NotAllowed: the actor may not edit the customer, or the outsider, who is known.
        Invalid: both are the same, or a value cannot be accepted.
        NotFound: the outsider who is known was taken out.
    """
    held = _lock(known) if isinstance(known, Outsider) else known
    require(actor, "customers.edit", held)
    if type(knower) is type(known) and knower.pk == known.pk:
        message = _("Nobody introduces themselves. Choose somebody else.")
        raise Invalid(message, fields={"knower": message})
    parties = {_column(knower): knower, "to_contact" if isinstance(known, Contact) else "to_outsider": known}
    rows = Acquaintance.objects.select_for_update().filter(removed_at__isnull=True, **parties)
    tie = rows.first() or Acquaintance(noted_at=now, noted_by=actor, **parties)
    set_values(tie, values, allowed=TIE_FIELDS)
    tie.noted_at, tie.noted_by = now, actor
    try:
        with transaction.atomic():
            tie.save()
    except IntegrityError as error:
        raise Conflict(_("Somebody noted this at the same moment. Reload the page.")) from error
    data = {"knower": str(knower), "strength": tie.strength, "source": tie.source}
    record(AcquaintanceNoted(subject=Ref.of(known), chain=_chain(known), data=data), actor=actor, at=now)
    return tie


@transaction.atomic
def remove_acquaintance(*, tie: Acquaintance, actor: User, now: datetime) -> None:
    """Take back that somebody knows somebody.

    Raises:
        NotAllowed: the actor may not edit who is known.
        NotFound: it was taken back before.
    """
    require(actor, "customers.edit", tie.known)
    if not Acquaintance.objects.filter(pk=tie.pk, removed_at__isnull=True).update(removed_at=now, removed_by=actor):
        raise NotFound(_("This was taken back before."))
    event = AcquaintanceRemoved(subject=Ref.of(tie.known), chain=_chain(tie.known), data={"knower": str(tie.knower)})
    record(event, actor=actor, at=now)


def _column(knower: Knower) -> str:
    return {User: "colleague", Contact: "contact", Outsider: "outsider"}[type(knower)]


def _chain(known: Known) -> str:
    return known.customer.ref if isinstance(known, Contact) else known.ref


def _lock(outsider: Outsider) -> Outsider:
    rows = Outsider.objects.select_for_update(of=("self",)).select_related("owner")
    held = rows.filter(pk=outsider.pk, removed_at__isnull=True).first()
    if held is None:
        raise NotFound(_("There is no such person outside, or it was taken out."))
    return held


def _require_name(outsider: Outsider) -> None:
    if not outsider.name:
        raise Invalid(_("Please correct the marked fields."), fields={"name": _("Name the person or the institute.")})
