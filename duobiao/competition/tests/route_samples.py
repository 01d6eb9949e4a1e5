"""Records of competition for the route matrix; all belong to the owner."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from duobiao.competition.actions.note_move import note_move
from duobiao.competition.models import DealRival, Rival
from duobiao.competition.tests import factories
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import make_deal
from tests.support.routes import Sample, World

LONG_AGO = date(2026, 9, 1)
_numbers = count(1)


def _deal(world: World) -> Opportunity:
    return make_deal(world.owner, now=timezone.now() - timedelta(days=1))


def _rival(world: World) -> Rival:
    """Enter a rival of a name no other one has."""
    return factories.rival(world.owner, f"对手{next(_numbers)}号工控", now=timezone.now())


def _row(world: World) -> DealRival:
    now = timezone.now()
    held = _rival(world)
    return factories.placed(_deal(world), held, world.owner, now=now, on=LONG_AGO)


def _parts(world: World, row: DealRival, ref: str) -> dict[str, str]:
    return {
        "ref": ref, "owner": world.owner.ref, "today": company_day(timezone.now()).isoformat(), "row": row.ref,
    }  # fmt: skip


def rival(world: World) -> dict[str, str]:
    """A rival of the company."""
    return {"ref": _rival(world).ref}


def statement(world: World) -> dict[str, str]:
    """A statement of its card."""
    return {"ref": factories.statement(_rival(world), world.owner, now=timezone.now(), on=LONG_AGO).ref}


def deal(world: World) -> dict[str, str]:
    """A deal with a rival and scores of both sides, and one more rival to put on it."""
    row, now = _row(world), timezone.now()
    factories.scored(row.opportunity, row, world.owner, 3, now=now, on=LONG_AGO)
    other = _rival(world)
    return {**_parts(world, row, row.opportunity.ref), "rival": other.ref, "criterion": "relation"}


def customer(world: World) -> dict[str, str]:
    """A customer at which a rival is in the race."""
    return {"ref": _row(world).opportunity.customer.ref}


def on_deal(world: World) -> dict[str, str]:
    """A rival on a deal."""
    row = _row(world)
    return _parts(world, row, row.ref)


def gone(world: World) -> dict[str, str]:
    """A rival that left the race."""
    row = _row(world)
    DealRival.objects.filter(pk=row.pk).update(left_on=LONG_AGO, left_reason="报价过高")
    return _parts(world, row, row.ref)


def barrier(world: World) -> dict[str, str]:
    """A barrier of a rival on a deal."""
    row = _row(world)
    return _parts(world, row, factories.barrier(row, world.owner, now=timezone.now(), on=LONG_AGO).ref)


def reach(world: World) -> dict[str, str]:
    """A department that a rival reaches."""
    row = _row(world)
    return _parts(world, row, factories.reach(row, world.owner, now=timezone.now(), on=LONG_AGO).ref)


def move(world: World) -> dict[str, str]:
    """A move of a rival."""
    row, now = _row(world), timezone.now()
    made = note_move(
        row=row, sort="PRICE", text="降价一成", source="采购", happened_on=company_day(now), actor=world.owner, now=now
    )
    return _parts(world, row, made.ref)


SAMPLES: dict[str, Sample] = {
    "rival": rival,
    "card_statement": statement,
    "contested_deal": deal,
    "contested_customer": customer,
    "deal_rival": on_deal,
    "deal_rival_gone": gone,
    "competition_barrier": barrier,
    "rival_reach": reach,
    "rival_move": move,
}
