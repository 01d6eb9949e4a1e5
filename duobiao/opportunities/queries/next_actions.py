"""What to do next on a deal, why, and what it changes; a plain ranking that anybody can follow.

Each suggestion has points (``domain.ranking``): for what it does, and for what presses. What it does, the weightiest
first:

1. The buyer has chosen a rival or ended the procurement: close the deal; nothing else is worth doing.
2. What alone opens the next gate or lifts the success rate.
3. Coming too late: decide whether to give up.
4. Evidence that is there but too weak, or has run out, at the next gate.
5. Evidence that runs out within 14 days; a waiver that ends within 14 days.
6. No act of the buyer is recorded.
7. A risk that none of these answers, or what other records call for that presses as one: no decider, an open objection.
8. The purchase method is unknown where the items of a stage depend on it.
9. What other records call for: no rival known, a gap nobody answers.
10. The rest of what the next gate lacks.

What presses: the gain of rate, a later stage, the lag, the day it runs out, a standing risk it answers, a meeting
within a week at which it can be done. With equal points: the earlier stage, then the order of the playbook. Items that
one form supplies are one suggestion. One that a person set aside is left out until its day, or until facts change.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duobiao.opportunities.domain.links import close_url, deal_url, give_up_url
from duobiao.opportunities.domain.ranking import Group, parts_of
from duobiao.opportunities.models import SuggestionKind
from duobiao.opportunities.queries.explain import Explained
from duobiao.opportunities.queries.item_actions import (
    ANSWERED_BY_ITEMS,
    ANSWERED_BY_TALKING,
    item_actions,
    running_out,
)
from duobiao.opportunities.queries.risks import step_of
from duobiao.opportunities.queries.suggested import NextAction, Scene, digest
from duobiao.opportunities.queries.surroundings import NOTHING, Around
from duobiao.opportunities.signal_words import reasons_words, rule_title
from duobiao.playbooks.domain.assess import MARK_GRADE, standing_marks
from duobiao.playbooks.domain.model import METHOD_KEY, LagVerdict, Method, Outcome, Verdict

__all__ = ["NextAction", "all_actions", "ended_by_buyer", "next_actions"]


def next_actions(explained: Explained, around: Around = NOTHING, *, limit: int = 3) -> list[NextAction]:
    """Return the most useful things to do on an open deal, best first, without what was set aside."""
    return [action for action in all_actions(explained, around) if not action.hidden][:limit]


def all_actions(explained: Explained, around: Around = NOTHING) -> list[NextAction]:
    """Return everything to do on an open deal, best first, with what was set aside."""
    if not explained.opportunity.is_open:
        return []
    scene = Scene(explained, around)
    found = list(_ended(explained)) or [
        *item_actions(scene),
        *_give_up(scene),
        *running_out(scene),
        *_unknowns(explained),
        *_risks(scene),
        *_advice(scene),
    ]
    best: list[NextAction] = []
    taken: set[str] = set()
    for action in sorted(found, key=lambda action: (-action.score, action.rank)):
        if taken.isdisjoint((action.url, action.key)):
            taken |= {action.url, action.key}
            best.append(action)
    return [_decided(action, around, explained.on) for action in best]


def _decided(action: NextAction, around: Around, on: date) -> NextAction:
    """Add what a person decided, while its day is ahead and the facts are the same."""
    held = around.decisions.get(action.key)
    if held is None or held.facts != action.facts or (held.until is not None and held.until <= on):
        return action
    return replace(action, aside=held)


def ended_by_buyer(explained: Explained) -> str:
    """Say why the buyer's own acts propose to close the deal as lost; "" where they do not."""
    proposals, frame = explained.compiled.playbook.proposals, explained.assessment.frame
    marks = standing_marks(explained.compiled, explained.facts.proofs, frame)
    if any(proposals.get(proof.key) is Outcome.LOST for _stage, proof in marks):
        return _("the buyer has announced that a rival was chosen")
    closing = {reset.evidence for reset in explained.compiled.playbook.resets if reset.closes}
    for proof in explained.facts.proofs:
        stands = proof.grade >= MARK_GRADE and proof.live(on=frame.on, known_by=frame.known_by)
        if proof.key in closing and stands:
            return _("the buyer has ended the procurement")
    return ""


def _ended(explained: Explained) -> Iterable[NextAction]:
    if why := ended_by_buyer(explained):
        yield NextAction(
            what=_("Close the deal as lost"),
            why=why,
            effect="",
            url=close_url(explained.opportunity.ref, Outcome.LOST),
            label=_("Close the deal"),
            rank=(Group.ENDED, 0, 0),
            kind=SuggestionKind.CLOSE,
            key=str(SuggestionKind.CLOSE),
            parts=parts_of(Group.ENDED),
            tone="lag",
            facts=digest(why),
        )


def _give_up(scene: Scene) -> Iterable[NextAction]:
    explained = scene.explained
    found = explained.assessment
    if found.verdict is LagVerdict.GIVE_UP_PROPOSED:
        yield NextAction(
            what=_("Decide whether to give up"),
            why=_("the buyer is in stage %(buyer)d, we have completed stage %(ours)d")
            % {"buyer": found.buyer_stage, "ours": found.completed_stage},
            effect=_("frees the people on this deal"),
            url=give_up_url(explained.opportunity.ref),
            label=_("Decide"),
            rank=(Group.GIVE_UP, 0, 0),
            kind=SuggestionKind.GIVE_UP,
            key=str(SuggestionKind.GIVE_UP),
            parts=parts_of(Group.GIVE_UP, risk=scene.risk("falling_behind")),
            tone="lag",
            facts=digest(found.buyer_stage, found.completed_stage),
        )


def _unknowns(explained: Explained) -> Iterable[NextAction]:
    found, ref = explained.assessment, explained.opportunity.ref
    if found.buyer_stage == 0:
        yield NextAction(
            what=_("Note what the buyer has done"),
            why=_("no act of the buyer is recorded, so the tracks cannot be compared"),
            effect=_("shows the gap between both tracks"),
            url=deal_url(ref, "buyer"),
            label=_("Note it"),
            rank=(Group.BUYER, 0, 0),
            kind=SuggestionKind.BUYER,
            key=str(SuggestionKind.BUYER),
            parts=parts_of(Group.BUYER),
            evidence=tuple(sorted(explained.compiled.marks)),
            facts=digest(found.completed_stage),
        )
    wanted_from = explained.compiled.playbook.method_wanted_from
    if found.method is Method.UNKNOWN and wanted_from is not None and explained.focus >= wanted_from:
        waiting = sum(not line.accepts and line.verdict is Verdict.MISSING for line in explained.items if line.gates)
        yield NextAction(
            what=_("Find out the purchase method"),
            why=ngettext(
                "%(num)d item cannot be judged without it", "%(num)d items cannot be judged without it", waiting
            )
            % {"num": waiting},
            effect=_("says which items apply"),
            url=deal_url(ref, "purchase-method"),
            label=_("Name the method"),
            rank=(Group.METHOD, 0, 0),
            kind=SuggestionKind.METHOD,
            key=str(SuggestionKind.METHOD),
            parts=parts_of(Group.METHOD),
            evidence=(METHOD_KEY,),
            facts=digest(waiting),
        )


def _risks(scene: Scene) -> Iterable[NextAction]:
    """Yield the standing risks that nothing else answers; an agreed meeting answers silence."""
    explained = scene.explained
    for index, row in enumerate(scene.around.signals):
        talked = row.rule in ANSWERED_BY_TALKING and scene.meeting is not None
        if row.rule in ANSWERED_BY_ITEMS or talked:
            continue
        label, url, dialog = step_of(explained.opportunity, row.rule, row.level)
        yield NextAction(
            what=_("Answer the risk: %(title)s") % {"title": rule_title(row.rule)},
            why=reasons_words(row.reasons, on=explained.on),
            effect="",
            url=url,
            label=label,
            rank=(Group.RISK, 0, index),
            kind=SuggestionKind.RISK,
            key=f"{SuggestionKind.RISK}:{row.rule}",
            parts=parts_of(Group.RISK, risk=row.level),
            dialog=dialog,
            tone="lag",
            items=(row.rule,),
            facts=digest(row.rule, row.level),
        )


def _advice(scene: Scene) -> Iterable[NextAction]:
    """Yield what the records of capabilities above call for: what presses as a risk does, and what fills a gap."""
    for index, row in enumerate(scene.around.advice):
        group = Group.RISK if row.level else Group.ADVICE
        yield NextAction(
            what=row.what,
            why=row.why,
            effect="",
            url=row.url,
            label=row.label,
            rank=(group, 1, index),
            kind=row.kind,
            key=row.key,
            parts=parts_of(group, risk=row.level),
            dialog=row.dialog,
            tone="lag",
            evidence=row.evidence,
            facts=digest(row.key, row.facts),
        )
