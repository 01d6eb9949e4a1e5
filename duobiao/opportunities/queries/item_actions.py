"""What the items of a deal suggest: what the gates ahead lack, and what runs out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from duobiao.opportunities.domain.ranking import Group, parts_of
from duobiao.opportunities.models import SuggestionKind
from duobiao.opportunities.queries.effects import effect_of
from duobiao.opportunities.queries.explain import Explained, ItemLine
from duobiao.opportunities.queries.gates import OPEN, Supply, supply_of
from duobiao.opportunities.queries.renewals import Renewal, renewals
from duobiao.opportunities.queries.suggested import NextAction, Scene, digest
from duobiao.opportunities.queries.what_if import Change, compare, planned_proof, what_if
from duobiao.playbooks.domain.facts import Proof
from duobiao.playbooks.domain.model import Kind, State, Verdict
from duobiao.playbooks.domain.vocabulary import Supplier
from duobiao.web.formats import day

SOON_DAYS = 14
KINDS = {
    Supplier.CALL: SuggestionKind.CALL,
    Supplier.VISIT: SuggestionKind.VISIT,
    Supplier.METHOD: SuggestionKind.METHOD,
    Supplier.CUSTOMER: SuggestionKind.PROFILE,
    Supplier.CONTACT: SuggestionKind.PROFILE,
    Supplier.ASSESSMENT: SuggestionKind.PROFILE,
    Supplier.ADMISSION: SuggestionKind.PROFILE,
}
BY_VERDICT = {Verdict.EXPIRED: SuggestionKind.RENEW, Verdict.WAIVED: SuggestionKind.WAIVER}
TALKING = frozenset({SuggestionKind.CALL, SuggestionKind.VISIT})
ANSWERED_BY_TALKING = ("silence", "decision_delay")
ANSWERED_BY_ITEMS = ("stage_overdue", "falling_behind", "evidence_lapsed")
"""Risks that the items ahead answer; they lift those instead of standing in the list themselves."""


@dataclass(slots=True)
class _Task:
    """Items that one form supplies."""

    supply: Supply
    lines: list[ItemLine] = field(default_factory=list)

    @property
    def kind(self) -> SuggestionKind:
        """What kind of suggestion it is."""
        named = KINDS.get(self.supply.supplied_by)
        return named or BY_VERDICT.get(self.lines[0].verdict, SuggestionKind.PROVE)

    @property
    def key(self) -> str:
        """What names it on its deal: calls and visits by their kind, the rest by the item as well."""
        one = self.kind in TALKING or self.kind is SuggestionKind.METHOD
        return str(self.kind) if one else f"{self.kind}:{self.lines[0].item}"


def item_actions(scene: Scene) -> Iterator[NextAction]:
    """Yield what the gates ahead lack, and what stands on a waiver behind."""
    explained = scene.explained
    found = explained.assessment
    stage, kind = found.gate
    ahead = explained.entering(stage) if kind is Kind.M else explained.completing(stage)
    if found.state is State.COMPLETED:
        ahead = []
    later = explained.completing(stage) if kind is Kind.M else []
    behind = [line for line in explained.items if line.verdict is Verdict.WAIVED and line.stage_number < stage]
    tasks = _tasks(explained, [*ahead, *(line for line in behind if line.gates), *later])
    for task in tasks:
        yield _item_action(scene, task, ahead={line.item for line in ahead}, tasks=tasks)


def _tasks(explained: Explained, lines: Sequence[ItemLine]) -> list[_Task]:
    tasks: dict[str, _Task] = {}
    for line in lines:
        supply = supply_of(line, explained)
        if supply is not None and line.verdict in OPEN:
            tasks.setdefault(supply.url, _Task(supply)).lines.append(line)
    return list(tasks.values())


def _item_action(scene: Scene, task: _Task, *, ahead: set[str], tasks: Sequence[_Task]) -> NextAction:
    explained, first = scene.explained, task.lines[0]
    proofs = _planned(explained, task.lines)
    change = what_if(explained, proofs=proofs)
    effect = effect_of(change)
    if not effect and first.item not in ahead:
        effect = _effect_after(explained, proofs, [line for one in tasks for line in one.lines if line.item in ahead])
    group = _group(change, first, ahead=ahead)
    url, dialog = _form(scene, task)
    return NextAction(
        what=_what(scene, task),
        why=_why(task),
        effect=effect,
        url=url,
        label=task.supply.label,
        rank=(int(group), first.stage_number, explained.order_of(first)),
        kind=task.kind,
        key=task.key,
        parts=parts_of(
            group,
            gain=change.rate_gain,
            stage=first.stage_number,
            behind=scene.behind if group is Group.OPENS or first.item in ahead else 0,
            risk=_answers(scene, task),
            meeting_in=scene.days_to(task.kind) if task.kind is SuggestionKind.VISIT else None,
        ),
        dialog=dialog,
        items=tuple(line.item for line in task.lines),
        evidence=_evidence(task.lines),
        facts=_facts(explained, task.lines, group),
    )


def _group(change: Change, first: ItemLine, *, ahead: set[str]) -> Group:
    if change.advances or change.rate_gain > 0:
        return Group.OPENS
    if first.item in ahead and first.verdict in (Verdict.WEAK, Verdict.EXPIRED):
        return Group.WEAK
    return Group.REST


def _answers(scene: Scene, task: _Task) -> str:
    """Return the level of the risk that a suggestion answers."""
    rules = ANSWERED_BY_ITEMS + (ANSWERED_BY_TALKING if task.kind in TALKING else ())
    return scene.risk(*rules)


def _form(scene: Scene, task: _Task) -> tuple[str, bool]:
    """Return the form: that of the agreed visit where there is one."""
    if task.kind is SuggestionKind.VISIT and scene.meeting is not None:
        return scene.meeting.url, False
    return task.supply.url, task.supply.dialog


def _evidence(lines: Iterable[ItemLine]) -> tuple[str, ...]:
    return tuple(sorted({accept.evidence for line in lines for accept in line.accepts}))


def _facts(explained: Explained, lines: Iterable[ItemLine], group: Group) -> str:
    found = explained.assessment
    stands = [(line.item, str(line.verdict), int(line.grade or 0)) for line in lines]
    return digest(int(group), found.completed_stage, found.buyer_stage, *stands)


def _planned(explained: Explained, lines: Iterable[ItemLine]) -> list[Proof]:
    return [proof for line in lines if (proof := planned_proof(line, explained)) is not None]


def _effect_after(explained: Explained, proofs: Sequence[Proof], ahead: Sequence[ItemLine]) -> str:
    """Say what proofs of a later gate bring once the present gate is open."""
    opening = _planned(explained, ahead)
    opened = what_if(explained, proofs=opening).after
    change = compare(explained.compiled, opened, what_if(explained, proofs=[*opening, *proofs]).after)
    effect = effect_of(change)
    return _("afterwards %(effect)s") % {"effect": effect} if effect else ""


def _what(scene: Scene, task: _Task) -> str:
    first = task.lines[0]
    if task.kind is SuggestionKind.CALL:
        return _("Call the handler and log it")
    if task.kind is SuggestionKind.VISIT:
        return _visit_words(scene)
    if task.kind is SuggestionKind.METHOD:
        return _("Find out the purchase method")
    if task.kind is SuggestionKind.PROFILE:
        return _("Complete the record: %(title)s") % {"title": first.title}
    words = {
        Verdict.WEAK: _("Strengthen the evidence: %(title)s"),
        Verdict.EXPIRED: _("Renew the evidence: %(title)s"),
        Verdict.WAIVED: _("Prove what stands on a waiver: %(title)s"),
    }
    return words.get(first.verdict, _("Prove: %(title)s")) % {"title": first.title}


def _visit_words(scene: Scene) -> str:
    """Name the day that is agreed already, or the visit that nobody recorded."""
    meeting = scene.meeting
    if meeting is None:
        return _("Visit the customer and log it")
    if meeting.day < scene.explained.on:
        return _("Log the visit of %(day)s") % {"day": day(meeting.day)}
    return _("Hold the visit agreed for %(day)s and log it") % {"day": day(meeting.day)}


def _why(task: _Task) -> str:
    if len(task.lines) > 1:
        count = len(task.lines)
        titles = pgettext("between titles", ", ").join(line.title for line in task.lines[:2])
        return ngettext("%(titles)s", "%(num)d items at once: %(titles)s …", count) % {"num": count, "titles": titles}
    return task.lines[0].reason


def running_out(scene: Scene) -> Iterator[NextAction]:
    """Yield what runs out within ``SOON_DAYS``: evidence, appointments, waivers."""
    for index, renewal in enumerate(renewals(scene.explained, within_days=SOON_DAYS)):
        if renewal.change is not None:
            yield _renewal(scene, renewal, effect_of(renewal.change), index)


def _renewal(scene: Scene, renewal: Renewal, effect: str, index: int) -> NextAction:
    explained, first = scene.explained, renewal.lines[0]
    group = Group.WAIVER_ENDS if renewal.waived else Group.EXPIRING
    meeting = scene.meeting if renewal.appointment else None
    kind = SuggestionKind.WAIVER if renewal.waived else SuggestionKind.RENEW
    if renewal.appointment:
        kind = SuggestionKind.VISIT
    return NextAction(
        what=_renew_words(scene, renewal),
        why=(_("the waiver ends on %(day)s") if renewal.waived else _("runs out on %(day)s"))
        % {"day": day(renewal.last_day)},
        effect=_("otherwise %(effect)s") % {"effect": effect} if effect else "",
        url=meeting.url if meeting is not None else renewal.url,
        label=renewal.label,
        rank=(int(group), first.stage_number, index),
        kind=kind,
        key=str(kind) if renewal.appointment else f"{kind}:{first.item}",
        parts=parts_of(
            group,
            stage=first.stage_number,
            days_left=(renewal.last_day - explained.on).days,
            risk=scene.risk("evidence_lapsed"),
            meeting_in=scene.days_to(kind) if renewal.appointment else None,
        ),
        dialog=not renewal.appointment,
        tone="lag",
        items=tuple(line.item for line in renewal.lines),
        evidence=_evidence(renewal.lines),
        facts=digest(renewal.last_day.isoformat(), *(line.item for line in renewal.lines)),
    )


def _renew_words(scene: Scene, renewal: Renewal) -> str:
    if renewal.appointment:
        return _visit_words(scene) if scene.meeting is not None else _("Hold the agreed visit and log it")
    words = _("Prove before the waiver ends: %(title)s") if renewal.waived else _("Renew: %(title)s")
    return words % {"title": renewal.title}
