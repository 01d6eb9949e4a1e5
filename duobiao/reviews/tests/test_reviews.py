"""Gate reviews: planned, recorded, approved by somebody else; what each decision does to the deal."""

from datetime import timedelta

import pytest

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.actions.refusals import OwnRequest
from duobiao.approvals.actions.withdraw import withdraw
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.models import Role
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.models import DealTask, Proof
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.tests.factories import NOW, TODAY, make_deal, make_user, prove_stages
from duobiao.playbooks.domain.model import Verdict
from duobiao.reviews.actions.checks import ReviewHeld
from duobiao.reviews.actions.plan_gate_review import ReviewExists, cancel_gate_review, change_gate_review
from duobiao.reviews.models import Condition, GateReview
from duobiao.reviews.queries.checklist import read_checklist
from duobiao.reviews.queries.gates import gate_choices, gate_forms
from duobiao.reviews.queries.reviews import conditions_in, planned_today, standing_reviews
from duobiao.reviews.tests.factories import approve, condition, plan, replies, request_of, submit
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db

KEYS = {
    "ATI": "opportunities.internal_approval_passed",
    "ATB": "bids.bid_decision_passed",
    "ATC": "contracts.review_passed",
    "ATAC": "contracts.change_review_passed",
}


def verdict(deal, item):
    return next(line.verdict for line in explain(deal, TODAY).items if line.item == item)


def counts():
    return Proof.objects.count(), Entry.objects.count(), ApprovalRequest.objects.count(), Condition.objects.count()


def test_each_control_point_asks_its_questions_and_names_evidence_of_the_catalogue():
    from duobiao.playbooks.queries import catalogue

    assert {str(gate): form.evidence for gate, form in gate_forms().items()} == KEYS
    assert all(form.evidence in catalogue() for form in gate_forms().values())
    assert all(len({q.key for q in form.questions}) == len(form.questions) >= 5 for form in gate_forms().values())


def test_reviews_stand_where_the_playbook_has_them(deal, seller):
    eight = make_deal(seller)

    assert [(c.gate, c.stage, c.is_control_point) for c in gate_choices(deal)] == [
        ("ATI", 2, True), ("ATB", 4, True), ("ATC", 5, True), ("ATAC", 6, False),
    ]  # fmt: skip
    assert [(c.gate, c.stage) for c in gate_choices(eight)] == [("ATI", 3), ("ATB", 5), ("ATC", 7), ("ATAC", 8)]


def test_a_planned_review_tells_who_takes_part_and_stands_on_their_day(deal, seller, colleague):
    Notification.objects.all().delete()

    review = plan(deal, seller, people=[seller, colleague, colleague])

    assert (review.state, review.stage, review.item, review.ref[:2]) == ("PLANNED", 2, "2.S1", "R-")
    assert [row.user for row in review.attendees.order_by("pk")] == [seller, colleague]
    assert Notification.objects.get().user == colleague
    assert Entry.objects.get(event="reviews.gate_review_planned").chain == deal.ref
    assert [line.review for line in planned_today(colleague, TODAY)] == [review]
    (late,) = planned_today(colleague, TODAY + timedelta(days=1))
    assert late.late


def test_a_decision_to_go_waits_for_somebody_else_and_then_proves_the_item(deal, seller, manager):
    prove_stages(deal, 1, actor=seller)
    review = submit(plan(deal, seller), seller, conditions=[condition(seller)])
    assert (review.state, verdict(deal, "2.S1")) == ("SUBMITTED", Verdict.MISSING)
    assert not DealTask.objects.exists()
    with pytest.raises(OwnRequest):
        decide(request=request_of(review), approved=True, actor=seller, now=NOW)

    approve(review, manager, note="可以做")

    assert (review.state, review.settled_by, review.note) == ("DECIDED", manager, "可以做")
    proof = Proof.objects.get(key=KEYS["ATI"])
    assert (proof.grade, proof.source_kind, proof.source_ref) == (2, "gate_review", review.ref)
    assert verdict(deal, "2.S1") is Verdict.MET
    assert DealTask.objects.get() == review.conditions.get().task
    deal.refresh_from_db()
    assert deal.gate_mark == ""


@pytest.mark.parametrize(("gate", "item"), [("ATI", "3.P7"), ("ATB", "5.P3"), ("ATC", "7.P1")])
def test_the_items_of_the_eight_stages_are_met_by_their_reviews(seller, manager, gate, item):
    eight = make_deal(seller)
    make_user("fawu", role=Role.LEGAL)
    review = submit(plan(eight, seller, gate), seller)
    approve(review, manager)
    if gate == "ATC":
        approve(review, make_user("shen", role=Role.ADMINISTRATOR))

    assert verdict(eight, item) is Verdict.MET


def test_a_large_deal_needs_the_executive_too_and_a_contract_the_legal_department(seller, manager):
    executive, lawyer = make_user("chen", role=Role.EXECUTIVE), make_user("tang", role=Role.LEGAL)
    large = make_deal(seller, amount=Money.of(20_000_000))
    review = submit(plan(large, seller, "ATC"), seller)

    for person, state in ((manager, "SUBMITTED"), (lawyer, "SUBMITTED"), (executive, "DECIDED")):
        approve(review, person)
        assert review.state == state


def test_a_manager_of_another_ones_deal_decides_at_once(deal, manager):
    review = submit(plan(deal, manager), manager)

    assert (review.state, review.settled_by) == ("DECIDED", manager)


def test_hold_and_stop_mark_the_deal_until_the_next_decision(deal, seller, manager):
    first = submit(plan(deal, seller), seller, "HOLD", reason="等财务批复")
    approve(first, manager)
    deal.refresh_from_db()
    assert (deal.gate_mark, [row.ref for row in standing_reviews(deal)]) == ("HOLD", [first.ref])

    second = submit(plan(deal, seller, "ATB"), seller, "STOP", now=NOW + timedelta(hours=1))
    approve(second, manager, now=NOW + timedelta(hours=1))
    deal.refresh_from_db()
    assert deal.gate_mark == "STOP"
    assert not Proof.objects.exists()

    for number, gate in enumerate(("ATB", "ATI"), start=2):
        later = NOW + timedelta(hours=number)
        approve(submit(plan(deal, seller, gate), seller, now=later), manager, now=later)
    deal.refresh_from_db()
    assert (deal.gate_mark, standing_reviews(deal)) == ("", [])


def test_a_later_decision_not_to_go_takes_the_evidence_of_the_earlier_one_back(deal, seller, manager):
    approve(submit(plan(deal, seller), seller), manager)
    assert verdict(deal, "2.S1") is Verdict.MET

    later = NOW + timedelta(hours=1)
    approve(submit(plan(deal, seller), seller, "HOLD", reason="预算砍了", now=later), manager, now=later)

    assert verdict(deal, "2.S1") is Verdict.MISSING
    assert "预算砍了" in Proof.objects.get().retraction.reason


def test_a_correction_takes_the_place_of_the_review_with_its_evidence_and_conditions(deal, seller, manager):
    first = submit(plan(deal, seller), seller, conditions=[condition(seller)])
    approve(first, manager)

    later = NOW + timedelta(hours=1)
    second = submit(plan(deal, seller, corrects=first), seller, reason="更正", now=later)
    approve(second, manager, now=later)

    live = Proof.objects.get(retracted_on=None)
    assert (live.source_ref, Proof.objects.count()) == (second.ref, 2)
    task = first.conditions.get().task
    assert (task.dropped, task.done_at, second.ref in task.result) == (True, later, True)
    assert verdict(deal, "2.S1") is Verdict.MET


def test_only_a_settled_review_of_the_same_point_is_corrected(deal, seller, manager):
    first = submit(plan(deal, seller), seller)
    approve(first, manager)

    with pytest.raises(Invalid) as refusal:
        plan(deal, seller, "ATB", corrects=first)

    assert set(refusal.value.fields) == {"corrects"}


def test_a_refused_decision_changes_nothing_on_the_deal(deal, seller, manager):
    review = submit(plan(deal, seller), seller, "STOP", conditions=[condition(seller)])

    approve(review, manager, approved=False, note="再等等")

    deal.refresh_from_db()
    assert (review.state, review.note, deal.gate_mark) == ("REFUSED", "再等等", "")
    assert not Proof.objects.exists()
    assert not DealTask.objects.exists()
    assert [line.state for line in conditions_in(review, seller, on=TODAY)] == ["dropped"]


def test_a_decision_taken_back_is_a_plan_again_and_can_be_recorded_anew(deal, seller, manager):
    review = submit(plan(deal, seller), seller, conditions=[condition(seller), condition(seller, "二")])

    withdraw(request=request_of(review), actor=seller, now=NOW)
    review.refresh_from_db()
    assert (review.state, review.reason) == ("PLANNED", "值得做")
    assert not DealTask.objects.exists()

    submit(review, seller, "HOLD", conditions=[condition(seller, "三")])
    approve(review, manager)
    assert [row.text for row in review.conditions.all()] == ["三"]
    assert [task.title for task in DealTask.objects.all()] == ["三"]
    assert review.decision == "HOLD"


def test_the_checklist_is_frozen_as_the_ledger_stood(deal, seller, manager):
    prove_stages(deal, 1, actor=seller, skip=("1.S1",))
    review = submit(plan(deal, seller), seller)
    frozen = read_checklist(review.checklist)
    prove_stages(deal, 1, 2, actor=seller)
    review.refresh_from_db()

    assert read_checklist(review.checklist) == frozen
    assert [line.item for line in frozen.group("owed")] == ["1.S1"]
    assert [line.item for line in frozen.group("gate") if line.proves] == ["2.S1"]
    assert frozen.met == 0
    assert frozen.required == len([line for line in frozen.group("gate") if not line.proves])


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"decision": "MAYBE"}, {"decision"}),
        ({"reason": " "}, {"reason"}),
        ({"reason": "x" * 4001}, {"reason"}),
        ({"on": TODAY + timedelta(days=1)}, {"held_on"}),
        ({"on": TODAY - timedelta(days=400)}, {"held_on"}),
        ({"replies": {}}, {f"reply_{q}" for q in ("real", "budget", "feasible", "fit", "access", "worth")}),
        ({"replies": replies("ATI") | {"real": {"reply": "NO", "note": ""}}}, {"reply_real", "conditions"}),
        ({"replies": replies("ATI", budget="还没批")}, {"conditions"}),
        ({"people": []}, {"people"}),
    ],
)
def test_what_cannot_be_recorded_is_named_and_nothing_is_kept(deal, seller, change, fields):
    review = plan(deal, seller)
    before = counts()

    with pytest.raises(Invalid) as refusal:
        submit(review, seller, **{"decision": "GO", **change})

    review.refresh_from_db()
    assert set(refusal.value.fields) == fields
    assert (review.state, counts()) == ("PLANNED", before)


def test_conditions_need_words_somebody_and_a_day(deal, seller, colleague):
    review, stranger = plan(deal, seller), make_user("stranger")
    wanted = [
        condition(colleague), condition(seller, " "), condition(stranger), condition(seller, "补", TODAY - timedelta(days=1)),
        condition(seller, "x" * 201), condition(None),
    ]  # fmt: skip

    with pytest.raises(Invalid) as refusal:
        submit(review, seller, conditions=wanted)

    assert set(refusal.value.fields) == {f"condition_{number}" for number in range(2, 7)}
    assert not Condition.objects.exists()


def test_only_one_review_of_a_control_point_is_open(deal, seller):
    plan(deal, seller)

    with pytest.raises(ReviewExists):
        plan(deal, seller)
    plan(deal, seller, "ATB")

    assert GateReview.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"gate": "ATX"}, "gate"),
        ({"planned_on": TODAY - timedelta(days=1)}, "planned_on"),
        ({"planned_on": TODAY + timedelta(days=400)}, "planned_on"),
        ({"people": []}, "people"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(deal, seller, change, field):
    with pytest.raises(Invalid) as refusal:
        plan(deal, seller, **change)

    assert set(refusal.value.fields) == {field}
    assert not GateReview.objects.exists()


def test_people_who_left_take_no_part(deal, seller):
    gone = make_user("gone", is_active=False)

    with pytest.raises(Invalid) as refusal:
        plan(deal, seller, people=[gone])

    assert set(refusal.value.fields) == {"people"}


def test_a_plan_is_moved_from_what_was_seen_and_called_off_with_a_reason(deal, seller, colleague):
    review = plan(deal, seller)
    values = {"planned_on": TODAY + timedelta(days=2), "people": [colleague], "actor": seller, "now": NOW}

    with pytest.raises(StaleVersion):
        change_gate_review(review=review, version=9, **values)
    change_gate_review(review=review, version=1, **values)
    assert [row.user for row in review.attendees.all()] == [colleague]
    with pytest.raises(Invalid):
        cancel_gate_review(review=review, reason=" ", actor=seller, now=NOW)

    cancel_gate_review(review=review, reason="客户推迟", actor=seller, now=NOW)

    with pytest.raises(ReviewHeld):
        change_gate_review(review=review, version=3, **values)
    with pytest.raises(ReviewHeld):
        submit(review, seller)
    assert Entry.objects.filter(event="reviews.gate_review_cancelled").count() == 1


def test_others_may_not_plan_or_record(deal, seller):
    stranger, review = make_user("stranger"), plan(deal, seller)

    with pytest.raises(NotAllowed):
        plan(deal, stranger, "ATB")
    with pytest.raises(NotAllowed):
        submit(review, stranger)


def test_who_takes_part_or_decides_sees_the_review_others_do_not(deal, seller, manager):
    guest, boss = make_user("guest", role=Role.FINANCE), make_user("boss", role=Role.ADMINISTRATOR)
    review = plan(deal, seller, people=[seller, guest])

    def seen_by(user):
        return review in GateReview.objects.visible_to(user)

    assert [seen_by(user) for user in (seller, guest, manager, boss, make_user("stranger"))] == [
        True, True, True, True, False,
    ]  # fmt: skip
