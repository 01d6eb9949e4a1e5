"""Stage histories of the deals of the bench: forward mostly, sometimes back, sometimes by expiry."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import orjson
from django.db import connection, transaction

from duobiao.opportunities.actions.reassess import DAY_PASSED
from duobiao.opportunities.models import Opportunity, StageChange
from duobiao.playbooks.domain.model import Playbook

STEPS = (2, 3, 4, 5, 6, 7)
BACK = 0.08
CHUNK = 20_000
COLUMNS = (
    "opportunity_id", "sequence", "at", "on", "stage_before", "stage_after", "state_before", "state_after",
    "completed_before", "completed_after", "rate_before", "rate_after", "buyer_before", "buyer_after", "cause",
    "cause_ref", "cause_text",
)  # fmt: skip
INSERT = "INSERT INTO {table} ({columns}) VALUES ({marks})"
Cell = int | str | date | datetime


def fill_history(playbook: Playbook, dice: random.Random) -> None:
    """Write some changes of place for every deal, dated between its opening and today or its end."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in COLUMNS)
    statement = INSERT.format(
        table=quote(StageChange._meta.db_table), columns=columns, marks=", ".join(["%s"] * len(COLUMNS))
    )
    items = [item.key for item in playbook.items if item.gates]
    deals = Opportunity.objects.order_by("pk").values_list("pk", "opened_on", "closed_on")
    today = datetime.now(UTC).date()
    batch: list[tuple[Cell, ...]] = []
    for pk, opened, closed in deals.iterator(chunk_size=CHUNK):
        batch += _changes(pk, opened, closed or today, items, dice)
        if len(batch) >= CHUNK:
            _write(statement, batch)
            batch = []
    _write(statement, batch)


def _changes(pk: int, opened: date, last: date, items: list[str], dice: random.Random) -> Iterator[tuple[Cell, ...]]:
    stage, day = 0, opened
    for sequence in range(1, dice.choice(STEPS) + 1):
        day = min(last, day + timedelta(days=dice.randrange(1, 60)))
        back = stage > 1 and dice.random() < BACK
        after = stage - 1 if back else min(8, stage + 1)
        if after == stage:
            return
        moment = connection.ops.adapt_datetimefield_value(datetime.combine(day, time(2), UTC))
        cause = DAY_PASSED if back else "opportunities.proof_confirmed"
        text = orjson.dumps({"lost": [dice.choice(items)]} if back else {}).decode()
        completed, completed_after = max(0, stage - 1), max(0, after - 1)
        numbers = (stage, after, "IN_STAGE", "IN_STAGE", completed, completed_after, 0, 0, stage, after)
        yield (pk, sequence, str(moment), str(day), *numbers, cause, "", text)
        stage = after


@transaction.atomic
def _write(statement: str, rows: list[tuple[Cell, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
