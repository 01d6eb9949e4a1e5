"""Plain builders of cases and overviews."""

from datetime import datetime
from typing import Any

from duobiao.identity.models import User
from duobiao.knowledge.actions.keep_entries import add_entry
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.opportunities.tests.factories import NOW, TODAY

CASE: dict[str, Any] = {
    "title": "精密件换型调度",
    "named_as": "某精密制造上市公司",
    "client": "恒睿",
    "industry": "智能制造",
    "size": "NATIONAL",
    "challenges": "换型靠人工排程，停线等料\n数据靠人抄",
    "result": "换型从 4 小时压到 70 分钟",
}
OVERVIEW: dict[str, Any] = {
    "title": "离散制造排程技术",
    "industries": "智能制造\n汽车零部件",
    "points": "规则排程转向约束求解\n换型数据自动采集",
    "source": "行业协会年报",
    "as_of": TODAY,
}


def make_case(owner: User, *, now: datetime = NOW, **values: Any) -> ReferenceCase:
    """Add a case through its action."""
    return add_entry(ReferenceCase, values={**CASE, **values}, actor=owner, now=now)


def make_overview(owner: User, *, now: datetime = NOW, **values: Any) -> TechnologyOverview:
    """Add an overview through its action."""
    return add_entry(TechnologyOverview, values={**OVERVIEW, **values}, actor=owner, now=now)
