"""The items of a deal as rows that can be worked on: verdict, reason, and the form that supplies each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from duobiao.opportunities.domain.links import (
    deal_url,
    proof_url,
    prove_url,
    supply_url,
)
from duobiao.opportunities.queries.explain import Explained, ItemLine
from duobiao.opportunities.queries.held_back import rate_on_completing
from duobiao.playbooks.domain.model import State, Verdict
from duobiao.playbooks.domain.place import lag_between
from duobiao.playbooks.domain.vocabulary import Supplier
from duobiao.web.components import GateGroup, GateItem, ItemVerdict, Tab
from duobiao.web.formats import percent

VERDICTS: dict[Verdict, ItemVerdict] = {
    Verdict.MET: "MET",
    Verdict.SETTLED: "SETTLED",
    Verdict.NOT_APPLICABLE: "NOT_APPLICABLE",
    Verdict.WAIVED: "WAIVED",
    Verdict.EXPIRED: "EXPIRED",
    Verdict.WEAK: "WEAK",
    Verdict.MISSING: "MISSING",
}
OPEN = frozenset({Verdict.WAIVED, Verdict.EXPIRED, Verdict.WEAK, Verdict.MISSING})
LABELS: dict[Supplier, str | Promise] = {
    Supplier.CALL: gettext_lazy("Log a call"),
    Supplier.VISIT: gettext_lazy("Log a visit"),
    Supplier.METHOD: gettext_lazy("Name the method"),
    Supplier.CUSTOMER: gettext_lazy("Fill in"),
    Supplier.CONTACT: gettext_lazy("Fill in"),
    Supplier.ASSESSMENT: gettext_lazy("Assess"),
    Supplier.RIVALS: gettext_lazy("Record rivals"),
    Supplier.NEEDS: gettext_lazy("Open the needs"),
    Supplier.CHAIN: gettext_lazy("Record in the decision chain"),
    Supplier.REVIEW: gettext_lazy("Open the reviews"),
    Supplier.ADMISSION: gettext_lazy("Record the admission"),
}
IN_DIALOG = frozenset({Supplier.GENERAL, Supplier.METHOD, Supplier.CHAIN})


@dataclass(frozen=True, slots=True)
class Supply:
    """The way to supply an item: where, and what the button says."""

    label: str | Promise
    url: str
    dialog: bool
    supplied_by: Supplier


@dataclass(frozen=True, slots=True)
class Gap:
    """What a deal lacks: the rows of the gates ahead and what is waived behind.

    Attributes:
        missing: Items of these gates that do not count; ``waived`` items in force on the whole deal.
    """

    groups: tuple[GateGroup, ...]
    missing: int
    waived: int


def supply_of(line: ItemLine, explained: Explained) -> Supply | None:
    """Return the form that supplies an item; None where nothing is left to do."""
    return form_for(line, explained) if line.verdict in OPEN else None


def form_for(line: ItemLine, explained: Explained) -> Supply:
    """Return the form that supplies an item, whatever its verdict."""
    deal = explained.opportunity
    if not line.accepts:
        return Supply(LABELS[Supplier.METHOD], deal_url(deal.ref, "purchase-method"), True, Supplier.METHOD)
    kinds = {accept.supplied_by for accept in line.accepts}
    supplied_by = line.accepts[0].supplied_by if len(kinds) == 1 else Supplier.GENERAL
    key = line.accepts[0].evidence if len(line.accepts) == 1 else ""
    url = supply_url(deal.ref, supplied_by=supplied_by, key=key, item=line.item)
    renewed = line.verdict is Verdict.EXPIRED and supplied_by is Supplier.GENERAL
    label = LABELS.get(supplied_by) or (_("Renew") if renewed else _("Add evidence"))
    return Supply(label, url, supplied_by in IN_DIALOG, supplied_by)


def gate_item(
    line: ItemLine,
    explained: Explained,
    *,
    may_prove: bool,
    primary: bool = False,
    with_stage: bool = False,
    links: tuple[Tab, ...] = (),
) -> GateItem:
    """Return one item as a row.

    Args:
        primary: Give it the one filled button of the screen.
        with_stage: Say the stage before the title.
        links: Other ways to deal with it.
    """
    supply = supply_of(line, explained) if may_prove else None
    title = _("Stage %(n)d: %(title)s") % {"n": line.stage_number, "title": line.title} if with_stage else line.title
    met = line.verdict is Verdict.MET
    return GateItem(
        title=title,
        verdict=VERDICTS[line.verdict],
        reason=line.reason,
        reason_label=line.file_name if met else "",
        reason_url=proof_url(line.proof_ref) if met and line.file_name else "",
        grade=int(line.grade or 0),
        needed=int(line.needed or 0),
        until=line.expires_on,
        never_expires=met and line.expires_on is None,
        action_label=supply.label if supply else "",
        action_url=supply.url if supply else "",
        primary=primary and supply is not None,
        dialog=supply.dialog if supply else True,
        url=proof_url(line.proof_ref) if line.proof_ref else "",
        links=links,
        quiet=not line.gates or line.stage_number > explained.focus,
    )


def gap_of(explained: Explained, *, may_prove: bool) -> Gap:
    """Return what the gates ahead lack, then what earlier stages owe to a waiver."""
    found = explained.assessment
    stage = found.focus_stage
    lists: list[tuple[str, str, Sequence[ItemLine]]] = []
    if found.state is not State.COMPLETED:
        if found.state is not State.IN_STAGE:
            lists.append((_("Enter stage %(n)d") % {"n": stage}, "", explained.entering(stage)))
        lists.append((_("Complete stage %(n)d") % {"n": stage}, _after(explained), explained.completing(stage)))
    groups, missing, taken = [], 0, False
    for title, aside, lines in lists:
        group, taken = _group(explained, title, aside, lines, may_prove=may_prove, taken=taken)
        groups.append(group)
        missing += group.required - group.met
    waived = [line for line in explained.items if line.verdict is Verdict.WAIVED and line.gates]
    behind = [line for line in waived if line.stage_number < stage or found.state is State.COMPLETED]
    if behind:
        items = tuple(gate_item(line, explained, may_prove=may_prove, with_stage=True) for line in behind)
        note = _("stages may move on, the success rate does not count them")
        groups.append(GateGroup(title=pgettext("group", "Standing on a waiver"), items=items, note=note))
    return Gap(tuple(groups), missing, len(waived))


def _group(
    explained: Explained, title: str, aside: str, lines: Sequence[ItemLine], *, may_prove: bool, taken: bool
) -> tuple[GateGroup, bool]:
    """Build a group, what is open first; the first open item of the page gets the filled button."""
    items = []
    for line in sorted(lines, key=lambda row: (row.verdict not in OPEN, row.verdict is Verdict.NOT_APPLICABLE)):
        first = not taken and line.verdict in OPEN and line.verdict is not Verdict.WAIVED
        items.append(gate_item(line, explained, may_prove=may_prove, primary=first))
        taken = taken or first
    applicable = [line for line in lines if line.verdict is not Verdict.NOT_APPLICABLE]
    met = sum(line.counts for line in applicable)
    return GateGroup(title=title, items=tuple(items), met=met, required=len(applicable), aside=aside), taken


def _after(explained: Explained) -> str:
    """Say where completing the present stage would leave us."""
    found = explained.assessment
    stage = found.focus_stage
    parts = []
    if found.buyer_stage:
        distance = int(lag_between(explained.compiled, found.buyer_stage, stage))
        if distance == 0:
            parts.append(_("then level with the buyer"))
        elif distance > 0:
            parts.append(
                ngettext("then still %(num)d stage behind", "then still %(num)d stages behind", distance)
                % {"num": distance}
            )
    rate = rate_on_completing(explained, found, stage)
    if rate > found.rate_percent:
        parts.append(_("success rate %(rate)s") % {"rate": percent(rate)})
    return pgettext("between parts of a sentence", ", ").join(parts)


def other_way(line: ItemLine, explained: Explained) -> str:
    """Return the general form for an item that a record usually supplies; "" where it is the usual way."""
    supply = supply_of(line, explained)
    if supply is None or not line.accepts or supply.supplied_by in (Supplier.GENERAL, Supplier.METHOD):
        return ""
    return prove_url(explained.opportunity.ref, item=line.item)
