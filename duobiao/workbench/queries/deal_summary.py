"""A deal in one page for a manager: where it stands, who is known, who competes, what is missing, what comes next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language

from duobiao.competition.models import DealRival, Reach
from duobiao.competition.models.choices import Depth
from duobiao.competition.queries.landscape import grades
from duobiao.competition.queries.portfolio import Placed, place
from duobiao.customers.models import Contact
from duobiao.needs.queries.account import NeedsAccount, needs_account
from duobiao.opportunities.queries.explain import ItemLine, explain
from duobiao.opportunities.queries.next_actions import NextAction, next_actions
from duobiao.opportunities.queries.people import Person
from duobiao.opportunities.queries.risks import RiskLine, risk_lines
from duobiao.opportunities.queries.surroundings import around
from duobiao.opportunities.queries.tasks import TaskLine, tasks_of
from duobiao.opportunities.queries.threads import ThreadLine, threads_of
from duobiao.playbooks.domain.model import Kind, Verdict
from duobiao.playbooks.queries import text_of
from duobiao.stakeholders.queries.account import ChainAccount, chain_account
from duobiao.stakeholders.queries.chain import load_chain
from duobiao.strategy.models import StrategyVersion
from duobiao.workbench.queries.deal_frame import DealFrame
from duobiao.workbench.queries.deal_history import FIELDS, AmountLine, FieldRow, amount_line, field_rows
from duobiao.workbench.queries.deal_overview import people_in

PEOPLE_SHOWN = 12
MISSING_SHOWN = 8
CHANGES_SHOWN = 6
CHANGES = ("amount_minor", "expected_close_on")


@dataclass(frozen=True, slots=True)
class RivalLine:
    """A rival in the race.

    Attributes:
        gap: In grades, negative where it is ahead.
        supporters: Who at the customer leans to it or fights for it, the firmest first.
    """

    row: DealRival
    gap: Decimal | None
    supporters: list[str]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the page shows.

    Attributes:
        stage: The stage at work, as the playbook names it.
        missing: What the gates ahead lack, at most ``MISSING_SHOWN`` of ``missing_count``.
        chain: How the decision chain stands; None while nobody is on it.
        needs: What must be met and is not, and open objections.
        departments: Contact lines, those gone cold marked.
        promises: Open tasks: what we owe, the earliest due first.
        changes: Latest changes of amount and expected signature.
        placed: Its place in the investment matrix; None once it is closed.
        strategy: The latest version of the strategy.
    """

    stage: str
    missing: Sequence[ItemLine]
    missing_count: int
    chain: ChainAccount | None
    needs: NeedsAccount
    departments: Sequence[ThreadLine]
    people: Sequence[Person]
    people_count: int
    rivals: Sequence[RivalLine]
    risks: Sequence[RiskLine]
    actions: Sequence[NextAction]
    promises: Sequence[TaskLine]
    changes: Sequence[FieldRow]
    line: AmountLine | None
    placed: Placed | None
    strategy: StrategyVersion | None


def summary_of(frame: DealFrame) -> Summary:
    """Return the account of a deal; as many queries whatever it holds."""
    deal, on, actor = frame.deal, frame.on, frame.rights.actor
    explained, surrounding = explain(deal, on), around(deal)
    missing = [
        line
        for line in explained.items
        if line.gates and line.stage_number == explained.focus and line.verdict in (
            Verdict.MISSING, Verdict.WEAK, Verdict.EXPIRED, Verdict.WAIVED
        )
    ]  # fmt: skip
    missing += [
        line
        for line in explained.of(explained.focus, Kind.INFORMATION)
        if line.verdict in (Verdict.MISSING, Verdict.WEAK, Verdict.EXPIRED)
    ]
    people = people_in(frame)
    labels = {str(FIELDS[name]) for name in CHANGES}
    changes = [row for row in field_rows(deal) if row.field in labels]
    stages = explained.compiled.playbook.stages
    focus = stages[explained.focus - 1] if 0 < explained.focus <= len(stages) else None
    return Summary(
        stage=f"{focus.number} {text_of(focus.title, get_language())}" if focus is not None else "",
        missing=missing[:MISSING_SHOWN],
        missing_count=len(missing),
        chain=chain_account(load_chain(deal, on=on)),
        needs=needs_account(deal),
        departments=threads_of(deal, actor, on=on),
        people=people[:PEOPLE_SHOWN],
        people_count=len(people),
        rivals=_rivals(frame),
        risks=risk_lines(deal, surrounding.signals, on=on) if deal.is_open else [],
        actions=next_actions(explained, surrounding) if deal.is_open else [],
        promises=[line for line in tasks_of(deal, actor, on=on) if line.task.is_open],
        changes=changes[:CHANGES_SHOWN],
        line=amount_line(deal, timezone.now()),
        placed=place([deal], on=on)[0] if deal.is_open else None,
        strategy=StrategyVersion.objects.filter(opportunity=deal).order_by("-number").first(),
    )


def _rivals(frame: DealFrame) -> list[RivalLine]:
    """Return the rivals in the race; who may not know a person does not read the name (as on the map of rivals)."""
    rows = DealRival.objects.filter(opportunity=frame.deal, left_on=None).select_related("rival").order_by("pk")
    reaches = Reach.objects.filter(deal_rival__opportunity=frame.deal, depth__gte=Depth.LEANS)
    seen = Contact.objects.live() if frame.rights.works_here else Contact.objects.visible_to(frame.rights.actor)
    named = reaches.filter(contact__in=seen).order_by("-depth", "contact__name", "pk")
    supporters: dict[int, list[str]] = defaultdict(list)
    for rival, name in named.values_list("deal_rival", "contact__name"):
        supporters[rival].append(name)
    return [RivalLine(row, grades(row.gap_hundredths), supporters[row.pk]) for row in rows]
