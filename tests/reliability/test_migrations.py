"""Rows 10 and 36: deals move between playbooks in any order of work, and while others write on them."""

import random
from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duobiao.identity.models import Role
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.carry_out_migration import carry_out
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.decide_waiver import end_waiver
from duobiao.opportunities.actions.migrate_deals import migrate_deals
from duobiao.opportunities.actions.retract_proof import retract_proof
from duobiao.opportunities.actions.revert_migration import revert_migration
from duobiao.opportunities.models import MigrationRun, Opportunity, PlaybookChange, Proof, Waiver
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.queries.signal_differences import signal_differences
from duobiao.opportunities.tests.factories import draft, make_customer, make_deal, make_unit, make_user
from duobiao.opportunities.tests.test_recompute import play, steps, versions_of
from duobiao.playbooks.queries import compiled_playbook
from duobiao.playbooks.tests.test_engine import BENCHES, EIGHT
from duobiao.timeline.verification import verify_chains
from tests.support.drills import together

CAUTION = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
HANDS = 6


@pytest.mark.django_db
def test_deals_move_between_versions_in_any_order_of_work(figure, full_drill):
    """Row 36: stored columns, recompute and the naive rules agree after every step, also about past days."""
    ran: Counter[str] = Counter()

    @settings(max_examples=2000 if full_drill else 4, derandomize=not full_drill, suppress_health_check=CAUTION)
    @given(key=st.sampled_from(["project-sales-8", "solution-5"]), data=st.data())
    def any_order(key: str, data: st.DataObject) -> None:
        plan = data.draw(steps(BENCHES[key]))
        with transaction.atomic():
            history = play(BENCHES[key], [*plan, ("migrate", 1), ("revert",)])
            ran.update(sequences=1, moves=PlaybookChange.objects.filter(opportunity=history.deal).count())
            transaction.set_rollback(True)

    any_order()

    figure(36, f"{ran['sequences']} sequences with {ran['moves']} moves between playbooks: 0 differences")
    assert ran["moves"]


class Hand:
    """Somebody who does one thing after another to deals that others work on too."""

    def __init__(self, number: int, people, deals, versions) -> None:
        self.dice = random.Random(number)
        self.seller, self.manager, self.boss = people
        self.deals, self.versions = deals, versions

    def deal(self) -> Opportunity:
        return Opportunity.objects.select_related("owner", "customer", "playbook").get(pk=self.dice.choice(self.deals))

    def prove(self) -> None:
        wanted = draft(self.dice.choice(EIGHT.gating), self.dice.choice([1, 2]), local_day(timezone.now()))
        confirm_evidence(opportunity=self.deal(), draft=wanted, actor=self.seller, now=timezone.now())

    def retract(self) -> None:
        proof = Proof.objects.filter(opportunity=self.deal(), retracted_on=None).order_by("?").first()
        if proof is not None:
            retract_proof(proof=proof, reason="x", actor=self.seller, now=timezone.now())

    def waive(self) -> None:
        deal, now = self.deal(), timezone.now()
        item = self.dice.choice([slot.item.key for slot in compiled_playbook(deal.playbook_id).slots])
        ask_waiver(opportunity=deal, item=item, reason="x", expires_on=local_day(now), actor=self.manager, now=now)

    def unwaive(self) -> None:
        waiver = Waiver.objects.filter(opportunity=self.deal(), ended_on=None).order_by("?").first()
        if waiver is not None:
            end_waiver(waiver=waiver, actor=self.manager, now=timezone.now())

    def migrate(self) -> None:
        rows = Opportunity.objects.filter(pk__in=self.dice.sample(self.deals, 4)).select_related("playbook")
        chosen = [(deal, deal.version) for deal in rows]
        target = self.dice.choice(self.versions)
        run = migrate_deals(chosen=chosen, target=target, actor=self.boss, now=timezone.now())
        carry_out(run.ref, clock=timezone.now)

    def revert(self) -> None:
        run = MigrationRun.objects.filter(state="DONE").order_by("?").first()
        if run is not None:
            revert_migration(run=run, actor=self.boss, now=timezone.now())
            carry_out(run.ref, clock=timezone.now)

    def act(self) -> str:
        what = self.dice.choice(["prove", "prove", "retract", "waive", "unwaive", "migrate", "migrate", "revert"])
        try:
            getattr(self, what)()
        except Refusal:
            return "refused"
        return what


@pytest.mark.django_db(transaction=True)
def test_proofs_waivers_retractions_and_migrations_at_once_leave_no_difference(figure, full_drill):
    """Row 10: many hands on the same deals; afterwards everything follows from the ledger and the audit is whole."""
    unit = make_unit("华东")
    people = make_user(unit=unit), make_user(role=Role.MANAGER, unit=unit), make_user(role=Role.ADMINISTRATOR)
    customer = make_customer(people[0])
    deals = [make_deal(people[0], customer, now=timezone.now()).pk for _ in range(8)]
    versions = versions_of(EIGHT)
    turns = 200 if full_drill else 6

    def work(number: int) -> Counter[str]:
        hand = Hand(number, people, deals, versions)
        return Counter(hand.act() for _ in range(turns))

    done = sum(together(work, hands=HANDS), Counter())

    today = local_day(timezone.now())
    assert recompute(today=today).differences == []
    assert list(signal_differences(on=today)) == []
    assert verify_chains() == []
    assert not MigrationRun.objects.filter(state__in=["QUEUED", "RUNNING", "REVERTING"]).exists()
    for deal in Opportunity.objects.all():
        check_history(deal)
    figure(10, f"{done.total()} writes by {HANDS} hands, {done['migrate']} migrations among them: 0 differences")
    assert done["migrate"]


def check_history(deal: Opportunity) -> None:
    """Each change begins where the last one ended, and the last one is what is stored."""
    pinned, place = None, (0, 0, 0)
    for change in deal.playbook_changes.order_by("sequence"):
        assert pinned in (None, change.before_id)
        pinned = change.after_id
    assert pinned in (None, deal.playbook_id)
    for change in deal.stage_changes.order_by("sequence"):
        assert (change.stage_before, change.completed_before, change.rate_before) == place
        place = (change.stage_after, change.completed_after, change.rate_after)
    assert place == (deal.stage_number, deal.completed_stage, deal.rate_percent)
