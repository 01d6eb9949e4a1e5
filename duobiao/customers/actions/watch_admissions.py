"""The daily look at supplier admissions: who is told before one ends, and what has ended."""

from datetime import date, datetime, timedelta

from django.db import transaction

from duobiao.customers.actions.keep_admissions import admission_url, admission_words
from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.domain.expiry import WARN_DAYS, warning_due
from duobiao.customers.models import Admission, AdmissionState, AdmissionStep, Customer
from duobiao.customers.work_events import AdmissionExpired, AdmissionNear
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

BATCH = 2000


def watch_admissions(*, on: date, now: datetime) -> tuple[int, int]:
    """Tell of admissions that end soon, end those past their last day; return how many of each."""
    live = Admission.objects.present().filter(customer__in=Customer.objects.live())
    admitted = live.filter(state=AdmissionState.ADMITTED, valid_until__lte=on + timedelta(days=max(WARN_DAYS)))
    warned = ended = 0
    for row in admitted.select_related("customer").order_by("valid_until", "pk")[:BATCH]:
        if row.valid_until is not None and row.valid_until < on:
            ended += _end(row, on=on, now=now)
        elif row.valid_until is not None and warning_due(row.valid_until, row.warned_days, on=on) is not None:
            warned += _warn(row, on=on, now=now)
    return warned, ended


@transaction.atomic
def _warn(row: Admission, *, on: date, now: datetime) -> bool:
    held = _locked(row)
    if held is None or held.valid_until is None:
        return False
    nearest = warning_due(held.valid_until, held.warned_days, on=on)
    if nearest is None:
        return False
    Admission.objects.filter(pk=held.pk).update(warned_days=nearest)
    _tell(held, AdmissionNear.name, now=now)
    return True


@transaction.atomic
def _end(row: Admission, *, on: date, now: datetime) -> bool:
    held = _locked(row)
    if held is None or held.valid_until is None or held.valid_until >= on:
        return False
    held.state, held.since_on = AdmissionState.EXPIRED, held.valid_until + timedelta(days=1)
    held.version += 1
    held.save(update_fields=["state", "since_on", "version"])
    AdmissionStep.objects.create(admission=held, state=held.state, happened_on=held.since_on, noted_at=now)
    event = AdmissionExpired(subject=Ref.of(held), chain=held.customer.ref, data=admission_words(held))
    record(event, actor=None, at=now)
    _tell(held, AdmissionExpired.name, now=now)
    return True


def _locked(row: Admission) -> Admission | None:
    customer = lock_customer(row.customer, live=False)
    rows = Admission.objects.present().filter(pk=row.pk, state=AdmissionState.ADMITTED)
    held = rows.select_related("responsible").first()
    if held is not None:
        held.customer = customer
    return held


def _tell(row: Admission, event: str, *, now: datetime) -> None:
    told = [person for person in (row.customer.owner, row.responsible) if person.is_active]
    notify(told, event=event, url=admission_url(row.ref), at=now, data=admission_words(row))


def give_admissions_on(event: UserDeactivated, actor: User, at: datetime) -> None:
    """Let the successor of a person who left see to their admissions; without one the owners of the customers do."""
    del actor, at
    leaver = User.objects.get(ref=event.subject.ref)
    rows = Admission.objects.present().filter(responsible=leaver).select_related("customer")
    if event.successor is not None:
        rows.update(responsible=User.objects.get(ref=event.successor.ref))
        return
    for row in rows.exclude(customer__owner=leaver):
        Admission.objects.filter(pk=row.pk).update(responsible_id=row.customer.owner_id, version=row.version + 1)
