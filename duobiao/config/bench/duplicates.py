"""Whether one new customer exists among many: by name, near names, telephone number and site."""

import itertools
import random
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from duobiao.config.bench.clock import median_seconds
from duobiao.customers.domain.likeness import company_keys
from duobiao.customers.domain.naming import normal_name
from duobiao.customers.models import Customer
from duobiao.customers.queries.likely import signs_of
from duobiao.customers.queries.matches import Signs, customers_matching_signs
from duobiao.duplicates.models import SignKey
from duobiao.identity.models import User

RUNS: Final = 60
CHUNK: Final = 5_000
SYLLABLES: Final = (
    "恒力振华海天远景先锋中联宏达瑞丰金龙长虹东升永泰新安华宇盛源博远鼎信嘉禾润泽科创明德启航锦程腾飞卓越"
)
PLACES: Final = ("苏州", "无锡", "上海", "杭州", "宁波", "深圳", "广州", "武汉", "成都", "重庆", "青岛", "天津")
TRADES: Final = ("精密机械", "自动化设备", "电气", "新能源科技", "电子", "环保工程", "轨道交通装备", "化工", "物流")
FORMS: Final = ("有限公司", "股份有限公司", "集团有限公司", "有限责任公司")


def measure_duplicates(companies: int) -> dict[str, Any]:
    """Measure the check of one new customer by name and near names, and by number and site.

    Args:
        companies: How many customers it is checked against, besides those of the deals.
    """
    user = User.objects.get(username="boss")
    names = _fill(companies, user)
    dice = random.Random(7)
    asked = itertools.cycle([_misspelt(dice.choice(names), dice) for _ in range(RUNS)])
    numbers = itertools.cycle(dice.sample(range(companies), min(RUNS, companies)))

    def by_name() -> None:
        customers_matching_signs(Signs(name=next(asked)), user=user)

    def by_number() -> None:
        number = next(numbers)
        customers_matching_signs(Signs(phones=(f"0512{number:08d}",), domain=f"c{number}.example.com"), user=user)

    found = sum(bool(customers_matching_signs(Signs(name=next(asked)), user=user)) for _ in range(RUNS))
    return {
        "companies": companies,
        "by_name_ms": _ms(median_seconds(by_name, runs=RUNS)),
        "by_number_and_site_ms": _ms(median_seconds(by_number, runs=RUNS)),
        "misspelt_found": f"{found} of {RUNS}",
    }


def _fill(companies: int, owner: User) -> list[str]:
    dice, now, names = random.Random(20260916), timezone.now(), []
    for start in range(0, companies, CHUNK):
        rows = []
        for number in range(start, min(start + CHUNK, companies)):
            brand = "".join(dice.choice(SYLLABLES) for _ in range(dice.choice((2, 3, 3, 4))))
            name = f"{dice.choice(PLACES)}{brand}{dice.choice(TRADES)}{dice.choice(FORMS)}"
            names.append(name)
            rows.append(
                Customer(
                    name=name,
                    normal_name=normal_name(name),
                    owner=owner,
                    phone=f"+860512{number:08d}",
                    website=f"https://c{number}.example.com",
                    created_at=now,
                    touched_at=now,
                )
            )
        Customer.objects.bulk_create(rows, batch_size=500)
        keys = [
            SignKey(kind=Customer.kind, ref=row.ref, key=key)
            for row in rows
            for key in company_keys(signs_of(row.name, phone=row.phone, website=row.website))
        ]
        SignKey.objects.bulk_create(keys, batch_size=1000)
    connection.cursor().execute("ANALYZE")
    return names


def _misspelt(name: str, dice: random.Random) -> str:
    """Return a name as somebody types it: without its legal form, in brackets, or with a letter of the same sound."""
    bare = next((name.removesuffix(form) for form in FORMS if name.endswith(form)), name)
    return dice.choice(
        (bare, name[2:], name.replace("力", "利").replace("华", "花"), f"{bare[2:]}（{name[:2]}）有限公司")
    )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
