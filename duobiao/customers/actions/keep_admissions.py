"""Note a register or platform of a customer, change it, move it on, take it out."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import checked_line, json_changes, set_values, stale
from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.domain.admission import NEXT, names_password
from duobiao.customers.models import Admission, AdmissionState, AdmissionStep, Customer
from duobiao.customers.work_events import AdmissionAdded, AdmissionChanged, AdmissionMoved, AdmissionRemoved
from duobiao.identity.models import CompanySettings, User
from duobiao.identity.policy import allows, require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotFound
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

ADMISSION_FIELDS: Final = (
    "name",
    "listing",
    "number",
    "address",
    "login_holder",
    "responsible",
    "valid_from",
    "valid_until",
    "remarks",
)
DAYS: Final = ("valid_from", "valid_until")
MOST_ADMISSIONS: Final = 60
LONGEST_NOTE: Final = 300
EARLIEST: Final = date(1990, 1, 1)
LATEST: Final = date(2100, 1, 1)


class AdmissionStepRefused(Conflict):
    """From its present state an admission cannot come to this one."""

    code = "admission_step"


@transaction.atomic
def add_admission(
    *,
    customer: Customer,
    values: Mapping[str, Any],
    state: str,
    actor: User,
    now: datetime,
    happened_on: date | None = None,
) -> Admission:
    """Note a register or platform of a customer; who sees to it is told.

    Args:
        values: By field name, see ``ADMISSION_FIELDS``; the owner of the customer sees to it by default.
        happened_on: Day on which it came to ``state``; today by default.

    Raises:
        NotAllowed: the actor may not edit this customer.
        Conflict: the customer has as many as are kept.
        Invalid: a value cannot be accepted.
    """
    held = lock_customer(customer)
    require(actor, "customers.edit", held)
    if held.admissions.present().count() >= MOST_ADMISSIONS:
        raise Conflict(_("A customer has at most %(n)d supplier admissions.") % {"n": MOST_ADMISSIONS})
    row = Admission(customer=held, responsible=held.owner, created_at=now, created_by=actor)
    row.state, row.since_on = AdmissionState.PREPARING, happened_on or _today(now)
    _set(row, {"name": "", **values})
    _check_state(row, state, on=row.since_on, now=now)
    row.state = state
    row.save(force_insert=True)
    _note(row, note="", actor=actor, now=now)
    _record(AdmissionAdded, row, actor=actor, now=now)
    _tell_responsible(row, actor=actor, now=now)
    return row


@transaction.atomic
def edit_admission(
    *, admission: Admission, version: int, values: Mapping[str, Any], actor: User, now: datetime
) -> Admission:
    """Change the facts of an admission; its state is moved by ``move_admission``.

    Raises:
        NotAllowed: the actor may neither edit the customer nor sees to it.
        NotFound: it was taken out.
        StaleVersion: somebody changed it since.
        Invalid: a value cannot be accepted.
    """
    row = _held(admission, actor)
    _check_version(row, version, values)
    before = row.responsible_id
    changes = _set(row, values)
    if not changes:
        return row
    _check_state(row, row.state, on=row.since_on, now=now)
    if "valid_until" in changes:
        row.warned_days = None
    row.version += 1
    row.save()
    _touch(row.customer, now)
    _record(AdmissionChanged, row, actor=actor, now=now, changes=json_changes(changes))
    if row.responsible_id != before:
        _tell_responsible(row, actor=actor, now=now)
    return row


@transaction.atomic
def move_admission(
    *,
    admission: Admission,
    version: int,
    state: str,
    happened_on: date,
    actor: User,
    now: datetime,
    note: str = "",
    days: Mapping[str, date | None] | None = None,
) -> Admission:
    """Bring an admission to another state, or renew it.

    Args:
        happened_on: Day of which the state holds.
        days: ``valid_from`` and ``valid_until`` as they are from then on; left out, they stay.

    Raises:
        NotAllowed: the actor may neither edit the customer nor sees to it.
        NotFound: it was taken out.
        StaleVersion: somebody changed it since.
        AdmissionStepRefused: the state cannot follow.
        Invalid: a day or the note cannot be accepted.
    """
    row = _held(admission, actor)
    _check_version(row, version, {"state": state})
    if state not in NEXT[row.state]:
        labels = dict(AdmissionState.choices)
        raise AdmissionStepRefused(
            _("An admission that is “%(state)s” can become: %(next)s.")
            % {
                "state": row.get_state_display(),
                "next": _(", ").join(str(labels[step]) for step in NEXT[row.state]),
            },
            details={"state": row.state, "next": [str(step) for step in NEXT[row.state]]},
        )
    if happened_on < row.since_on:
        message = _("It has been “%(state)s” since %(day)s; give that day or a later one.") % {
            "state": row.get_state_display(),
            "day": row.since_on.isoformat(),
        }
        raise Invalid(message, fields={"happened_on": message})
    _set(row, dict(days or {}))
    _check_state(row, state, on=happened_on, now=now)
    row.state, row.since_on, row.warned_days = state, happened_on, None
    row.version += 1
    said = checked_line("note", note, LONGEST_NOTE)
    row.save()
    _note(row, note=said, actor=actor, now=now)
    _touch(row.customer, now)
    _record(AdmissionMoved, row, actor=actor, now=now, note=said)
    return row


def check_facts(values: Mapping[str, Any], *, state: str, on: date, now: datetime) -> None:
    """Check what is to be noted before its customer is at hand.

    Raises:
        Invalid: a value, the state or a day cannot be accepted.
    """
    row = Admission(state=AdmissionState.PREPARING, since_on=on)
    _set_facts(row, values)
    faults = _own_faults(row)
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    _check_state(row, state, on=on, now=now)


def give_admission(admission: Admission, to: User, *, actor: User, now: datetime) -> None:
    """Let somebody else see to an admission of a locked customer; they are told. The caller checked the right."""
    before, admission.responsible = admission.responsible, to
    admission.version += 1
    admission.save(update_fields=["responsible", "version"])
    _record(AdmissionChanged, admission, actor=actor, now=now, changes=json_changes({"responsible": (before, to)}))
    _tell_responsible(admission, actor=actor, now=now)


@transaction.atomic
def remove_admission(*, admission: Admission, actor: User, now: datetime) -> None:
    """Take an admission out; its row, steps and files stay.

    Raises:
        NotAllowed: the actor may neither edit the customer nor sees to it.
        NotFound: it was taken out before.
    """
    row = _held(admission, actor)
    row.removed_at, row.removed_by = now, actor
    row.version += 1
    row.save(update_fields=["removed_at", "removed_by", "version"])
    _touch(row.customer, now)
    _record(AdmissionRemoved, row, actor=actor, now=now)


def admission_url(ref: str) -> str:
    """Return the page of an admission."""
    return f"/admissions/{ref}/"


def admission_words(row: Admission) -> dict[str, Any]:
    """Return what events of an admission keep."""
    until = row.valid_until
    return {
        "customer": row.customer.ref,
        "customer_name": row.customer.label,
        "name": row.name,
        "state": str(row.state),
        "valid_until": until.isoformat() if until is not None else "",
    }


def _held(admission: Admission, actor: User) -> Admission:
    customer = lock_customer(admission.customer)
    row = Admission.objects.present().select_related("responsible").filter(pk=admission.pk).first()
    if row is None:
        raise NotFound(_("There is no such supplier admission."))
    row.customer = customer
    require(actor, "customers.edit", row)
    return row


def _check_version(row: Admission, version: int, values: Mapping[str, Any]) -> None:
    if row.version != version:
        names = [name for name in values if name in (*ADMISSION_FIELDS, "state")]
        raise stale({name: getattr(row, name) for name in names}, version=row.version)


def _set(row: Admission, values: Mapping[str, Any]) -> Any:
    changes = _set_facts(row, values)
    faults = _faults(row)
    if "responsible" in values and not _may_see_to_it(row):
        faults["responsible"] = _("Choose somebody who works here and sees this customer.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return changes


def _set_facts(row: Admission, values: Mapping[str, Any]) -> Any:
    held = {name: value for name, value in values.items() if name in DAYS}
    before = {name: getattr(row, name) for name in held}
    changes = set_values(row, {k: v for k, v in values.items() if k not in DAYS}, allowed=ADMISSION_FIELDS)
    faults = _days_faults(held)
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    for name, value in held.items():
        setattr(row, name, value)
    return changes | {name: (before[name], value) for name, value in held.items() if before[name] != value}


def _faults(row: Admission) -> dict[str, object]:
    faults = _own_faults(row)
    if row.name and row.customer.admissions.present().filter(name=row.name).exclude(pk=row.pk).exists():
        faults["name"] = _("This customer has an entry for “%(name)s” already. Change that one.") % {"name": row.name}
    return faults


def _own_faults(row: Admission) -> dict[str, object]:
    faults: dict[str, object] = {
        name: _("Passwords are not kept here. Name who holds the account, and keep the password elsewhere.")
        for name in ("number", "login_holder", "remarks")
        if names_password(getattr(row, name))
    }
    if not row.name:
        faults["name"] = _("Name the register or platform.")
    if row.valid_from is not None and row.valid_until is not None and row.valid_until < row.valid_from:
        faults["valid_until"] = _("The last day lies before the first day.")
    return faults


def _may_see_to_it(row: Admission) -> bool:
    person = row.responsible
    return isinstance(person, User) and person.is_active and allows(person, "customers.view", row.customer)


def _days_faults(values: Mapping[str, Any]) -> dict[str, object]:
    return {
        name: _("Give a day between %(first)s and %(last)s.") % {"first": EARLIEST, "last": LATEST}
        for name, value in values.items()
        if value is not None and not (isinstance(value, date) and EARLIEST <= value <= LATEST)
    }


def _check_state(row: Admission, state: str, *, on: date, now: datetime) -> None:
    """Refuse a state whose days cannot be."""
    faults: dict[str, object] = {}
    today = _today(now)
    if state not in AdmissionState.values:
        faults["state"] = _("Choose one of: %(names)s.") % {"names": ", ".join(AdmissionState.values)}
    if on > today:
        faults["happened_on"] = _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()}
    elif on < EARLIEST:
        faults["happened_on"] = _("The day lies too far in the past.")
    if state == AdmissionState.ADMITTED:
        if row.valid_until is not None and row.valid_until < today:
            faults["valid_until"] = _("This day has passed. Give a later one, or choose “expired”.")
        if row.valid_from is not None and row.valid_from > today:
            faults["valid_from"] = _("The first day lies ahead. Note the admission once it has come.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)


def _note(row: Admission, *, note: str, actor: User | None, now: datetime) -> None:
    AdmissionStep.objects.create(
        admission=row, state=row.state, happened_on=row.since_on, note=note, noted_at=now, noted_by=actor
    )


def _record(event: Any, row: Admission, *, actor: User, now: datetime, **more: Any) -> None:
    data = admission_words(row) | {name: value for name, value in more.items() if value}
    record(event(subject=Ref.of(row), chain=row.customer.ref, data=data), actor=actor, at=now)


def _tell_responsible(row: Admission, *, actor: User, now: datetime) -> None:
    if row.responsible_id != actor.pk:
        data = admission_words(row)
        notify([row.responsible], event=AdmissionAdded.name, url=admission_url(row.ref), at=now, data=data)


def _touch(customer: Customer, now: datetime) -> None:
    customer.touched_at = now
    customer.save(update_fields=["touched_at"])


def _today(now: datetime) -> date:
    return local_day(now, CompanySettings.load().time_zone)
