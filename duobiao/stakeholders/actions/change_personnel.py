"""Record that somebody of the chain left, moved or is new: one record with what it costs and who comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.actions.report_risk import Sight, write_report
from duobiao.stakeholders.actions.keep_past import keep_past
from duobiao.stakeholders.actions.take import settle, take_person
from duobiao.stakeholders.actions.texts import Faults, check_choice, checked_text, refuse, require_past
from duobiao.stakeholders.actions.weaken_proofs import weaken_proofs
from duobiao.stakeholders.events import PersonnelChanged
from duobiao.stakeholders.models import ChainRole, ChangeKind, DealPerson, PersonnelChange
from duobiao.stakeholders.queries.chain import Chain, load_chain
from duobiao.stakeholders.queries.influence import lost_cells
from duobiao.stakeholders.queries.readouts import live_grades
from duobiao.timeline.actions.record import record

LONGEST = 500
RULE = "key_contact_changed"
KEY_ROLES = (ChainRole.FINAL_DECIDER, ChainRole.INFLUENCER)
State = dict[str, Any]


class GoneBefore(Conflict):
    """It is recorded already that the person is no longer there (409)."""

    code = "gone_before"


@dataclass(frozen=True, slots=True)
class Change:
    """What happened.

    Attributes:
        what: ``LEFT``, ``MOVED`` or ``ARRIVED``.
        successor: Who takes the place, where they are on the chain; a final decider hands the part on.
        backup: What we do until the relation is rebuilt.
    """

    what: str
    on: date
    note: str = ""
    successor: DealPerson | None = None
    backup: str = ""


@transaction.atomic
def change_personnel(*, person: DealPerson, change: Change, actor: User, now: datetime) -> PersonnelChange:
    """Record a change: how the chain stood before and after is kept, and evidence resting on the person turns weak.

    Decider, key influencer, handler, helper, and the last one spoken to are key contacts: that one of these left or moved
    is reported as a risk of the deal.

    Raises:
        NotAllowed, DealClosed, NotFound: see ``take_person``.
        InTheFuture: the day has not come.
        GoneBefore: it is recorded already.
        Invalid: a field does not fit.
    """
    held = take_person(person, actor)
    deal = held.opportunity
    faults: Faults = {}
    check_choice("what", change.what, ChangeKind.values, faults)
    note = checked_text("note", change.note, longest=LONGEST, faults=faults)
    backup = checked_text("backup", change.backup, longest=LONGEST, faults=faults)
    successor = _as_stored(change.successor)
    if successor is not None and not _may_succeed(held, successor):
        faults["successor"] = _("Choose somebody else of this decision chain who is still there.")
    refuse(faults)
    require_past("happened_on", change.on, actor=actor, now=now)
    gone = change.what != ChangeKind.ARRIVED
    if gone and held.left_on is not None:
        raise GoneBefore(_("It is recorded already that %(name)s is no longer there.") % {"name": held.contact.name})
    chain = load_chain(deal, on=company_day(now))
    before, grades = standing(chain), live_grades(chain)
    was_key = _is_key(held, chain)
    if gone:
        keep_past([held, *filter(None, [successor])], on=change.on)
        _leave(held, successor, change.on)
        weaken_proofs(held, actor=actor, now=now)
    row = PersonnelChange.objects.create(
        person=held,
        what=change.what,
        happened_on=change.on,
        note=note,
        successor=successor,
        backup=backup,
        before=before,
        recorded_at=now,
        recorded_by=actor,
    )
    record(PersonnelChanged(subject=Ref.of(held), chain=deal.ref, data=_told(row)), actor=actor, at=now)
    settled = settle(deal, actor=actor, now=now)
    row.after = {**standing(settled), **_cost(chain, settled, grades)}
    row.save(update_fields=["after"])
    if gone and was_key and deal.is_open:
        sight = Sight(rule=RULE, code="CONTACT_MOVED", seen=held.contact.name, on=change.on, source=Ref.of(held))
        write_report(deal, sight, actor=actor, now=now)
    return row


def standing(chain: Chain) -> dict[str, Any]:
    """Return the figures of a chain that a change of people may cost."""
    covered = chain.coverage.covered_ratio
    return {
        "support": None if chain.support is None else round(chain.support, 3),
        "covered_ratio": None if covered is None else round(covered, 3),
        "people": len(chain.present),
        "spoken_to": sum(figure.covered for figure in chain.present),
        "single_threaded": chain.coverage.single_threaded,
        "path": chain.named(chain.path),
    }


def _cost(before: Chain, after: Chain, grades: Mapping[str, int]) -> State:
    """Return which cells are no longer covered, and which evidence turned weaker or fell away."""
    now = live_grades(after)
    return {
        "lost": [[cell.department, str(cell.level)] for cell in lost_cells(before, after)],
        "weakened": sorted(key for key, grade in grades.items() if now.get(key, 0) < grade),
    }


def _is_key(held: DealPerson, chain: Chain) -> bool:
    figure = chain.by_key.get(held.pk)
    last = figure is not None and figure.covered and chain.coverage.single_threaded
    return held.role in KEY_ROLES or held.contact.is_handler is True or bool(held.coach_grade) or last


def _leave(held: DealPerson, successor: DealPerson | None, on: date) -> None:
    held.left_on = on
    held.version += 1
    held.save(update_fields=["left_on", "version"])
    if successor is not None and held.role == ChainRole.FINAL_DECIDER:
        successor.role = ChainRole.FINAL_DECIDER
        successor.version += 1
        successor.save(update_fields=["role", "version"])


def _as_stored(person: DealPerson | None) -> DealPerson | None:
    rows = DealPerson.objects.select_related("contact")
    return None if person is None else rows.filter(pk=person.pk).first()


def _may_succeed(held: DealPerson, successor: DealPerson) -> bool:
    there = successor.removed_at is None and successor.left_on is None
    return there and successor.opportunity_id == held.opportunity_id and successor.pk != held.pk


def _told(row: PersonnelChange) -> dict[str, object]:
    return {
        "person": row.person.contact.name,
        "what": row.what,
        "on": row.happened_on.isoformat(),
        "successor": row.successor.contact.name if row.successor is not None else "",
        "words": str(ChangeKind(row.what).label),
        "reason": row.note,
    }
