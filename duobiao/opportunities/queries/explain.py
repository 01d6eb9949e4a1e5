"""Explain a deal's assessment item by item: verdict, reason in words, what suffices, what decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from duobiao.opportunities.models import Grade, Opportunity, PurchaseMethod
from duobiao.opportunities.queries.facts import playbook_on
from duobiao.opportunities.queries.ledger import Ledger, ProofRow, ledgers
from duobiao.playbooks.domain.assess import Assessment, ItemState, assess, item_states
from duobiao.playbooks.domain.compile import Compiled
from duobiao.playbooks.domain.facts import Facts
from duobiao.playbooks.domain.model import Accept, Item, Kind, Method, Stage, Verdict
from duobiao.playbooks.domain.vocabulary import Supplier
from duobiao.playbooks.queries import catalogue, compiled_playbook, text_of
from duobiao.web.formats import day

SOURCES = {
    "call": gettext_lazy("call record"),
    "visit": gettext_lazy("visit record"),
    "confirmation": gettext_lazy("confirmed minutes"),
    "customer": gettext_lazy("customer profile"),
    "customer_assessment": gettext_lazy("customer assessment"),
    "decision_chain": gettext_lazy("decision chain"),
    "competition_landscape": gettext_lazy("records about rivals"),
}
"""What a record that supplies evidence is called."""


@dataclass(frozen=True, slots=True)
class Acceptable:
    """One kind of evidence that would do for an item on this deal.

    Attributes:
        supplied_by: The record whose form is offered first.
    """

    evidence: str
    title: str
    min_grade: Grade
    supplied_by: Supplier


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item as people and the API see it.

    Attributes:
        reason: Why the verdict is what it is, in the reader's language.
        needed: The lowest grade that suffices; None where the item does not apply or the method is unknown.
        expires_on: Last day it stays met, or the day it ran out.
        file_name: Name of a document that shows it, "" without one.
    """

    stage_number: int
    kind: str
    item: str
    title: str
    gates: bool
    origin: str
    verdict: Verdict
    reason: str
    grade: Grade | None
    needed: Grade | None
    expires_on: date | None
    proof_ref: str
    accepts: tuple[Acceptable, ...]
    file_name: str = ""

    @property
    def counts(self) -> bool:
        """Whether it counts for the stage."""
        return self.verdict in (Verdict.MET, Verdict.SETTLED, Verdict.WAIVED, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items of a group count, of those that apply; percent rounded to whole."""

    met: int
    required: int

    @property
    def percent(self) -> int:
        """Share met in percent; 100 where nothing is required."""
        return 100 if self.required == 0 else round(100 * self.met / self.required)


@dataclass(frozen=True, slots=True)
class Explained:
    """An assessment with every item in words.

    Attributes:
        focus: The stage whose conditions are shown: the present one, or the next where it is completed.
        on: Day of the judgement.
    """

    opportunity: Opportunity
    assessment: Assessment
    compiled: Compiled
    facts: Facts
    items: tuple[ItemLine, ...]
    focus: int
    on: date
    ledger: Ledger

    @property
    def stage(self) -> Stage | None:
        """The stage entered last, if any."""
        number = self.assessment.stage_number
        return self.compiled.playbook.stages[number - 1] if number else None

    def order_of(self, line: ItemLine) -> int:
        """Return the place of an item in the playbook."""
        return self.items.index(line)

    def of(self, stage: int, *kinds: str) -> list[ItemLine]:
        """Return the items of a stage, of some kinds."""
        return [line for line in self.items if line.stage_number == stage and (not kinds or line.kind in kinds)]

    def condition(self, kind: Kind) -> Progress:
        """Return the progress of a condition group of the focus stage; waived items do not count as met."""
        lines = [line for line in self.of(self.focus, str(kind)) if line.verdict is not Verdict.NOT_APPLICABLE]
        return Progress(sum(line.verdict in (Verdict.MET, Verdict.SETTLED) for line in lines), len(lines))

    def entering(self, stage: int) -> list[ItemLine]:
        """Return the items that open a stage."""
        return self.of(stage, str(Kind.M))

    def completing(self, stage: int) -> list[ItemLine]:
        """Return the other items that gate a stage's completion, process conditions among them."""
        return [line for line in self.of(stage) if line.gates and line.kind != Kind.M]


def explain(opportunity: Opportunity, on: date) -> Explained:
    """Judge a deal on a day and word every item; five queries whatever its size."""
    return explain_many([opportunity], on)[0]


def explain_many(opportunities: Sequence[Opportunity], on: date) -> list[Explained]:
    """Judge and word several deals by the playbook each had on the day; five queries for any number of them.

    A deal that moved to another playbook after the day costs two more.
    """
    under = {deal.pk: playbook_on(deal, on) for deal in opportunities}
    held = ledgers(opportunities, under=under)
    return [_explained(deal, under[deal.pk], held[deal.pk], on) for deal in opportunities]


def _explained(opportunity: Opportunity, version_id: int, ledger: Ledger, on: date) -> Explained:
    compiled, facts = compiled_playbook(version_id), ledger.facts
    assessment = assess(compiled, facts, on=on)
    words = _Words(version_id, facts, ledger, assessment)
    order = _reading_order(compiled)
    states = sorted(item_states(facts, assessment, compiled.slots), key=lambda state: order[state.slot.item.key])
    return Explained(
        opportunity=opportunity,
        assessment=assessment,
        compiled=compiled,
        facts=facts,
        items=tuple(words.line(state) for state in states),
        focus=assessment.focus_stage,
        on=on,
        ledger=ledger,
    )


def _reading_order(compiled: Compiled) -> dict[str, int]:
    return {item.key: index for index, item in enumerate(compiled.playbook.items)}


class _Words:
    """Puts verdicts into words; holds what the words of one deal need."""

    def __init__(self, playbook_id: int, facts: Facts, ledger: Ledger, assessment: Assessment) -> None:
        self.assessment = assessment
        self.playbook_id = playbook_id
        self.language = get_language()
        self.nothing = _("nothing recorded yet")
        self.method = str(PurchaseMethod(str(assessment.method)).label)
        self.settler = self._settler(compiled_playbook(playbook_id), facts)
        on = assessment.frame.on
        self.waivers = {
            row.item: row
            for row in ledger.waivers
            if row.item and row.approved_on is not None and row.ended_on is None and row.expires_on >= on
        }
        self.rows = {row.fact.ref: row for row in ledger.proofs}

    def line(self, state: ItemState) -> ItemLine:
        item = state.slot.item
        accepts = acceptable_for(self.playbook_id, item.key, self.assessment.method, self.language)
        return ItemLine(
            stage_number=item.stage,
            kind=str(item.kind),
            item=item.key,
            title=text_of(item.title, self.language),
            gates=item.gates,
            origin=item.origin,
            verdict=state.verdict,
            reason=self.reason(state, item),
            grade=Grade(state.grade) if state.grade else None,
            needed=min(accept.min_grade for accept in accepts) if accepts else None,
            expires_on=self._last_day(state, item),
            proof_ref=state.proof.ref if state.proof else "",
            accepts=accepts,
            file_name=self._file(state),
        )

    def reason(self, state: ItemState, item: Item) -> str:
        """Say why an item stands as it does."""
        reasons = {
            Verdict.MET: self._met,
            Verdict.SETTLED: self._settled,
            Verdict.NOT_APPLICABLE: self._not_applicable,
            Verdict.WAIVED: self._waived,
            Verdict.EXPIRED: self._expired,
            Verdict.WEAK: self._weak,
            Verdict.MISSING: self._missing,
        }
        return reasons[state.verdict](state, item)

    def _met(self, state: ItemState, item: Item) -> str:
        del item
        if state.proof is None:
            return _("proved")
        said = _said(self.rows[state.proof.ref])
        return " · ".join([*said, day(state.proof.happened_on)])

    def _settled(self, state: ItemState, item: Item) -> str:
        del state, item
        return _("settled by the buyer's own act: %(act)s") % {"act": self.settler}

    def _not_applicable(self, state: ItemState, item: Item) -> str:
        del state, item
        return _("does not apply to this purchase method (%(method)s)") % {"method": self.method}

    def _waived(self, state: ItemState, item: Item) -> str:
        del state
        waiver = self.waivers.get(item.key)
        if waiver is None:
            return _("waived")
        return _("%(who)s approved until %(day)s: %(why)s") % {
            "who": waiver.approver,
            "day": day(waiver.expires_on),
            "why": waiver.reason,
        }

    def _expired(self, state: ItemState, item: Item) -> str:
        del item
        return _("ran out on %(day)s; ask again and record it") % {"day": day(state.expires_on, "")}

    def _weak(self, state: ItemState, item: Item) -> str:
        needed = min(accept.min_grade for accept in item.accepts_under(self.assessment.method))
        held = Grade(state.grade or Grade.ASSERTED)
        return _("only %(held)s; %(needed)s is needed") % {"held": held.label, "needed": Grade(needed).label}

    def _missing(self, state: ItemState, item: Item) -> str:
        del state
        if self.assessment.method is Method.UNKNOWN and item.depends_on_method:
            return _("purchase method unknown")
        return self.nothing

    def _last_day(self, state: ItemState, item: Item) -> date | None:
        if state.verdict is Verdict.WAIVED and item.key in self.waivers:
            return self.waivers[item.key].expires_on
        return state.expires_on

    def _settler(self, compiled: Compiled, facts: Facts) -> str:
        settlements, through = compiled.playbook.settlements, self.assessment.settled_through
        frame = self.assessment.frame
        for proof in facts.proofs:
            settles = settlements.get(proof.key) == through and proof.grade >= Grade.BUYER_CONFIRMED
            if settles and proof.live(on=frame.on, known_by=frame.known_by):
                title = text_of(catalogue()[proof.key].title, self.language)
                return f"{title} · {day(proof.happened_on)}"
        return ""

    def _file(self, state: ItemState) -> str:
        files = self.rows[state.proof.ref].files if state.proof else ()
        return files[0] if files else ""


@lru_cache(maxsize=16384)
def acceptable_for(playbook_id: int, key: str, method: Method, language: str | None) -> tuple[Acceptable, ...]:
    """Return what would do for an item under a purchase method; playbook versions never change, so it is kept."""
    item = compiled_playbook(playbook_id).by_key[key].item
    return tuple(_acceptable(accept, language) for accept in item.accepts_under(method))


def _acceptable(accept: Accept, language: str | None) -> Acceptable:
    evidence = catalogue()[accept.evidence]
    title = text_of(evidence.title, language)
    return Acceptable(accept.evidence, title, Grade(accept.min_grade), evidence.supplied_by)


def _said(row: ProofRow) -> list[str]:
    """Return what a proof shows in a few words: who said it, the quote, else the record; and if nobody verified it."""
    parts = [row.who, row.quote[:60]]
    if not any(parts) and row.source_kind in SOURCES:
        parts.append(str(SOURCES[row.source_kind]))
    if row.is_unverified:
        parts.append(_("not verified by a second person"))
    return [part for part in parts if part]
