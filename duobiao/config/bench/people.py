"""Many customers and contacts: how fast they are found by two characters, how fast contacts come in from a file."""

import csv
import random
import re
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from duobiao.config.bench.processes import DUOBIAO
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.findables import every_contact, every_customer
from duobiao.identity.models import Role, Unit, User
from duobiao.search.actions.index import index_many
from duobiao.search.queries import find, found_by_kind

CUSTOMERS, CONTACTS, ROWS = 200_000, 500_000, 100_000
OWNERS = 40
BATCH = 5_000
WORDS = 40
GROUPS = 5
NOW = datetime(2026, 9, 16, 1, 20, tzinfo=UTC)
CITIES = [
    "苏州",
    "无锡",
    "常州",
    "南京",
    "上海",
    "杭州",
    "宁波",
    "合肥",
    "武汉",
    "长沙",
    "成都",
    "重庆",
    "西安",
    "青岛",
    "济南",
    "天津",
    "沈阳",
    "大连",
    "厦门",
    "佛山",
]
NAMES = [
    "恒",
    "力",
    "华",
    "远",
    "天",
    "成",
    "锦",
    "程",
    "宏",
    "达",
    "瑞",
    "丰",
    "泰",
    "康",
    "金",
    "鼎",
    "中",
    "科",
    "海",
    "诺",
    "东",
    "方",
    "永",
    "信",
    "德",
    "盛",
    "立",
    "新",
    "安",
    "捷",
]
TRADES = ["精密", "机械", "电气", "自动化", "新能源", "装备", "材料", "电子", "化工", "物流", "智能", "重工"]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超霞平刚辉文建国志华海燕晓东鹏飞"
POSTS = ["设备部长", "采购经理", "总经理", "工程师", "财务总监", "项目经理", "生产主管", "技术总工"]


def measure_people(*, customers: int = CUSTOMERS, contacts: int = CONTACTS, rows: int = ROWS) -> dict[str, Any]:
    """Write customers and contacts, search them, bring more contacts in."""
    dice = random.Random(20260916)
    subprocess.run([*DUOBIAO, "init"], check=True, capture_output=True)  # the console imports as an administrator
    boss = _people()
    _fill(customers, contacts, dice)
    return {
        "customers": customers,
        "contacts": contacts,
        **_search(boss, dice),
        "import_rows": rows,
        **_import(rows, dice),
    }


def _people() -> User:
    top = Unit.objects.create(name="搜索总部")
    for number in range(OWNERS):
        user = User(username=f"finder{number}", name=f"搜索{number}", role=Role.SELLER, unit=top)
        user.set_unusable_password()
        user.save()
    boss = User(username="boss9", name="总监", role=Role.EXECUTIVE, unit=top)
    boss.set_unusable_password()
    boss.save()
    return boss


def _fill(customers: int, contacts: int, dice: random.Random) -> None:
    owners = list(User.objects.get_queryset().filter(username__startswith="finder").values_list("pk", flat=True))
    _written(Customer, (_customer(number, owners, dice) for number in range(customers)))
    keys = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    _written(Contact, (_contact(keys[number % len(keys)], dice) for number in range(contacts)))
    for findables in (every_customer(), every_contact()):
        while batch := list(islice(findables, BATCH)):
            index_many(batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _written(model: Any, rows: Iterator[Any]) -> None:
    while batch := list(islice(rows, BATCH)):
        with transaction.atomic():
            model.objects.bulk_create(batch, batch_size=500)


def _customer(number: int, owners: Sequence[int], dice: random.Random) -> Customer:
    name = f"{dice.choice(CITIES)}{dice.choice(NAMES)}{dice.choice(NAMES)}{dice.choice(TRADES)}有限公司"
    owner = owners[number % len(owners)]
    return Customer(name=name, normal_name=name, owner_id=owner, region=name[:2], created_at=NOW, touched_at=NOW)


def _contact(customer: int, dice: random.Random) -> Contact:
    mobile = f"13{dice.randrange(10)} {dice.randrange(10_000):04} {dice.randrange(10_000):04}"
    post = dice.choice(POSTS)
    return Contact(customer_id=customer, name=_name(dice), position=post, mobile=mobile, created_at=NOW, touched_at=NOW)


def _name(dice: random.Random) -> str:
    return dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)


def _search(boss: User, dice: random.Random) -> dict[str, Any]:
    """Ask for two characters, as somebody who sees everything and as one of forty sellers."""
    words = [*_pairs(dice)]
    seller = User.objects.get(username="finder7")
    found = {
        "find_ms": _times(words, lambda word: find(user=boss, text=word)),
        "groups_ms": _times(words, lambda word: found_by_kind(user=boss, text=word, per_kind=GROUPS)),
        "seller_groups_ms": _times(words, lambda word: found_by_kind(user=seller, text=word, per_kind=GROUPS)),
    }
    figures: dict[str, Any] = {}
    for name, times in found.items():
        figures[name] = round(statistics.median(times), 2)
        figures[f"{name.removesuffix('_ms')}_slowest_ms"] = round(max(times), 2)
    return {"search": figures}


def _pairs(dice: random.Random) -> Iterator[str]:
    """Yield what people type: names of companies and of people, places, and a few words nobody has."""
    for number in range(WORDS):
        kinds = (
            dice.choice(NAMES) + dice.choice(NAMES),
            dice.choice(SURNAMES) + dice.choice(GIVEN),
            dice.choice(GIVEN) + dice.choice(GIVEN),
            dice.choice(CITIES) if number % 8 == 3 else dice.choice(NAMES) + dice.choice(TRADES)[0],
        )
        yield kinds[number % 4]


def _times(words: Sequence[str], ask: Callable[[str], Any]) -> list[float]:
    ask(words[0])
    times = []
    for word in words:
        started = time.perf_counter()
        ask(word)
        times.append((time.perf_counter() - started) * 1000)
    return times


MAPPING = """version: 1
source: bench
files:
  - {file: "customers.csv", target: customers, external_id: id, columns: {name: name}, optional: true}
  - file: "contacts.csv"
    target: contacts
    external_id: id
    columns: {name: name, customer: customer, mobile: mobile, email: email, position: post, notes: notes}
    optional: true
"""


def _import(rows: int, dice: random.Random) -> dict[str, Any]:
    """Bring contacts of 2,000 customers in, then the same file again."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first", Path(folder) / "second"
        first.mkdir()
        second.mkdir()
        mapping = Path(folder) / "mapping.yaml"
        mapping.write_text(MAPPING, encoding="utf-8")
        _csv(first / "customers.csv", ("id", "name"), ((f"B{n}", f"导入客户{n}") for n in range(2_000)))
        heads = ("id", "name", "customer", "mobile", "email", "post", "notes")
        _csv(second / "contacts.csv", heads, (_row(number, dice) for number in range(rows)))
        _run(first, mapping)
        took = _run(second, mapping)
        again = _run(second, mapping)
    return {"import": took, "import_again": again}


def _row(number: int, dice: random.Random) -> tuple[str, ...]:
    mobile = f"138{dice.randrange(10**8):08}"
    post = dice.choice(POSTS)
    return f"N{number}", _name(dice), f"B{number % 2_000}", mobile, f"p{number}@example.com", post, "展会认识"


def _csv(place: Path, heads: Sequence[str], rows: Iterator[tuple[str, ...]]) -> None:
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)


def _run(folder: Path, mapping: Path) -> dict[str, Any]:
    started, before = time.perf_counter(), _cpu_of_children()
    command = [*DUOBIAO, "import", str(folder), "--mapping", str(mapping)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the import failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    memory = re.search(r"peak memory (\d+) MB", done.stdout)
    seconds = round(time.perf_counter() - started, 1)
    cpu = round(_cpu_of_children() - before, 1)
    return {"seconds": seconds, "cpu_seconds": cpu, "peak_memory_mb": int(memory[1]) if memory else None}


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
