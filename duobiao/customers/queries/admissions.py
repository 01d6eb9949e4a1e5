"""Our admissions to registers and platforms, as pages show them: of one customer, of all, those that run out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.customers.domain.admission import NEXT
from duobiao.customers.models import Admission, AdmissionState, Customer
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound

EXPIRIES: Final = {"30": 30, "60": 60, "90": 90}
OVER: Final = "over"
SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class AdmissionLine:
    """One admission; ``days_left`` to its last day, negative once that has passed, None without one."""

    admission: Admission
    days_left: int | None

    @property
    def ends_soon(self) -> bool:
        """Whether it still holds and ends within 60 days."""
        admitted = self.admission.state == AdmissionState.ADMITTED
        return admitted and self.days_left is not None and self.days_left <= EXPIRIES["60"]


def admissions_of(customer: Customer, *, on: date) -> list[AdmissionLine]:
    """Return the admissions of a customer by name; one query."""
    rows = customer.admissions.present().select_related("responsible").order_by("name", "pk")
    return [admission_line(row, on=on) for row in rows[:SHOWN]]


def admission_line(admission: Admission, *, on: date) -> AdmissionLine:
    """Return an admission with how long it holds."""
    until = admission.valid_until
    return AdmissionLine(admission, None if until is None else (until - on).days)


def admissions_matching(
    user: User, *, on: date, text: str = "", state: str = "", expiry: str = "", mine: bool = False
) -> QuerySet[Admission]:
    """Return the admissions the person may see, unordered.

    Args:
        state: One of ``AdmissionState``; "" for any.
        expiry: A key of ``EXPIRIES``: admitted and ending within so many days; ``over``: run out.
        mine: Only those the person sees to.
    """
    rows = Admission.objects.visible_to(user).select_related("customer__owner", "responsible")
    for word in text.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(number__icontains=word)
            | Q(customer__name__icontains=word)
            | Q(customer__short_name__icontains=word)
        )
    if state:
        rows = rows.filter(state=state)
    if mine:
        rows = rows.filter(responsible=user)
    if expiry == OVER:
        return rows.filter(state=AdmissionState.EXPIRED)
    if expiry in EXPIRIES:
        last = on + timedelta(days=EXPIRIES[expiry])
        return rows.filter(state=AdmissionState.ADMITTED, valid_until__gte=on, valid_until__lte=last)
    return rows


def admissions_ending(user: User, first: date, last: date, *, own: bool) -> QuerySet[Admission]:
    """Return the admissions whose last day lies between two days, the earliest first, also those that ran out then.

    Args:
        own: Those the person sees to; otherwise those of all customers they may see.
    """
    states = (AdmissionState.ADMITTED, AdmissionState.SUSPENDED, AdmissionState.EXPIRED)
    rows = Admission.objects.visible_to(user).filter(state__in=states, valid_until__range=(first, last))
    rows = rows.filter(responsible=user) if own else rows
    return rows.select_related("customer", "responsible").order_by("valid_until", "pk")


def by_expiry(rows: QuerySet[Admission]) -> QuerySet[Admission]:
    """Order admissions: what ends first stands first, what has no last day at the end."""
    return rows.order_by(F("valid_until").asc(nulls_last=True), "customer__name", "pk")


def get_admission(*, ref: str, user: User) -> Admission:
    """Return an admission the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Admission.objects.visible_to(user).select_related("customer__owner", "responsible", "created_by")
    found = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such supplier admission, or you may not see it."))
    return found


def next_states(admission: Admission) -> list[tuple[str, str]]:
    """Return what may follow, as choices."""
    labels = dict(AdmissionState.choices)
    found = [(str(step), str(labels[step])) for step in NEXT[admission.state]]
    renewed = _("renewed")
    return [(step, renewed if step == admission.state else label) for step, label in found]


def holding_admissions(customer: Customer, *, on: date) -> list[Admission]:
    """Return the admissions by which we are admitted on a day, the oldest first."""
    return list(customer.admissions.holding(on).order_by("since_on", "pk"))
