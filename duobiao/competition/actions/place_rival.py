"""Put a rival on a deal, change what is known of it there, note that it left the race or is back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.competition.actions.landscape import check_version, settle, take
from duobiao.competition.events import PlacingChanged, RivalLeft, RivalPlaced, RivalReturned
from duobiao.competition.models import Bidding, DealRival, Position, Rival, RivalClass, Trend
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.models import Opportunity
from duobiao.planning.actions.texts import Faults, checked_past, checked_text, refuse
from duobiao.timeline.actions.record import record

LONGEST = {"offers": 1000, "focus": 300, "bid_basis": 300, "source": 300}
CHOICES = {"rival_class": RivalClass, "position": Position, "trend": Trend, "bidding": Bidding}
HIGHEST_SHARE = 100
MOST_RIVALS = 20


class RivalOnDeal(Conflict):
    """The rival is on this deal already (409)."""

    code = "rival_on_deal"


class RivalOutOfUse(Conflict):
    """The rival is no longer one (409)."""

    code = "rival_out_of_use"


@dataclass(frozen=True, slots=True)
class Placing:
    """What is known of a rival on a deal.

    Attributes:
        bid_basis: Public facts; needed where it is said whether the rival will bid.
        source: Who said it or where it stands; without one nothing is proved by it.
    """

    noted_on: date
    rival_class: str = RivalClass.DIRECT
    position: str = Position.UNKNOWN
    share_percent: int | None = None
    trend: str = Trend.UNKNOWN
    offers: str = ""
    focus: str = ""
    bidding: str = Bidding.UNKNOWN
    bid_basis: str = ""
    source: str = ""


@transaction.atomic
def place_rival(*, opportunity: Opportunity, rival: Rival, placing: Placing, actor: User, now: datetime) -> DealRival:
    """Put a rival on a deal.

    Raises:
        NotAllowed, DealClosed: see ``landscape.take``.
        RivalOutOfUse: it is no longer a rival, or went into another entry.
        RivalOnDeal: it is on the deal already.
        Invalid: a field does not fit.
    """
    landscape = take(opportunity, actor=actor)
    deal = landscape.opportunity
    values = _checked(placing, actor=actor, now=now)
    rival = Rival.objects.select_for_update().get(pk=rival.pk)
    if rival.merged_into_id is not None:
        raise RivalOutOfUse(_("This rival went into another one. Use that one."))
    if not rival.is_active:
        raise RivalOutOfUse(_("%(name)s is marked as no longer a rival.") % {"name": rival.name})
    if deal.rivals.count() >= MOST_RIVALS:
        raise Conflict(_("A project has at most %(n)d rivals.") % {"n": MOST_RIVALS})
    try:
        with transaction.atomic():
            made = DealRival.objects.create(opportunity=deal, rival=rival, noted_by=actor, **values)
    except IntegrityError as error:
        message = _("%(name)s is on this project already.") % {"name": rival.name}
        raise RivalOnDeal(message, fields={"rival": message}) from error
    data = {"rival": rival.name, **_kept(values), "text": str(RivalClass(made.rival_class).label)}
    record(RivalPlaced(subject=Ref.of(made), chain=deal.ref, data=data), actor=actor, at=now)
    settle(landscape, reason=_("the rivals of the project changed"), actor=actor, now=now)
    return made


@transaction.atomic
def change_placing(*, row: DealRival, version: int, placing: Placing, actor: User, now: datetime) -> DealRival:
    """Change what is known of a rival on a deal.

    Raises:
        NotAllowed, DealClosed, Invalid: as ``place_rival``.
        StaleVersion: somebody changed it since.
    """
    landscape = take(row.opportunity, actor=actor)
    held = _held(row)
    check_version(held.version, version)
    values = _checked(placing, actor=actor, now=now)
    before = {name: getattr(held, name) for name, value in values.items() if getattr(held, name) != value}
    if not before:
        return held
    for name, value in values.items():
        setattr(held, name, value)
    held.noted_by = actor
    held.version += 1
    held.save()
    data = {"rival": held.rival.name, "before": _kept(before), "after": _kept({name: values[name] for name in before})}
    record(PlacingChanged(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    settle(landscape, reason=_("the rivals of the project changed"), actor=actor, now=now)
    return held


@transaction.atomic
def note_left(*, row: DealRival, version: int, left_on: date, reason: str, actor: User, now: datetime) -> DealRival:
    """Note that a rival left the race; its records stay and it counts no more.

    Raises:
        NotAllowed, DealClosed, StaleVersion: as ``change_placing``.
        Invalid: the reason is missing, or the day does not fit.
    """
    landscape = take(row.opportunity, actor=actor)
    held = _held(row)
    check_version(held.version, version)
    if held.left_on is not None:
        raise Conflict(_("This rival has left the race before."))
    faults: Faults = {}
    text = checked_text("reason", reason, longest=300, faults=faults, required=True)
    checked_past("left_on", left_on, actor=actor, now=now, faults=faults)
    refuse(faults)
    held.left_on, held.left_reason = left_on, text
    held.version += 1
    held.save(update_fields=["left_on", "left_reason", "version"])
    data = {"rival": held.rival.name, "why": text, "left_on": left_on.isoformat()}
    record(RivalLeft(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    settle(landscape, reason=_("a rival left the race"), actor=actor, now=now)
    return held


@transaction.atomic
def note_back(*, row: DealRival, version: int, actor: User, now: datetime) -> DealRival:
    """Note that a rival is in the race again.

    Raises:
        NotAllowed, DealClosed, StaleVersion: as ``change_placing``.
    """
    landscape = take(row.opportunity, actor=actor)
    held = _held(row)
    check_version(held.version, version)
    if held.left_on is None:
        raise Conflict(_("This rival is in the race."))
    held.left_on, held.left_reason = None, ""
    held.version += 1
    held.save(update_fields=["left_on", "left_reason", "version"])
    data = {"rival": held.rival.name}
    record(RivalReturned(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    settle(landscape, reason=_("a rival is back in the race"), actor=actor, now=now)
    return held


def _held(row: DealRival) -> DealRival:
    return DealRival.objects.select_related("rival", "opportunity").get(pk=row.pk)


def _checked(placing: Placing, *, actor: User, now: datetime) -> dict[str, str | int | date | None]:
    faults: Faults = {}
    values: dict[str, str | int | date | None] = {
        name: checked_text(name, getattr(placing, name), longest=longest, faults=faults, lines=name == "offers")
        for name, longest in LONGEST.items()
    }
    for name, choices in CHOICES.items():
        values[name] = getattr(placing, name)
        if values[name] not in choices.values:
            faults[name] = _("Choose one of: %(names)s.") % {"names": ", ".join(choices.values)}
    share = placing.share_percent
    if share is not None and not 0 <= share <= HIGHEST_SHARE:
        faults["share_percent"] = _("Give a whole number from 0 to 100.")
    if placing.bidding != Bidding.UNKNOWN and not values["bid_basis"]:
        faults.setdefault("bid_basis", _("Name the public facts on which the estimate rests."))
    checked_past("noted_on", placing.noted_on, actor=actor, now=now, faults=faults)
    refuse(faults)
    return values | {"share_percent": share, "noted_on": placing.noted_on}


def _kept(values: dict[str, str | int | date | None]) -> dict[str, str | int | None]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
