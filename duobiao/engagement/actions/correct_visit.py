"""Correct the plan or the record of a visit; what it proved follows in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import json_changes, set_values
from duobiao.customers.models import Contact
from duobiao.engagement.actions.agreed_visit import chain_of
from duobiao.engagement.actions.confirm_minutes import drop_minutes
from duobiao.engagement.actions.keep_promises import keep_promises
from duobiao.engagement.actions.lock_visit import VisitRecordedBefore, follow, lock_visit
from duobiao.engagement.actions.people import check_companies
from duobiao.engagement.actions.plan_visit import Planned, invite
from duobiao.engagement.actions.record_visit import set_record
from duobiao.engagement.actions.values import PLAN_FIELDS, RECORD_FIELDS, VISIT_RULES, invalid
from duobiao.engagement.domain.minutes import MINUTED
from duobiao.engagement.events.visits import VisitCorrected
from duobiao.engagement.models import Visit, VisitStatus
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record

CORRECTABLE_PLAN = tuple(name for name in PLAN_FIELDS if name != "planned_at")


@transaction.atomic
def correct_visit(
    *,
    visit: Visit,
    version: int,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
    met: Sequence[Contact] | None = None,
    contacts: Sequence[Contact] | None = None,
    our_people: Sequence[User] | None = None,
) -> Planned:
    """Change fields of a visit; proofs it no longer shows are retracted, new ones added.

    What the customer confirmed no longer counts once something that stood in the minutes has changed.

    Another time is a move (``move_visit``), not a correction.

    Args:
        values: Fields by name, see ``values.PLAN_FIELDS``, and once it is held ``RECORD_FIELDS``.
        met, contacts, our_people: None leaves them.

    Raises:
        Invalid: a value cannot be accepted.
        NotAllowed, StaleVersion, VisitCancelledBefore, DealClosed: see ``lock_visit``.
    """
    held = lock_visit(visit, version=version, actor=actor)
    plan = {name: value for name, value in values.items() if name in PLAN_FIELDS}
    rest = {name: value for name, value in values.items() if name not in PLAN_FIELDS}
    if "planned_at" in plan and plan.pop("planned_at") != held.planned_at:
        raise invalid("planned_at", _("Move the visit to give it another time."))
    if rest and held.status is not VisitStatus.HELD:
        raise VisitRecordedBefore(_("Record the visit first."), fields=dict.fromkeys(rest, ""))
    changes = set_values(held, plan, allowed=CORRECTABLE_PLAN, rules=VISIT_RULES)
    met_changed = False
    changed_people = _set_people(held, contacts=contacts, our_people=our_people, actor=actor, now=now)
    if held.status is VisitStatus.HELD:
        people = list(held.met.all()) if met is None else list(met)
        met_changed = {row.pk for row in people} != set(held.met.values_list("pk", flat=True))
        changes |= set_record(held, rest, met=people, actor=actor, now=now)
        held.met.set(people)
    if not changes and not changed_people and not met_changed:
        return Planned(held)
    held.version += 1
    held.corrected_at = now
    held.save()
    data = {"changes": json_changes(changes)}
    if met_changed or MINUTED & changes.keys():
        drop_minutes(held, reason=_("the visit was corrected"), actor=actor, now=now)
    record(VisitCorrected(subject=Ref.of(held), chain=chain_of(held), data=data), actor=actor, at=now)
    confirmed = follow(held, reason=_("the visit was corrected"), actor=actor, now=now)
    if "our_promises" in changes:
        keep_promises(held, reason=_("the visit was corrected"), actor=actor, now=now)
    return Planned(held, confirmed)


def _set_people(
    visit: Visit,
    *,
    contacts: Sequence[Contact] | None,
    our_people: Sequence[User] | None,
    actor: User,
    now: datetime,
) -> bool:
    changed = False
    if contacts is not None:
        check_companies(contacts, field="contacts", customer=visit.customer, opportunity=visit.opportunity)
        changed = {row.pk for row in contacts} != set(visit.contacts.values_list("pk", flat=True))
        visit.contacts.set(contacts)
    if our_people is not None:
        known = set(visit.our_people.values_list("pk", flat=True))
        changed = changed or {row.pk for row in our_people} != known
        visit.our_people.set(our_people)
        invite(visit, [user for user in our_people if user.pk not in known and user != actor], now=now)
    return changed


ALL_FIELDS = (*PLAN_FIELDS, *RECORD_FIELDS)
