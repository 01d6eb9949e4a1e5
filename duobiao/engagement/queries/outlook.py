"""What saving would change: judged by the engine itself, with the findings as if they were recorded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.engagement.domain.findings import Finding, Why, lacking, shown
from duobiao.engagement.queries.wording import evidence_title, reason
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.opportunities.queries.facts import load_facts
from duobiao.playbooks.domain import facts as engine
from duobiao.playbooks.domain.assess import Assessment, assess, verdict_of
from duobiao.playbooks.domain.compile import Compiled, Slot
from duobiao.playbooks.domain.model import Grade, Item, Kind, State, Verdict
from duobiao.playbooks.domain.vocabulary import Supplier
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, catalogue, compiled_playbook, get_version, text_of

COUNTS = (Verdict.MET, Verdict.SETTLED, Verdict.WAIVED, Verdict.NOT_APPLICABLE)
LAST = 2**62


@dataclass(frozen=True, slots=True)
class Proved:
    """An item that the record proves.

    Attributes:
        known: It counted before as well.
    """

    item: str
    kind: str
    title: str
    why: str
    grade: int
    known: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A gating item that would still be missing, and the page that supplies it."""

    item: str
    title: str
    why: str
    evidence: str
    supplied_by: Supplier


@dataclass(frozen=True, slots=True)
class Unproved:
    """An evidence key the record could show and does not."""

    evidence: str
    title: str
    why: str
    code: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What saving a record would change.

    Attributes:
        stage: The stage whose items are counted below.
        headline: How the deal would move, "" if it would not.
        closed: The deal takes no evidence any more.
    """

    proved: list[Proved]
    unproved: list[Unproved]
    missing: list[Missing]
    met: int
    required: int
    stage: int
    headline: str = ""
    closed: bool = False
    without_deal: bool = False

    @property
    def main(self) -> list[Proved]:
        """Items shown one by one: milestones and success standards."""
        return [row for row in self.proved if row.kind in (Kind.M, Kind.S)]

    def group(self, kind: str) -> list[Proved]:
        """Return items shown together: one kind of condition."""
        return [row for row in self.proved if row.kind == kind]


@dataclass(slots=True)
class _Ground:
    compiled: Compiled
    facts: engine.Facts
    on: date


def outlook(findings: Sequence[Finding], *, opportunity: Opportunity | None, on: date, least_stage: int = 1) -> Outlook:
    """Judge the deal as if the findings were recorded.

    Args:
        opportunity: None: a new deal under the newest playbook.
        on: Day of the judgement.
        least_stage: Count the items of this stage at least, also while an earlier one is still open.
    """
    ground = _ground(opportunity, on)
    closed = opportunity is not None and opportunity.outcome in (Outcome.LOST, Outcome.GIVEN_UP)
    counted = [] if closed else shown(findings)
    before = assess(ground.compiled, ground.facts, on=on)
    extra = [_proof(row, on) for row in counted]
    facts = engine.Facts([*ground.facts.proofs, *extra], ground.facts.waivers, ground.facts.closings)
    after = assess(ground.compiled, facts, on=on)
    stage = max(after.focus_stage, least_stage)
    gating = [slot for slot in ground.compiled.slots if slot.item.stage == stage and slot.item.gates]
    asked = [slot for slot in gating if _verdict(slot, after) is not Verdict.NOT_APPLICABLE]
    open_slots = sorted((slot for slot in asked if _verdict(slot, after) not in COUNTS), key=_Order(ground.compiled))
    return Outlook(
        proved=_proved(ground.compiled, counted, before, after),
        unproved=[Unproved(f.evidence, evidence_title(f.evidence), reason(f), f.why) for f in lacking(findings)],
        missing=[_missing(slot.item, after, findings) for slot in open_slots],
        met=len(asked) - len(open_slots),
        required=len(asked),
        stage=stage,
        headline=_headline(before, after),
        closed=closed,
        without_deal=opportunity is None,
    )


def _ground(opportunity: Opportunity | None, on: date) -> _Ground:
    if opportunity is not None:
        return _Ground(compiled_playbook(opportunity.playbook_id), load_facts(opportunity), on)
    version = get_version(DEFAULT_PLAYBOOK)
    if version is None:
        raise LookupError(DEFAULT_PLAYBOOK)
    return _Ground(compiled_playbook(version.pk), engine.Facts(), on)


def _proof(finding: Finding, on: date) -> engine.Proof:
    ceiling = catalogue()[finding.evidence].ceiling
    grade = min(Grade(finding.grade or Grade.ASSERTED), ceiling)
    happened_on = min(finding.on or on, on)
    return engine.Proof(
        finding.evidence, grade, happened_on, known_on=on, valid_until=finding.valid_until, sequence=LAST
    )


def _proved(compiled: Compiled, findings: Iterable[Finding], before: Assessment, after: Assessment) -> list[Proved]:
    best: dict[str, tuple[Slot, Finding]] = {}
    for finding in findings:
        grade = Grade(finding.grade or Grade.ASSERTED)
        for slot, accept in compiled.uses[after.method].get(finding.evidence, ()):
            if grade >= accept.min_grade and _verdict(slot, after) in COUNTS:
                best.setdefault(slot.item.key, (slot, finding))
    language = get_language()
    order = _Order(compiled)
    return [
        Proved(
            item=slot.item.key,
            kind=str(slot.item.kind),
            title=text_of(slot.item.title, language),
            why=reason(finding),
            grade=int(min(Grade(finding.grade or 1), catalogue()[finding.evidence].ceiling)),
            known=_verdict(slot, before) in COUNTS,
        )
        for slot, finding in sorted(best.values(), key=lambda row: order(row[0]))
    ]


def _missing(item: Item, after: Assessment, findings: Iterable[Finding]) -> Missing:
    accepts = item.accepts_under(after.method)
    accept = accepts[0] if accepts else item.accepts[0]
    evidence = catalogue()[accept.evidence]
    said = {finding.evidence: finding for finding in findings if not finding.shown}
    why = next((reason(said[row.evidence]) for row in accepts if row.evidence in said), "")
    if not why and not accepts:
        why = _("purchase method unknown")
    return Missing(
        item=item.key,
        title=text_of(item.title, get_language()),
        why=why or _("nothing recorded yet"),
        evidence=accept.evidence,
        supplied_by=evidence.supplied_by,
    )


class _Order:
    """Order slots as the playbook lists their items."""

    def __init__(self, compiled: Compiled) -> None:
        self.index = {item.key: index for index, item in enumerate(compiled.playbook.items)}

    def __call__(self, slot: Slot) -> int:
        return self.index[slot.item.key]


def _verdict(slot: Slot, assessment: Assessment) -> Verdict:
    return verdict_of(slot, assessment, weak=False)


def _headline(before: Assessment, after: Assessment) -> str:
    if (before.stage_number, before.state) == (after.stage_number, after.state):
        return ""
    if after.state in (State.TRANSIT, State.COMPLETED):
        return _("completes stage %(stage)s, rate %(rate)s%%") % {
            "stage": after.completed_stage,
            "rate": after.rate_percent,
        }
    if after.stage_number > before.stage_number:
        return _("enters stage %(stage)s") % {"stage": after.stage_number}
    return ""


def unproved_of(findings: Sequence[Finding], opportunity: Opportunity | None) -> list[Unproved]:
    """Return what a saved record does not prove, with the reason; also what only the deal keeps it from proving."""
    closed = opportunity is not None and opportunity.outcome in (Outcome.LOST, Outcome.GIVEN_UP)
    blocked = Why.DEAL_CLOSED if closed else Why.NO_DEAL if opportunity is None else None
    rows = [row if not row.shown or blocked is None else Finding(row.evidence, blocked) for row in findings]
    return [Unproved(row.evidence, evidence_title(row.evidence), reason(row), str(row.why)) for row in lacking(rows)]
