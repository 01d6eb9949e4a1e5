"""Stored columns and set-based recompute against the naive reading of the rules, under any order of writes."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duobiao.identity.models import Role
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.carry_out_migration import carry_out
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.decide_waiver import end_waiver
from duobiao.opportunities.actions.migrate_deals import migrate_deals
from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.actions.reopen_opportunity import reopen_opportunity
from duobiao.opportunities.actions.retract_proof import retract_proof
from duobiao.opportunities.actions.revert_migration import revert_migration
from duobiao.opportunities.models import MigrationRun, Opportunity, Proof, Waiver
from duobiao.opportunities.queries.facts import assess_on, load_facts
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.tests.factories import draft, make_contact, make_customer, make_deal, make_unit, make_user
from duobiao.playbooks.domain import facts as engine
from duobiao.playbooks.domain.model import Method
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import compiled_playbook
from duobiao.playbooks.tests.reference import Reference, waived_under
from duobiao.playbooks.tests.test_engine import BENCHES, Bench
from duobiao.playbooks.tests.versions import asking, renamed, stricter, variant, without
from duobiao.timeline.verification import verify_chains

pytestmark = pytest.mark.django_db

START = date(2026, 1, 5)
EXTRA = "competition.first_rivals_recorded"
OTHERS = 3
"""Versions a deal can move to, beside the one it was opened with."""


def moment(day: int) -> datetime:
    return datetime.combine(START + timedelta(days=day), time(2), UTC)


def steps(bench: Bench) -> st.SearchStrategy:
    """Return random plans over a playbook."""
    return st.lists(
        st.one_of(
            st.tuples(st.just("prove"), st.sampled_from(bench.gating), st.integers(1, 2), st.integers(0, 30)),
            st.tuples(
                st.just("stage"),
                st.integers(1, bench.playbook.last),
                st.sampled_from(["DIRECT", "OPEN_TENDER"]),
                st.integers(0, 5),
            ),
            st.tuples(
                st.just("mark"), st.sampled_from(bench.marks + bench.resets), st.integers(1, 3), st.integers(0, 9)
            ),
            st.tuples(st.just("settle"), st.sampled_from(bench.settlements), st.integers(2, 3), st.integers(0, 3)),
            st.tuples(st.just("method"), st.sampled_from(list(Method)), st.integers(1, 2), st.integers(0, 5)),
            st.tuples(st.just("retract"), st.integers(0, 40)),
            st.tuples(st.just("waive"), st.sampled_from(bench.waivable), st.integers(0, 60)),
            st.tuples(st.just("unwaive"), st.integers(0, 5)),
            st.tuples(st.just("wait"), st.integers(1, 120)),
            st.tuples(st.just("close"), st.sampled_from(["WON", "LOST", "GIVEN_UP"]), st.integers(0, 3)),
            st.tuples(st.just("reopen")),
            st.tuples(st.just("migrate"), st.integers(0, OTHERS)),
            st.tuples(st.just("revert")),
        ),
        min_size=3,
        max_size=14,
    )


def versions_of(bench: Bench) -> list[PlaybookVersion]:
    """Return the versions a deal moves among: the shipped one, two with other items, and another playbook."""
    key, first = bench.playbook.key, [item.key for item in bench.playbook.items if item.gates]
    dropped = next(item.key for item in bench.playbook.items if item.gates and item.kind == "S" and item.stage == 2)
    changed = variant(
        without(dropped), renamed(first[0], "1.Z1"), asking(1, "1.Z2", "procurement.rfi_received"), key=key
    )
    harder = variant(stricter(first[0], "DOCUMENTED", 20), asking(2, "2.Z1", EXTRA), key=key, version=3)
    other = "solution-5" if key == "project-sales-8" else "project-sales-8"
    return [
        PlaybookVersion.objects.get(key=key, version=1),
        changed,
        harder,
        PlaybookVersion.objects.get(key=other, version=1),
    ]


class History:
    """Runs steps through the real actions, day by day, with the daily job in between.

    Attributes:
        pinned: Version of the deal at the end of each day on which anything happened.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        unit = make_unit("华东")
        self.owner = make_user("owner", unit=unit)
        self.manager = make_user("manager", role=Role.MANAGER, unit=unit)
        self.day = 40
        self.boss = make_user("boss", role=Role.ADMINISTRATOR)
        self.deal = make_deal(self.owner, make_customer(self.owner), now=moment(0), playbook=bench.playbook.key)
        self.versions = versions_of(bench)
        self.runs: list[MigrationRun] = []
        self.pinned = {0: self.deal.playbook_id}

    def run(self, step: tuple) -> None:
        name, *arguments = step
        with suppress(Refusal):
            getattr(self, name)(*arguments)
        self.deal.refresh_from_db()
        self.pinned[self.day] = self.deal.playbook_id

    def on(self, back: int) -> date:
        return START + timedelta(days=self.day - back)

    def _prove(self, key: str, grade: int, back: int, **fields) -> None:
        if grade == 3:
            fields["contact"] = self.contact()
            fields["channel"] = "EMAIL"
        confirm_evidence(
            opportunity=self.deal,
            draft=draft(key, grade, self.on(back), **fields),
            actor=self.owner,
            now=moment(self.day),
        )

    def contact(self):
        return self.deal.customer.contacts.first() or make_contact(self.deal.customer)

    def prove(self, key, grade, back):
        self._prove(key, grade, back)

    mark = settle = prove

    def stage(self, number, method, back):
        for item in compiled_playbook(self.deal.playbook_id).playbook.items:
            if item.gates and item.stage == number and item.applies_to(Method(method)):
                key = item.accepts_under(Method(method))[0].evidence
                fields = {"method": method} if key == "procurement.method_known" else {}
                self._prove(key, 2, back, **fields)

    def method(self, method, grade, back):
        self._prove("procurement.method_known", grade, back, method=str(method))

    def retract(self, index):
        proofs = list(Proof.objects.filter(opportunity=self.deal, retracted_on=None).order_by("pk"))
        if proofs:
            retract_proof(proof=proofs[index % len(proofs)], reason="x", actor=self.owner, now=moment(self.day))

    def waive(self, item, days):
        ask_waiver(
            opportunity=self.deal,
            item=item,
            reason="x",
            expires_on=self.on(-days),
            actor=self.manager,
            now=moment(self.day),
        )

    def unwaive(self, index):
        waivers = list(Waiver.objects.filter(opportunity=self.deal, ended_on=None).order_by("pk"))
        if waivers:
            end_waiver(waiver=waivers[index % len(waivers)], actor=self.manager, now=moment(self.day))

    def wait(self, days):
        self.day += days
        reassess_due(now=moment(self.day))

    def close(self, outcome, back):
        reason = {"WON": "VALUE", "LOST": "PRICE", "GIVEN_UP": "NO_FIT"}[outcome]
        close_opportunity(
            opportunity=self.deal,
            outcome=outcome,
            reason=reason,
            on=self.on(back),
            actor=self.manager,
            now=moment(self.day),
        )

    def reopen(self):
        reopen_opportunity(opportunity=self.deal, reason="x", actor=self.manager, now=moment(self.day))

    def migrate(self, index):
        run = migrate_deals(
            chosen=[(self.deal, self.deal.version)],
            target=self.versions[index],
            actor=self.boss,
            now=moment(self.day),
        )
        assert carry_out(run.ref, clock=lambda: moment(self.day)) == 1
        assert run.deals.get().state == "MOVED"
        self.runs.append(run)

    def revert(self):
        if not self.runs:
            return
        run = self.runs[-1]
        before = run.deals.get().before_id
        was_open = self.deal.is_open
        revert_migration(run=run, actor=self.boss, now=moment(self.day) + timedelta(minutes=1))
        carry_out(run.ref, clock=lambda: moment(self.day))
        self.deal.refresh_from_db()
        assert run.deals.get().state == ("RETURNED" if was_open else "KEPT")
        assert not was_open or self.deal.playbook_id == before

    def expected(self, deal: Opportunity, version_id: int, day: date):
        """Judge by the naive reading of all rules, also of that by which waivers follow their items."""
        playbook = compiled_playbook(version_id).playbook
        held = Waiver.objects.filter(opportunity=deal, approved_on__isnull=False)
        waivers = []
        for row in held:
            item = waived_under(row.item, compiled_playbook(row.playbook_id).playbook, playbook)
            if item is not None:
                waivers.append(engine.Waiver(item, row.approved_on, row.expires_on, row.ended_on))
        facts = load_facts(deal)
        return Reference(playbook, engine.Facts(facts.proofs, waivers, facts.closings), day).answer()

    def check(self) -> None:
        today = self.on(0)
        deal = Opportunity.objects.get(pk=self.deal.pk)
        expected = self.expected(deal, deal.playbook_id, today)
        assert (deal.stage_number, deal.state, deal.rate_percent) == (
            expected.stage_number,
            expected.state,
            expected.rate_percent,
        )
        assert (deal.buyer_stage, deal.lag, deal.lag_verdict) == (
            expected.buyer_stage,
            expected.lag,
            expected.lag_verdict,
        )
        counting = {"MET", "SETTLED", "WAIVED", "NOT_APPLICABLE"}
        slots = compiled_playbook(deal.playbook_id).slots
        stored = {s.item.key for s in slots if deal.words[s.word] & s.bit}
        assert stored == {key for key, verdict in expected.verdicts.items() if verdict in counting}
        assert recompute(today=today).differences == []

    def check_past(self) -> None:
        """A past day is answered by the version the deal had then; the audit is whole; history is a chain."""
        deal = Opportunity.objects.get(pk=self.deal.pk)
        for day in sorted({*self.pinned, *(day - 1 for day in self.pinned if day)}):
            version = self.pinned[max(known for known in self.pinned if known <= day)]
            on = START + timedelta(days=day)
            expected, (_compiled, _facts, found) = self.expected(deal, version, on), assess_on(deal, on)
            assert (found.stage_number, found.state, found.rate_percent) == (
                expected.stage_number,
                expected.state,
                expected.rate_percent,
            )
        place = (0, 0)
        for change in deal.stage_changes.order_by("sequence"):
            assert (change.stage_before, change.rate_before) == place
            place = (change.stage_after, change.rate_after)
        assert place == (deal.stage_number, deal.rate_percent)
        assert verify_chains() == []


def play(bench: Bench, plan: list[tuple]) -> History:
    """Run a plan, checking after every step and at the end; the caller takes it back."""
    history = History(bench)
    for step in plan:
        history.run(step)
        history.check()
    history.check_past()
    return history


@settings(
    max_examples=max(6, settings.default.max_examples // 8),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.parametrize("key", ["project-sales-8", "solution-5"])
@given(data=st.data())
def test_whatever_is_written_in_whatever_order_all_three_judgements_agree(key, data, db):
    plan = data.draw(steps(BENCHES[key]))
    with transaction.atomic():
        play(BENCHES[key], plan)
        transaction.set_rollback(True)


def test_a_stored_column_that_was_tampered_with_is_named():
    deal = make_deal(make_user("owner"))
    today = date(2026, 9, 16)
    assert recompute(today=today).deals == 1
    Opportunity.objects.filter(pk=deal.pk).update(stage_number=3, lag=2)

    found = {(row.ref, row.column, row.stored, row.derived) for row in recompute(today=today).differences}

    assert found == {(deal.ref, "stage_number", 3, 0), (deal.ref, "lag", 2, None)}
