"""What to do next on a deal, why, and what it changes; a plain ranking that anybody can follow.

1. The buyer has chosen a rival or ended the procurement: close the deal; nothing else is worth doing.
2. What alone opens the next gate or lifts the success rate; the larger lift first.
3. Coming too late: decide whether to give up.
4. Evidence that is there but too weak, or has run out, at the next gate.
5. Evidence that runs out within 14 days.
6. A waiver that ends within 14 days.
7. No act of the buyer is recorded.
8. The purchase method is unknown where the items of a stage depend on it.
9. The rest of what the next gate lacks.

Within one line: the earlier stage, then the order of the playbook. Items that one form supplies are one action.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from duobiao.opportunities.domain.links import (
    SUPPLIED_BY_CALL,
    SUPPLIED_BY_CONTACT,
    SUPPLIED_BY_CUSTOMER,
    SUPPLIED_BY_METHOD,
    SUPPLIED_BY_VISIT,
    close_url,
    deal_url,
    give_up_url,
)
from duobiao.opportunities.queries.explain import Explained, ItemLine
from duobiao.opportunities.queries.gates import OPEN, Supply, supply_of
from duobiao.opportunities.queries.renewals import Renewal, renewals
from duobiao.opportunities.queries.what_if import Change, compare, planned_proof, what_if
from duobiao.playbooks.domain.assess import MARK_GRADE, standing_marks
from duobiao.playbooks.domain.facts import Proof
from duobiao.playbooks.domain.model import Kind, LagVerdict, Method, Outcome, State, Verdict
from duobiao.web.formats import day, percent

SOON_DAYS = 14

ENDED, OPENS, GIVE_UP, WEAK, EXPIRING, WAIVER_ENDS, BUYER, METHOD, REST = range(9)


@dataclass(frozen=True, slots=True)
class NextAction:
    """One thing to do.

    Attributes:
        why: Why it matters now; ``effect`` what it changes, worked out on the deal as it stands.
        tone: ``ok`` for a gain, ``lag`` for a danger averted.
        rank: Smaller is sooner; see the module.
    """

    what: str
    why: str
    effect: str
    url: str
    label: str | Promise
    rank: tuple[int, int, int, int]
    dialog: bool = True
    tone: Literal["ok", "lag"] = "ok"

    @property
    def score(self) -> int:
        """From 0 to 100, falling as ``rank`` rises: the group counts 11 points a step, a gain of rate up to 10 more.

        Within a group that does not gain (what runs out, what is weak) the second part of the rank is left out.
        """
        group, gain = self.rank[0], max(0, -self.rank[1])
        return 11 * (REST - group) + min(10, gain // 4)


@dataclass(slots=True)
class _Task:
    """Items that one form supplies."""

    supply: Supply
    lines: list[ItemLine] = field(default_factory=list)


def next_actions(explained: Explained, *, limit: int = 3) -> list[NextAction]:
    """Return the most useful things to do on an open deal, best first."""
    if not explained.opportunity.is_open:
        return []
    if ended := list(_ended(explained)):
        return ended
    found = [
        *_items(explained),
        *_give_up(explained),
        *_running_out(explained),
        *_unknowns(explained),
    ]
    best: dict[str, NextAction] = {}
    for action in sorted(found, key=lambda action: action.rank):
        best.setdefault(action.url, action)
    return list(best.values())[:limit]


def effect_of(change: Change) -> str:
    """Say in words what a change brings."""
    before, after = change.before, change.after
    parts = []
    if after.stage_number > before.stage_number:
        parts.append(_("enters stage %(n)d") % {"n": after.stage_number})
    elif after.completed_stage > before.completed_stage:
        parts.append(_("completes stage %(n)d") % {"n": after.completed_stage})
    if change.falls_back:
        parts.append(_falls_words(change))
    if change.rate_gain:
        parts.append(
            _("success rate %(before)s → %(after)s")
            % {"before": percent(before.rate_percent), "after": percent(after.rate_percent)}
        )
    if change.brings_in_sync and not change.falls_back:
        parts.append(_("level with the buyer"))
    if not parts and change.gate_after.lacking < change.gate_before.lacking:
        parts.append(_gate_words(change))
    return pgettext("between parts of a sentence", ", ").join(parts)


def _falls_words(change: Change) -> str:
    after = change.after
    if after.stage_number == 0:
        return _("back before stage 1")
    if after.state is State.TRANSIT:
        return _("back to waiting for stage %(n)d") % {"n": after.completed_stage + 1}
    return _("back to stage %(n)d") % {"n": after.stage_number}


def _gate_words(change: Change) -> str:
    gate = change.gate_after
    numbers = {"num": gate.lacking, "n": gate.stage}
    if gate.kind is Kind.M:
        return (
            ngettext(
                "then %(num)d item is left to enter stage %(n)d",
                "then %(num)d items are left to enter stage %(n)d",
                gate.lacking,
            )
            % numbers
        )
    return (
        ngettext(
            "then %(num)d item is left to complete stage %(n)d",
            "then %(num)d items are left to complete stage %(n)d",
            gate.lacking,
        )
        % numbers
    )


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
            rank=(ENDED, 0, 0, 0),
            tone="lag",
        )


def _items(explained: Explained) -> Iterable[NextAction]:
    found = explained.assessment
    stage, kind = found.gate
    ahead = explained.entering(stage) if kind is Kind.M else explained.completing(stage)
    if found.state is State.COMPLETED:
        ahead = []
    later = explained.completing(stage) if kind is Kind.M else []
    behind = [line for line in explained.items if line.verdict is Verdict.WAIVED and line.stage_number < stage]
    order = {line.item: index for index, line in enumerate(explained.items)}
    tasks = _tasks(explained, [*ahead, *(line for line in behind if line.gates), *later])
    for task in tasks:
        yield _item_action(explained, task, order[task.lines[0].item], ahead={line.item for line in ahead}, tasks=tasks)


def _tasks(explained: Explained, lines: Sequence[ItemLine]) -> list[_Task]:
    tasks: dict[str, _Task] = {}
    for line in lines:
        supply = supply_of(line, explained)
        if supply is not None and line.verdict in OPEN:
            tasks.setdefault(supply.url, _Task(supply)).lines.append(line)
    return list(tasks.values())


def _item_action(
    explained: Explained, task: _Task, order: int, *, ahead: set[str], tasks: Sequence[_Task]
) -> NextAction:
    proofs = _planned(explained, task.lines)
    change = what_if(explained, proofs=proofs)
    first = task.lines[0]
    effect = effect_of(change)
    if not effect and first.item not in ahead:
        effect = _effect_after(explained, proofs, [line for one in tasks for line in one.lines if line.item in ahead])
    if change.advances or change.rate_gain > 0:
        group = OPENS
    elif first.item in ahead and first.verdict in (Verdict.WEAK, Verdict.EXPIRED):
        group = WEAK
    else:
        group = REST
    return NextAction(
        what=_what(task),
        why=_why(task),
        effect=effect,
        url=task.supply.url,
        label=task.supply.label,
        rank=(group, -change.rate_gain, first.stage_number, order),
        dialog=task.supply.dialog,
    )


def _planned(explained: Explained, lines: Iterable[ItemLine]) -> list[Proof]:
    return [proof for line in lines if (proof := planned_proof(line, explained)) is not None]


def _effect_after(explained: Explained, proofs: Sequence[Proof], ahead: Sequence[ItemLine]) -> str:
    """Say what proofs of a later gate bring once the present gate is open."""
    opening = _planned(explained, ahead)
    opened = what_if(explained, proofs=opening).after
    change = compare(explained.compiled, opened, what_if(explained, proofs=[*opening, *proofs]).after)
    effect = effect_of(change)
    return _("afterwards %(effect)s") % {"effect": effect} if effect else ""


def _what(task: _Task) -> str:
    first = task.lines[0]
    if task.supply.supplied_by == SUPPLIED_BY_CALL:
        return _("Call the handler and log it")
    if task.supply.supplied_by == SUPPLIED_BY_VISIT:
        return _("Visit the customer and log it")
    if task.supply.supplied_by == SUPPLIED_BY_METHOD:
        return _("Find out the purchase method")
    if task.supply.supplied_by in (SUPPLIED_BY_CUSTOMER, SUPPLIED_BY_CONTACT):
        return _("Complete the record: %(title)s") % {"title": first.title}
    words = {
        Verdict.WEAK: _("Strengthen the evidence: %(title)s"),
        Verdict.EXPIRED: _("Renew the evidence: %(title)s"),
        Verdict.WAIVED: _("Prove what stands on a waiver: %(title)s"),
    }
    return words.get(first.verdict, _("Prove: %(title)s")) % {"title": first.title}


def _why(task: _Task) -> str:
    if len(task.lines) > 1:
        count = len(task.lines)
        titles = pgettext("between titles", ", ").join(line.title for line in task.lines[:2])
        return ngettext("%(titles)s", "%(num)d items at once: %(titles)s …", count) % {"num": count, "titles": titles}
    return task.lines[0].reason


def _give_up(explained: Explained) -> Iterable[NextAction]:
    found = explained.assessment
    if found.verdict is LagVerdict.GIVE_UP_PROPOSED:
        yield NextAction(
            what=_("Decide whether to give up"),
            why=_("the buyer is in stage %(buyer)d, we have completed stage %(ours)d")
            % {"buyer": found.buyer_stage, "ours": found.completed_stage},
            effect=_("frees the people on this deal"),
            url=give_up_url(explained.opportunity.ref),
            label=_("Decide"),
            rank=(GIVE_UP, 0, 0, 0),
            tone="lag",
        )


def _running_out(explained: Explained) -> Iterable[NextAction]:
    for index, renewal in enumerate(renewals(explained, within_days=SOON_DAYS)):
        if renewal.change is None:
            continue
        effect = effect_of(renewal.change)
        yield NextAction(
            what=_renew_words(renewal),
            why=(_("the waiver ends on %(day)s") if renewal.waived else _("runs out on %(day)s"))
            % {"day": day(renewal.last_day)},
            effect=_("otherwise %(effect)s") % {"effect": effect} if effect else "",
            url=renewal.url,
            label=renewal.label,
            rank=(
                WAIVER_ENDS if renewal.waived else EXPIRING,
                (renewal.last_day - explained.on).days,
                renewal.lines[0].stage_number,
                index,
            ),
            dialog=not renewal.appointment,
            tone="lag",
        )


def _renew_words(renewal: Renewal) -> str:
    if renewal.appointment:
        return _("Hold the agreed visit and log it")
    words = _("Prove before the waiver ends: %(title)s") if renewal.waived else _("Renew: %(title)s")
    return words % {"title": renewal.title}


def _unknowns(explained: Explained) -> Iterable[NextAction]:
    found, ref = explained.assessment, explained.opportunity.ref
    if found.buyer_stage == 0:
        yield NextAction(
            what=_("Note what the buyer has done"),
            why=_("no act of the buyer is recorded, so the tracks cannot be compared"),
            effect=_("shows the gap between both tracks"),
            url=deal_url(ref, "buyer"),
            label=_("Note it"),
            rank=(BUYER, 0, 0, 0),
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
            rank=(METHOD, 0, 0, 0),
        )
