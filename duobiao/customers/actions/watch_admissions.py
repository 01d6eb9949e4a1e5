"""The daily look at supplier admissions: who is told before one ends, and what has ended."""

from datetime import date, datetime

from django.db import transaction

from duobiao.customers.actions.keep_admissions import admission_url, admission_words
from duobiao.customers.actions.last_days import end_after, farthest_warning, note_warning, tell_of_last_day
from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.domain.expiry import warning_due
from duobiao.customers.models import Admission, AdmissionState, AdmissionStep, Customer
from duobiao.customers.work_events import AdmissionExpired, AdmissionNear
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record

BATCH = 2000


def watch_admissions(*, on: date, now: datetime) -> tuple[int, int]:
    """Tell of admissions that end soon, end those past their last day; return how many of each."""
    live = Admission.objects.present().filter(customer__in=Customer.objects.live())
    admitted = live.filter(state=AdmissionState.ADMITTED, valid_until__lte=farthest_warning(on))
    warned = ended = 0
    for row in admitted.select_related("customer").order_by("valid_until", "pk")[:BATCH]:
        if row.valid_until is None:
            continue
        if row.valid_until < on:
            ended += _end(row, on=on, now=now)
        elif warning_due(row.valid_until, row.warned_days, on=on) is not None:
            warned += _warn(row, on=on, now=now)
    return warned, ended


@transaction.atomic
def _warn(row: Admission, *, on: date, now: datetime) -> bool:
    held = _locked(row)
    if held is None or not note_warning(held, held.valid_until, on=on):
        return False
    _tell(held, AdmissionNear.name, now=now)
    return True


@transaction.atomic
def _end(row: Admission, *, on: date, now: datetime) -> bool:
    held = _locked(row)
    if held is None or not end_after(held, held.valid_until, AdmissionState.EXPIRED, on=on):
        return False
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
    people = (row.customer.owner, row.responsible)
    tell_of_last_day(people, event, url=admission_url(row.ref), data=admission_words(row), now=now)
