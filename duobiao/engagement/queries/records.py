"""Reads of calls and visits for pages and the API."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.customers.models import Customer
from duobiao.engagement.models import Call, Visit
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.models import Confirmation, Opportunity, Proof

CALL_RELATED = ("contact__customer", "customer", "opportunity", "caller")
VISIT_RELATED = ("customer", "opportunity", "host", "agreed_with", "handler_met", "call")


def get_call(*, ref: str, user: User) -> Call:
    """Return a live call the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Call.objects.visible_to(user).select_related(*CALL_RELATED, "opportunity__owner", "customer__owner")
    if (found := rows.filter(ref=ref).first()) is None:
        raise NotFound(_("There is no such call, or you may not see it."))
    return found


def get_visit(*, ref: str, user: User) -> Visit:
    """Return a visit the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Visit.objects.visible_to(user).select_related(*VISIT_RELATED, "opportunity__owner", "customer__owner")
    if (found := rows.filter(ref=ref).first()) is None:
        raise NotFound(_("There is no such visit, or you may not see it."))
    return found


def planned_with(subject: Opportunity | Customer, user: User, *, limit: int = 3) -> list[Visit]:
    """Return the visits planned on a deal or with a customer that the person may see, soonest first."""
    rows = Visit.objects.visible_to(user).planned()
    rows = rows.filter(opportunity=subject) if isinstance(subject, Opportunity) else rows.filter(customer=subject)
    return list(rows.order_by("planned_at", "pk")[:limit])


def live_proofs(*sources: Call | Visit | None) -> list[Proof]:
    """Return the live proofs of some records, and of their confirmations, in the order they were recorded."""
    refs = [source.ref for source in sources if source is not None]
    confirmed = Confirmation.objects.filter(source_ref__in=refs).values("ref")
    rows = Proof.objects.filter(
        Q(source_ref__in=refs, source_kind__in=(Call.kind, Visit.kind))
        | Q(source_ref__in=confirmed, source_kind=Confirmation.kind),
        retracted_on=None,
    )
    return list(rows.select_related("contact").order_by("recorded_at", "pk"))


def calls_of(**where: Any) -> QuerySet[Call]:
    """Return live calls with everything a line needs, latest first."""
    return Call.objects.live().filter(**where).select_related(*CALL_RELATED).order_by("-started_at", "-pk")


def visits_of(**where: Any) -> QuerySet[Visit]:
    """Return visits with everything a line needs, latest first."""
    return Visit.objects.filter(**where).select_related(*VISIT_RELATED).order_by("-planned_at", "-pk")


def call_list(user: User, *, mine: bool, text: str = "") -> QuerySet[Call]:
    """Return the calls a person may see, latest first."""
    rows = Call.objects.visible_to(user).select_related(*CALL_RELATED)
    if mine:
        rows = rows.filter(caller=user)
    if text:
        rows = rows.filter(
            Q(contact__name__icontains=text) | Q(customer__name__icontains=text) | Q(opportunity__name__icontains=text)
        )
    return rows.order_by("-started_at", "-pk")


def visit_list(user: User, *, mine: bool, when: str, now: datetime, text: str = "") -> QuerySet[Visit]:
    """Return the visits a person may see.

    Args:
        when: ``"upcoming"`` soonest first; ``"unrecorded"`` and ``"past"`` latest first; ``"all"``.
    """
    rows = Visit.objects.visible_to(user).select_related(*VISIT_RELATED)
    if mine:
        rows = rows.filter(Q(host=user) | Q(pk__in=Visit.objects.filter(our_people=user).values("pk")))
    if text:
        rows = rows.filter(
            Q(topic__icontains=text) | Q(customer__name__icontains=text) | Q(opportunity__name__icontains=text)
        )
    if when == "upcoming":
        return rows.planned().filter(planned_at__gte=now).order_by("planned_at", "pk")
    if when == "unrecorded":
        return rows.planned().filter(planned_at__lt=now).order_by("-planned_at", "-pk")
    if when == "past":
        return rows.filter(Q(held_on__isnull=False) | Q(cancelled_at__isnull=False)).order_by("-planned_at", "-pk")
    return rows.order_by("-planned_at", "-pk")
