"""Do the steps of the story about decision chains: people, lines, what was observed, how far we came, what is planned."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from duobiao.stakeholders.actions.add_person import add_person
from duobiao.stakeholders.actions.edit_person import edit_person
from duobiao.stakeholders.actions.link_people import Line, link_people
from duobiao.stakeholders.actions.observe import Sighting, observe
from duobiao.stakeholders.actions.plan_influence import plan_influence
from duobiao.stakeholders.actions.record_relation import Reached, record_relation
from duobiao.stakeholders.models import DealPerson
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Calendar, Spec, Step, read

PARTS = ("role",)
"""What is said of a person when they are put on the chain; the rest is learnt the same day."""
VERBS_OF = {"links": "draw_line", "observations": "observe", "relations": "relate", "plans": "plan_influence"}


def chaining(calendar: Calendar) -> list[Step]:
    """Return the steps that the file tells of."""
    return [step for told in read("chaining.yaml") for step in _steps(told, calendar)]


def _steps(told: Spec, calendar: Calendar) -> Iterator[Step]:
    for number, (key, known) in enumerate(told["people"].items()):
        values = {"who": key, "by": told["by"], "known": known}
        yield Step(calendar.at(told["day"], 16, number), 3, "put_on_chain", deal=told["deal"], values=values)
    for part, verb in VERBS_OF.items():
        for number, row in enumerate(told[part]):
            values = {"row": row[1:], "by": told["by"]}
            yield Step(calendar.at(row[0], 17, number), 4, verb, deal=told["deal"], values=values)


def put(cast: Cast, step: Step) -> None:
    """Put somebody on the chain, with what is known of them."""
    told = step.values
    known = {name: cast.users[value] if name == "keeper" else value for name, value in told["known"].items()}
    first = {name: known.pop(name) for name in PARTS}
    actor = cast.users[told["by"]]
    deal = cast.deal(step.deal)
    person = add_person(opportunity=deal, contact=cast.contacts[told["who"]], values=first, actor=actor, now=step.at)
    edit_person(person=person, version=person.version, values=known, actor=actor, now=step.at)


def draw(cast: Cast, step: Step) -> None:
    """Draw a line between two people."""
    source, target, kind, tie, strength, label = step.values["row"]
    line = Line(_person(cast, step, source), _person(cast, step, target), kind, tie, strength, label)
    link_people(opportunity=cast.deal(step.deal), line=line, actor=cast.users[step.values["by"]], now=step.at)


def see(cast: Cast, step: Step) -> None:
    """Note an observation."""
    by, who, topic, value, percent, source, quote = step.values["row"]
    seen = Sighting(topic, value, source, percent, step.at.date(), quote)
    observe(person=_person(cast, step, who), seen=seen, actor=cast.users[by], now=step.at)


def relate(cast: Cast, step: Step) -> None:
    """Record how far we came."""
    by, who, cell, state, words, channel = step.values["row"]
    reached = Reached(cell, state, words, step.at.date(), channel)
    record_relation(person=_person(cast, step, who), reached=reached, actor=cast.users[by], now=step.at)


def plan(cast: Cast, step: Step) -> None:
    """Plan what is done to win somebody."""
    by, who, tier, title, aim, owner, due = step.values["row"]
    plan_influence(
        person=_person(cast, step, who),
        tier=tier,
        title=title,
        aim=aim,
        owner=cast.users[owner],
        due_on=cast.calendar.today + timedelta(days=due),
        actor=cast.users[by],
        now=step.at,
    )


def _person(cast: Cast, step: Step, key: str) -> DealPerson:
    rows = DealPerson.objects.select_related("contact__customer", "opportunity__owner")
    return rows.get(opportunity=cast.deal(step.deal), contact=cast.contacts[key], removed_at=None)


CHAINING: dict[str, Callable[[Cast, Step], Any]] = {
    "put_on_chain": put,
    "draw_line": draw,
    "observe": see,
    "relate": relate,
    "plan_influence": plan,
}
