"""Take a visit for writing, only from what the actor saw."""

from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import stale
from duobiao.engagement.actions.call_checks import company_zone
from duobiao.engagement.actions.follow_evidence import follow_evidence
from duobiao.engagement.actions.note_spoken import note_visit
from duobiao.engagement.domain.visits import ledger_of
from duobiao.engagement.models import Visit, VisitStatus
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.confirm_evidence import Confirmed


class VisitCancelledBefore(Conflict):
    """The visit was cancelled."""

    code = "visit_cancelled"


class VisitRecordedBefore(Conflict):
    """The visit was recorded; it can be corrected."""

    code = "visit_recorded"


def lock_visit(visit: Visit, *, version: int, actor: User, planned_only: bool = False) -> Visit:
    """Return the visit as it is stored now, locked, if the actor may change it.

    Args:
        planned_only: Refuse one that was already recorded.

    Raises:
        NotAllowed: the actor may not plan visits here.
        VisitCancelledBefore, VisitRecordedBefore: its state forbids it.
        StaleVersion: somebody changed it meanwhile.
    """
    held = (
        Visit.objects.select_for_update(of=("self",))
        .select_related("customer__owner", "opportunity__owner", "opportunity__customer", "agreed_with", "host")
        .get(pk=visit.pk)
    )
    policy.require(actor, "engagement.plan_visit", held.opportunity or held.customer)
    if held.status is VisitStatus.CANCELLED:
        raise VisitCancelledBefore(_("This visit was cancelled."))
    if planned_only and held.status is VisitStatus.HELD:
        raise VisitRecordedBefore(_("This visit is already recorded. Correct the record instead."))
    if held.version != version:
        raise stale({"planned_at": held.planned_at, "place": held.place, "topic": held.topic}, version=held.version)
    return held


def follow(visit: Visit, *, reason: str, actor: User, now: datetime) -> list[Confirmed]:
    """Make the ledger follow the visit, and tell the deal whom it spoke to."""
    note_visit(visit, actor=actor, now=now)
    findings = ledger_of(visit.facts(zone=company_zone()))
    return follow_evidence(visit, findings, reason=reason, actor=actor, now=now)
