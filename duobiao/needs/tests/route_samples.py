"""Records of needs for the route matrix; all belong to the owner."""

from datetime import timedelta

from django.utils import timezone

from duobiao.engagement.tests.factories import log
from duobiao.identity.models import Role
from duobiao.identity.tests.factories import make_user
from duobiao.needs.actions.change_requests import raise_change
from duobiao.needs.actions.complete_analysis import complete_analysis
from duobiao.needs.actions.confirm_requirements import request_requirement_confirmation
from duobiao.needs.actions.keep_module import add_module
from duobiao.needs.actions.plan_spin import plan_spin
from duobiao.needs.models import Need
from duobiao.needs.tests import factories
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import make_contact, make_customer, make_deal
from tests.support.routes import Sample, World


def _deal(world: World) -> Opportunity:
    return make_deal(world.owner, make_customer(world.owner), now=timezone.now() - timedelta(days=1))


def _need(world: World) -> Need:
    deal = _deal(world)
    contact = make_contact(deal.customer)
    made = factories.noted(deal, world.owner, said_by=contact, now=timezone.now())
    return factories.rank(made, world.owner, "P0", now=timezone.now())


def deal(world: World) -> dict[str, str]:
    """A deal with a person, and a call that recorded a problem."""
    held = _deal(world)
    contact = make_contact(held.customer)
    call = log(world.owner, contact, held, now=timezone.now()).call
    return {"ref": held.ref, "method": "reflect", "contact": contact.ref, "call": call.ref}


def need(world: World) -> dict[str, str]:
    """A ranked need in the customer's words."""
    made = _need(world)
    return {"ref": made.ref, "contact": str(made.said_by.ref)}


def confirmed(world: World) -> dict[str, str]:
    """A need that the customer confirmed."""
    made = _need(world)
    factories.verify(made, world.owner, made.said_by, now=timezone.now())
    return {"ref": made.ref}


def change(world: World) -> dict[str, str]:
    """A change of a confirmed need that waits to be decided; an administrator asked for it."""
    made = factories.fresh(Need.objects.get(ref=confirmed(world)["ref"]))
    row = raise_change(
        need=made,
        values={"text": "改为日前策略", "reason": "电价变了", "impact": "重做接口"},
        asked_by=None,
        cost=None,
        actor=make_user(role=Role.ADMINISTRATOR),
        now=timezone.now(),
    )
    return {"ref": row.ref}


def module(world: World) -> dict[str, str]:
    """A module of the solution."""
    made = add_module(opportunity=_deal(world), name="策略引擎", product=None, actor=world.owner, now=timezone.now())
    return {"ref": made.ref}


def ready(world: World) -> dict[str, str]:
    """A deal whose needs are ready for the analysis."""
    return {"ref": _need(world).opportunity.ref}


def paper(world: World) -> dict[str, str]:
    """A version of the requirements with a link that waits for an answer."""
    made, now = _need(world), timezone.now()
    held = complete_analysis(opportunity=made.opportunity, actor=world.owner, now=now)
    asked = request_requirement_confirmation(paper=held, contact=made.said_by, actor=world.owner, now=now)
    ref = asked.confirmation.ref
    return {"ref": held.ref, "contact": str(made.said_by.ref), "confirmation": ref, "confirmation_ref": ref}


def objection(world: World) -> dict[str, str]:
    """An objection that nobody has answered."""
    held, now = _deal(world), timezone.now()
    made = factories.objected(held, world.owner, make_contact(held.customer), now, raised_on=company_day(now))
    return {"ref": made.ref}


def sheet(world: World) -> dict[str, str]:
    """A SPIN sheet."""
    made = plan_spin(
        opportunity=_deal(world),
        title="需求研讨",
        contact=None,
        chosen=["gen_s1"],
        own=[],
        actor=world.owner,
        now=timezone.now(),
    )
    return {"ref": made.ref}


def entry(world: World) -> dict[str, str]:
    """A shipped tactic of the library."""
    del world
    return {"sort": "TACTIC", "key": "site_visit"}


SAMPLES: dict[str, Sample] = {
    "library_entry": entry,
    "needs_deal": deal,
    "need": need,
    "confirmed_need": confirmed,
    "need_change": change,
    "solution_module": module,
    "deal_with_needs": ready,
    "requirement_paper": paper,
    "deal_objection": objection,
    "spin_sheet": sheet,
}
