"""Change what is known of a person of the chain, and take somebody off it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.models import Customer, Function
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity, Proof
from duobiao.opportunities.queries.people import companies_of
from duobiao.stakeholders.actions.keep_past import keep_past
from duobiao.stakeholders.actions.take import settle, take_person
from duobiao.stakeholders.actions.texts import Faults, check_choice, checked_text, refuse
from duobiao.stakeholders.events import PersonEdited, PersonRemoved
from duobiao.stakeholders.models import (
    PERSONA,
    BuyingInfluence,
    ChainLevel,
    ChainRole,
    CoachGrade,
    DealPerson,
    InfluenceLink,
    RelationClass,
)
from duobiao.stakeholders.queries.titles import evidence_title
from duobiao.timeline.actions.record import record

CHOICES: Final[dict[str, tuple[list[str], bool]]] = {
    "role": (ChainRole.values, False),
    "influence_type": (BuyingInfluence.values, True),
    "relation_class": (RelationClass.values, True),
    "coach_grade": (CoachGrade.values, True),
    "level": (ChainLevel.values, False),
    "function": (Function.values, True),
}
TEXTS: Final = {**dict.fromkeys((*PERSONA, "care_plan"), 1000), "department": 60, "part_source": 200}


class SecondDecider(Conflict):
    """A decision has one final decider (409)."""

    code = "second_decider"


class SupportsProofs(Conflict):
    """Evidence rests on this person (409)."""

    code = "supports_proofs"


class StillDecides(Conflict):
    """The final decider is not taken off (409)."""

    code = "still_decides"


@transaction.atomic
def edit_person(
    *, person: DealPerson, version: int, values: Mapping[str, Any], actor: User, now: datetime
) -> DealPerson:
    """Change part, class, grade, level, persona, care plan or keeper of a person.

    Raises:
        NotAllowed, DealClosed, NotFound, StaleVersion: see ``take_person``.
        SecondDecider: another one decides.
        Invalid: a field does not fit.
    """
    held = take_person(person, actor, version=version)
    known = checked_values(held.opportunity, values)
    check_decider(held.opportunity, ChainRole(known.get("role", held.role)), but=held)
    before = {name: getattr(held, name) for name in known}
    changed = {name: value for name, value in known.items() if before[name] != value}
    if not changed:
        return held
    keep_past([held], on=company_day(now))
    for name, value in changed.items():
        setattr(held, name, value)
    held.version += 1
    held.save(update_fields=[*changed, "version"])
    changes = {name: [_plain(before[name]), _plain(value)] for name, value in changed.items()}
    data = {"person": held.contact.name, "changes": changes}
    record(PersonEdited(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    settle(held.opportunity, actor=actor, now=now)
    return held


@transaction.atomic
def remove_person(*, person: DealPerson, version: int, actor: User, now: datetime) -> None:
    """Take somebody off the chain; what was observed is kept for the day they are put on again, lines to them end.

    Raises:
        NotAllowed, DealClosed, NotFound, StaleVersion: see ``take_person``.
        StillDecides: they are the final decider; somebody else must decide first, or they left.
        SupportsProofs: evidence of the deal, from whatever record, rests on this person; note instead that they left.
    """
    held = take_person(person, actor, version=version)
    deal = held.opportunity
    _require_dispensable(held)
    held.removed_at, held.removed_by = now, actor
    held.version += 1
    held.save(update_fields=["removed_at", "removed_by", "version"])
    today = company_day(now)
    for side in ("source", "target"):
        InfluenceLink.objects.filter(**{side: held}, until=None).update(until=today, ended_by=actor)
    data = {"person": held.contact.name, "contact": held.contact.ref}
    record(PersonRemoved(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    settle(deal, actor=actor, now=now)


def _require_dispensable(held: DealPerson) -> None:
    name = held.contact.name
    if held.role == ChainRole.FINAL_DECIDER and held.left_on is None:
        message = _("%(name)s is the final decider. Give them another part first, or record that they left.")
        raise StillDecides(message % {"name": name})
    resting = Proof.objects.filter(opportunity=held.opportunity, contact=held.contact_id, retracted_on=None)
    keys = sorted(set(resting.values_list("key", flat=True)))
    if keys:
        message = _("Evidence rests on %(name)s: %(keys)s. Record that they left, or retract what was recorded.")
        titles = "、".join(evidence_title(key) for key in keys)
        raise SupportsProofs(message % {"name": name, "keys": titles}, details={"evidence": keys})


def checked_values(deal: Opportunity, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are kept.

    Raises:
        Invalid: one of them does not fit.
    """
    faults: Faults = {}
    held = dict(values)
    for name, (allowed, blank) in CHOICES.items():
        if name in held:
            check_choice(name, held[name], allowed, faults, blank=blank)
    for name, longest in TEXTS.items():
        if name in held:
            held[name] = checked_text(name, held[name] or "", longest=longest, faults=faults)
    also = held.get("also_at")
    if isinstance(also, Customer) and not companies_of(deal).filter(pk=also.pk).exists():
        faults["also_at"] = _("Choose a company of this project.")
    refuse(faults)
    return held


def check_decider(deal: Opportunity, role: ChainRole, *, but: DealPerson | None = None) -> None:
    """Refuse a second final decider.

    Raises:
        SecondDecider: another one decides; who it is, and what to do, is said.
    """
    if role != ChainRole.FINAL_DECIDER or (but is not None and but.left_on is not None):
        return
    rows = DealPerson.objects.present().filter(opportunity=deal, role=ChainRole.FINAL_DECIDER, left_on=None)
    others = rows if but is None else rows.exclude(pk=but.pk)
    other = others.select_related("contact").first()
    if other is not None:
        message = _(
            "%(name)s is the final decider. Give them another part first, or make this person a key influencer."
        )
        message = message % {"name": other.contact.name}
        raise SecondDecider(message, fields={"role": message}, details={"decider": other.ref})


def _plain(value: Any) -> str:
    return str(value.ref) if hasattr(value, "ref") else str(value)
