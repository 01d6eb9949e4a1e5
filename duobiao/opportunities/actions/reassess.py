"""Judge a deal again after something changed, store where it stands, and keep each change of place."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.judge_signals import judge_deal, note_record
from duobiao.opportunities.events import StageChanged
from duobiao.opportunities.models import Opportunity, Risk, StageChange
from duobiao.opportunities.queries.facts import load_facts
from duobiao.opportunities.queries.signal_facts import is_watched
from duobiao.playbooks.domain.assess import Assessment, assess
from duobiao.playbooks.domain.compile import MAX_WORDS, Compiled
from duobiao.playbooks.domain.model import Item, Kind
from duobiao.playbooks.queries import compiled_playbook
from duobiao.timeline.actions.record import record

DAY_PASSED = "day_passed"
"""Cause of a change that only time brought: evidence or a waiver ran out."""

DERIVED: Final = frozenset(
    (
        "stage_number", "state", "completed_stage", "rate_percent", "buyer_stage", "lag", "lag_verdict",
        "settled_through", "purchase_method", "gate_met", "gate_required", "waived_count", "expired_count",
        "reassess_on", "stage_since", "last_evidence_on", *(f"word_{n}" for n in range(MAX_WORDS)),
    )
)  # fmt: skip
"""Columns of a deal that ``reassess`` writes, and nobody else."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What made the deal worth judging again.

    Attributes:
        event: Name of the event, or ``DAY_PASSED``.
        ref: Reference of the record behind it.
        text: JSON values that word it: evidence key, item, reason; ``lost`` names the items that ran out, ``others``
            counts further items that the same recording proved.
        proofs: Proofs recorded together, as (reference, evidence key); the one that decided is named.
        keys: Evidence that was added or taken back.
        spoke: It names somebody of the customer.
    """

    event: str
    ref: str = ""
    text: dict[str, Any] = field(default_factory=dict)
    proofs: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = ()
    spoke: bool = False


def company_day(now: datetime) -> date:
    """Return today where the company sits; stored columns are judged on this day."""
    return local_day(now, CompanySettings.load().time_zone)


def own_day(actor: User, now: datetime) -> date:
    """Return today where the person sits; days people type are checked against it."""
    return local_day(now, actor.time_zone or CompanySettings.load().time_zone)


def reassess(
    opportunity: Opportunity, *, actor: User | None, now: datetime, cause: Cause, on: date | None = None
) -> Assessment:
    """Judge a deal, store the derived columns, and record a change of place with its cause.

    The caller holds the row's lock and is inside a transaction.

    Args:
        on: The company's day, where the caller knows it already.
    """
    on = on or company_day(now)
    compiled = compiled_playbook(opportunity.playbook_id)
    facts = load_facts(opportunity, closings=not opportunity.is_open)
    assessment = assess(compiled, facts, on=on)
    before = snapshot(opportunity)
    derived = derived_columns(compiled, assessment)
    if before != snapshot_of(derived):
        derived["stage_since"] = on if has_moved(before, derived) else opportunity.stage_since
        decided = _what_decided(opportunity, compiled, before, derived, cause)
        last = opportunity.stage_changes.order_by("-sequence").values_list("sequence", flat=True).first() or 0
        row, event = change_of_place(
            opportunity, before, snapshot_of(derived), actor=actor, now=now, on=on, cause=decided, sequence=last + 1
        )
        row.save(force_insert=True)
        record(event, actor=actor, at=now)
    derived["last_evidence_on"] = max(
        (proof.known_on for proof in facts.proofs if not proof.retracted_on), default=None
    )
    lapsed = (opportunity.waived_count, opportunity.expired_count)
    for name, value in derived.items():
        setattr(opportunity, name, value)
    Opportunity.objects.filter(pk=opportunity.pk).update(**derived)
    moved = before != snapshot(opportunity) or lapsed != (opportunity.waived_count, opportunity.expired_count)
    if opportunity.is_open and (moved or not opportunity.risk or any(map(is_watched, cause.keys))):
        judge_deal(opportunity, actor=actor, now=now, on=on)
    elif opportunity.is_open and actor is not None and opportunity.risk != Risk.GREEN:
        note_record(opportunity, spoke=cause.spoke, actor=actor, now=now, on=on)
    return assessment


def _what_decided(
    opportunity: Opportunity, compiled: Compiled, before: dict[str, int | str], derived: dict[str, Any], cause: Cause
) -> Cause:
    """Return the cause with what it gained or lost."""
    if cause.event == DAY_PASSED:
        return ran_out(opportunity, compiled, derived)
    if cause.proofs:
        gained = _gained(opportunity, compiled, derived) if has_moved(before, derived) else []
        return _decided(cause, gained, compiled)
    return cause


def derived_columns(compiled: Compiled, assessment: Assessment) -> dict[str, Any]:
    """Return the columns of a deal that follow from its assessment."""
    met, required = gate_progress(compiled, assessment)
    words = {f"word_{n}": assessment.position[n] if n < compiled.words else 0 for n in range(MAX_WORDS)}
    return {
        "stage_number": assessment.stage_number,
        "state": str(assessment.state),
        "completed_stage": assessment.completed_stage,
        "rate_percent": assessment.rate_percent,
        "buyer_stage": assessment.buyer_stage,
        "lag": assessment.lag,
        "lag_verdict": str(assessment.verdict),
        "settled_through": assessment.settled_through,
        "purchase_method": str(assessment.method),
        **words,
        "gate_met": met,
        "gate_required": required,
        "waived_count": sum(word.bit_count() for word in assessment.waived),
        "expired_count": sum(word.bit_count() for word in assessment.expired),
        "reassess_on": assessment.reassess_on,
    }


def gate_progress(compiled: Compiled, assessment: Assessment) -> tuple[int, int]:
    """Return how many items of the next gate count, and how many it has; what does not apply is left out."""
    stage, kind = assessment.gate
    met = required = 0
    for word in range(compiled.words):
        milestone = compiled.milestone[stage][word]
        mask = milestone if kind is Kind.M else compiled.gate[stage][word] & ~milestone
        mask &= ~assessment.bits.not_applicable[word]
        required += mask.bit_count()
        met += (mask & assessment.position[word]).bit_count()
    return met, required


def snapshot(opportunity: Opportunity) -> dict[str, int | str]:
    """Return the place of a deal as it is stored."""
    return {
        "stage": opportunity.stage_number,
        "state": opportunity.state,
        "completed": opportunity.completed_stage,
        "rate": opportunity.rate_percent,
        "buyer": opportunity.buyer_stage,
    }


def snapshot_of(derived: dict[str, Any]) -> dict[str, int | str]:
    """Return the place of a deal from freshly derived columns."""
    return {
        "stage": derived["stage_number"],
        "state": derived["state"],
        "completed": derived["completed_stage"],
        "rate": derived["rate_percent"],
        "buyer": derived["buyer_stage"],
    }


def has_moved(before: dict[str, int | str], derived: dict[str, Any]) -> bool:
    """Tell whether stage or state differ, which begins a new stay."""
    return (before["stage"], before["state"]) != (derived["stage_number"], derived["state"])


def _decided(cause: Cause, gained: list[Item], compiled: Compiled) -> Cause:
    """Name, of proofs recorded together, the one for the furthest stage, else an act of the buyer, else the first."""
    supplied = {key for _ref, key in cause.proofs}
    served = [item for item in gained if supplied & {accept.evidence for accept in item.accepts}]
    furthest = [item for item in served if item.stage == served[-1].stage]
    wanted = {accept.evidence for item in furthest[:1] for accept in item.accepts} or supplied & set(compiled.marks)
    ref, key = next((proof for proof in cause.proofs if proof[1] in wanted), cause.proofs[0])
    others = {"others": len(furthest) - 1} if len(furthest) > 1 else {}
    return Cause(cause.event, ref, {**cause.text, "key": key, **others})


def _gained(opportunity: Opportunity, compiled: Compiled, derived: dict[str, Any]) -> list[Item]:
    """Return the gating items that count now and did not as the deal is stored, in the order of the stages."""
    new = [
        slot.item
        for slot in compiled.slots
        if slot.item.gates and derived[f"word_{slot.word}"] & ~getattr(opportunity, f"word_{slot.word}") & slot.bit
    ]
    return sorted(new, key=lambda item: item.stage)


def ran_out(opportunity: Opportunity, compiled: Compiled, derived: dict[str, Any]) -> Cause:
    """Return what only time brought, with the gating items that counted as the deal is stored and count no more."""
    gone = [
        slot.item
        for slot in compiled.slots
        if slot.item.gates and getattr(opportunity, f"word_{slot.word}") & ~derived[f"word_{slot.word}"] & slot.bit
    ]
    return Cause(DAY_PASSED, text={"lost": [item.key for item in sorted(gone, key=lambda item: item.stage)]})


def change_of_place(
    opportunity: Opportunity,
    before: dict[str, int | str],
    after: dict[str, int | str],
    *,
    actor: User | None,
    now: datetime,
    on: date,
    cause: Cause,
    sequence: int,
) -> tuple[StageChange, StageChanged]:
    """Return the row of the history and the event that tell of a change; the caller keeps both.

    Args:
        before: As ``snapshot`` gives it; ``after`` likewise.
        sequence: Number of the row in the deal's history.
    """
    row = StageChange(
        opportunity=opportunity,
        sequence=sequence,
        at=now,
        on=on,
        cause=cause.event,
        cause_ref=cause.ref,
        cause_text=cause.text,
        actor=actor,
        **{f"{name}_before": value for name, value in before.items()},
        **{f"{name}_after": value for name, value in after.items()},
    )
    event = StageChanged(
        subject=Ref.of(opportunity),
        data={"before": before, "after": after, "cause": cause.event, "cause_ref": cause.ref, **cause.text},
    )
    return row, event
