"""Rivals, their records on deals, and statements of battle cards, made through the actions."""

from datetime import date, datetime
from typing import Any

from django.apps import apps

from duobiao.competition.actions.keep_barrier import BarrierSaid, note_barrier
from duobiao.competition.actions.keep_reach import ReachSaid, note_reach
from duobiao.competition.actions.keep_rival import RivalFactsSaid, add_rival
from duobiao.competition.actions.keep_statement import Said, note_statement
from duobiao.competition.actions.place_rival import Placing, place_rival
from duobiao.competition.actions.score_offer import score_offer
from duobiao.competition.models import Barrier, CardStatement, DealRival, Landscape, Reach, Rival
from duobiao.competition.queries.settings import settings
from duobiao.identity.models import User
from duobiao.opportunities.models import DealTask, Opportunity, Proof, RiskReport
from duobiao.opportunities.tests.factories import NOW, TODAY
from duobiao.timeline.models import Entry


def rival(actor: User, name: str = "西川数科", *, now: datetime = NOW, **facts: Any) -> Rival:
    """Enter a rival."""
    return add_rival(said=RivalFactsSaid(name, **facts), actor=actor, now=now, distinct=True)


def placed(
    deal: Opportunity, held: Rival, actor: User, *, now: datetime = NOW, on: date = TODAY, **known: Any
) -> DealRival:
    """Put a rival on a deal, with a source unless another one is given."""
    placing = Placing(noted_on=on, **{"source": "王海涛", **known})
    return place_rival(opportunity=deal, rival=held, placing=placing, actor=actor, now=now)


def scored(
    deal: Opportunity,
    row: DealRival | None,
    actor: User,
    score: int | dict[str, int],
    *,
    now: datetime = NOW,
    on: date = TODAY,
) -> Landscape:
    """Score one side: the same on every dimension, or dimension by dimension."""
    scores = score if isinstance(score, dict) else dict.fromkeys(settings().keys, score)
    return score_offer(opportunity=deal, row=row, scores=scores, on=on, source="客户访谈", actor=actor, now=now)


def barrier(row: DealRival, actor: User, *, now: datetime = NOW, on: date = TODAY, **said: Any) -> Barrier:
    """Note a barrier."""
    values = {"sort": "LONG_RELATION", "text": "用了三年", "strength": 4, "source": "王海涛", "noted_on": on, **said}
    return note_barrier(row=row, said=BarrierSaid(**values), actor=actor, now=now)


def reach(row: DealRival, actor: User, *, now: datetime = NOW, on: date = TODAY, **said: Any) -> Reach:
    """Note whom a rival reaches: the technical department unless said otherwise."""
    values = {"depth": 2, "source": "王海涛", "noted_on": on, **said}
    if "contact" not in values:
        values.setdefault("function", "TECHNICAL")
    return note_reach(row=row, said=ReachSaid(**values), actor=actor, now=now)


def statement(held: Rival, actor: User, *, now: datetime = NOW, on: date = TODAY, **said: Any) -> CardStatement:
    """Note a weakness on a battle card."""
    values = {"section": "WEAKNESS", "text": "接口要另买", "source": "某客户信息部", "noted_on": on, **said}
    return note_statement(rival=held, said=Said(**values), actor=actor, now=now)


def everything() -> dict[str, Any]:
    """Return all rows about rivals, with ledger, tasks, reports and audit, to show that nothing changed."""
    kinds = [*apps.get_app_config("competition").get_models(), Proof, DealTask, RiskReport, Entry]
    return {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in kinds}
