"""What a visit proves: what was agreed while it is planned, what it shows once it is held.

Decisions:

* A planned visit proves the appointment and nothing else; a cancelled one proves nothing any more.
* Holding it renews time, place and topic without a last day, if a 经手人 agreed it or took part.
* ``visit_held`` (2.M1) asks for a 经手人 face to face; everything else counts exactly as far as the record shows it.
* Our record of what was said is DOCUMENTED. Only where it names who said it, by which channel and in which words does
  it count as BUYER_CONFIRMED ("reported"): the confirmation of the survey, and the request for an initial solution.
"""

from dataclasses import dataclass, replace
from datetime import date

from duobiao.engagement.domain.appointment import Appointment, judge_appointment
from duobiao.engagement.domain.findings import Finding, Why, lacking, shown
from duobiao.playbooks.domain.model import Grade

HELD = "engagement.visit_held"
SURVEY = "needs.survey_confirmed"
PROBLEM = "needs.problem_recorded"
REQUESTED = "engagement.initial_solution_requested"
SCOPE = "engagement.initial_solution_scope_agreed"
STRENGTHS = "engagement.strengths_introduced"
CASES = "engagement.cases_presented"
TRENDS = "engagement.trends_introduced"
DRAFT = "solutions.draft_suggestion_submitted"
HANDLER_FOUND = "stakeholders.handler_found"
PROCESS = "procurement.process_clarified"
ROLES = "procurement.roles_recorded"
DECIDER = "stakeholders.decision_maker_identified"
BUDGET = "procurement.budget_range_recorded"
RIVALS = "competition.first_rivals_recorded"
ALL_STRENGTHS = frozenset({"BRAND", "TECHNOLOGY", "REFERENCES", "DIRECTION"})


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit, as far as proving goes; texts are as typed, empty where nothing is known.

    Attributes:
        appointment: As agreed; None: nothing was ever agreed.
        held_on: Day it took place; None: not yet.
        handler: Key of the 经手人 who took part, if one did.
        strengths: Which of the four parts of our strengths were introduced.
        found_handler: Key of the contact shown to be the real 经手人; ``handler_facts`` says by what.
        confirmed_by: Key of the contact who confirmed the survey.
        requested_by: Key of the contact who asked for an initial solution.
    """

    appointment: Appointment | None = None
    cancelled: bool = False
    held_on: date | None = None
    face_to_face: bool = False
    handler: int | None = None
    strengths: frozenset[str] = frozenset()
    cases: str = ""
    trends: str = ""
    draft: str = ""
    found_handler: int | None = None
    handler_facts: str = ""
    problem: str = ""
    impact: str = ""
    wanted_by: str = ""
    budget_range: str = ""
    budget_source: str = ""
    process: str = ""
    roles: str = ""
    project_lead: str = ""
    decision_maker: str = ""
    rivals: str = ""
    confirmed_by: int | None = None
    confirmed_channel: str = ""
    confirmed_quote: str = ""
    requested_by: int | None = None
    requested_on: date | None = None
    request_channel: str = ""
    request_quote: str = ""
    scope: str = ""
    due_on: date | None = None


def judge_visit(visit: VisitFacts) -> list[Finding]:
    """Judge every key that a visit in its present state can prove."""
    if visit.cancelled:
        return []
    if visit.held_on is None:
        return judge_appointment(visit.appointment, missing=Why.NOT_AGREED)
    return [*_kept(visit), *_held(visit)]


def proves_visit(visit: VisitFacts) -> list[Finding]:
    """Return the evidence a visit shows, each with the reason."""
    return shown(judge_visit(visit))


def ledger_of(visit: VisitFacts) -> list[Finding]:
    """Return what the ledger keeps of a visit: what it shows, and once it is held also what was agreed before.

    The agreement stays as it was recorded; holding the visit adds its renewal and retracts nothing.
    """
    found = proves_visit(visit)
    if visit.cancelled or visit.held_on is None:
        return found
    return [*found, *(row for row in shown(judge_appointment(visit.appointment)) if row not in found)]


def remaining_visit(visit: VisitFacts) -> list[Finding]:
    """Return the evidence a visit could have shown and does not, each with the reason."""
    return lacking(judge_visit(visit))


def _kept(visit: VisitFacts) -> list[Finding]:
    """Renew what was agreed: a visit that was held was agreed, at the latest by opening the door."""
    agreed = visit.appointment
    if agreed is None:
        return []
    met = visit.handler is not None and visit.face_to_face
    if met and agreed.with_handler is not True:
        agreed = replace(
            agreed, with_handler=True, person=visit.handler, agreed_on=visit.held_on or agreed.agreed_on, channel=""
        )
    return judge_appointment(replace(agreed, held=True))


def _held(visit: VisitFacts) -> list[Finding]:
    both = bool(visit.process.strip() and visit.roles.strip())
    deciders = bool(visit.project_lead.strip() and visit.decision_maker.strip())
    survey = all(text.strip() for text in (visit.problem, visit.impact, visit.wanted_by))
    money = bool(visit.budget_range.strip() and visit.budget_source.strip())
    return [
        _in_person(visit),
        _survey(visit),
        _requested(visit),
        _scope(visit),
        _if(visit, STRENGTHS, visit.strengths >= ALL_STRENGTHS, Why.NOT_ALL_STRENGTHS),
        _if(visit, CASES, bool(visit.cases.strip()), Why.NO_CASE, visit.cases),
        _if(visit, TRENDS, bool(visit.trends.strip()), Why.NO_TREND, visit.trends),
        _if(visit, DRAFT, bool(visit.draft.strip()), Why.NO_DRAFT, visit.draft),
        _found(visit),
        _if(visit, PROCESS, both, Why.PROCESS_INCOMPLETE, visit.process),
        _if(visit, DECIDER, deciders, Why.DECIDER_UNKNOWN, visit.decision_maker),
        _if(visit, PROBLEM, survey, Why.SURVEY_INCOMPLETE, visit.problem),
        _if(visit, BUDGET, money, Why.BUDGET_INCOMPLETE, visit.budget_range),
        _if(visit, ROLES, both and deciders, Why.PROCESS_INCOMPLETE if not both else Why.DECIDER_UNKNOWN, visit.roles),
        _if(visit, RIVALS, bool(visit.rivals.strip()), Why.RIVALS_UNKNOWN, visit.rivals),
    ]


def _if(visit: VisitFacts, key: str, holds: bool, lack: Why, text: str = "") -> Finding:
    if not holds:
        return Finding(key, lack)
    return Finding(key, Why.STATED, Grade.DOCUMENTED, detail=text, on=visit.held_on, quote=text)


def _in_person(visit: VisitFacts) -> Finding:
    if visit.handler is None:
        return Finding(HELD, Why.HANDLER_ABSENT)
    if not visit.face_to_face:
        return Finding(HELD, Why.NOT_IN_PERSON)
    return Finding(HELD, Why.MET_HANDLER, Grade.DOCUMENTED, on=visit.held_on, person=visit.handler)


def _survey(visit: VisitFacts) -> Finding:
    if not (visit.problem.strip() and visit.impact.strip()):
        return Finding(SURVEY, Why.SURVEY_INCOMPLETE)
    if visit.confirmed_by is None:
        return Finding(SURVEY, Why.NOT_CONFIRMED)
    quote = visit.confirmed_quote
    grade = _said(visit.confirmed_by, visit.confirmed_channel, quote)
    return Finding(
        SURVEY,
        Why.SURVEY_CONFIRMED,
        grade,
        detail=quote,
        on=visit.held_on,
        person=visit.confirmed_by,
        channel=visit.confirmed_channel,
        quote=quote or visit.problem,
    )


def _requested(visit: VisitFacts) -> Finding:
    if visit.requested_by is None:
        return Finding(REQUESTED, Why.NOT_ASKED)
    if not visit.request_quote.strip():
        return Finding(REQUESTED, Why.NO_QUOTE)
    return Finding(
        REQUESTED,
        Why.ASKED_BY_CUSTOMER,
        _said(visit.requested_by, visit.request_channel, visit.request_quote),
        detail=visit.request_quote,
        on=visit.requested_on or visit.held_on,
        person=visit.requested_by,
        channel=visit.request_channel,
        quote=visit.request_quote,
    )


def _scope(visit: VisitFacts) -> Finding:
    agreed = bool(visit.scope.strip()) and visit.due_on is not None
    text = f"{visit.scope} · {visit.due_on.isoformat()}" if visit.due_on else visit.scope
    return _if(visit, SCOPE, agreed, Why.SCOPE_INCOMPLETE, text)


def _found(visit: VisitFacts) -> Finding:
    if visit.found_handler is None or not visit.handler_facts.strip():
        return Finding(HANDLER_FOUND, Why.HANDLER_NOT_SHOWN)
    return Finding(
        HANDLER_FOUND,
        Why.STATED,
        Grade.DOCUMENTED,
        detail=visit.handler_facts,
        on=visit.held_on,
        person=visit.found_handler,
        quote=visit.handler_facts,
    )


def _said(person: int | None, channel: str, quote: str) -> Grade:
    named = person is not None and bool(channel) and bool(quote.strip())
    return Grade.BUYER_CONFIRMED if named else Grade.DOCUMENTED
