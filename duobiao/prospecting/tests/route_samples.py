"""Records of finding customers for the route matrix; all belong to the owner."""

from datetime import timedelta

from django.utils import timezone

from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.tests.factories import make_customer, make_deal
from duobiao.prospecting.actions.ask_referral import ask_referral
from duobiao.prospecting.actions.edit_lead import discard_lead
from duobiao.prospecting.actions.follow_up import add_follow_up
from duobiao.prospecting.actions.keep_letters import file_letter
from duobiao.prospecting.actions.pool_customers import put_customer
from duobiao.prospecting.actions.register_project import register_project
from duobiao.prospecting.actions.register_upstream import register_upstream
from duobiao.prospecting.tests.factories import make_campaign, make_customer_pool, make_lead, make_pool, make_web_form
from tests.support.routes import Sample, World


def lead(world: World) -> dict[str, str]:
    """A lead of the owner, from no pool."""
    held = make_lead(world.owner, company="苏州线索精密", now=timezone.now(), contact_name="王海涛", need="机密需求")
    return {"ref": held.ref, "owner": world.owner.ref, "today": company_day(timezone.now()).isoformat()}


def pooled_lead(world: World) -> dict[str, str]:
    """A lead of the owner that came from a pool of the owner's unit."""
    pool = make_pool("一部公海", unit=world.owner.unit)
    held = make_lead(world.owner, pool=pool, now=timezone.now())
    return {"ref": held.ref, "owner": world.owner.ref}


def discarded_lead(world: World) -> dict[str, str]:
    """A lead of the owner that was dropped."""
    held = make_lead(world.owner, now=timezone.now())
    discard_lead(lead=held, version=1, reason="NOT_FIT", note="", actor=world.owner, now=timezone.now())
    return {"ref": held.ref}


def pool(world: World) -> dict[str, str]:
    """A pool of the owner's unit."""
    return {"ref": make_pool("大客户公海", unit=world.owner.unit).ref}


def web_form(world: World) -> dict[str, str]:
    """A form that is switched on."""
    held = make_web_form(make_pool("网站公海", unit=world.owner.unit))
    return {"ref": held.ref, "token": held.token}


def next_step(world: World) -> dict[str, str]:
    """A lead of the owner with a next step."""
    held, now = make_lead(world.owner, now=timezone.now()), timezone.now()
    row = add_follow_up(lead=held, title="回访", due_on=company_day(now), actor=world.owner, now=now)
    return {"ref": held.ref, "step": row.ref}


def next_step_page(world: World) -> dict[str, str]:
    """The same, as its own page names it."""
    return {"ref": next_step(world)["step"]}


def campaign(world: World) -> dict[str, str]:
    """A seminar of the owner with a lead."""
    held = make_campaign(world.owner, way="SEMINAR")
    make_lead(world.owner, now=timezone.now(), campaign=held)
    return {"ref": held.ref, "today": company_day(timezone.now()).isoformat()}


def asked_customer(world: World) -> dict[str, str]:
    """A customer of the owner."""
    return {"ref": make_customer(world.owner).ref, "today": company_day(timezone.now()).isoformat()}


def referral_ask(world: World) -> dict[str, str]:
    """An ask of the owner that waits for its answer."""
    held = ask_referral(
        customer=make_customer(world.owner),
        contact=None,
        satisfied_with="交付快",
        whom="同园区工厂",
        asked_on=company_day(timezone.now()),
        no_conflict=True,
        actor=world.owner,
        now=timezone.now(),
    )
    return {"ref": held.ref}


def registration(world: World) -> dict[str, str]:
    """A project that the owner protects."""
    values = {"customer_name": "苏州恒力精密", "project": "二期产线", "evidence": "机密证据"}
    return {"ref": register_project(values=values, actor=world.owner, now=timezone.now()).ref}


def upstream_deal(world: World) -> dict[str, str]:
    """A deal of the owner."""
    return {"ref": make_deal(world.owner, now=timezone.now()).ref, "today": company_day(timezone.now()).isoformat()}


def upstream(world: World) -> dict[str, str]:
    """A deal of the owner that is registered with a manufacturer."""
    now = timezone.now()
    row = register_upstream(
        deal=make_deal(world.owner, now=now),
        manufacturer="施恩德电气",
        values={"products": "变频器"},
        state="SUBMITTED",
        actor=world.owner,
        now=now,
    )
    return {"ref": row.ref, "today": company_day(now).isoformat()}


def letter(world: World) -> dict[str, str]:
    """A letter for a deal of the owner."""
    now = timezone.now()
    days = {"valid_from": company_day(now), "valid_until": company_day(now) + timedelta(days=90)}
    row = file_letter(
        manufacturer="施恩德电气",
        values={"covers": "变频器", **days},
        deal=make_deal(world.owner, now=now),
        actor=world.owner,
        now=now,
    )
    return {"ref": row.ref}


def customer_pool(world: World) -> dict[str, str]:
    """A pool of customers that is out of use: only who maintains pools still sees it."""
    return {"ref": make_customer_pool(world.owner, is_active=False).ref}


def poolable_customer(world: World) -> dict[str, str]:
    """A customer of the owner, and a pool for it."""
    return {"ref": make_customer(world.owner).ref, "pool": make_customer_pool(world.owner, unit=world.owner.unit).ref}


def pooled_customer(world: World) -> dict[str, str]:
    """A customer of the owner that belongs to a pool."""
    now = timezone.now()
    pool = make_customer_pool(world.owner, unit=world.owner.unit)
    held = put_customer(
        customer=make_customer(world.owner), pool=pool, free=False, actor=world.actors["administrator"], now=now
    )
    return {"ref": held.ref, "today": company_day(now).isoformat()}


SAMPLES: dict[str, Sample] = {
    "lead": lead,
    "pooled_lead": pooled_lead,
    "discarded_lead": discarded_lead,
    "lead_pool": pool,
    "web_form": web_form,
    "next_step": next_step,
    "next_step_page": next_step_page,
    "campaign": campaign,
    "asked_customer": asked_customer,
    "referral_ask": referral_ask,
    "registration": registration,
    "upstream_deal": upstream_deal,
    "upstream": upstream,
    "letter": letter,
    "customer_pool": customer_pool,
    "poolable_customer": poolable_customer,
    "pooled_customer": pooled_customer,
}
