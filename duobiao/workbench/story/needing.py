"""Do the steps of the story that ask what customers need: the tree, verification, requirements, objections, questions."""

from collections.abc import Callable, Iterator
from typing import Any

from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.needs.actions.answer_need import answer_need
from duobiao.needs.actions.complete_analysis import complete_analysis
from duobiao.needs.actions.confirm_requirements import request_requirement_confirmation
from duobiao.needs.actions.keep_module import add_module
from duobiao.needs.actions.keep_need import Said, note_need
from duobiao.needs.actions.keep_objection import Said as Answered
from duobiao.needs.actions.keep_objection import answer_objection, raise_objection
from duobiao.needs.actions.note_method import note_method
from duobiao.needs.actions.plan_spin import Question, answer_spin, plan_spin
from duobiao.needs.actions.rank_need import rank_need
from duobiao.needs.actions.verify_need import Shown, verify_need
from duobiao.needs.actions.voice_need import voice_need
from duobiao.needs.models import DealObjection, Need, RequirementPaper, SolutionModule
from duobiao.opportunities.actions.answer_confirmation import answer_confirmation
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Calendar, Spec, Step, read

PLAIN = ("text", "level", "layer", "words", "impact", "severity", "urgency", "forecast")


def needing(calendar: Calendar) -> list[Step]:
    """Return the steps that the file tells of."""
    return [
        Step(calendar.at(day, hour, minute), order, verb, deal=told["deal"], values=values)
        for told in read("needing.yaml")
        for day, hour, minute, order, verb, values in _told(told)
    ]


def _told(told: Spec) -> Iterator[tuple[int, int, int, int, str, Spec]]:
    for day, name in told.get("modules", []):
        yield day, 9, 5, 1, "add_module", {"name": name}
    texts = {row["key"]: row["text"] for row in told.get("needs", [])}
    for number, row in enumerate(told.get("needs", [])):
        held = {**row, "above": texts.get(row.get("parent", ""), "")}
        yield row["day"], 16, number, 1, "note_need", held
        yield from _of_need(row)
    for row in told.get("spin", []):
        yield row["day"], 10, 0, 2, "plan_spin", row
    for row in told.get("methods", []):
        yield row[0], 17, 30, 3, "note_method", dict(zip(("key", "effect", "note", "who"), row[1:], strict=True))
    for row in told.get("objections", []):
        yield row["day"], 11, 0, 4, "raise_objection", {**row, "about": texts.get(row.get("need", ""), "")}
        for number, (day, note) in enumerate(row["steps"], start=1):
            held = {**row, "number": number, "note": note}
            yield day, 11, 10 * number, 5, "answer_objection", held
    if paper := told.get("paper"):
        yield paper["day"], 15, 0, 6, "complete_analysis", {}
        yield paper["answered"], 15, 30, 7, "confirm_requirements", paper


def _of_need(row: Spec) -> Iterator[tuple[int, int, int, int, str, Spec]]:
    text = row["text"]
    for day, priority, reason in row.get("rank", []):
        yield day, 17, 0, 2, "rank_need", {"text": text, "priority": priority, "reason": reason}
    if "fit" in row:
        day, fit, how, modules = row["fit"]
        yield day, 17, 10, 3, "answer_need", {"text": text, "fit": fit, "how": how, "modules": modules}
    for day, who, voice, note in row.get("voices", []):
        yield day, 17, 20, 3, "voice_need", {"text": text, "who": who, "voice": voice, "note": note}
    for number, (day, who, note, *kpi) in enumerate(row.get("steps", []), start=1):
        held = {"text": text, "number": number, "who": who, "note": note, "kpi": kpi[0] if kpi else ""}
        yield day, 18, number, 4, "verify_need", held


def note(cast: Cast, step: Step) -> None:
    """Note a need."""
    told = step.values
    values: dict[str, Any] = {name: told[name] for name in PLAIN if name in told}
    values |= {"need_kind": told.get("kind", ""), "wanted_by": told.get("wanted", "")}
    values |= {"forecast_years": told.get("years"), "owner_contact": cast.contacts.get(told.get("owner", ""))}
    if told["words"]:
        values |= {"said_by": cast.contacts[told["who"]], "said_on": step.at.date(), "channel": "MEETING"}
    cost = Money.of(told["cost"] * 10_000) if "cost" in told else None
    if cost is not None:
        values["inaction_per"] = told["per"]
    parent = _need(cast, step, told["above"]) if told["above"] else None
    said = Said(values, inaction=cost)
    note_need(opportunity=cast.deal(step.deal), parent=parent, said=said, actor=_owner(cast, step), now=step.at)


def rank(cast: Cast, step: Step) -> None:
    """Rank a need."""
    need, told = _need(cast, step, step.values["text"]), step.values
    rank_need(
        need=need,
        version=need.version,
        priority=told["priority"],
        reason=told["reason"],
        actor=_owner(cast, step),
        now=step.at,
    )


def meet(cast: Cast, step: Step) -> None:
    """Note how the solution answers a need."""
    need, told = _need(cast, step, step.values["text"]), step.values
    names = dict(SolutionModule.objects.filter(opportunity=need.opportunity).values_list("name", "ref"))
    modules = {names[name]: fit for name, fit in told["modules"].items()}
    answer_need(
        need=need,
        version=need.version,
        fit=told["fit"],
        note=told["how"],
        modules=modules,
        actor=_owner(cast, step),
        now=step.at,
    )


def voice(cast: Cast, step: Step) -> None:
    """Note how somebody stands to a need."""
    told = step.values
    voice_need(
        need=_need(cast, step, told["text"]),
        contact=cast.contacts[told["who"]],
        voice=told["voice"],
        note=told["note"],
        actor=_owner(cast, step),
        now=step.at,
    )


def verify(cast: Cast, step: Step) -> None:
    """Do a step of verification."""
    need, told = _need(cast, step, step.values["text"]), step.values
    shown = Shown(told["note"], told["kpi"], cast.contacts[told["who"]], "MEETING", step.at.date())
    actor = _owner(cast, step)
    verify_need(need=need, version=need.version, step=told["number"], shown=shown, actor=actor, now=step.at)


def add(cast: Cast, step: Step) -> None:
    """Add a module to the solution."""
    deal, actor = cast.deal(step.deal), _owner(cast, step)
    add_module(opportunity=deal, name=step.values["name"], product=None, actor=actor, now=step.at)


def complete(cast: Cast, step: Step) -> None:
    """Complete the requirement analysis."""
    complete_analysis(opportunity=cast.deal(step.deal), actor=_owner(cast, step), now=step.at)


def confirm(cast: Cast, step: Step) -> None:
    """Let the customer confirm the requirements by a link."""
    paper = RequirementPaper.objects.select_related("opportunity").get(opportunity=cast.deals[step.deal])
    contact, actor = cast.contacts[step.values["who"]], _owner(cast, step)
    asked = request_requirement_confirmation(paper=paper, contact=contact, actor=actor, now=step.at)
    answer_confirmation(
        confirmation=asked.confirmation, answer="CONFIRMED", remark="", address="", agent="", now=step.at
    )  # fmt: skip


def ask(cast: Cast, step: Step) -> None:
    """Plan the questions for a conversation, and note the answers."""
    told, actor = step.values, _owner(cast, step)
    sheet = plan_spin(
        opportunity=cast.deal(step.deal),
        title=told["title"],
        contact=cast.contacts[told["who"]],
        chosen=told["chosen"],
        own=[Question(letter, text) for letter, text in told["own"]],
        actor=actor,
        now=step.at,
    )
    refs = dict(sheet.questions.values_list("bank", "ref"))
    answers = {refs[key]: words for key, words in told["answers"].items()}
    answer_spin(sheet=sheet, version=sheet.version, answers=answers, added=None, actor=actor, now=step.at)


def use_method(cast: Cast, step: Step) -> None:
    """Note what a method of asking brought."""
    told = step.values
    note_method(
        opportunity=cast.deal(step.deal),
        method=told["key"],
        need=None,
        contact=cast.contacts[told["who"]],
        values={"effect": told["effect"], "note": told["note"]},
        actor=_owner(cast, step),
        now=step.at,
    )


def object_to(cast: Cast, step: Step) -> None:
    """Note an objection."""
    told = step.values
    values = {
        "type": told["type"],
        "text": told["text"],
        "contact": cast.contacts[told["who"]],
        "need": _need(cast, step, told["about"]) if told["about"] else None,
    }
    raise_objection(opportunity=cast.deal(step.deal), values=values, actor=_owner(cast, step), now=step.at)


def reply(cast: Cast, step: Step) -> None:
    """Do a step of answering an objection."""
    told = step.values
    rows = DealObjection.objects.select_related("opportunity__customer", "opportunity__owner")
    held: DealObjection = rows.get(opportunity=cast.deals[step.deal], text=told["text"])
    last = told["number"] == 5
    said = Answered(
        told["note"],
        contact=cast.contacts[told["who"]] if last else None,
        channel=told["channel"] if last else "",
        tactic=told["tactic"] if told["number"] == 4 else "",
    )
    number, actor = told["number"], _owner(cast, step)
    answer_objection(objection=held, version=held.version, step=number, said=said, actor=actor, now=step.at)


NEEDING: dict[str, Callable[[Cast, Step], None]] = {
    "note_need": note,
    "rank_need": rank,
    "answer_need": meet,
    "voice_need": voice,
    "verify_need": verify,
    "add_module": add,
    "complete_analysis": complete,
    "confirm_requirements": confirm,
    "plan_spin": ask,
    "note_method": use_method,
    "raise_objection": object_to,
    "answer_objection": reply,
}


def _need(cast: Cast, step: Step, text: str) -> Need:
    rows = Need.objects.live().select_related("opportunity__customer", "opportunity__owner", "parent")
    found: Need = rows.get(opportunity=cast.deals[step.deal], text=text)
    return found


def _owner(cast: Cast, step: Step) -> User:
    return cast.users[cast.specs[step.deal]["owner"]]
