"""Minutes confirmed by the customer: by a signed link, and in other ways."""

import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from duobiao.documents.actions.store_upload import store_upload
from duobiao.engagement.actions.cancel_visit import cancel_visit
from duobiao.engagement.actions.confirm_minutes import (
    VisitNotHeld,
    confirm_minutes,
    request_confirmation,
    revoke_link,
)
from duobiao.engagement.actions.correct_visit import correct_visit
from duobiao.engagement.tests.factories import hold, make_contact, make_customer, make_user, plan
from duobiao.identity.actions.create_token import create_token
from duobiao.identity.models import CompanySettings
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.end_confirmations import AnsweredBefore
from duobiao.opportunities.actions.open_confirmation import ConfirmedBefore
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.actions.verify_confirmation import verify_confirmation
from duobiao.opportunities.actions.verify_proof import NothingToVerify, OwnProof
from duobiao.opportunities.models import Confirmation, Grade, Proof
from duobiao.opportunities.queries.recompute import recompute
from duobiao.timeline.models import Entry, EntryDetail, Notification

pytestmark = pytest.mark.django_db
MINUTES = "engagement.minutes_confirmed"
SHOWN = {MINUTES, "engagement.visit_held", "needs.survey_confirmed", "needs.problem_recorded",
         "procurement.budget_range_recorded", "engagement.next_meeting_granted", "engagement.visit_time_agreed",
         "engagement.visit_place_agreed", "engagement.visit_topic_agreed"}  # fmt: skip


@pytest.fixture(autouse=True)
def no_earlier_attempts():
    cache.clear()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def visit(seller, handler, deal, now):
    return hold(seller, handler, deal, now=now)


@pytest.fixture
def buyer():
    return Client(headers={"Accept-Language": "en", "User-Agent": "Pocket Browser 1"})


def asked(visit, seller, now, **more):
    return request_confirmation(visit=visit, contact=None, actor=seller, now=now, **more)


def page(token):
    return reverse("opportunities:confirmation", args=[token])


def confirmed_keys(deal):
    rows = Proof.objects.filter(opportunity=deal, grade=Grade.BUYER_CONFIRMED, retracted_on=None, is_unverified=False)
    return set(rows.values_list("key", flat=True))


def paper(actor, now):
    return [store_upload(name="回复.txt", chunks=["纪要无误".encode()], actor=actor, now=now)]


def test_one_tap_of_the_customer_makes_what_the_minutes_say_confirmed_by_the_buyer(visit, seller, deal, buyer, now):
    link = asked(visit, seller, now)
    shown = buyer.get(page(link.token))

    answer = buyer.post(page(link.token), {"answer": "CONFIRMED"})

    assert (shown.status_code, answer.status_code, answer["Location"]) == (200, 303, page(link.token))
    assert shown["Referrer-Policy"] == "same-origin"  # without it browsers send no origin, and the answer is refused
    assert confirmed_keys(deal) == SHOWN
    assert Proof.objects.get(key=MINUTES).recorded_by is None
    deal.refresh_from_db()
    assert deal.buyer_stage == 1
    told = EntryDetail.objects.get(entry__event="opportunities.confirmation_answered").data
    assert (told["contact"], told["address"], told["agent"]) == ("周建明", "127.0.0.1", "Pocket Browser 1")
    assert told["proved"] == len(SHOWN)
    assert Entry.objects.get(event="opportunities.confirmation_answered").chain == deal.ref
    assert Notification.objects.get(event="opportunities.confirmation_answered").user == seller


def test_what_we_noted_for_ourselves_is_not_sent(visit, seller, buyer, now):
    link = asked(visit, seller, now)

    shown = buyer.get(page(link.token)).content.decode()

    assert "峰谷策略靠人工排" in shown
    assert "另一家来过一次" not in shown
    assert "nav" not in re.findall(r"<(\w+)", shown)


def test_a_part_that_was_left_out_is_not_confirmed(visit, seller, deal, buyer, now):
    link = asked(visit, seller, now, parts={"problem": "人工排产", "budget": " "})

    buyer.post(page(link.token), {"answer": "CONFIRMED"})

    assert confirmed_keys(deal) == SHOWN - {"procurement.budget_range_recorded"}


def test_a_link_used_twice_says_when_it_was_confirmed(visit, seller, deal, buyer, now):
    link = asked(visit, seller, now)
    buyer.post(page(link.token), {"answer": "CONFIRMED"})

    again = buyer.post(page(link.token), {"answer": "DISPUTED", "remark": "不对"}, follow=True)

    assert "Confirmed on" in again.content.decode()
    assert 'name="answer"' not in again.content.decode()
    assert Confirmation.objects.get().answer == "CONFIRMED"
    assert Entry.objects.filter(event="opportunities.confirmation_answered").count() == 1


def test_a_customer_who_says_it_is_not_right_must_say_why_and_proves_nothing(visit, seller, deal, buyer, now):
    link = asked(visit, seller, now)

    bare = buyer.post(page(link.token), {"answer": "DISPUTED"})
    buyer.post(page(link.token), {"answer": "DISPUTED", "remark": "预算还没有定"})

    assert bare.status_code == 422
    assert confirmed_keys(deal) == set()
    assert Confirmation.objects.get().remark == "预算还没有定"
    assert Notification.objects.get(event="opportunities.confirmation_answered").data["answer"] == "DISPUTED"


def test_unknown_expired_and_revoked_links_answer_alike_and_are_logged(visit, seller, buyer, now, caplog):
    expired = asked(visit, seller, now - timedelta(days=15))
    revoked = asked(visit, seller, now)
    revoke_link(visit=visit, confirmation=revoked.confirmation, actor=seller, now=now)

    with caplog.at_level(logging.WARNING, "duobiao.security"):
        answers = [buyer.get(page(token)) for token in ("dbl_guess", expired.token, revoked.token)]

    assert {answer.status_code for answer in answers} == {404}
    plain = {
        re.sub(r'value="[^"]*"|hx-headers=\'[^\']*\'|nonce="[^"]*"|dbl_\w+', "", a.content.decode()) for a in answers
    }
    assert len(plain) == 1
    assert [row.args[1] for row in caplog.records] == ["unknown", "revoked", "revoked"]
    assert expired.token not in caplog.text


def test_guessing_is_slowed_down_also_for_a_link_that_works(visit, seller, deal, buyer, now, settings):
    settings.LINK_FAILURE_RATES = "3/m/ip"
    link = asked(visit, seller, now)

    codes = [buyer.get(page(f"dbl_{number}")).status_code for number in range(5)]

    assert codes == [404, 404, 404, 429, 429]
    assert buyer.post(page(link.token), {"answer": "CONFIRMED"}).status_code == 429
    assert confirmed_keys(deal) == set()


def test_only_the_hash_of_a_link_is_kept(visit, seller, now):
    link = asked(visit, seller, now)

    row = Confirmation.objects.get()
    assert link.token not in str([row.digest, row.snapshot, *EntryDetail.objects.values_list("data", flat=True)])


def test_nobody_of_ours_answers_for_the_customer(visit, seller, deal, now):
    link = asked(visit, seller, now)
    client = Client()
    client.force_login(seller)

    answer = client.post(page(link.token), {"answer": "CONFIRMED"})

    assert answer.status_code == 403
    assert confirmed_keys(deal) == set()


def test_a_visit_corrected_afterwards_drops_the_confirmation_and_says_why(visit, seller, deal, buyer, now):
    link = asked(visit, seller, now)
    buyer.post(page(link.token), {"answer": "CONFIRMED"})

    correct_visit(visit=visit, version=1, values={"impact": "上个月少赚 9 万"}, actor=seller, now=now)

    assert confirmed_keys(deal) == set()
    assert Confirmation.objects.get().end_reason == "拜访记录已更正"
    assert buyer.get(page(link.token)).status_code == 404
    assert Proof.objects.filter(key="needs.problem_recorded", retracted_on=None).count() == 1
    assert recompute(today=company_day(now)).differences == []


def test_a_note_of_our_own_drops_nothing(visit, seller, deal, buyer, now):
    link = asked(visit, seller, now)
    buyer.post(page(link.token), {"answer": "CONFIRMED"})

    correct_visit(visit=visit, version=1, values={"reaction": "很满意"}, actor=seller, now=now)

    assert confirmed_keys(deal) == SHOWN


def test_a_visit_that_did_not_take_place_ends_its_links(visit, seller, buyer, now):
    link = asked(visit, seller, now)

    cancel_visit(visit=visit, version=1, reason="记错了", actor=seller, now=now)

    assert buyer.get(page(link.token)).status_code == 404


def test_a_new_link_replaces_the_one_that_waits_and_a_second_confirmation_is_refused(visit, seller, buyer, now):
    first, second = asked(visit, seller, now), asked(visit, seller, now)

    assert buyer.get(page(first.token)).status_code == 404
    buyer.post(page(second.token), {"answer": "CONFIRMED"})
    with pytest.raises(ConfirmedBefore):
        asked(visit, seller, now)
    with pytest.raises(AnsweredBefore):
        revoke_link(visit=visit, confirmation=second.confirmation, actor=seller, now=now)


def test_a_lost_deal_keeps_the_answer_and_gains_nothing(visit, seller, deal, buyer, now):
    link = asked(visit, seller, now)
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=company_day(now), actor=seller, now=now)

    assert buyer.post(page(link.token), {"answer": "CONFIRMED"}).status_code == 303
    assert Confirmation.objects.get().answer == "CONFIRMED"
    assert confirmed_keys(deal) == set()


def test_who_may_not_work_here_makes_no_link(visit, stranger, now):
    with pytest.raises(NotAllowed):
        asked(visit, stranger, now)

    assert not Confirmation.objects.exists()


def test_a_planned_visit_and_people_of_other_companies_are_refused(visit, seller, customer, handler, deal, now):
    planned = plan(seller, customer, deal, with_=handler, now=now, planned_at=now + timedelta(days=2)).visit
    other = make_contact(make_customer(seller), "别家的人")

    with pytest.raises(VisitNotHeld):
        asked(planned, seller, now)
    with pytest.raises(Invalid):
        request_confirmation(visit=visit, contact=other, actor=seller, now=now)
    with pytest.raises(Invalid):
        asked(visit, seller, now, parts={"rivals": "x"})
    assert not Confirmation.objects.exists()


def test_a_reply_by_mail_counts_at_once_and_one_tap_of_a_second_person_verifies_it(
    visit, seller, manager, deal, handler, now
):
    made = confirm_minutes(
        visit=visit, contact=handler, way="MAIL_REPLY", on=now.date(), documents=paper(seller, now),
        actor=seller, now=now,
    )  # fmt: skip
    claimed = Proof.objects.filter(source_ref=made.ref, grade=Grade.BUYER_CONFIRMED, is_unverified=True)

    assert set(claimed.values_list("key", flat=True)) == SHOWN
    with pytest.raises(OwnProof):
        verify_confirmation(confirmation=made, actor=seller, now=now)
    verify_confirmation(confirmation=made, actor=manager, now=now)
    assert not claimed.exists()
    with pytest.raises(NothingToVerify):
        verify_confirmation(confirmation=made, actor=manager, now=now)


def test_where_a_second_person_is_required_a_paper_counts_after_they_looked_and_a_link_at_once(
    visit, seller, manager, deal, handler, customer, buyer, now
):
    CompanySettings.objects.update_or_create(pk=1, defaults={"second_person_verifies": True})
    made = confirm_minutes(
        visit=visit, contact=handler, way="STAMPED_SCAN", on=now.date(), documents=paper(seller, now),
        actor=seller, now=now,
    )  # fmt: skip
    assert confirmed_keys(deal) == set()

    verify_confirmation(confirmation=made, actor=manager, now=now)
    assert confirmed_keys(deal) == SHOWN
    correct_visit(visit=visit, version=1, values={"impact": "9 万"}, actor=seller, now=now)
    assert confirmed_keys(deal) == set()
    visit.refresh_from_db()
    link = asked(visit, seller, now)
    buyer.post(page(link.token), {"answer": "CONFIRMED"})
    assert confirmed_keys(deal) == SHOWN


def test_a_sign_in_sheet_shows_that_we_met_and_nothing_of_what_was_said(visit, seller, handler, deal, now):
    confirm_minutes(
        visit=visit, contact=handler, way="SIGN_IN_SHEET", on=now.date(), documents=paper(seller, now),
        actor=seller, now=now,
    )  # fmt: skip

    raised = set(Proof.objects.filter(source_kind="confirmation").values_list("key", flat=True))
    assert "engagement.visit_held" in raised
    assert not raised & {"needs.problem_recorded", "needs.survey_confirmed", "procurement.budget_range_recorded"}


def test_another_way_needs_its_file(visit, seller, handler, now):
    with pytest.raises(Invalid) as refusal:
        confirm_minutes(
            visit=visit, contact=handler, way="CHAT_PICTURE", on=now.date(), documents=[], actor=seller, now=now
        )

    assert set(refusal.value.fields) == {"documents"}
    assert not Confirmation.objects.exists()


def test_the_pages_show_the_link_once_and_how_it_stands(client, visit, seller, handler, buyer, now):
    type(handler).objects.filter(pk=handler.pk).update(email="zhou@example.com")
    client.force_login(seller)
    form = {"contact": handler.ref, "days": "7", "problem": "<b>人工</b>排产", "send_mail": "on"}

    made = client.post(reverse("engagement:minutes", args=[visit.ref]), form).content.decode()
    link = re.search(r"http://testserver(/c/dbl_\w+/)", made)[1]

    assert "<svg" in made
    assert "style=" not in made.partition("<svg")[2].partition("</svg>")[0]
    assert link in mail.outbox[0].body
    assert "&lt;b&gt;人工" in buyer.get(link).content.decode()
    buyer.post(link, {"answer": "REMARKED", "remark": "数字以财务为准"})
    shown = client.get(reverse("engagement:visit", args=[visit.ref])).content.decode()
    assert "数字以财务为准" in shown
    assert link not in shown


def test_the_api_makes_a_link_and_says_how_it_stands(api, visit, seller, handler, buyer, now):
    program = api(create_token(name="t", actor=seller, now=now).text)

    made = program.post(f"/visits/{visit.ref}/minutes/request-confirmation")
    buyer.post(made.json()["url"], {"answer": "CONFIRMED"})
    told = program.get(f"/visits/{visit.ref}/minutes").json()

    assert made.status_code == 201
    assert told["parts"].keys() == {"problem", "budget", "next"}
    assert [(row["standing"], row["contact"]) for row in told["confirmations"]] == [("CONFIRMED", handler.ref)]


def test_the_visit_costs_the_same_for_any_number_of_confirmations(
    client, visit, seller, customer, now, assert_flat_queries
):
    client.force_login(seller)

    def grow():
        for _ in range(4):
            person = make_contact(customer, "签到的人")
            confirm_minutes(
                visit=visit, contact=person, way="MAIL_REPLY", on=now.date(), documents=paper(seller, now),
                actor=seller, now=now,
            )  # fmt: skip

    grow()
    assert_flat_queries(visit=lambda: client.get(reverse("engagement:visit", args=[visit.ref])), grow=grow)


def test_a_colleague_without_the_right_reads_and_changes_nothing(client, visit, unit, now):
    finance = make_user("财务", role="finance", unit=unit)
    client.force_login(finance)

    assert client.get(reverse("engagement:minutes", args=[visit.ref])).status_code in (403, 404)
