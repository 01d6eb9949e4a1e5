"""All items of one stage, with the lists that go with it and the buyer's acts recorded for it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, pgettext

from duobiao.opportunities.actions.follow_customer import CRITERIA_KEY
from duobiao.opportunities.domain.links import deal_url, proof_url, stage_url, waiver_url
from duobiao.opportunities.models import Grade
from duobiao.opportunities.queries.contract import contract_items
from duobiao.opportunities.queries.explain import Explained, ItemLine
from duobiao.opportunities.queries.gates import OPEN, gate_item, other_way, supply_of
from duobiao.playbooks.domain.model import Kind, Stage, Verdict
from duobiao.playbooks.domain.vocabulary import Supplier
from duobiao.playbooks.queries import catalogue, focus_words, text_of
from duobiao.reviews.queries.gates import gate_proving
from duobiao.web.components import GateGroup, Tab
from duobiao.workbench.queries.rights import DealRights


@dataclass(frozen=True, slots=True)
class BuyerAct:
    """An act of the buyer that is recorded for a stage."""

    title: str
    on: date
    grade: int
    grade_words: str
    url: str
    counts: bool


@dataclass(frozen=True, slots=True)
class StagePage:
    """One stage with everything in it.

    Attributes:
        buyers: Title and owner of each stage of the buyer that it goes with.
        focus: Who we are in this stage, and what to concentrate on; None where the playbook does not say.
        control_points: Kind and title of the reviews that steer it.
    """

    number: int
    title: str
    purpose: str
    buyers: tuple[tuple[str, str], ...]
    focus: tuple[str, str] | None
    control_points: tuple[tuple[str, str], ...]
    groups: tuple[GateGroup, ...]
    appraisal: tuple[str, ...]
    tools: tuple[str, ...]
    work: tuple[str, ...]
    acts: tuple[BuyerAct, ...]
    stages: tuple[Tab, ...]
    total: int


def stage_page(explained: Explained, number: int, rights: DealRights) -> StagePage:
    """Return the page of a stage."""
    language = get_language()
    playbook = explained.compiled.playbook
    stage = playbook.stages[number - 1]
    titles = {
        Kind.M: pgettext("group", "Milestone: enters the stage"),
        Kind.S: pgettext("group", "Success standard: completes the stage"),
        Kind.P: pgettext("group", "Process conditions"),
        Kind.R: pgettext("group", "Relationship conditions"),
        Kind.INFORMATION: pgettext("group", "Information"),
    }
    groups = tuple(_group(explained, explained.of(number, str(kind)), title, rights) for kind, title in titles.items())
    return StagePage(
        number=number,
        title=text_of(stage.title, language),
        purpose=text_of(stage.purpose, language),
        buyers=tuple(
            (f"{buyer.number} {text_of(buyer.title, language)}", text_of(buyer.owner, language))
            for buyer in playbook.covered(stage)
        ),
        focus=focus_words(stage, language),
        control_points=tuple((str(point.kind), text_of(point.title, language)) for point in stage.control_points),
        groups=tuple(group for group in groups if group.items),
        appraisal=tuple(text_of(note.title, language) for note in stage.appraisal),
        tools=tuple(text_of(note.title, language) for note in stage.tools),
        work=tuple(text_of(note.title, language) for note in stage.work),
        acts=_acts(explained, stage),
        stages=_stages(explained, number),
        total=len(explained.items),
    )


def _group(explained: Explained, lines: list[ItemLine], title: str, rights: DealRights) -> GateGroup:
    applicable = [line for line in lines if line.verdict is not Verdict.NOT_APPLICABLE]
    items = tuple(
        gate_item(line, explained, may_prove=rights.may_prove, links=_links(line, explained, rights)) for line in lines
    )
    return GateGroup(title=title, items=items, met=sum(line.counts for line in applicable), required=len(applicable))


def _links(line: ItemLine, explained: Explained, rights: DealRights) -> tuple[Tab, ...]:
    """Return the other ways to deal with an open item: a paper instead of a record, a waiver."""
    if line.verdict not in OPEN:
        return ()
    links = []
    supply = supply_of(line, explained)
    by_paper = other_way(line, explained)
    if by_paper and rights.may_prove:
        links.append(Tab(pgettext("link", "other evidence"), by_paper))
    by_assessment = any(accept.evidence == CRITERIA_KEY for accept in line.accepts)
    if by_assessment and rights.may_open("customers.edit"):
        links.append(
            Tab(pgettext("link", "assess the customer"), f"/customers/{explained.opportunity.customer.ref}/assess/")
        )
    gate = gate_proving(accept.evidence for accept in line.accepts)
    if gate and rights.may_open("reviews.plan"):
        plan_url = f"{deal_url(explained.opportunity.ref, 'gate-reviews')}new/?gate={gate}"
        links.append(Tab(pgettext("link", "plan the review"), plan_url))
    asked = next((row.ref for row in explained.ledger.waivers if row.item == line.item and row.waits(explained.on)), "")
    if asked:
        return (*links, Tab(pgettext("link", "waiver requested"), f"/waivers/{asked}/"))
    method_first = supply is not None and supply.supplied_by == Supplier.METHOD
    waivable = line.gates and line.verdict is not Verdict.WAIVED and not method_first
    if waivable and line.item not in contract_items(explained.compiled) and rights.may_open("opportunities.ask_waiver"):
        links.append(Tab(pgettext("link", "ask for a waiver"), waiver_url(explained.opportunity.ref, line.item)))
    return tuple(links)


def _acts(explained: Explained, stage: Stage) -> tuple[BuyerAct, ...]:
    language, marks = get_language(), explained.compiled.marks
    first, last = stage.covers
    rows = [
        row.fact
        for row in explained.ledger.proofs
        if row.fact.retracted_on is None and row.fact.key in marks and first <= marks[row.fact.key].stage <= last
    ]
    return tuple(
        BuyerAct(
            title=text_of(catalogue()[fact.key].title, language),
            on=fact.happened_on,
            grade=int(fact.grade),
            grade_words=str(Grade(fact.grade).label),
            url=proof_url(fact.ref),
            counts=fact.grade >= Grade.DOCUMENTED,
        )
        for fact in sorted(rows, key=lambda fact: (fact.happened_on, fact.sequence))
    )


def _stages(explained: Explained, current: int) -> tuple[Tab, ...]:
    language, ref = get_language(), explained.opportunity.ref
    return tuple(
        Tab(
            f"{stage.number} {text_of(stage.short, language)}",
            stage_url(ref, stage.number),
            count=sum(not line.counts for line in explained.of(stage.number) if line.gates) or None,
            current=stage.number == current,
        )
        for stage in explained.compiled.playbook.stages
    )
