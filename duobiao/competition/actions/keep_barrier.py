"""Note what keeps us out while a rival sits there, change it, take it off."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.competition.actions.landscape import check_version, take
from duobiao.competition.domain.comparison import HIGHEST, LOWEST
from duobiao.competition.events import BarrierChanged, BarrierNoted, BarrierRemoved
from duobiao.competition.models import Barrier, BarrierKind, DealRival
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, NotFound
from duobiao.planning.actions.texts import Faults, checked_past, checked_text, refuse
from duobiao.timeline.actions.record import record

LONGEST = {"text": 500, "break_point": 500, "source": 300}
MOST_BARRIERS = 20


@dataclass(frozen=True, slots=True)
class BarrierSaid:
    """What a barrier is.

    Attributes:
        strength: 1 (weak) to 5 (hardly to be overcome).
        break_point: Where it can be broken; "" while nobody knows.
    """

    sort: str
    text: str
    strength: int
    source: str
    noted_on: date
    break_point: str = ""


@transaction.atomic
def note_barrier(*, row: DealRival, said: BarrierSaid, actor: User, now: datetime) -> Barrier:
    """Note a barrier of a rival on a deal.

    Raises:
        NotAllowed, DealClosed: see ``landscape.take``.
        Conflict: as many are kept as can be.
        Invalid: a field does not fit.
    """
    deal = take(row.opportunity, actor=actor).opportunity
    values = _checked(said, actor=actor, now=now)
    if row.barriers.filter(removed_at=None).count() >= MOST_BARRIERS:
        raise Conflict(_("A rival has at most %(n)d barriers.") % {"n": MOST_BARRIERS})
    made = Barrier.objects.create(deal_rival=row, author=actor, **values)
    record(BarrierNoted(subject=Ref.of(made), chain=deal.ref, data=_told(row, made)), actor=actor, at=now)
    return made


@transaction.atomic
def change_barrier(*, barrier: Barrier, version: int, said: BarrierSaid, actor: User, now: datetime) -> Barrier:
    """Change a barrier.

    Raises:
        NotAllowed, DealClosed, Invalid: as ``note_barrier``.
        NotFound: it was taken off.
        StaleVersion: somebody changed it since.
    """
    row = barrier.deal_rival
    deal = take(row.opportunity, actor=actor).opportunity
    held = _standing(barrier, version)
    values = _checked(said, actor=actor, now=now)
    before = {name: str(getattr(held, name)) for name, value in values.items() if getattr(held, name) != value}
    if not before:
        return held
    for name, value in values.items():
        setattr(held, name, value)
    held.author = actor
    held.version += 1
    held.save()
    data = _told(row, held) | {"before": before}
    record(BarrierChanged(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    return held


@transaction.atomic
def remove_barrier(*, barrier: Barrier, version: int, actor: User, now: datetime) -> None:
    """Take a barrier off: it is broken, or never was; its row stays.

    Raises:
        NotAllowed, DealClosed, NotFound, StaleVersion: as ``change_barrier``.
    """
    row = barrier.deal_rival
    deal = take(row.opportunity, actor=actor).opportunity
    held = _standing(barrier, version)
    held.removed_at = now
    held.version += 1
    held.save(update_fields=["removed_at", "version"])
    record(BarrierRemoved(subject=Ref.of(held), chain=deal.ref, data=_told(row, held)), actor=actor, at=now)


def _standing(barrier: Barrier, version: int) -> Barrier:
    held = Barrier.objects.filter(pk=barrier.pk, removed_at=None).first()
    if held is None:
        raise NotFound(_("This barrier was taken off."))
    check_version(held.version, version)
    return held


def _checked(said: BarrierSaid, *, actor: User, now: datetime) -> dict[str, str | int | date]:
    faults: Faults = {}
    values: dict[str, str | int | date] = {
        name: checked_text(name, getattr(said, name), longest=longest, faults=faults, required=name != "break_point")
        for name, longest in LONGEST.items()
    }
    if said.sort not in BarrierKind.values:
        faults["sort"] = _("Choose one of: %(names)s.") % {"names": ", ".join(BarrierKind.values)}
    if not LOWEST <= said.strength <= HIGHEST:
        faults["strength"] = _("A strength is a whole number from 1 to 5.")
    checked_past("noted_on", said.noted_on, actor=actor, now=now, faults=faults)
    refuse(faults)
    return values | {"sort": said.sort, "strength": said.strength, "noted_on": said.noted_on}


def _told(row: DealRival, barrier: Barrier) -> dict[str, str | int]:
    told = {name: getattr(barrier, name) for name in ("sort", "text", "strength", "break_point", "source")}
    return {"rival": row.rival.name, **told, "noted_on": barrier.noted_on.isoformat()}
