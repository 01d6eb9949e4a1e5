"""The audit: append-only, chained, anchored, checked, with erasable details."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError

from duobiao.identity.tests.factories import make_administrator, make_user
from duobiao.kernel.events import Event
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.timeline import registry, triggers
from duobiao.timeline.actions.anchor_day import anchor_day
from duobiao.timeline.actions.erase_details import NothingToErase, erase_details
from duobiao.timeline.actions.record import record, record_many, record_new
from duobiao.timeline.models import Anchor, AnchoredHead, AppendOnly, ChainHead, Entry, EntryDetail
from duobiao.timeline.queries import entries_for
from duobiao.timeline.soundness import audit_cannot_be_changed, audit_chains_are_whole
from duobiao.timeline.verification import verify_chains

pytestmark = pytest.mark.django_db
DEAL = Ref("opportunity", "P-1")


@dataclass(frozen=True, kw_only=True)
class ThingDone(Event):
    """Something for tests."""

    name: ClassVar[str] = "tests.thing_done"
    title: ClassVar[object] = "Thing done"


@pytest.fixture
def chain(now) -> list[Entry]:
    """Three entries on one deal and one on another record."""
    actor = make_user(name="李晓峰")
    return [
        record(
            ThingDone(subject=subject, chain="P-1" if index < 3 else "", data={"note": f"n{index}"}),
            actor=actor,
            at=now,
        )
        for index, subject in enumerate([DEAL, Ref("call", "K-1"), DEAL, Ref("customer", "C-1")])
    ]


def tamper(sql: str, *parameters: object) -> None:
    """Change the tables as somebody with the database password would."""
    with triggers.lifted(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def codes() -> set[str]:
    """Return what the check finds."""
    return {problem.code for problem in verify_chains()}


def test_entries_of_a_chain_are_numbered_and_sealed_to_each_other(chain):
    assert [(entry.chain, entry.sequence) for entry in chain] == [("P-1", 1), ("P-1", 2), ("P-1", 3), ("C-1", 1)]
    assert chain[0].previous == "0" * 64
    assert chain[2].previous == chain[1].digest
    assert verify_chains() == []


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE timeline_entry SET event = 'x.y' WHERE chain = 'P-1' AND sequence = 2", "digest"),
        ("UPDATE timeline_entry SET actor_id = NULL WHERE chain = 'C-1'", "digest"),
        ("UPDATE timeline_entry SET subject_ref = 'P-2' WHERE chain = 'P-1' AND sequence = 1", "digest"),
        ("UPDATE timeline_entry SET previous = 'f' WHERE chain = 'P-1' AND sequence = 3", "broken_link"),
        ("UPDATE timeline_entrydetail SET salt = 'x'", "detail"),
        ('UPDATE timeline_entrydetail SET data = \'{"note": "forged"}\'', "detail"),
        ("DELETE FROM timeline_entrydetail", "detail_missing"),
        ("UPDATE timeline_chainhead SET digest = 'x' WHERE chain = 'C-1'", "head"),
        ("DELETE FROM timeline_chainhead WHERE chain = 'C-1'", "head"),
    ],
)
def test_every_edit_shows(chain, sql, code):
    tamper(sql)

    assert code in codes()


@pytest.mark.parametrize(("sequence", "code"), [(1, "gap"), (2, "gap"), (3, "head")])
def test_a_missing_entry_shows(chain, sequence, code):
    tamper("DELETE FROM timeline_entrydetail WHERE entry_id = %s", chain[sequence - 1].pk)
    tamper("DELETE FROM timeline_entry WHERE chain = 'P-1' AND sequence = %s", sequence)

    assert codes() == {code}


def test_a_vanished_chain_shows_by_its_head_and_by_its_anchor(chain, now):
    anchor_day(day=date(2026, 9, 14), now=now)
    tamper("DELETE FROM timeline_entrydetail WHERE entry_id = %s", chain[3].pk)
    tamper("DELETE FROM timeline_entry WHERE chain = 'C-1'")
    assert codes() == {"chain_missing", "anchored_head"}

    tamper("DELETE FROM timeline_chainhead WHERE chain = 'C-1'")
    assert codes() == {"anchored_head"}
    AnchoredHead.objects.filter(chain="C-1").delete()
    assert codes() == {"anchor"}


def test_a_days_anchor_fixes_what_grew_since_the_last_one(chain, now):
    first = anchor_day(day=date(2026, 9, 14), now=now)
    record(ThingDone(subject=DEAL), actor=None, at=now + timedelta(days=1))
    second = anchor_day(day=date(2026, 9, 15), now=now + timedelta(days=1))

    assert (first.chains, second.chains) == (2, 1)
    assert second.previous == first.digest
    assert anchor_day(day=date(2026, 9, 15), now=now) == second
    assert verify_chains() == []
    Anchor.objects.filter(pk=first.pk).update(chains=9, digest="0" * 64)
    assert codes() == {"anchor"}


def test_the_model_layer_refuses_to_change_entries(chain):
    entry = Entry.objects.get(pk=chain[0].pk)
    entry.event = "x.y"

    for act in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(event="x.y"),
    ):
        with pytest.raises(AppendOnly):
            act()

    assert verify_chains() == []


@pytest.mark.parametrize("sql", ["UPDATE timeline_entry SET event = 'x'", "DELETE FROM timeline_entry"])
def test_sqlite_refuses_to_change_entries_by_itself(chain, sql):
    if connection.vendor != "sqlite":
        assert triggers.missing() == []
        return
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_missing_triggers_are_seen_and_come_back_with_the_next_migration(chain):
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER timeline_entry_no_update")
    assert triggers.missing() == ["timeline_entry_no_update"]
    assert len(audit_cannot_be_changed()) == 1

    triggers.install_after_migrate()

    assert triggers.missing() == []
    assert audit_cannot_be_changed() == []


def test_the_doctor_names_what_is_broken(chain):
    assert audit_chains_are_whole() == []

    tamper("UPDATE timeline_entry SET event = 'x.y' WHERE chain = 'P-1' AND sequence = 2")

    assert [message.msg for message in audit_chains_are_whole()] == ["P-1 #2: digest"]


def test_erased_details_leave_the_chain_whole_and_say_that_they_are_gone(chain, now):
    admin = make_administrator()

    count = erase_details(subject=DEAL, reason="本人要求", actor=admin, now=now)

    assert count == 2
    assert verify_chains() == []
    rows = entries_for(chain="P-1")
    assert [row.erased for row in rows] == [False, True, False, True]
    assert rows[1].detail == "内容已抹去"
    assert entries_for(subject=DEAL, kinds=["timeline.details_erased"])[0].detail == "2 条：本人要求"
    with pytest.raises(NothingToErase):
        erase_details(subject=DEAL, reason="x", actor=admin, now=now)


def test_erasing_needs_the_right_and_a_reason(chain, now):
    with pytest.raises(NotAllowed):
        erase_details(subject=DEAL, reason="x", actor=make_user("executive"), now=now)
    with pytest.raises(Invalid):
        erase_details(subject=DEAL, reason=" ", actor=make_administrator(), now=now)

    assert EntryDetail.objects.count() == 4


def test_handlers_run_in_order_in_the_same_transaction_and_can_refuse(now, monkeypatch):
    heard = []
    monkeypatch.setattr(registry, "_handlers", {})
    registry.on(ThingDone, lambda event, _actor, _at: heard.append(("late", event.subject)), order=9)
    registry.on(ThingDone, lambda event, _actor, _at: heard.append(("early", event.subject)), order=1)

    record(ThingDone(subject=DEAL), actor=None, at=now)
    assert heard == [("early", DEAL), ("late", DEAL)]

    def refuse(*_call: object) -> None:
        raise Invalid("no")

    registry.on(ThingDone, refuse)
    with pytest.raises(Invalid), transaction.atomic():
        record(ThingDone(subject=DEAL), actor=None, at=now)
    assert Entry.objects.count() == 1
    assert ChainHead.objects.get().sequence == 1


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_a_fault_of_ours(now):
    with pytest.raises(TransactionManagementError):
        record(ThingDone(subject=DEAL), actor=None, at=now)

    assert not Entry.objects.exists()


def test_many_new_chains_are_begun_at_once(now, django_assert_max_num_queries):
    events = [ThingDone(subject=Ref("customer", f"C-{number}")) for number in range(300)]

    with django_assert_max_num_queries(8):
        record_new(events, actor=None, at=now)

    assert Entry.objects.count() == 300
    assert verify_chains() == []
    record(ThingDone(subject=Ref("customer", "C-7")), actor=None, at=now)
    assert verify_chains() == []


def test_many_chains_go_on_at_once_each_in_its_order_and_handlers_run(chain, now, monkeypatch):
    seen = []
    monkeypatch.setattr(registry, "_handlers", {})
    registry.on(ThingDone, lambda *happened: seen.append(happened[0].chain_name))
    others = [Ref("customer", f"C-2{number}") for number in range(3)]
    events = [ThingDone(subject=ref) for ref in (DEAL, *others, DEAL)]
    before = ChainHead.objects.get(chain=DEAL.ref).sequence

    record_many(events, actor=None, at=now)

    assert ChainHead.objects.get(chain=DEAL.ref).sequence == before + 2
    assert [ChainHead.objects.get(chain=ref.ref).sequence for ref in others] == [1, 1, 1]
    assert seen == [DEAL.ref, "C-20", "C-21", "C-22", DEAL.ref]
    assert verify_chains() == []


def test_a_timeline_is_read_newest_first_in_two_queries(chain, django_assert_num_queries):
    with django_assert_num_queries(2):
        rows = entries_for(chain="P-1")

    assert [row.detail for row in rows] == ["n2", "n1", "n0"]
    assert {row.actor for row in rows} == {"李晓峰"}
    assert [row.sequence for row in entries_for(chain="P-1", before=(rows[0].at, rows[0].sequence))] == [2, 1]
    assert [row.sequence for row in entries_for(subject=DEAL)] == [3, 1]
    assert entries_for(subject=DEAL, kinds=["other.event"]) == []
