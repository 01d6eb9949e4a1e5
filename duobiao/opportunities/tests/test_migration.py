"""Deals move to another playbook version: judged anew, audited, resumable, reversible within a day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.carry_out_migration import carry_out
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.actions.migrate_deals import MOST_DEALS, NothingToMove, migrate_deals
from duobiao.opportunities.actions.migrate_queued import resume_migrations
from duobiao.opportunities.actions.revert_migration import NotReversible, revert_migration
from duobiao.opportunities.models import MigratedDeal, MigrationRun, Opportunity, PlaybookChange, StageChange
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.migration import foresee, totals_of
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.tests.factories import (
    NOW,
    TODAY,
    draft,
    make_customer,
    make_deal,
    make_unit,
    make_user,
    prove_stages,
)
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.tests.versions import asking, rated, renamed, stricter, variant, without
from duobiao.timeline.models import Entry, Notification
from duobiao.timeline.verification import verify_chains

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def boss():
    return make_user("boss", role=Role.ADMINISTRATOR)


@pytest.fixture
def seller():
    return make_user("seller", unit=make_unit("华东"))


@pytest.fixture
def deal(seller):
    held = make_deal(seller)
    prove_stages(held, 1, 2, actor=seller)
    held.refresh_from_db()
    return held


def harder():
    """Stage 2 asks for one thing more, and success is rated lower."""
    return variant(asking(2, "2.S9", "competition.first_rivals_recorded"), rated(0, 4, 9, 20, 30, 50, 75, 90, 100))


def move(deals, target, boss, now=NOW, **fields):
    run = migrate_deals(chosen=[(deal, deal.version) for deal in deals], target=target, actor=boss, now=now, **fields)
    carry_out(run.ref, clock=lambda: now)
    run.refresh_from_db()
    return run


def take_back(run, boss, now=NOW + HOUR):
    revert_migration(run=run, actor=boss, now=now)
    carry_out(run.ref, clock=lambda: now)
    run.refresh_from_db()
    return run


def place(deal):
    deal.refresh_from_db()
    return deal.stage_number, deal.state, deal.rate_percent


def state(run, deal):
    line = run.deals.get(opportunity=deal)
    return line.state, line.reason


def test_a_deal_is_judged_by_the_version_it_moved_to(deal, boss):
    assert place(deal) == (2, "TRANSIT", 10)
    target, version = harder(), deal.version

    run = move([deal], target, boss, reason="新的打法")

    assert place(deal) == (2, "IN_STAGE", 4)
    assert (deal.playbook, deal.playbook_since, deal.version) == (target, TODAY, version + 1)
    assert (run.state, state(run, deal)) == ("DONE", ("MOVED", ""))
    assert recompute(today=TODAY).differences == []
    assert verify_chains() == []


def test_history_and_timeline_say_that_the_playbook_changed(deal, boss):
    run = move([deal], harder(), boss, reason="新的打法")

    change = StageChange.objects.filter(opportunity=deal).latest("sequence")
    assert (change.cause, change.cause_ref, change.rate_before, change.rate_after) == (
        "opportunities.playbook_moved",
        run.ref,
        10,
        4,
    )
    entries = Entry.objects.filter(chain=deal.ref).order_by("sequence")
    assert list(entries.values_list("event", flat=True))[-2:] == [
        "opportunities.playbook_moved",
        "opportunities.stage_changed",
    ]
    detail = entries.get(event="opportunities.playbook_moved").detail.data
    assert (detail["before"]["version"], detail["after"]["version"], detail["reason"]) == (1, 2, "新的打法")
    whole = Entry.objects.filter(chain=run.ref).order_by("sequence").values_list("event", flat=True)
    assert list(whole) == ["opportunities.migration_started", "opportunities.migration_finished"]


def test_the_preview_says_what_will_happen_and_writes_nothing(deal, boss, seller):
    other = make_deal(seller)
    target = harder()
    before = (Entry.objects.count(), StageChange.objects.count(), Opportunity.objects.get(pk=deal.pk).version)

    rows = foresee([(deal, deal.version), (other, other.version)], target, today=TODAY)
    totals = totals_of(rows, currency="CNY")

    assert (rows[0].before["rate"], rows[0].after["rate"], rows[0].after["state"]) == (10, 4, "IN_STAGE")
    assert (rows[0].lost, rows[0].gained) == ((), ())
    assert (totals.moved, totals.up, totals.down) == (2, 0, 1)
    assert (totals.weighted_before, totals.weighted_after) == (12_800_000, 5_120_000)
    assert (Entry.objects.count(), StageChange.objects.count(), Opportunity.objects.get(pk=deal.pk).version) == before
    assert not MigrationRun.objects.exists()
    move([deal, other], target, boss)
    assert place(deal) == (rows[0].after["stage"], rows[0].after["state"], rows[0].after["rate"])


def test_items_lost_and_gained_are_named(seller, boss):
    deal = make_deal(seller)
    confirm_evidence(opportunity=deal, draft=draft("engagement.interest_shown", 1), actor=seller, now=NOW)
    confirm_evidence(opportunity=deal, draft=draft("competition.first_rivals_recorded", 2), actor=seller, now=NOW)
    deal.refresh_from_db()
    target = variant(stricter("1.M1"), asking(2, "2.S9", "competition.first_rivals_recorded"))

    row = foresee([(deal, deal.version)], target, today=TODAY)[0]

    assert (row.lost, row.gained) == (("1.M1",), ("2.S9",))
    run = move([deal], target, boss)
    line = run.deals.get()
    assert (line.lost, line.gained) == (["1.M1"], ["2.S9"])


def test_closed_stale_and_settled_deals_are_left_out_with_their_reason(deal, seller, boss):
    lost, edited, there = make_deal(seller), make_deal(seller), make_deal(seller)
    target = harder()
    move([there], target, boss)
    for held in (lost, edited, there):
        held.refresh_from_db()
    close_opportunity(opportunity=lost, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)
    lost.refresh_from_db()
    seen = edited.version
    edit_opportunity(opportunity=edited, version=seen, values={"name": "改名"}, actor=seller, now=NOW)
    edited.refresh_from_db()

    chosen = [(lost, lost.version), (edited, seen), (there, there.version), (deal, deal.version)]
    run = migrate_deals(chosen=chosen, target=target, actor=boss, now=NOW)
    carry_out(run.ref, clock=lambda: NOW)

    assert [state(run, held) for held in (lost, edited, there, deal)] == [
        ("LEFT_OUT", "CLOSED"),
        ("LEFT_OUT", "STALE"),
        ("LEFT_OUT", "SAME"),
        ("MOVED", ""),
    ]
    lost.refresh_from_db()
    assert lost.playbook.version == 1


def test_a_deal_that_changes_while_the_job_waits_is_left_out(deal, seller, boss):
    run = migrate_deals(chosen=[(deal, deal.version)], target=harder(), actor=boss, now=NOW)
    edit_opportunity(opportunity=deal, version=deal.version, values={"name": "改名"}, actor=seller, now=NOW)

    carry_out(run.ref, clock=lambda: NOW)

    assert state(run, deal) == ("LEFT_OUT", "STALE")
    assert Opportunity.objects.get(pk=deal.pk).playbook.version == 1


def test_a_closed_deal_alone_is_refused(deal, seller, boss):
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)
    deal.refresh_from_db()

    with pytest.raises(NothingToMove) as refusal:
        migrate_deals(chosen=[(deal, deal.version)], target=harder(), actor=boss, now=NOW)

    assert refusal.value.details == {"deals": {deal.ref: "CLOSED"}}
    assert not MigrationRun.objects.exists()


def test_too_many_deals_and_none_are_refused(deal, boss):
    target = harder()
    for chosen in ([], [(deal, 1)] * (MOST_DEALS + 1)):
        with pytest.raises(Invalid) as refusal:
            migrate_deals(chosen=chosen, target=target, actor=boss, now=NOW)
        assert set(refusal.value.fields) == {"deals"}
    assert not MigrationRun.objects.exists()


def test_a_seller_moves_no_deal_not_even_the_own(deal, seller):
    with pytest.raises(NotAllowed):
        migrate_deals(chosen=[(deal, deal.version)], target=harder(), actor=seller, now=NOW)
    assert not MigrationRun.objects.exists()


def test_a_run_goes_on_where_it_was_killed_and_moves_nothing_twice(seller, boss, monkeypatch):
    customer = make_customer(seller)
    deals = [make_deal(seller, customer) for _ in range(5)]
    run = migrate_deals(chosen=[(d, d.version) for d in deals], target=harder(), actor=boss, now=NOW)
    monkeypatch.setattr("duobiao.opportunities.actions.carry_out_migration.BATCH", 2)
    ticks = iter([NOW, NOW])

    with pytest.raises(StopIteration):
        carry_out(run.ref, clock=lambda: next(ticks))

    assert run.deals.filter(state="MOVED").count() == 4
    carry_out(run.ref, clock=lambda: NOW)
    carry_out(run.ref, clock=lambda: NOW)
    assert run.deals.filter(state="MOVED").count() == 5
    assert PlaybookChange.objects.count() == 5
    run.refresh_from_db()
    assert run.state == "DONE"
    assert Entry.objects.filter(event="opportunities.migration_finished").count() == 1


def test_taking_back_restores_every_deal_and_keeps_what_was_recorded_since(deal, boss, seller):
    run = move([deal], harder(), boss)
    confirm_evidence(
        opportunity=deal, draft=draft("competition.first_rivals_recorded"), actor=seller, now=NOW + timedelta(minutes=5)
    )
    assert place(deal) == (2, "TRANSIT", 9)

    take_back(run, boss)

    assert place(deal) == (2, "TRANSIT", 10)
    assert deal.playbook.version == 1
    assert deal.proofs.filter(key="competition.first_rivals_recorded").exists()
    assert (run.state, state(run, deal)) == ("REVERTED", ("RETURNED", ""))
    assert recompute(today=TODAY).differences == []
    assert verify_chains() == []


def test_what_was_moved_again_or_closed_since_stays(deal, boss, seller):
    closed = make_deal(seller)
    run = move([deal, closed], harder(), boss)
    deal.refresh_from_db()
    again = variant(asking(1, "1.S9", "competition.first_rivals_recorded"), version=3)
    move([deal], again, boss)
    close_opportunity(opportunity=closed, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)

    take_back(run, boss)

    assert (state(run, deal), state(run, closed)) == (("KEPT", "MOVED_AGAIN"), ("KEPT", "CLOSED"))
    deal.refresh_from_db()
    assert deal.playbook == again


def test_a_run_is_taken_back_once_and_within_a_day(deal, boss):
    run = move([deal], harder(), boss)
    with pytest.raises(NotReversible):
        revert_migration(run=run, actor=boss, now=NOW + timedelta(days=1))
    take_back(run, boss)
    with pytest.raises(NotReversible):
        revert_migration(run=run, actor=boss, now=NOW + HOUR)
    assert place(deal) == (2, "TRANSIT", 10)


def test_a_waiver_follows_its_item_and_comes_back_with_the_playbook(deal, boss, seller):
    manager = make_user("manager", role=Role.MANAGER, unit=seller.unit)
    for item in ("3.M1", "3.S1"):
        ask_waiver(opportunity=deal, item=item, reason="x", expires_on=TODAY, actor=manager, now=NOW)
    kept = PlaybookVersion.objects.get(pk=deal.playbook_id)
    deal.refresh_from_db()
    target = variant(renamed("3.M1", "3.M9"), without("3.S1"))

    row = foresee([(deal, deal.version)], target, today=TODAY)[0]
    run = move([deal], target, boss)

    assert row.waivers_lost == ("3.S1",)
    assert run.deals.get().waivers_lost == ["3.S1"]
    deal.refresh_from_db()
    waived = {line.item for line in explain(deal, TODAY).items if line.verdict == "WAIVED"}
    assert waived == {"3.M9"}
    take_back(run, boss)
    deal.refresh_from_db()
    assert deal.playbook == kept
    assert {line.item for line in explain(deal, TODAY).items if line.verdict == "WAIVED"} == {"3.M1", "3.S1"}
    assert recompute(today=TODAY).differences == []


def test_a_past_day_is_answered_by_the_playbook_of_that_day(deal, boss):
    later = NOW + timedelta(days=3)
    move([deal], harder(), boss, now=later)
    deal.refresh_from_db()

    assert explain(deal, TODAY).assessment.rate_percent == 10
    assert explain(deal, TODAY + timedelta(days=3)).assessment.rate_percent == 4
    assert {line.item for line in explain(deal, TODAY + timedelta(days=2)).items} >= {"2.S1"}


def test_a_deal_moves_to_another_playbook_and_its_claim_goes_through_the_buyers_stages(deal, boss):
    Opportunity.objects.filter(pk=deal.pk).update(claimed_stage=6)
    deal.refresh_from_db()
    target = PlaybookVersion.objects.get(key="solution-5")

    row = foresee([(deal, deal.version)], target, today=TODAY)[0]
    run = move([deal], target, boss)

    deal.refresh_from_db()
    assert (row.expected, deal.claimed_stage) == (1, 3)
    assert not StageChange.objects.filter(opportunity=deal, playbook=None).exists()
    take_back(run, boss)
    deal.refresh_from_db()
    assert deal.claimed_stage == 6
    counted = StageChange.objects.filter(opportunity=deal, playbook=None).values_list("cause", flat=True)
    assert set(counted) == {"opportunities.proof_confirmed"}


def test_owners_are_told_once_and_not_the_one_who_did_it(seller, boss):
    deals = [make_deal(seller), make_deal(seller), make_deal(boss)]

    run = move(deals, harder(), boss)

    told = Notification.objects.get(event="opportunities.deals_migrated")
    assert (told.user, told.data["deals"], told.url) == (seller, 2, f"/migrations/{run.ref}/")


def test_a_run_that_fell_silent_is_taken_up_again(deal, boss):
    run = migrate_deals(chosen=[(deal, deal.version)], target=harder(), actor=boss, now=timezone.now())
    assert resume_migrations.func() == 0
    MigrationRun.objects.filter(pk=run.pk).update(touched_at=timezone.now() - HOUR)
    assert resume_migrations.func() == 1
    assert DBTaskResult.objects.filter(task_path__endswith="run_migration").count() == 2


def test_moving_costs_the_same_queries_for_any_number(seller, boss):
    customer = make_customer(seller)
    first = [make_deal(seller, customer)]  # what is read once in a process is read for it
    few = [make_deal(seller, customer) for _ in range(2)]
    many = [make_deal(seller, customer) for _ in range(20)]
    target = harder()
    runs = [
        migrate_deals(chosen=[(d, d.version) for d in deals], target=target, actor=boss, now=NOW)
        for deals in (first, few, many)
    ]
    counts = []
    for run in runs:
        with CaptureQueriesContext(connection) as captured:
            carry_out(run.ref, clock=lambda: NOW)
        counts.append(len(captured))
    assert counts[1] == counts[2]
    assert MigratedDeal.objects.filter(state="MOVED").count() == 23
