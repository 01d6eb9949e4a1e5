"""Catch up (追赶) in words: what brings our stage level with the buyer's, each with its form and what it leads to."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from duobiao.opportunities.models import Grade
from duobiao.opportunities.queries.explain import Explained, ItemLine
from duobiao.opportunities.queries.gates import IN_DIALOG, form_for
from duobiao.opportunities.queries.what_if import compare
from duobiao.playbooks.domain.assess import Assessment
from duobiao.playbooks.domain.catch_up import CatchUp, Step, catch_up
from duobiao.playbooks.domain.vocabulary import Supplier
from duobiao.playbooks.queries import catalogue, text_of
from duobiao.web.formats import percent

EFFORT = {
    Supplier.CALL: 0, Supplier.METHOD: 1, Supplier.CUSTOMER: 1, Supplier.CONTACT: 1, Supplier.RIVALS: 1, Supplier.VISIT: 2,
    Supplier.NEEDS: 2, Supplier.CHAIN: 2,
}  # fmt: skip
"""How much work supplies evidence, by its record; a paper of the buyer's takes the most."""
MOST_EFFORT = 3


@dataclass(frozen=True, slots=True)
class CatchUpStep:
    """One thing to supply.

    Attributes:
        also: Titles of further items that the same evidence serves.
        supplies: What would do, with the grade needed; "" while the purchase method decides it.
        effect: What changes once this and all before it are proved; "" where nothing moves yet.
        dialog: Whether the form opens above the page.
    """

    item: str
    stage_number: int
    kind: str
    title: str
    also: tuple[str, ...]
    evidence: str
    supplies: str
    reason: str
    effect: str
    rate_after: int
    url: str
    label: str | Promise
    dialog: bool


@dataclass(frozen=True, slots=True)
class CatchUpPlan:
    """The list that brings a deal level with the buyer.

    Attributes:
        sentence: How many things lead where, and what the rate would be.
        note: What the list does not settle: the purchase method, a waiver that holds the rate back; "" for nothing.
    """

    target_stage: int
    buyer_stage: int
    lag: int
    rate_before: int
    rate_after: int
    stage_after: int
    is_certain: bool
    sentence: str
    note: str
    steps: tuple[CatchUpStep, ...]


def catch_up_plan(explained: Explained) -> CatchUpPlan | None:
    """Return the list for a deal that is behind the buyer; None where it is not, or is closed."""
    found = catch_up(explained.compiled, explained.facts, on=explained.on, effort=effort_of)
    if found is None:
        return None
    lines = {line.item: line for line in explained.items}
    before, steps = found.before, []
    for step in found.steps:
        steps.append(_step(step, lines, explained, before))
        before = step.after
    return CatchUpPlan(
        target_stage=found.target,
        buyer_stage=found.before.buyer_stage,
        lag=found.before.lag or 0,
        rate_before=found.before.rate_percent,
        rate_after=found.after.rate_percent,
        stage_after=found.after.completed_stage,
        is_certain=found.is_certain,
        sentence=_sentence(found),
        note=_note(found, explained),
        steps=tuple(steps),
    )


def effort_of(key: str) -> int:
    """Return how much work a kind of evidence takes."""
    return EFFORT.get(catalogue()[key].supplied_by, MOST_EFFORT)


def _step(step: Step, lines: dict[str, ItemLine], explained: Explained, before: Assessment) -> CatchUpStep:
    line, accept = lines[step.slot.item.key], step.accept
    form = form_for(line, explained)
    return CatchUpStep(
        item=line.item,
        stage_number=line.stage_number,
        kind=line.kind,
        title=line.title,
        also=tuple(lines[slot.item.key].title for slot in step.also),
        evidence=accept.evidence if accept is not None else "",
        supplies=_supplies(step),
        reason=line.reason,
        effect=_effect(before, step.after, explained),
        rate_after=step.after.rate_percent,
        url=form.url,
        label=form.label,
        dialog=form.supplied_by in IN_DIALOG,
    )


def _supplies(step: Step) -> str:
    if step.accept is None:
        return ""
    title = text_of(catalogue()[step.accept.evidence].title, get_language())
    return _("%(evidence)s (%(grade)s)") % {"evidence": title, "grade": Grade(step.accept.min_grade).label}


def _effect(before: Assessment, after: Assessment, explained: Explained) -> str:
    change, parts = compare(explained.compiled, before, after), []
    if after.completed_stage > before.completed_stage:
        parts.append(_("completes stage %(n)d") % {"n": after.completed_stage})
    elif after.stage_number > before.stage_number:
        parts.append(_("enters stage %(n)d") % {"n": after.stage_number})
    if change.rate_gain > 0:
        rates = {"before": percent(before.rate_percent), "after": percent(after.rate_percent)}
        parts.append(_("success rate %(before)s → %(after)s") % rates)
    if change.brings_in_sync:
        parts.append(_("level with the buyer"))
    return pgettext("between parts of a sentence", ", ").join(parts)


def _sentence(found: CatchUp) -> str:
    words = ngettext(
        "%(num)d thing brings us level with the buyer at stage %(buyer)d",
        "%(num)d things bring us level with the buyer at stage %(buyer)d",
        len(found.steps),
    ) % {"num": len(found.steps), "buyer": found.before.buyer_stage}
    if found.after.rate_percent <= found.before.rate_percent:
        return words
    rates = {"before": percent(found.before.rate_percent), "after": percent(found.after.rate_percent)}
    return pgettext("between parts of a sentence", ", ").join([words, _("success rate %(before)s → %(after)s") % rates])


def _note(found: CatchUp, explained: Explained) -> str:
    if not found.is_certain:
        return _("What would do for some of them depends on the purchase method; find it out first.")
    full = int(explained.compiled.rates[found.after.completed_stage])
    if full > found.after.rate_percent:
        rates = {"rate": percent(found.after.rate_percent), "full": percent(full)}
        return _("Waivers hold the success rate at %(rate)s; with what they stand for proved it is %(full)s.") % rates
    return ""
