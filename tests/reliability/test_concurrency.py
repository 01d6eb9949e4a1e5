"""Rows 9 to 13: many people act on the same record at the same moment."""

from datetime import timedelta
from itertools import pairwise
from threading import Event
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.models import Act, ApprovalRequest
from duobiao.approvals.tests.factories import ask, people, set_chain, step
from duobiao.customers.actions import create_customer as action
from duobiao.engagement.models import Call
from duobiao.identity.commands import create_token
from duobiao.identity.models import IdempotencyKey, Role
from duobiao.kernel.days import local_day
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Refusal, StaleVersion
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.decide_waiver import decide_waiver
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.models import FieldChange, Opportunity, Proof, StageChange, WaiverDecision
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_contact, make_customer, make_deal, make_user
from duobiao.playbooks.queries import compiled_playbook
from duobiao.timeline.models import Entry
from duobiao.timeline.verification import verify_chains
from tests.support.api import ApiClient
from tests.support.drills import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seller():
    return make_user("linxiao")


@pytest.fixture
def deal(seller):
    return make_deal(seller, make_customer(seller, "苏州恒睿精密"))


def place(change: StageChange) -> tuple[tuple, tuple]:
    names = ("stage", "state", "completed", "rate", "buyer")
    return tuple(tuple(getattr(change, f"{name}_{side}") for name in names) for side in ("before", "after"))


def test_no_update_is_lost_to_a_writer_who_saw_an_older_version(deal, seller, figure, full_drill):
    """Row 9: 8 writers add 1 to an amount from the version they saw; every accepted write counts, no other does."""
    hands, goal = 8, 1250 if full_drill else 25
    start = deal.amount_minor

    def add_ones(_number: int) -> tuple[int, int]:
        accepted = refused = 0
        while accepted < goal:
            seen = Opportunity.objects.get(pk=deal.pk)
            try:
                edit_opportunity(
                    opportunity=seen,
                    version=seen.version,
                    values={"amount": Money(seen.amount_minor + 1, "CNY")},
                    actor=seller,
                    now=NOW,
                )
                accepted += 1
            except StaleVersion as refusal:
                refused += refusal.details["current"]["version"] > seen.version
        return accepted, refused

    outcomes = together(add_ones, hands=hands)

    deal.refresh_from_db()
    accepted, refused = (sum(column) for column in zip(*outcomes, strict=True))
    figure(9, f"{start + accepted - deal.amount_minor} of {accepted} updates lost; {refused} stale ones refused")
    assert deal.amount_minor == start + accepted
    assert deal.version == 1 + accepted
    assert FieldChange.objects.filter(opportunity=deal, field="amount_minor").count() == accepted
    assert verify_chains() == []


def test_a_stale_write_is_told_what_stands_there_now(deal, seller, figure):
    """Row 9: the API answers 409 with the present values and keeps them."""
    client = ApiClient(create_token(username=seller.username, now=timezone.now()))
    assert client.patch(f"/opportunities/{deal.ref}", {"version": 1, "name": "first"}).status_code == 200

    answer = client.patch(f"/opportunities/{deal.ref}", {"version": 1, "name": "second", "source": "x"})

    figure(9, f"a stale write over the API: {answer.status_code}, the present values in the answer")
    assert answer.status_code == 409
    assert answer.json()["details"]["current"]["name"] == "first"
    assert answer.json()["details"]["current"]["version"] == 2
    deal.refresh_from_db()
    assert (deal.name, deal.source) == ("first", "")


def test_twenty_hands_on_one_deal_leave_one_history_row_per_true_change(deal, seller, figure, full_drill):
    """Row 10: 20 threads prove different items; the ledger is consistent, history is a chain without gaps."""
    compiled = compiled_playbook(deal.playbook_id)
    keys = sorted(
        {alternative.evidence for item in compiled.playbook.items if item.gates for alternative in item.accepts}
    )
    hands = 20

    def prove(number: int) -> int:
        mine = keys[number::hands] if full_drill else keys[number::hands][:2]
        for key in mine:
            fields = {"method": "DIRECT"} if key == "procurement.method_known" else {}
            confirm_evidence(opportunity=deal, draft=draft(key, **fields), actor=seller, now=NOW)
        return len(mine)

    proved = sum(together(prove, hands=hands))

    changes = list(StageChange.objects.filter(opportunity=deal).order_by("sequence"))
    places = [place(change) for change in changes]
    figure(10, f"{proved} proofs by {hands} threads, {len(changes)} true changes of place, each with one row")
    assert Proof.objects.filter(opportunity=deal).count() == proved
    assert [change.sequence for change in changes] == list(range(1, len(changes) + 1))
    assert all(before != after for before, after in places)
    assert all(earlier[1] == later[0] for earlier, later in pairwise(places))
    assert recompute(today=TODAY).differences == []
    assert Entry.objects.filter(event="opportunities.proof_confirmed").count() == proved
    assert Entry.objects.filter(event="opportunities.stage_changed").count() == len(changes)
    assert verify_chains() == []


def test_the_same_proof_twenty_times_at_once_is_one(deal, seller, figure):
    """Row 10: an identical proof again is the first one, also at the same moment."""

    def prove(_number: int) -> tuple[str, bool]:
        answer = confirm_evidence(opportunity=deal, draft=draft("engagement.interest_shown"), actor=seller, now=NOW)
        return answer.proof.ref, answer.created

    answers = together(prove, hands=20)

    figure(10, f"the same proof 20 times at once: {Proof.objects.count()} row")
    assert len({ref for ref, _created in answers}) == 1
    assert [created for _ref, created in answers].count(True) == 1
    assert Proof.objects.count() == 1
    assert StageChange.objects.count() == 1
    assert Entry.objects.filter(event="opportunities.proof_confirmed").count() == 1


def test_a_page_sent_twenty_times_opens_one_deal(seller, figure):
    """Row 12: the form that opens a deal, with one token, 20 times in parallel: one deal, everybody led to it."""
    customer = make_customer(seller, "苏州恒睿精密")
    make_deal(seller, customer)  # ships the playbook
    form = {"name": "恒睿二期 MES", "customer": customer.ref, "form_token": uuid4().hex}
    clients = [Client() for _number in range(20)]
    for client in clients:
        client.force_login(seller)

    answers = together(lambda number: clients[number].post("/opportunities/new/", form), hands=20)

    made = list(Opportunity.objects.filter(name="恒睿二期 MES"))
    figure(12, f"one form 20 times in parallel: {len(made)} deal")
    assert [answer.status_code for answer in answers] == [303] * 20
    assert {answer.headers["Location"] for answer in answers} == {f"/opportunities/{made[0].ref}/"}
    assert len(made) == 1
    assert Entry.objects.filter(subject_ref=made[0].ref, event="opportunities.opportunity_created").count() == 1


def test_one_idempotency_key_twenty_times_at_once_acts_once(seller, figure):
    """Row 13: parallel sendings are answered by the first one's answer or 409; a changed body by 422."""
    token = create_token(username=seller.username, now=timezone.now())
    body = {"name": "苏州恒睿精密机械有限公司"}

    answers = together(lambda _n: ApiClient(token).post("/customers", body, idempotency_key="k1"), hands=20)
    again = ApiClient(token).post("/customers", body, idempotency_key="k1")
    changed = ApiClient(token).post("/customers", {"name": "other"}, idempotency_key="k1")

    statuses = sorted(answer.status_code for answer in answers)
    refs = {answer.json()["ref"] for answer in [*answers, again] if answer.status_code == 201}
    figure(13, f"one key 20 times in parallel: {len(refs)} record, {statuses.count(409)} told to wait")
    assert set(statuses) <= {201, 409}
    assert len(refs) == 1
    assert (again.status_code, again.headers["Idempotent-Replay"]) == (201, "true")
    assert (changed.status_code, changed.json()["code"]) == (422, "idempotency_key_reused")


def test_an_effect_that_fails_leaves_neither_key_nor_record(seller, monkeypatch):
    """Row 13: the key stands in the transaction of the effect, so both or neither are there."""
    token = create_token(username=seller.username, now=timezone.now())
    failed = Event()

    def fail(*_args: object, **_named: object) -> None:
        failed.set()
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(action, "tell_customer_completeness", fail)
        with pytest.raises(RuntimeError, match="power cut"):
            ApiClient(token).post("/customers", {"name": "恒睿"}, idempotency_key="k3")

    assert failed.is_set()
    assert not IdempotencyKey.objects.exists()
    assert ApiClient(token).post("/customers", {"name": "恒睿"}, idempotency_key="k3").status_code == 201


def test_two_managers_deciding_one_waiver_at_once_decide_it_once(deal, seller):
    """Row 10: the second decision finds the first."""
    managers = [make_user(f"boss{number}", role=Role.ADMINISTRATOR) for number in range(8)]
    waiver = ask_waiver(
        opportunity=deal, item="1.M1", reason="x", expires_on=TODAY + timedelta(days=9), actor=seller, now=NOW
    )

    def decide(number: int) -> bool:
        try:
            decide_waiver(waiver=waiver, approved=number % 2 == 0, note="", actor=managers[number], now=NOW)
        except Refusal:
            return False
        return True

    decided = together(decide, hands=len(managers))

    assert decided.count(True) == 1
    assert WaiverDecision.objects.filter(waiver=waiver).count() == 1
    assert verify_chains() == []


def test_a_call_sent_twenty_times_is_logged_once(seller, figure):
    """Row 12: the telephone form with one token, 20 times in parallel: one call, one set of proofs."""
    customer = make_customer(seller, "苏州恒睿精密")
    contact = make_contact(customer, is_handler=True)
    deal = make_deal(seller, customer)
    form = {
        "contact": contact.ref, "opportunity": deal.ref, "interest": "4", "attitude": "POSITIVE", "no_pitch": "on",
        "problem": "峰谷靠人工排", "form_token": uuid4().hex,
    }  # fmt: skip
    clients = [Client() for _number in range(20)]
    for client in clients:
        client.force_login(seller)
    path = f"/calls/new/?opportunity={deal.ref}"

    answers = together(lambda number: clients[number].post(path, form), hands=20)

    figure(12, f"one telephone form 20 times in parallel: {Call.objects.count()} call, {Proof.objects.count()} proofs")
    assert [answer.status_code for answer in answers] == [303] * 20
    assert Call.objects.count() == 1
    assert Entry.objects.filter(event="engagement.call_logged").count() == 1
    assert Proof.objects.count() == Proof.objects.values("key").distinct().count() == 3
    assert recompute(today=local_day(timezone.now())).differences == []


def test_approvers_at_a_barrier_break_no_rule(seller, figure, full_drill):
    """Row 11: three countersigners and a refuser act on one request at once; what is stored always follows the rules."""
    rounds = 250 if full_drill else 8
    boss = make_user("boss", role=Role.ADMINISTRATOR)
    names = ("a", "b", "c")
    approvers = [make_user(name, role=Role.LEGAL) for name in names]
    set_chain(step("all", people(*approvers), "ALL"), step("last", people(boss)), by=boss)
    violations = 0
    for number in range(rounds):
        request = ask(make_deal(seller), seller)
        hands = [*approvers, approvers[number % 3]]  # one of them answers twice, from two screens

        def answer(hand: int, request: ApprovalRequest = request, hands: list = hands, number: int = number) -> bool:
            try:
                decide(request=request, approved=hand != 3 or number % 2 == 0, step=1, actor=hands[hand], now=NOW)
            except Refusal:
                return False
            return True

        accepted = together(answer, hands=4)
        violations += breaks_rules(request, accepted)
    figure(11, f"{violations} rule violations of {rounds * 4} decisions at a barrier")
    assert violations == 0
    assert verify_chains() == []


def breaks_rules(request: ApprovalRequest, accepted: list[bool]) -> int:
    """Count what must not be: a second answer of one person, a settled request with an open step, a step skipped."""
    held = ApprovalRequest.objects.get(pk=request.pk)
    acts = list(Act.objects.filter(request=held).exclude(verb="ASKED").values_list("by_id", "verb"))
    twice = len(acts) - len({by for by, _verb in acts})
    refused = any(verb == "REFUSED" for _by, verb in acts)
    after_all = not refused and len(acts) == 3
    present = held.visits.filter(left_at=None).count()
    wrong_state = held.state != ("REFUSED" if refused else "OPEN")
    wrong_step = present != (0 if refused else 1) or (after_all and not held.visits.filter(sequence=2).exists())
    early = not after_all and held.visits.filter(sequence=2).exists()
    return twice + wrong_state + wrong_step + early + (accepted.count(True) != len(acts))
