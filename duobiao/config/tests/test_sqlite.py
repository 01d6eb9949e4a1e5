import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from filelock import FileLock

from duobiao.config.sqlite import base
from duobiao.jobs.models import ScheduleRun

pytestmark = pytest.mark.django_db(transaction=True)
BEGIN = datetime(2999, 1, 1, tzinfo=UTC)
WRITERS = 8
ROUNDS = 25


def add(name: str, number: int) -> None:
    ScheduleRun.objects.create(name=name, slot=BEGIN + timedelta(minutes=number))


def in_threads(work: Callable[[int], None]) -> list[BaseException]:
    """Run ``work(n)`` in several threads at once; return what went wrong."""
    errors: list[BaseException] = []
    together = threading.Barrier(WRITERS)

    def run(number: int) -> None:
        together.wait()
        try:
            work(number)
        except DatabaseError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_many_writers_in_transactions_lose_nothing():
    ScheduleRun.objects.create(name="counter", slot=BEGIN)

    def work(number: int) -> None:
        for turn in range(ROUNDS):
            with transaction.atomic():
                row = ScheduleRun.objects.select_for_update().get(name="counter")
                row.slot += timedelta(minutes=1)
                row.save(update_fields=["slot"])
                add(f"writer-{number}", turn)

    assert in_threads(work) == []
    assert ScheduleRun.objects.get(name="counter").slot == BEGIN + timedelta(minutes=WRITERS * ROUNDS)
    assert ScheduleRun.objects.count() == 1 + WRITERS * ROUNDS


def test_single_statements_queue_with_transactions():
    def work(number: int) -> None:
        for turn in range(ROUNDS):
            if number % 2:
                add(f"writer-{number}", turn)
            else:
                with transaction.atomic():
                    add(f"writer-{number}", turn)

    assert in_threads(work) == []
    assert ScheduleRun.objects.count() == WRITERS * ROUNDS


def test_a_write_that_fails_lets_the_next_writer_go_on():
    add("taken", 0)
    with pytest.raises(DatabaseError), transaction.atomic():
        add("taken", 0)
    with pytest.raises(DatabaseError):
        ScheduleRun.objects.bulk_create([ScheduleRun(name="taken", slot=BEGIN)])

    assert in_threads(lambda number: add("free", number)) == []
    assert ScheduleRun.objects.count() == 1 + WRITERS


def test_a_connection_closed_in_a_transaction_lets_the_next_writer_go_on():
    def give_up(number: int) -> None:
        with transaction.atomic():
            add("lost", number)
            connection.close()

    in_threads(give_up)

    assert in_threads(lambda number: add("free", number)) == []
    assert not ScheduleRun.objects.filter(name="lost").exists()


def test_a_writer_that_waits_too_long_is_told_and_changes_nothing(monkeypatch):
    if connection.vendor != "sqlite":
        return
    monkeypatch.setattr(base, "LOCK_TIMEOUT_SECONDS", 0.2)
    with FileLock(f"{connection.settings_dict['NAME']}.write-lock"):
        with pytest.raises(OperationalError, match="write queue is full"), transaction.atomic():
            add("late", 0)
        with pytest.raises(OperationalError, match="write queue is full"):
            ScheduleRun.objects.update(name="late")

    add("free", 0)
    assert [run.name for run in ScheduleRun.objects.all()] == ["free"]


def test_readers_do_not_wait_for_writers():
    add("seen", 0)
    with transaction.atomic():
        add("unseen", 1)
        names: list[list[str]] = []
        reader = threading.Thread(
            target=lambda: (names.append(list(ScheduleRun.objects.values_list("name", flat=True))), connection.close())
        )
        reader.start()
        reader.join(timeout=5)
        assert names == [["seen"]]
