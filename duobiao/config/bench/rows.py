"""Many deals with their ledgers, written straight into a throw-away database."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from duobiao.config.bench.history import fill_history
from duobiao.customers.models import Customer
from duobiao.identity.models import Role, Unit, User
from duobiao.opportunities.actions.judge_signals import judge_all
from duobiao.opportunities.actions.recompute_all import recompute_all
from duobiao.opportunities.models import Closing, Opportunity, Proof
from duobiao.opportunities.queries.recompute import recompute
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.domain.model import METHOD_KEY, Playbook
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, compiled_playbook

SELLERS = 40
PROOFS_PER_DEAL = 10
INDUSTRIES = ("智能制造", "轨道交通", "光伏储能", "数据中心", "化工装备", "港口")
METHODS = ("OPEN_TENDER", "INVITED_TENDER", "NEGOTIATION", "DIRECT", "SINGLE_SOURCE")
CHUNK = 5_000
ProofRow = tuple[str | int | bool | date | datetime, ...]


@dataclass(frozen=True)
class World:
    """What deals refer to.

    Attributes:
        dice: Seeded, so that every run writes the same rows.
    """

    now: datetime
    people: list[User]
    customers: list[Customer]
    version: PlaybookVersion
    dice: random.Random

    @property
    def today(self) -> date:
        """The day the rows are dated relative to."""
        return timezone.localdate(self.now)


def fill(rows: int, *, seed: int = 20260916) -> None:
    """Write ``rows`` deals with ten proofs each, then judge them all.

    Args:
        rows: Number of deals; customers are a tenth of it.
    """
    now = timezone.now()
    ship_playbooks(now=now)
    version = PlaybookVersion.objects.get(key=DEFAULT_PLAYBOOK, version=1)
    people = _people(now)
    world = World(now, people, _customers(rows // 10 + 1, people, now), version, random.Random(seed))
    playbook = compiled_playbook(version.pk).playbook
    for start in range(0, rows, CHUNK):
        numbers = range(start, min(rows, start + CHUNK))
        with transaction.atomic():
            deals = Opportunity.objects.bulk_create([_deal(number, world) for number in numbers], batch_size=500)
            Closing.objects.bulk_create([_closing(deal, now) for deal in deals if not deal.is_open], batch_size=500)
            _insert_proofs(_proofs(deals, playbook, world.dice, world.today))
    fill_history(playbook, world.dice)
    _gather_statistics()
    _judge(now)
    _gather_statistics()


def _gather_statistics() -> None:
    connection.cursor().execute("ANALYZE")


def _judge(now: datetime) -> None:
    recompute_all(now=now)
    judge_all(now=now, tell=False)
    if left := recompute(today=timezone.localdate(now)).differences:
        raise RuntimeError(f"{len(left)} differences after judging, e.g. {left[0]}")


def _people(now: datetime) -> list[User]:
    top = Unit.objects.create(name="总部")
    units = [Unit.objects.create(name=f"华东{n}部", parent=top) for n in range(1, 6)]
    people = [
        User(username=f"seller{n}", name=f"销售{n}", role=Role.SELLER, unit=units[n % len(units)], created_at=now)
        for n in range(SELLERS)
    ]
    people.append(User(username="boss", name="经理", role=Role.MANAGER, unit=top, created_at=now))
    for person in people:
        person.set_unusable_password()
        person.save()
    return people


def _customers(count: int, people: list[User], now: datetime) -> list[Customer]:
    rows = [
        Customer(
            name=f"客户{n}有限公司",
            normal_name=f"客户{n}",
            owner=people[n % SELLERS],
            industry=INDUSTRIES[n % len(INDUSTRIES)],
            created_at=now,
            touched_at=now,
        )
        for n in range(count)
    ]
    return Customer.objects.bulk_create(rows, batch_size=500)


def _deal(number: int, world: World) -> Opportunity:
    dice, today = world.dice, world.today
    closed = dice.random() < 0.3
    opened = today - timedelta(days=dice.randrange(30, 700))
    return Opportunity(
        ref=f"P-{opened.year}-{number:06d}",
        name=f"{dice.choice(INDUSTRIES)}项目 {number}",
        customer=world.customers[number % len(world.customers)],
        owner=world.people[dice.randrange(SELLERS)],
        amount_minor=dice.randrange(10_000_00, 50_000_000_00),
        playbook=world.version,
        outcome=dice.choice(("WON", "LOST")) if closed else "OPEN",
        closed_on=today - timedelta(days=dice.randrange(1, 29)) if closed else None,
        close_reason="OTHER" if closed else "",
        purchase_method=dice.choice(METHODS),
        expected_close_on=today + timedelta(days=dice.randrange(-30, 300)),
        opened_on=opened,
        created_at=world.now,
    )


def _closing(deal: Opportunity, now: datetime) -> Closing:
    closed_on = deal.closed_on or deal.opened_on
    return Closing(
        opportunity=deal,
        outcome=deal.outcome,
        reason="OTHER",
        closed_on=closed_on,
        known_on=closed_on,
        recorded_at=now,
    )


def _proofs(deals: list[Opportunity], playbook: Playbook, dice: random.Random, today: date) -> Iterator[ProofRow]:
    """Prove the first stages of each deal, so that deals spread over stages, states and expiries."""
    keys = [a.evidence for item in playbook.items if item.gates for a in item.accepts if a.methods is None]
    keys = [key for key in dict.fromkeys(keys) if key != METHOD_KEY]
    marks = [mark.evidence for stage in playbook.buyer_stages for mark in stage.marks][:30]
    for deal in deals:
        happened = today - timedelta(days=dice.randrange(0, 200))
        yield _proof(deal, METHOD_KEY, 2, happened, method=deal.purchase_method)
        yield _proof(deal, dice.choice(marks), 3, happened)
        first = dice.choice((0, 0, 0, dice.randrange(0, 20)))
        for offset in range(PROOFS_PER_DEAL - 2):
            day = happened + timedelta(days=min(offset, (today - happened).days))
            yield _proof(deal, keys[(first + offset) % len(keys)], dice.choice((1, 2, 2, 2, 3)), day)


COLUMNS = (
    "ref",
    "opportunity_id",
    "key",
    "grade_claimed",
    "grade",
    "happened_on",
    "known_at",
    "known_on",
    "recorded_at",
    "recorded_by_id",
    "method",
    "quote",
    "channel",
    "source_kind",
    "source_ref",
    "is_unverified",
    "fingerprint",
)
INSERT = "INSERT INTO {table} ({columns}) VALUES ({marks})"


def _proof(deal: Opportunity, key: str, grade: int, day: date, *, method: str = "") -> ProofRow:
    """Return the columns after ``ref`` and before ``fingerprint``."""
    moment = datetime.combine(day, time(2), UTC)
    known = (day, moment, day, moment)
    return (deal.pk, key, grade, grade, *known, deal.owner_id, method, "会议纪要第 3 条", "", "", "", False)


def _insert_proofs(rows: Iterator[ProofRow]) -> None:
    table = connection.ops.quote_name(Proof._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(name) for name in COLUMNS)
    statement = INSERT.format(table=table, columns=columns, marks=", ".join(["%s"] * len(COLUMNS)))
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_written(row, index) for index, row in enumerate(rows)])


def _written(row: ProofRow, index: int) -> ProofRow:
    """Complete a row, in the form the driver stores."""
    adapted: list[str | int | bool | date | datetime] = []
    for value in row:
        stored = connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
        adapted.append(value if stored is None else stored)
    return (f"V-{row[0]:x}-{index:x}", *adapted, str(index))
