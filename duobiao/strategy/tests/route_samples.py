"""Records of strategies, plans and review meetings for the route matrix; all belong to the owner."""

from datetime import timedelta

from django.utils import timezone

from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import make_deal
from duobiao.strategy.actions.hold_meeting import open_meeting
from duobiao.strategy.actions.prepare_plan import prepare_plan
from duobiao.strategy.actions.write_strategy import write_strategy
from tests.support.routes import Sample, World


def _deal(world: World) -> Opportunity:
    return make_deal(world.owner, now=timezone.now() - timedelta(days=1))


def _parts(world: World, held: Opportunity) -> dict[str, str]:
    return {"ref": held.ref, "owner": world.owner.ref, "today": company_day(timezone.now()).isoformat()}


def deal(world: World) -> dict[str, str]:
    """A deal without a strategy."""
    return _parts(world, _deal(world))


def strategy(world: World) -> dict[str, str]:
    """A deal with a strategy that waits for its review."""
    held, now = _deal(world), timezone.now()
    texts = {"goal": "拿下", "position": "第二", "moves": "拜访"}
    write_strategy(opportunity=held, texts=texts, review_on=company_day(now), actor=world.owner, now=now)
    return _parts(world, held)


def plan(world: World) -> dict[str, str]:
    """A deal with a contingency plan."""
    held, now = _deal(world), timezone.now()
    found = prepare_plan(
        opportunity=held,
        rule="silence",
        texts={"trigger": "没人接电话", "plan": "换人"},
        owner=world.owner,
        due_on=company_day(now),
        actor=world.owner,
        now=now,
    )
    return {**_parts(world, held), "plan_ref": found.ref}


def plan_page(world: World) -> dict[str, str]:
    """The same, as pages name the plan."""
    parts = plan(world)
    return parts | {"ref": parts["plan_ref"]}


def meeting(world: World) -> dict[str, str]:
    """A review meeting of the manager over a deal of the owner."""
    held = _deal(world)
    found = open_meeting(title="周会", person=world.owner, actor=world.actors["manager"], now=timezone.now())
    return {**_parts(world, held), "ref": found.ref, "deal": held.ref}


SAMPLES: dict[str, Sample] = {
    "meeting": meeting,
    "planned_deal": deal,
    "strategy": strategy,
    "contingency_plan": plan,
    "contingency_plan_page": plan_page,
}
