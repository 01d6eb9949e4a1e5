"""One request in full: its facts, its steps with who said what, and what the reader may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.approvals import registry
from duobiao.approvals.domain.chain import By, Mode, Reach, Step, read_step
from duobiao.approvals.models import Act, ApprovalRequest, EndedAs, Origin, Outcome, StepVisit, Task, Verb
from duobiao.approvals.queries.approvers import barred, is_alone
from duobiao.approvals.queries.rights import may_copy, may_step_in
from duobiao.identity.models import CompanySettings, Role, User
from duobiao.kernel.days import local_day
from duobiao.kernel.money import Money
from duobiao.web.formats import money
from duobiao.web.texts import in_language


@dataclass(frozen=True, slots=True)
class Answer:
    """One person at one step.

    Attributes:
        state: ``approved``, ``refused``, ``waiting``, ``gone`` (handed on, taken back, no longer needed), ``back``.
        why: Why they are asked, where the chain does not say so; how the task ended.
    """

    who: str
    for_whom: str
    state: str
    why: str
    note: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as it is drawn.

    Attributes:
        number: Of the visit; 0 while it is still to come.
        state: ``done``, ``refused``, ``back``, ``present``, ``coming`` or ``skipped``.
        rule: Who decides, as the chain says it.
    """

    number: int
    key: str
    name: str
    state: str
    words: str
    rule: str
    answers: list[Answer]
    entered_at: datetime | None
    due_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history."""

    icon: str
    tone: str
    what: str
    who: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MayDo:
    """What the reader may do now.

    Attributes:
        step: Number of the present step, which every decision names.
        for_whom: In whose place they would decide.
        steps_in: They are not asked, but may decide all the same.
    """

    step: int
    decide: bool
    for_whom: str
    steps_in: bool
    withdraw: bool
    resubmit: bool
    copy: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """A request as its page shows it."""

    kind: str
    icon: str
    headline: str
    url: str
    facts: Sequence[tuple[str, str]]
    amount: Money | None
    steps: list[StepView]
    history: list[Happening]
    copies: list[str]
    may: MayDo
    back_to: list[tuple[str, str]]


def detail_of(request: ApprovalRequest, reader: User, *, now: datetime) -> Detail:
    """Return everything about a request; the caller checked that the reader may see it."""
    kind = registry.kind_of(request.matter)
    company = CompanySettings.load()
    today = local_day(now, company.time_zone)
    visits = list(request.visits.order_by("sequence").prefetch_related("tasks__user", "tasks__behalf_of"))
    acts = list(request.acts.select_related("by", "behalf_of", "person").order_by("at", "pk"))
    present = next((visit for visit in visits if visit.left_at is None), None)
    words = words_for([*(visit.step for visit in visits), *request.plan], kind, company.currency)
    notes = {(act.visit_id, act.by_id): act for act in acts if act.verb in ANSWERS}
    return Detail(
        kind=str(kind.title),
        icon=kind.icon,
        headline=kind.headline(request.facts),
        url=kind.url(request.subject_ref),
        facts=kind.describe(request.facts),
        amount=request.amount,
        steps=[
            *(_visit(visit, notes, words, today) for visit in visits),
            *(_coming(row, words) for row in request.plan),
        ],
        history=[_happening(act) for act in reversed(acts)],
        copies=[str(copy.user) for copy in request.copies.select_related("user").order_by("pk")],
        may=may_do(request, present, reader),
        back_to=_passed(visits, present),
    )


ANSWERS = (Verb.APPROVED, Verb.REFUSED, Verb.RETURNED)


def may_do(request: ApprovalRequest, present: StepVisit | None, reader: User) -> MayDo:
    """Return what the reader may do; the actions check the same again."""
    if not request.is_open or present is None:
        return MayDo(0, False, "", False, False, False, may_copy(request, reader))
    step, own = read_step(present.step), reader.pk in barred(request)
    waits_for_asker = step.approvers.by is By.ASKER
    open_tasks = [task for task in present.tasks.all() if task.ended_at is None]
    task = next((task for task in open_tasks if task.user_id == reader.pk), None)
    substituted = any(t.behalf_of_id == reader.pk and t.origin == Origin.SUBSTITUTE for t in open_tasks)
    asked = not waits_for_asker and not own and (task is not None or substituted)
    steps_in = not waits_for_asker and not asked and (is_alone(reader) or may_step_in(request, step, reader))
    mine = request.asked_by_id == reader.pk
    return MayDo(
        step=present.sequence,
        decide=asked or steps_in,
        for_whom=str(task.behalf_of) if task is not None and task.behalf_of is not None else "",
        steps_in=steps_in,
        withdraw=mine,
        resubmit=mine and waits_for_asker,
        copy=may_copy(request, reader),
    )


@dataclass(frozen=True, slots=True)
class Words:
    """What it takes to say who decides at a step.

    Attributes:
        names: Names of people by reference.
        facts: Titles of the facts that conditions test.
        values: Words for values of these facts, where they are codes.
        currency: The company's.
    """

    names: Mapping[str, str]
    facts: Mapping[str, object]
    values: Mapping[str, object]
    currency: str


def words_for(steps: Sequence[Mapping[str, Any]], kind: registry.RequestKind, currency: str) -> Words:
    """Return what it takes to word some steps; no query where they name nobody."""
    return Words(people_named(steps), kind.facts, kind.values, currency)


def people_named(steps: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of people whom steps name, by reference; no query where none does."""
    refs = {ref for step in steps for ref in step["approvers"].get("people", [])}
    return dict(User.objects.filter(ref__in=refs).values_list("ref", "name")) if refs else {}


def rule_words(step: Step, words: Words) -> str:
    """Say who decides at a step, and when the step is needed."""
    parts = [_who(step, words.names)]
    if step.approvers.by is not By.ASKER:
        parts.append(_("everybody") if step.mode is Mode.ALL else _("one is enough"))
    if step.when is not None and step.when.amount is not None:
        parts.append(_("from %(amount)s") % {"amount": money(Money.of(step.when.amount, words.currency))})
    elif step.when is not None:
        fact = words.facts.get(step.when.fact, step.when.fact)
        value = words.values.get(step.when.value, step.when.value)
        parts.append(_("only if %(fact)s is %(value)s") % {"fact": fact, "value": value})
    return " · ".join(parts)


def _who(step: Step, names: Mapping[str, str]) -> str:
    who = step.approvers
    if who.by is By.ASKER:
        return _("who asked")
    if who.by is By.MANAGER:
        return _("the owner's manager")
    if who.by is By.PEOPLE:
        return ", ".join(names.get(ref, ref) for ref in who.people)
    role = str(Role(who.role).label) if who.role in Role.values else who.role
    where = {
        Reach.UNIT: _("%(role)s of the owner's unit"),
        Reach.ABOVE: _("%(role)s of the owner's unit, or nearest above"),
        Reach.COMPANY: _("%(role)s of the company"),
    }
    return where[who.reach] % {"role": role}


def _visit(visit: StepVisit, notes: Mapping[tuple[int | None, int | None], Act], words: Words, today: date) -> StepView:
    step = read_step(visit.step)
    states = {
        "": "present",
        Outcome.APPROVED: "done",
        Outcome.REFUSED: "refused",
        Outcome.RETURNED: "back",
        Outcome.PUT_OFF: "back",
        Outcome.SKIPPED: "skipped",
        Outcome.STOPPED: "skipped",
    }
    state = str(Outcome(visit.outcome).label) if visit.outcome else _("waits for a decision")
    if visit.outcome == Outcome.APPROVED and step.approvers.by is By.ASKER:
        state = _("sent in again")
    tasks = sorted(visit.tasks.all(), key=lambda task: task.pk)
    return StepView(
        number=visit.sequence,
        key=step.key,
        name=in_language(step.name, get_language()),
        state=states[visit.outcome],
        words=state,
        rule=rule_words(step, words),
        answers=[_answer(task, notes.get((visit.pk, task.user_id))) for task in tasks],
        entered_at=visit.entered_at,
        due_on=visit.due_on if visit.left_at is None else None,
        overdue=visit.left_at is None and visit.due_on is not None and visit.due_on < today,
    )


def _coming(document: Mapping[str, Any], words: Words) -> StepView:
    step = read_step(document)
    name = in_language(step.name, get_language())
    return StepView(0, step.key, name, "coming", _("still to come"), rule_words(step, words), [], None, None, False)


def _answer(task: Task, act: Act | None) -> Answer:
    why = "" if task.origin in (Origin.CHAIN, Origin.SUBSTITUTE) else str(Origin(task.origin).label)
    state, note = "waiting", ""
    if task.ended_as == EndedAs.DECIDED:
        state = {True: "approved", False: "refused", None: "back"}[task.approved]
        note = act.note if act is not None else ""
        if act is None and task.approved:
            why = _("agreed at an earlier step")
    elif task.ended_as:
        state, why = "gone", str(EndedAs(task.ended_as).label)
    for_whom = str(task.behalf_of) if task.behalf_of is not None else ""
    return Answer(str(task.user), for_whom, state, why, note, task.ended_at)


MARKS: dict[str, tuple[str, str]] = {
    Verb.ASKED: ("hourglass", "ours"),
    Verb.APPROVED: ("check", "ok"),
    Verb.REFUSED: ("x", "bad"),
    Verb.RETURNED: ("arrow-back-up", "warn"),
    Verb.RESUBMITTED: ("send", "ours"),
    Verb.ADDED: ("user-plus", ""),
    Verb.COPIED: ("users", ""),
    Verb.DELEGATED: ("user-share", ""),
    Verb.WITHDRAWN: ("arrow-back-up", ""),
    Verb.REMINDED: ("alarm", "warn"),
    Verb.ESCALATED: ("arrow-up", "warn"),
}


def _happening(act: Act) -> Happening:
    icon, tone = MARKS[act.verb]
    what = str(Verb(act.verb).label)
    if "step" in act.words:
        what = _("%(what)s to “%(step)s”") % {"what": what, "step": in_language(act.words["step"], get_language())}
    if act.person is not None:
        what = f"{what} {act.person}"
    place = {"BEFORE": _("before this step"), "AFTER": _("after this step"), "PARALLEL": _("beside this step")}
    if act.words.get("place") in place:
        what = f"{what} ({place[act.words['place']]})"
    who = str(act.by) if act.by is not None else _("by the clock")
    if act.behalf_of is not None:
        who = _("%(who)s for %(whom)s") % {"who": who, "whom": act.behalf_of}
    return Happening(icon, tone, what, who, act.note, act.at)


def _passed(visits: Sequence[StepVisit], present: StepVisit | None) -> list[tuple[str, str]]:
    """Return the steps of the chain that a request may be sent back to, by key and name."""
    if present is None:
        return []
    found = {
        str(visit.step["key"]): in_language(visit.step["name"], get_language())
        for visit in visits
        if visit.step["key"] and visit.pk != present.pk and visit.outcome == Outcome.APPROVED
    }
    found.pop(str(present.step["key"]), None)
    return list(found.items())
