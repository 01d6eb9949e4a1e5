"""Records of analyses and account plans for the route matrix; all belong to the owner."""

from datetime import date, timedelta

from django.utils import timezone

from duobiao.identity.models import Role
from duobiao.identity.tests.factories import make_user
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import make_customer, make_deal
from duobiao.planning.actions.act_on_pair import Todo, act_on_pair
from duobiao.planning.actions.draft_plan import choose_deals, set_budget_cycle
from duobiao.planning.models import AccountPlan, SheetEntry
from duobiao.planning.queries.definitions import definitions
from duobiao.planning.tests import factories
from tests.support.routes import Sample, World

LONG_AGO = date(2026, 8, 1)


def _customer(world: World):
    return make_customer(world.owner, industry="智能制造")


def page(world: World) -> dict[str, str]:
    """The PEST sheet of a customer, still empty."""
    return {"about": "customer", "ref": _customer(world).ref, "definition": "pest"}


def above(world: World) -> dict[str, str]:
    """The same, with an entry of its industry that it takes over."""
    now = timezone.now()
    writer = make_user(role=Role.PRESALES)
    entry = factories.noted(
        factories.industry("智能制造", writer, now), "pest", "social", factories.said(on=LONG_AGO), writer, now
    )
    return {**page(world), "entry": entry.ref}


def entry(world: World) -> dict[str, str]:
    """An entry of the customer's own."""
    subject = factories.of_customer(_customer(world))
    made = factories.noted(subject, "pest", "political", factories.said(on=LONG_AGO), world.owner, timezone.now())
    return {"ref": made.ref}


def stored(world: World) -> dict[str, str]:
    """A stored sheet by its reference, with an action that came of it."""
    parts, now = pair(world), timezone.now()
    entries = {name: SheetEntry.objects.get(ref=parts[name]) for name in ("inner", "outer")}
    deal = Opportunity.objects.get(ref=parts["deal"])
    action = act_on_pair(
        subject=factories.of_customer(deal.customer),
        definition=definitions()["swot"],
        pair="SO",
        **entries,
        todo=Todo(deal, "参观样板", world.owner, company_day(now)),
        actor=world.owner,
        now=now,
    )
    return {"ref": action.sheet.ref}


def pair(world: World) -> dict[str, str]:
    """A SWOT with a strength and an opportunity, and an open deal."""
    now, held = timezone.now(), _customer(world)
    deal = make_deal(world.owner, held, now=now - timedelta(days=1))
    subject = factories.of_customer(held)
    inner, outer = (
        factories.noted(subject, "swot", section, factories.said(on=LONG_AGO, weight=4), world.owner, now)
        for section in ("strengths", "opportunities")
    )
    return {
        "about": "customer", "ref": held.ref, "definition": "swot", "pair": "SO", "inner": inner.ref, "outer": outer.ref,
        "deal": deal.ref, "owner": world.owner.ref, "today": company_day(now).isoformat(),
    }  # fmt: skip


def _plan(world: World) -> AccountPlan:
    now = timezone.now()
    held = factories.plan(_customer(world), world.owner, year=company_day(now).year, now=now)
    factories.goal(held, world.owner, "COUNT", 5, now)
    held.refresh_from_db()
    return held


def _year_end() -> str:
    return f"{company_day(timezone.now()).year}-12-31"


def plan(world: World) -> dict[str, str]:
    """A draft with a goal."""
    return {"ref": _plan(world).ref, "year_end": _year_end()}


def goal(world: World) -> dict[str, str]:
    """A goal that nothing counts."""
    return {"ref": _plan(world).goals.get().ref}


def milestone(world: World) -> dict[str, str]:
    """A milestone at the end of the year, of a plan with a deal and the customer's budget cycle."""
    held, now = _plan(world), timezone.now()
    deal = make_deal(world.owner, held.customer, now=now - timedelta(days=1))
    choose_deals(plan=held, deals=[deal], actor=world.owner, now=now)
    set_budget_cycle(customer=held.customer, phases={"NEEDS": (3, 4)}, actor=world.owner, now=now)
    row = factories.milestone(held, world.owner, date.fromisoformat(_year_end()), now)
    return {"ref": row.ref, "year_end": _year_end()}


def this_year(world: World) -> dict[str, str]:
    """A customer without a plan."""
    return {"ref": _customer(world).ref, "year": str(company_day(timezone.now()).year)}


SAMPLES: dict[str, Sample] = {
    "sheet_page": page,
    "sheet_above": above,
    "sheet_entry": entry,
    "customer_sheet": stored,
    "sheet_pair": pair,
    "account_plan": plan,
    "plan_goal": goal,
    "plan_date": milestone,
    "customer_this_year": this_year,
}
