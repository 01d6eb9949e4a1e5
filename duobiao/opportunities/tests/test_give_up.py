"""The review of a give-up: what was proposed, what was tried, who agrees, what the deal shows afterwards."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.actions.withdraw import withdraw
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.commands import create_token
from duobiao.identity.models import Role, User
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.opportunities.actions.ask_give_up import ask_give_up
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.look_again import look_again
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.actions.reopen_opportunity import reopen_opportunity
from duobiao.opportunities.models import GiveUpReview, Opportunity
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.give_up import proposals_of
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_deal, make_unit, make_user, prove_stages
from duobiao.timeline.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit, language="en")


@pytest.fixture
def manager(unit):
    return make_user("zhou", role=Role.MANAGER, unit=unit, language="en")


@pytest.fixture
def deal(seller, manager):
    """A deal in stage 1 whose buyer has gone on to stage 4."""
    deal = make_deal(seller)
    prove_stages(deal, 1, actor=seller)
    confirm_evidence(opportunity=deal, draft=draft("procurement.sample_requested"), actor=seller, now=NOW)
    return deal


def ask(deal, actor, *, now=NOW, **changes):
    values = {"reason": "LATE", "alternatives": "找过两家伙伴", **changes}
    return ask_give_up(opportunity=deal, **values, actor=actor, now=now)


def test_what_was_proposed_is_followed_up_from_the_ledger(deal, seller):
    later = NOW + timedelta(days=2)
    confirm_evidence(opportunity=deal, draft=draft("engagement.visit_held", on=TODAY), actor=seller, now=later)

    found = {row.item: row for row in proposals_of(explain(deal, TODAY + timedelta(days=2)))}

    assert found["2.M1"].fate == "DONE"
    assert (found["2.M1"].on, found["2.M1"].proposed_on) == (TODAY, TODAY)
    assert found["3.M1"].fate is None
    assert list(found) == sorted(found)


def test_a_level_deal_has_no_proposals(seller):
    assert proposals_of(explain(make_deal(seller), TODAY)) == []


def test_an_approved_give_up_closes_the_deal_with_all_that_was_said(deal, seller, manager):
    look = TODAY + timedelta(days=90)
    request = ask(deal, seller, note="来晚了", change_mind="预算增加", look_again_on=look, fates={"3.M1": "DECLINED"})
    review = GiveUpReview.objects.get()
    assert (review.state, review.lag, review.buyer_stage) == ("PENDING", 2, 4)

    decide(request=request, approved=True, note="同意", actor=manager, now=NOW)

    review.refresh_from_db()
    deal.refresh_from_db()
    assert (deal.outcome, review.state, review.decided_by, review.note) == ("GIVEN_UP", "APPROVED", manager, "同意")
    assert (review.change_mind, review.look_again_on, review.lessons) == ("预算增加", look, "来晚了")
    fates = {row["item"]: row["fate"] for row in review.proposals}
    assert (fates["3.M1"], fates["3.M2"]) == ("DECLINED", "NOT_TRIED")


def test_a_refused_one_stays_readable_and_the_deal_runs(deal, seller, manager):
    decide(request=ask(deal, seller), approved=False, note="再试一次", actor=manager, now=NOW)

    deal.refresh_from_db()
    review = GiveUpReview.objects.get()
    assert (deal.outcome, review.state, review.note) == ("OPEN", "REFUSED", "再试一次")
    ask(deal, seller)
    assert [row.state for row in GiveUpReview.objects.order_by("pk")] == ["REFUSED", "PENDING"]


def test_one_taken_back_can_be_asked_again(deal, seller):
    withdraw(request=ask(deal, seller), actor=seller, now=NOW)

    ask(deal, seller)

    assert [row.state for row in GiveUpReview.objects.order_by("pk")] == ["WITHDRAWN", "PENDING"]


def test_a_manager_decides_in_the_place_of_a_request_that_waits(deal, seller, manager):
    ask(deal, seller)

    ask(deal, manager)

    deal.refresh_from_db()
    assert deal.outcome == "GIVEN_UP"
    assert [row.state for row in GiveUpReview.objects.order_by("pk")] == ["WITHDRAWN", "APPROVED"]


def test_giving_up_directly_keeps_a_review_too(deal, manager):
    close_opportunity(
        opportunity=deal, outcome="GIVEN_UP", reason="NO_FIT", on=TODAY, note="方向变了", actor=manager, now=NOW
    )

    review = GiveUpReview.objects.get()
    assert (review.state, review.decided_by, review.lessons) == ("APPROVED", manager, "方向变了")


def test_without_an_approver_a_deal_stays_open(deal, seller):
    User.objects.exclude(pk=seller.pk).update(is_active=False)

    ask(deal, seller)
    with pytest.raises(NotAllowed):
        close_opportunity(opportunity=deal, outcome="GIVEN_UP", reason="LATE", on=TODAY, actor=seller, now=NOW)

    deal.refresh_from_db()
    assert (deal.outcome, GiveUpReview.objects.get().state) == ("OPEN", "PENDING")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"look_again_on": TODAY, "change_mind": "x"}, {"look_again_on"}),
        ({"look_again_on": TODAY + timedelta(days=2000), "change_mind": "x"}, {"look_again_on"}),
        ({"look_again_on": TODAY + timedelta(days=20)}, {"change_mind"}),
        ({"change_mind": "x" * 1001}, {"change_mind"}),
        ({"fates": {"9.X9": "TRIED"}}, {"fate_9.X9"}),
        ({"fates": {"3.M1": "DONE"}}, {"fate_3.M1"}),
        ({"fates": {"1.M1": "TRIED"}}, {"fate_1.M1"}),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_kept(deal, seller, change, fields):
    with pytest.raises(Invalid) as refusal:
        ask(deal, seller, **change)

    assert set(refusal.value.fields) == fields
    assert not GiveUpReview.objects.exists()


def test_others_may_not_ask(deal):
    with pytest.raises(NotAllowed):
        ask(deal, make_user("stranger"))


def test_the_owner_is_told_once_to_look_again_unless_the_deal_was_reopened(deal, seller, manager):
    look = TODAY + timedelta(days=30)
    ask(deal, manager, change_mind="预算增加", look_again_on=look)
    Notification.objects.all().delete()
    day = NOW + timedelta(days=30)

    assert look_again(now=NOW) == 0
    assert (look_again(now=day), look_again(now=day)) == (1, 0)
    assert Notification.objects.get().user == seller

    GiveUpReview.objects.update(reminded_at=None)
    reopen_opportunity(opportunity=deal, reason="来电", actor=manager, now=day)
    assert look_again(now=day) == 0


@pytest.fixture
def late(seller, manager):
    """The same deal, today."""
    now = timezone.now()
    deal = make_deal(seller, now=now - timedelta(days=1))
    prove_stages(deal, 1, actor=seller, now=now, on=company_day(now))
    wanted = draft("procurement.sample_requested", on=company_day(now))
    confirm_evidence(opportunity=deal, draft=wanted, actor=seller, now=now)
    return deal


def test_the_form_shows_proposals_and_approver_and_the_deal_what_was_decided(client, late, seller, manager):
    client.force_login(seller)
    page, room = f"/opportunities/{late.ref}/give-up/", f"/opportunities/{late.ref}/"
    form = client.get(page).content.decode()
    assert "What was proposed to catch up" in form
    assert "Goes to zhou for approval" in form
    sent = {"reason": "LATE", "alternatives": "two partners", "change_mind": "More money", "fate_3.M1": "DECLINED"}
    assert client.post(page, {**sent, "alternatives": ""}).status_code == 422
    assert client.post(page, sent).status_code == 303
    assert "asked to give this deal up" in client.get(room).content.decode()

    client.force_login(manager)
    request = ApprovalRequest.objects.get()
    asked = client.get(f"/approvals/{request.ref}/").content.decode()
    assert "two partners" in asked
    assert "More money" in asked
    client.post(f"/approvals/{request.ref}/decide/", {"decision": "refuse", "step": 1, "note": "Not yet"})
    shown = client.get(room).content.decode()
    assert "refused" in shown
    assert "Not yet" in shown

    alone = client.get(page).content.decode()
    assert "You may decide this alone" in alone
    assert client.post(page, sent).status_code == 303
    closed = client.get(room).content.decode()
    assert Opportunity.objects.get().outcome == "GIVEN_UP"
    for words in ("Why this deal was given up", "More money", "two partners", "the customer declined"):
        assert words in closed
    assert client.get(page).status_code == 409


def test_the_api_does_what_the_page_does(api, late, seller):
    client = api(create_token(username=seller.username, now=timezone.now()))
    path = f"/opportunities/{late.ref}/give-up"
    held = client.get(path).json()
    assert held["reviews"] == []
    assert {row["item"]: row["fate"] for row in held["proposals"]}["3.M1"] is None

    body = {"reason": "LATE", "alternatives": "two partners", "fates": {"3.M1": "declined"}}
    wrong = client.post(path, {**body, "look_again_on": "2020-01-01", "change_mind": "x"})
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"look_again_on"})
    assert client.post(path, body).status_code == 202

    (review,) = client.get(path).json()["reviews"]
    assert (review["state"], review["reason"], review["lag"]) == ("PENDING", "LATE", 2)
    assert {row["item"]: row["fate"] for row in review["proposals"]}["3.M1"] == "DECLINED"
