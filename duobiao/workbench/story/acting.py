"""Do the steps of the story, each through its real action, as the person and at the moment of the story."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from duobiao.customers.models import Contact
from duobiao.documents.actions.attach_document import attach_document
from duobiao.documents.actions.store_upload import store_upload
from duobiao.documents.models import Document
from duobiao.engagement.actions.log_call import log_call
from duobiao.engagement.actions.plan_visit import Agreement, plan_visit
from duobiao.engagement.actions.record_visit import log_visit, record_visit
from duobiao.engagement.models import Visit
from duobiao.identity.actions.allocate_numbers import allocate_numbers
from duobiao.identity.models import Counter, User
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.ask_give_up import ask_give_up
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.change_participants import add_participant
from duobiao.opportunities.actions.change_team import add_to_team
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_all
from duobiao.opportunities.actions.create_opportunity import create_opportunity
from duobiao.opportunities.actions.decide_waiver import decide_waiver
from duobiao.opportunities.actions.finish_task import finish_task
from duobiao.opportunities.actions.retract_proof import retract_proof
from duobiao.opportunities.models import Grade, Proof, Waiver
from duobiao.playbooks.domain.model import METHOD_KEY
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.scenes import call_values, first_visit, invitation, survey_visit
from duobiao.workbench.story.telling import Spec, Step, dice, fill, phrase

LETTERS = "HDTUPF"
MOST_GAP = 7
"""Numbers left to deals that the story does not tell."""


def open_deal(cast: Cast, step: Step) -> None:
    """Open the deal, put the team on it and name who takes part."""
    spec = cast.specs[step.deal]
    owner = cast.users[spec["owner"]]
    _leave_numbers(spec, step)
    values = {
        "source": spec.get("source", ""),
        "description": spec.get("description") or spec.get("need", {}).get("problem", ""),
        "expected_close_on": cast.calendar.day(spec["signs"]) if "signs" in spec else None,
    }
    if "deadline" in spec:
        offset, clock = spec["deadline"]
        hour, minute = clock.split(":")
        values["bid_deadline_at"] = cast.calendar.at(offset, int(hour), int(minute))
    deal = create_opportunity(
        name=spec["name"],
        customer=cast.customers[spec["customer"]],
        amount=Money.of(spec["amount"] * 10_000),
        playbook=spec.get("playbook", DEFAULT_PLAYBOOK),
        purchase_method=spec.get("method", "UNKNOWN"),
        values=values,
        actor=owner,
        now=step.at,
    )
    cast.deals[step.deal] = deal
    for name, role in spec.get("team", {}).items():
        add_to_team(opportunity=deal, user=cast.users[name], role=role, actor=owner, now=step.at)
    for key, role in spec.get("participants", {}).items():
        add_participant(opportunity=deal, customer=cast.customers[key], role=role, actor=owner, now=step.at)


def call_to_meet(cast: Cast, step: Step) -> None:
    """Call the handler and agree the first visit."""
    spec = cast.specs[step.deal]
    contact = cast.speaker(spec["customer"], "H")
    meeting = cast.calendar.at(step.values["meeting"], 14)
    logged = log_call(
        customer=cast.customers[spec["customer"]],
        contact=contact,
        values=invitation(spec, started_at=step.at, meeting_at=meeting),
        opportunity=cast.deal(step.deal),
        actor=cast.users[spec["owner"]],
        now=step.at + timedelta(minutes=15),
    )
    if logged.visit is not None:
        cast.visits[step.deal] = logged.visit.ref


def call(cast: Cast, step: Step) -> None:
    """Log a call that agrees nothing."""
    spec, values = cast.specs[step.deal], step.values
    log_call(
        customer=cast.customers[spec["customer"]],
        contact=cast.contacts[values["who"]],
        values=call_values(values, started_at=step.at),
        opportunity=cast.deal(step.deal),
        actor=cast.users[spec["owner"]],
        now=step.at + timedelta(minutes=20),
    )


def plan(cast: Cast, step: Step) -> None:
    """Agree a further visit."""
    spec, values = cast.specs[step.deal], step.values
    hour, minute = values["at"].split(":")
    contact = cast.contacts[values["who"]]
    plan_visit(
        customer=cast.customers[spec["customer"]],
        values={
            "planned_at": cast.calendar.at(values["meet"], int(hour), int(minute)),
            **{name: values[name] for name in ("topic", "place", "preparation")},
        },
        opportunity=cast.deal(step.deal),
        agreed=Agreement(contact, values["channel"]),
        contacts=[contact],
        actor=cast.users[spec["owner"]],
        now=step.at,
    )


def hold_visit(cast: Cast, step: Step) -> None:
    """Record the visit that the call agreed, or a later one that nobody planned."""
    spec = cast.specs[step.deal]
    handler = cast.speaker(spec["customer"], "H")
    held_on = cast.calendar.day((step.at.date() - cast.calendar.today).days)
    values: Spec = {}
    if step.values["first"]:
        values |= first_visit(spec, held_on=held_on, handler=handler)
    if step.values["last"]:
        values |= survey_visit(spec, held_on=held_on, handler=handler, people=cast.speaker)
    actor, now = cast.users[spec["owner"]], step.at.replace(hour=17)
    planned = cast.visits.pop(step.deal, "") if step.values["first"] else ""
    if planned:
        visit = Visit.objects.get(ref=planned)
        record_visit(visit=visit, version=visit.version, values=values, met=[handler], actor=actor, now=now)
        return
    plan = {"topic": spec.get("topic", ""), "place": spec.get("need", {}).get("place", "")}
    log_visit(
        customer=cast.customers[spec["customer"]],
        values={**plan, **values},
        met=[handler],
        opportunity=cast.deal(step.deal),
        actor=actor,
        now=now,
    )


def keep_promise(cast: Cast, step: Step) -> None:
    """Finish what was promised at the visits."""
    owner = cast.users[cast.specs[step.deal]["owner"]]
    for task in cast.deal(step.deal).tasks.filter(source_kind=Visit.kind, done_at=None):
        finish_task(task=task, result="已按约定交付", actor=owner, now=step.at)


def prove(cast: Cast, step: Step) -> None:
    """Record what came together on one day."""
    actor = _person(cast, step)
    drafts = [_draft(cast, step, entry, actor) for entry in step.values["entries"]]
    deal = cast.deal(step.deal)
    confirm_all(opportunity=deal, drafts=drafts, actor=actor, now=step.at)
    for draft in drafts:
        for document in draft.documents:
            attach_document(document=document, subject=Ref.of(deal), actor=actor, now=step.at)


def ask(cast: Cast, step: Step) -> None:
    """Ask for a waiver."""
    values = step.values
    ask_waiver(
        opportunity=cast.deal(step.deal),
        item=values["item"],
        reason=values["reason"],
        expires_on=cast.calendar.day(values["until"]),
        actor=cast.users[values["by"]],
        now=step.at,
    )


def decide(cast: Cast, step: Step) -> None:
    """Approve the waiver that was asked for."""
    waiver = Waiver.objects.get(opportunity=cast.deals[step.deal], item=step.values["item"], approved_on=None)
    decide_waiver(waiver=waiver, approved=True, actor=cast.users[step.values["decided_by"]], now=step.at)


def ask_to_give_up(cast: Cast, step: Step) -> None:
    """Ask to give the deal up."""
    values = step.values
    ask_give_up(
        opportunity=cast.deal(step.deal),
        reason=values["reason"],
        alternatives=values["alternatives"],
        note=values.get("note", ""),
        actor=_person(cast, step),
        now=step.at,
    )


def retract(cast: Cast, step: Step) -> None:
    """Take a proof back."""
    deal = cast.deal(step.deal)
    proof = Proof.objects.filter(opportunity=deal, key=step.values["evidence"], retracted_on=None).latest("pk")
    retract_proof(proof=proof, reason=step.values["reason"], actor=_person(cast, step), now=step.at)


def comment(cast: Cast, step: Step) -> None:
    """Write a comment."""
    subject = Ref.of(cast.deal(step.deal))
    add_comment(subject=subject, body=step.values["body"], actor=_person(cast, step), now=step.at)


def close(cast: Cast, step: Step) -> None:
    """Close the deal."""
    values = step.values
    close_opportunity(
        opportunity=cast.deal(step.deal),
        outcome=values["outcome"],
        reason=values["reason"],
        on=step.at.date(),
        note=values["note"],
        actor=_person(cast, step),
        now=step.at,
    )


VERBS: dict[str, Callable[[Cast, Step], None]] = {
    "open_deal": open_deal,
    "call_to_meet": call_to_meet,
    "call": call,
    "plan_visit": plan,
    "hold_visit": hold_visit,
    "keep_promise": keep_promise,
    "prove": prove,
    "ask_waiver": ask,
    "decide_waiver": decide,
    "ask_give_up": ask_to_give_up,
    "retract": retract,
    "comment": comment,
    "close": close,
}


def _person(cast: Cast, step: Step) -> User:
    return cast.users[step.values.get("by") or cast.specs[step.deal]["owner"]]


def _leave_numbers(spec: Spec, step: Step) -> None:
    """Leave some numbers to other deals, so that they grow as in a busy company."""
    name = f"deal-{step.at.year}"
    last = Counter.objects.filter(name=name).values_list("last", flat=True).first() or 0
    wanted = spec.get("number", 0) - 1
    gap = wanted - last if wanted > last else dice(spec["key"], "gap", sides=MOST_GAP)
    if gap > 0:
        allocate_numbers(name, count=gap)


def _draft(cast: Cast, step: Step, values: Spec, actor: User) -> Draft:
    spec = cast.specs[step.deal]
    stock = phrase(values["evidence"])
    person = _speaker(cast, spec["customer"], values.get("who", stock.who))
    names = {"customer": cast.customers[spec["customer"]].label, "person": person.name if person else ""}
    words = fill(values.get("words", stock.words), deal=spec, on=step.at.date(), names=names)
    days = values.get("until")
    until = cast.calendar.day(days) if days is not None else _later(step.at, stock.days)
    files = [_file(values["file"], words, actor, step.at)] if "file" in values else []
    channel = values.get("channel", stock.channel)
    return Draft(
        key=values["evidence"],
        grade=Grade(values.get("grade", stock.grade)),
        happened_on=step.at.date(),
        quote=words,
        contact=person,
        channel="" if channel == "-" or person is None else channel,
        documents=files,
        valid_until=until,
        method=values.get("method") or spec.get("method", "OPEN_TENDER") if values["evidence"] == METHOD_KEY else "",
    )


def _speaker(cast: Cast, customer: str, who: str) -> Contact | None:
    if who == "-":
        return None
    return cast.speaker(customer, who) if who in LETTERS else cast.contacts[who]


def _later(at: datetime, days: int | None) -> Any:
    return (at + timedelta(days=days)).date() if days is not None else None


def _file(name: str, words: str, actor: User, now: datetime) -> Document:
    return store_upload(name=name, chunks=[f"{words}\n".encode()], actor=actor, now=now)
