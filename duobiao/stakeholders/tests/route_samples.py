"""Records of decision chains for the route matrix; all belong to the owner."""

from datetime import timedelta

from django.utils import timezone

from duobiao.identity.models import CompanySettings
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import make_contact, make_deal
from duobiao.stakeholders.actions.change_personnel import Change, change_personnel
from duobiao.stakeholders.actions.plan_influence import plan_influence
from duobiao.stakeholders.models import DealPerson
from duobiao.stakeholders.tests import factories
from tests.support.routes import Sample, World


def _people(world: World) -> tuple[Opportunity, list[DealPerson]]:
    now = timezone.now()
    held = make_deal(world.owner, now=now - timedelta(days=1))
    posts = (
        ("陈立群", "FINAL_DECIDER", "MANAGEMENT"),
        ("孙国栋", "GATEKEEPER", "TECHNICAL"),
        ("李伟", "USER", "USING"),
    )
    people = [
        factories.put(
            held, make_contact(held.customer, name), world.owner, now, role=role, function=function, concerns="少返工"
        )
        for name, role, function in posts
    ]
    return held, people


def deal(world: World) -> dict[str, str]:
    """A deal with three people, a line, an observation, a record, a plan and a change, and a contact not on it yet."""
    held, (decider, gatekeeper, user) = _people(world)
    now, today = timezone.now(), company_day(timezone.now())
    factories.line(user, decider, world.owner, now=now, label="技术背书")
    factories.saw(decider, world.owner, 1, on=today, now=now, quote="可以试试")
    factories.won(user, world.owner, "COMPANY_NEED_PRODUCT", on=today, now=now)
    change = Change("ARRIVED", today, "通讯录", backup="先约")
    change_personnel(person=gatekeeper, change=change, actor=world.owner, now=now)
    plan_influence(
        person=decider,
        tier="TOP",
        title="互访",
        aim="认可",
        owner=world.owner,
        due_on=today,
        actor=world.owner,
        now=now,
    )
    contact = make_contact(held.customer, "刘倩")
    return {
        "ref": held.ref, "contact": contact.ref, "person": decider.ref, "other": gatekeeper.ref,
        "owner": world.owner.ref, "today": today.isoformat(),
    }  # fmt: skip


def readouts(world: World) -> dict[str, str]:
    """A deal of a company that uses MEDDPICC and the Blue Sheet."""
    CompanySettings.objects.update_or_create(pk=1, defaults={"shows_meddpicc": True, "shows_blue_sheet": True})
    return deal(world)


def person(world: World) -> dict[str, str]:
    """The gatekeeper of a chain."""
    return {"ref": _people(world)[1][1].ref}


def link(world: World) -> dict[str, str]:
    """A line of influence."""
    _deal, (decider, _gatekeeper, user) = _people(world)
    return {"ref": factories.line(user, decider, world.owner, now=timezone.now()).ref}


def link_deal(world: World) -> dict[str, str]:
    """A deal with a line."""
    held, (decider, _gatekeeper, user) = _people(world)
    factories.line(user, decider, world.owner, now=timezone.now())
    return {"ref": held.ref}


def observation(world: World) -> dict[str, str]:
    """An observation."""
    now = timezone.now()
    row = factories.saw(_people(world)[1][0], world.owner, 1, on=company_day(now), now=now)
    return {"ref": row.ref}


def relation(world: World) -> dict[str, str]:
    """A record of a relationship."""
    now = timezone.now()
    row = factories.won(_people(world)[1][2], world.owner, "COMPANY_NEED_PRODUCT", on=company_day(now), now=now)
    return {"ref": row.ref}


SAMPLES: dict[str, Sample] = {
    "chain_deal": deal,
    "readouts_deal": readouts,
    "chain_person": person,
    "influence_link": link,
    "influence_link_deal": link_deal,
    "observation": observation,
    "relation_record": relation,
}
