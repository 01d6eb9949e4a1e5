"""Give-ups: what was proposed to catch up and what became of it, and the reviews of a deal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from duobiao.opportunities.models import Fate, GiveUpReview, GiveUpState, Opportunity
from duobiao.opportunities.queries.catch_up import effort_of
from duobiao.opportunities.queries.explain import Explained, ItemLine
from duobiao.opportunities.queries.tracks import Move, moves_of
from duobiao.playbooks.domain.catch_up import CatchUp, catch_up
from duobiao.playbooks.domain.model import Text, Verdict
from duobiao.playbooks.domain.place import NO_LAG, lag_between
from duobiao.playbooks.queries import text_of

CHOSEN = (Fate.TRIED, Fate.DECLINED, Fate.NOT_TRIED)
"""What a person says of a proposal that the records do not settle."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that was proposed to catch up with the buyer.

    Attributes:
        fate: As the records show it; None where a person has to say it.
        on: Day of the proof.
        proposed_on: Day from which on it was proposed.
    """

    item: str
    stage: int
    words: Text
    fate: Fate | None
    on: date | None
    proposed_on: date

    @property
    def title(self) -> str:
        """Title of the item in the reader's language."""
        return text_of(self.words, get_language())


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal as a review keeps it, in words."""

    item: str
    stage: int
    title: str
    fate: Fate
    on: date | None


def proposals_of(explained: Explained) -> list[Proposal]:
    """Return what was proposed since the deal fell behind, in the order of the list; one query beyond ``explained``."""
    begun = _behind_since(explained, moves_of(explained.opportunity.pk))
    lines = {line.item: line for line in explained.items}
    found: dict[str, Proposal] = {}
    for day in sorted({begun, explained.on}):
        plan = catch_up(explained.compiled, explained.facts, on=day, effort=effort_of)
        for item in _items(plan):
            found.setdefault(item, _proposal(explained, lines[item], day))
    order = {line.item: place for place, line in enumerate(explained.items)}
    return sorted(found.values(), key=lambda row: order[row.item])


def kept_proposals(explained: Explained, fates: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the proposals as a review keeps them.

    Args:
        fates: What a person says of those the records do not settle, by item; else they were not tried.
    """
    return [
        {
            "item": row.item,
            "stage": row.stage,
            "title": dict(row.words),
            "fate": str(row.fate or fates.get(row.item) or Fate.NOT_TRIED),
            "on": row.on.isoformat() if row.on is not None else "",
        }
        for row in proposals_of(explained)
    ]


def proposal_lines(kept: list[dict[str, Any]]) -> list[ProposalLine]:
    """Return the proposals of a review in the reader's language."""
    return [
        ProposalLine(
            item=row["item"],
            stage=row["stage"],
            title=text_of(row["title"], get_language()),
            fate=Fate(row["fate"]),
            on=date.fromisoformat(row["on"]) if row["on"] else None,
        )
        for row in kept
    ]


def give_ups_of(deal: Opportunity) -> list[GiveUpReview]:
    """Return the reviews of give-ups of a deal, the newest first."""
    rows = deal.give_ups.select_related("asked_by", "decided_by").order_by("-asked_at", "-pk")
    return list(rows)


def last_give_up(deal: Opportunity) -> GiveUpReview | None:
    """Return the newest review of a give-up that was not taken back."""
    rows = deal.give_ups.exclude(state=GiveUpState.WITHDRAWN).select_related("asked_by", "decided_by")
    return rows.order_by("-asked_at", "-pk").first()


def _items(plan: CatchUp | None) -> list[str]:
    return [slot.item.key for step in plan.steps for slot in (step.slot, *step.also)] if plan is not None else []


def _proposal(explained: Explained, line: ItemLine, day: date) -> Proposal:
    fates = {Verdict.MET: Fate.DONE, Verdict.SETTLED: Fate.DONE, Verdict.WAIVED: Fate.WAIVED}
    proof = next((row.fact for row in explained.ledger.proofs if row.fact.ref == line.proof_ref), None)
    fate = fates.get(line.verdict)
    return Proposal(
        item=line.item,
        stage=line.stage_number,
        words=explained.compiled.by_key[line.item].item.title,
        fate=fate,
        on=proof.happened_on if proof is not None and fate is Fate.DONE else None,
        proposed_on=day,
    )


def _behind_since(explained: Explained, moves: list[Move]) -> date:
    """Return the day on which the present distance to the buyer opened; today where the moves do not tell."""
    since = explained.on
    for move in moves:
        before = _lag(explained, move.buyer_before, move.completed_before)
        after = _lag(explained, move.buyer_after, move.completed_after)
        if after > 0 >= before:
            since = move.on
        elif after <= 0:
            since = explained.on
    return since


def _lag(explained: Explained, buyer: int, completed: int) -> int:
    found = int(lag_between(explained.compiled, buyer, completed))
    return 0 if found == NO_LAG else found
