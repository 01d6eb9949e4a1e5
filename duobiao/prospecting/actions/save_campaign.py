"""Plan a campaign and change it; of a seminar also its agenda."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import Changes, json_changes, set_values, stale
from duobiao.customers.domain.texts import clean_line
from duobiao.identity.models import CompanySettings, User
from duobiao.identity.policy import require
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.prospecting.events import AgendaChanged, CampaignChanged, CampaignPlanned
from duobiao.prospecting.models import AgendaItem, Campaign, Way
from duobiao.prospecting.models.campaign import LONGEST_MINUTES
from duobiao.timeline.actions.record import record

BOOTHS: Final = ("pioneer_booth", "late_cases", "late_value", "late_customers")
CAMPAIGN_FIELDS: Final = (
    "name",
    "way",
    "starts_on",
    "ends_on",
    "place",
    "goal",
    "attendees_expected",
    "attendees",
    *BOOTHS,
    "notes",
)
LARGEST_MINOR: Final = 10**15
MOST_POINTS: Final = 30


@dataclass(frozen=True, slots=True)
class Point:
    """One point of an agenda."""

    topic: str
    problem: str = ""
    speaker: str = ""
    minutes: int = 20


@transaction.atomic
def plan_campaign(*, values: Mapping[str, Any], cost: Money | None, actor: User, now: datetime) -> Campaign:
    """Plan a campaign; it is the actor's.

    Raises:
        NotAllowed: the actor may not plan campaigns.
        Invalid: a value cannot be accepted.
    """
    require(actor, "prospecting.campaigns")
    campaign = Campaign(owner=actor, created_at=now, currency=CompanySettings.load().currency)
    _set(campaign, {"name": "", "way": "", "starts_on": None, "ends_on": None, **values}, cost)
    campaign.save(force_insert=True)
    data = {"note": campaign.name, "way": campaign.way}
    record(CampaignPlanned(subject=Ref.of(campaign), data=data), actor=actor, at=now)
    return campaign


@transaction.atomic
def edit_campaign(
    *,
    campaign: Campaign,
    version: int,
    values: Mapping[str, Any],
    cost: Money | None,
    actor: User,
    now: datetime,
) -> Campaign:
    """Change a campaign; ``cost`` None keeps it.

    Raises:
        NotAllowed: the actor may not change this campaign.
        StaleVersion: somebody changed it meanwhile.
        Invalid: a value cannot be accepted.
    """
    held = _locked(campaign, version, values, actor)
    changes = _set(held, values, cost)
    if not changes:
        return held
    held.version += 1
    held.save()
    record(CampaignChanged(subject=Ref.of(held), data={"changes": json_changes(changes)}), actor=actor, at=now)
    return held


@transaction.atomic
def set_agenda(*, campaign: Campaign, version: int, points: Sequence[Point], actor: User, now: datetime) -> Campaign:
    """Write the agenda of a seminar anew.

    Raises:
        NotAllowed: the actor may not change this campaign.
        StaleVersion: somebody changed it meanwhile.
        Invalid: it is no seminar, or a point has no topic; points are named ``topic_<n>``, ``minutes_<n>``.
    """
    held = _locked(campaign, version, {}, actor)
    if not held.has_agenda:
        message = _("Only a seminar has an agenda.")
        raise Invalid(message, fields={"way": message})
    rows = [_point(held, number, point) for number, point in enumerate(points, start=1)]
    faults: dict[str, object] = {}
    for row in rows:
        if not 1 <= len(row.topic) <= 200:
            faults[f"topic_{row.number}"] = _("Name the topic, in at most %(n)d characters.") % {"n": 200}
        if not 1 <= row.minutes <= LONGEST_MINUTES:
            faults[f"minutes_{row.number}"] = _("Between 1 and %(n)d minutes.") % {"n": LONGEST_MINUTES}
    if len(rows) > MOST_POINTS:
        faults["agenda"] = _("At most %(n)d points.") % {"n": MOST_POINTS}
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    held.agenda.all().delete()
    AgendaItem.objects.bulk_create(rows)
    held.version += 1
    held.save(update_fields=["version"])
    data = {"note": held.name, "topics": [row.topic for row in rows]}
    record(AgendaChanged(subject=Ref.of(held), data=data), actor=actor, at=now)
    return held


def _point(campaign: Campaign, number: int, point: Point) -> AgendaItem:
    words = {"topic": (point.topic, 200), "problem": (point.problem, 300), "speaker": (point.speaker, 80)}
    texts = {name: clean_line(text.replace("\x00", "")) for name, (text, _most) in words.items()}
    kept = {name: text if name == "topic" else text[: words[name][1]] for name, text in texts.items()}
    return AgendaItem(campaign=campaign, number=number, minutes=point.minutes, **kept)


def _locked(campaign: Campaign, version: int, values: Mapping[str, Any], actor: User) -> Campaign:
    held = Campaign.objects.select_for_update(of=("self",)).select_related("owner").get(pk=campaign.pk)
    require(actor, "prospecting.campaigns", held)
    if held.version != version:
        current = {name: getattr(held, name) for name in values if name in CAMPAIGN_FIELDS}
        raise stale(current, version=held.version)
    return held


def _set(campaign: Campaign, values: Mapping[str, Any], cost: Money | None) -> Changes:
    faults: dict[str, object] = {}
    changes: Changes = {}
    dated = {name: values[name] for name in ("starts_on", "ends_on") if name in values}
    missing = {name: _("Choose a day.") for name, value in dated.items() if value is None}
    if "way" in values and values["way"] not in Way.values:
        missing["way"] = _("Choose one of: %(names)s.") % {"names": ", ".join(Way.values)}
    try:
        rest = {name: value for name, value in values.items() if name not in missing}
        changes = set_values(campaign, rest, allowed=CAMPAIGN_FIELDS)
    except Invalid as refusal:
        faults |= refusal.fields
    faults |= missing
    if not faults and campaign.ends_on < campaign.starts_on:
        faults["ends_on"] = _("The last day cannot lie before the first.")
    if cost is not None and not 0 <= cost.amount_minor <= LARGEST_MINOR:
        faults["cost"] = _("Enter an amount of zero or more.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    if cost is not None and cost != campaign.cost:
        changes["cost_minor"] = (campaign.cost_minor, cost.amount_minor)
        campaign.cost_minor, campaign.currency = cost.amount_minor, cost.currency
    return changes
