"""Do the steps of the story about rivals: who they are, their battle cards, how they stand on deals, what we answer."""

from collections.abc import Callable, Iterator
from typing import Any

from duobiao.competition.actions.judge_criterion import judge_criterion, reckon_pursuit
from duobiao.competition.actions.keep_barrier import BarrierSaid, note_barrier
from duobiao.competition.actions.keep_reach import ReachSaid, note_reach
from duobiao.competition.actions.keep_rival import RivalFactsSaid, add_rival
from duobiao.competition.actions.keep_statement import Said, note_statement
from duobiao.competition.actions.note_move import note_move
from duobiao.competition.actions.place_rival import Placing, place_rival
from duobiao.competition.actions.plan_counter import plan_counter
from duobiao.competition.actions.score_offer import score_offer, set_weights
from duobiao.competition.models import Barrier, DealRival, Rival
from duobiao.competition.queries.settings import settings
from duobiao.customers.models import Function
from duobiao.opportunities.actions.finish_task import finish_task
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Calendar, Spec, Step, read

FACTS = ("name", "aliases", "site", "region", "industries", "note")
TEN_THOUSAND = 10_000 * 100


def competing(calendar: Calendar) -> list[Step]:
    """Return the steps that the file tells of."""
    told = read("competing.yaml")
    steps = []
    for row in told["rivals"]:
        steps.append(Step(calendar.at(row["day"], 9), 0, "enter_rival", values=row))
        for section, day, by, text, answer, proof, source in row["card"]:
            said = {"section": section, "text": text, "answer": answer, "proof": proof, "source": source}
            values = {"rival": row["name"], "by": by, "said": said}
            steps.append(Step(calendar.at(day, 16, 30), 0, "note_on_card", values=values))
    names = {row["key"]: row["name"] for row in told["rivals"]}
    for deal, rival, day, offers in told["past"]:
        known = {"offers": offers, "source": "投标后了解"}
        values = {"deal": deal, "rival": names[rival], "known": known}
        steps.append(Step(calendar.at(day, 16), 0, "meet_rival", values=values))
    for row in told["deals"]:
        steps += _of_deal(calendar, row, names)
    return steps


def _of_deal(calendar: Calendar, row: Spec, names: dict[str, str]) -> Iterator[Step]:
    def step(day: int, hour: int, verb: str, **values: Any) -> Step:
        return Step(calendar.at(day, hour, 40), 0, verb, values={"deal": row["deal"], **values})

    for held in row["rivals"]:
        yield from _of_rival(step, held, names[held["rival"]])
    if "ours" in row:
        yield step(row["ours"]["day"], 16, "score_offer", rival="", told=row["ours"])
        if "weights" in row:
            yield step(row["ours"]["day"], 17, "set_weights", weights=row["weights"])
    if "figures" in row:
        yield step(row["figures"]["day"], 17, "reckon_pursuit", told=row["figures"])
    for criterion, day, value, why in row["judged"]:
        yield step(day, 17, "judge_criterion", criterion=criterion, value=value, why=why)


def _of_rival(step: Callable[..., Step], held: Spec, rival: str) -> Iterator[Step]:
    yield step(held["day"], 9, "meet_rival", rival=rival, known=held["known"])
    for whom, depth, day, source in held["reach"]:
        yield step(max(day, held["day"]), 10, "note_reach", rival=rival, whom=whom, depth=depth, source=source)
    for is_ in held["barriers"]:
        yield step(held["day"], 11, "note_barrier", rival=rival, is_=is_)
    for told in held["counters"]:
        yield step(told["day"], 14, "plan_counter", rival=rival, told=told)
    for day, sort, text, source in held["moves"]:
        yield step(day, 15, "note_rival_move", rival=rival, sort=sort, text=text, source=source)
    if "scores" in held:
        yield step(held["scores"]["day"], 16, "score_offer", rival=rival, told=held["scores"])


def enter(cast: Cast, step: Step) -> None:
    """Enter a rival."""
    facts = {name: step.values[name] for name in FACTS if name in step.values}
    add_rival(said=RivalFactsSaid(**facts), actor=cast.users[step.values["by"]], now=step.at, distinct=True)


def note_on_card(cast: Cast, step: Step) -> None:
    """Put a statement on a battle card."""
    rival = Rival.objects.get(name=step.values["rival"])
    said = Said(**step.values["said"], noted_on=step.at.date())
    note_statement(rival=rival, said=said, actor=cast.users[step.values["by"]], now=step.at)


def meet(cast: Cast, step: Step) -> None:
    """Put a rival on a deal."""
    deal, rival = cast.deal(step.values["deal"]), Rival.objects.get(name=step.values["rival"])
    placing = Placing(noted_on=step.at.date(), **step.values["known"])
    place_rival(opportunity=deal, rival=rival, placing=placing, actor=deal.owner, now=step.at)


def reach(cast: Cast, step: Step) -> None:
    """Note whom a rival reaches: a person by key, or a department."""
    values = step.values
    known = values["whom"] in Function.values
    said = ReachSaid(
        depth=values["depth"],
        source=values["source"],
        noted_on=step.at.date(),
        contact=None if known else cast.contacts[values["whom"]],
        function=values["whom"] if known else Function.OTHER,
    )
    row = _row(cast, step)
    note_reach(row=row, said=said, actor=row.opportunity.owner, now=step.at)


def barrier(cast: Cast, step: Step) -> None:
    """Note a barrier."""
    sort, strength, _day, text, break_point, source = step.values["is_"]
    said = BarrierSaid(sort, text, strength, source, step.at.date(), break_point)
    row = _row(cast, step)
    note_barrier(row=row, said=said, actor=row.opportunity.owner, now=step.at)


def counter(cast: Cast, step: Step) -> None:
    """Plan an answer to a rival, and finish it where the story says so."""
    told, row = step.values["told"], _row(cast, step)
    owner = cast.users[told["owner"]]
    made = plan_counter(
        row=row,
        title=told["title"],
        owner=owner,
        due_on=cast.calendar.day(told["due"]),
        barrier=Barrier.objects.get(deal_rival=row, text=told["barrier"]),
        actor=row.opportunity.owner,
        now=step.at,
    )
    if "done" in told:
        finish_task(task=made.task, result=told["result"], actor=owner, now=cast.calendar.at(told["done"], 17))


def move(cast: Cast, step: Step) -> None:
    """Note what a rival did."""
    row, values = _row(cast, step), step.values
    words = {name: values[name] for name in ("sort", "text", "source")}
    note_move(row=row, **words, happened_on=step.at.date(), actor=row.opportunity.owner, now=step.at)


def score(cast: Cast, step: Step) -> None:
    """Score one side."""
    told, deal = step.values["told"], cast.deal(step.values["deal"])
    score_offer(
        opportunity=deal,
        row=_row(cast, step) if step.values["rival"] else None,
        scores=dict(zip(settings().keys, told["scores"], strict=True)),
        on=step.at.date(),
        source=told["source"],
        actor=deal.owner,
        now=step.at,
    )


def weigh(cast: Cast, step: Step) -> None:
    """Set what counts for the customer."""
    deal = cast.deal(step.values["deal"])
    set_weights(opportunity=deal, version=1, weights=step.values["weights"], actor=deal.owner, now=step.at)


def reckon(cast: Cast, step: Step) -> None:
    """Reckon margin and cost."""
    told, deal = step.values["told"], cast.deal(step.values["deal"])
    reckon_pursuit(
        opportunity=deal,
        version=0,
        margin_percent=told["margin"],
        cost_minor=told["cost"] * TEN_THOUSAND,
        note=told["note"],
        on=step.at.date(),
        actor=deal.owner,
        now=step.at,
    )


def judge(cast: Cast, step: Step) -> None:
    """Judge a criterion of the investment matrix."""
    values, deal = step.values, cast.deal(step.values["deal"])
    said = {name: values[name] for name in ("criterion", "value", "why")}
    judge_criterion(opportunity=deal, **said, on=step.at.date(), actor=deal.owner, now=step.at)


def _row(cast: Cast, step: Step) -> DealRival:
    rows = DealRival.objects.select_related("rival", "opportunity__owner", "opportunity__customer")
    return rows.get(opportunity=cast.deal(step.values["deal"]), rival__name=step.values["rival"])


COMPETING: dict[str, Callable[[Cast, Step], None]] = {
    "enter_rival": enter,
    "note_on_card": note_on_card,
    "meet_rival": meet,
    "note_reach": reach,
    "note_barrier": barrier,
    "plan_counter": counter,
    "note_rival_move": move,
    "score_offer": score,
    "set_weights": weigh,
    "reckon_pursuit": reckon,
    "judge_criterion": judge,
}
