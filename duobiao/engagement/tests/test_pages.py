"""Pages of calls and visits: they render, preview, save once, refuse in place, and cost the same for any number."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from duobiao.customers.models import Contact
from duobiao.engagement.actions.record_visit import record_visit
from duobiao.engagement.models import Call, Visit
from duobiao.engagement.tests.factories import log, make_contact, make_customer, make_deal, plan
from duobiao.opportunities.models import Opportunity, Proof
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def page(client, seller):
    client.force_login(seller)
    return client


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def called(seller, handler, deal, now):
    return log(
        seller, handler, deal, now=now, meeting=False, meeting_at=now + timedelta(days=3), meeting_place="集控室"
    )


@pytest.fixture
def held(seller, customer, handler, deal, now):
    visit = plan(seller, customer, deal, with_=handler, now=now, planned_at=now + timedelta(hours=1)).visit
    values = {"held_on": timezone.localdate(now), "problem": "人工排", "impact": "月损 11 万", "confirmed_by": handler}
    return record_visit(visit=visit, version=1, values=values, met=[handler], actor=seller, now=now).visit


def minimal(contact, deal, **more):
    return {"contact": contact.ref, "opportunity": deal.ref, "interest": "4", "attitude": "POSITIVE", "no_pitch": "on",
            "problem": "峰谷靠人工排", **more}  # fmt: skip


def new_call(deal):
    return f"{reverse('engagement:log_call')}?opportunity={deal.ref}"


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(page, called, held, deal, customer, handler, language, settings):
    page.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    planned = called.visit.ref
    addresses = [
        *("/calls/", "/calls/new/", new_call(deal), f"/calls/new/?customer={customer.ref}"),
        *(f"/calls/new/?contact={handler.ref}", f"/calls/{called.call.ref}/", f"/calls/{called.call.ref}/edit/"),
        *(f"/calls/{called.call.ref}/withdraw/", "/visits/", "/visits/?when=unrecorded", "/visits/?when=past&who=team"),
        *("/visits/new/", f"/visits/new/?opportunity={deal.ref}", f"/visits/record/?customer={customer.ref}"),
        *(f"/visits/{planned}/", f"/visits/{planned}/edit/", f"/visits/{planned}/move/", f"/visits/{planned}/cancel/"),
        *(f"/visits/{planned}/record/", f"/visits/{held.ref}/", f"/visits/{held.ref}/record/", "/visits/record/"),
    ]
    for address in addresses:
        response = page.get(address)
        assert response.status_code == 200, address
        assert 'style="' not in text(response), address
    assert ("保存后会证明" in text(page.get(new_call(deal)))) is (language == "zh-hans")


def test_the_shortest_call_is_saved_and_proves(page, handler, deal):
    response = page.post(new_call(deal), minimal(handler, deal))

    assert (response.status_code, response["Location"]) == (303, f"/opportunities/{deal.ref}/")
    call = Call.objects.get()
    assert (call.interest, call.attitude, call.problem, call.opportunity) == (4, "POSITIVE", "峰谷靠人工排", deal)
    assert set(Proof.objects.values_list("key", flat=True)) == {
        "engagement.interest_shown",
        "engagement.handler_reached",
        "engagement.interaction_positive",
    }


def test_a_call_sent_twice_is_saved_once(page, handler, deal):
    sent = minimal(handler, deal, form_token="k" * 24)

    first, second = page.post(new_call(deal), sent), page.post(new_call(deal), sent)

    assert (first.status_code, second.status_code) == (303, 303)
    assert (Call.objects.count(), Entry.objects.filter(event="engagement.call_logged").count()) == (1, 1)


def test_the_preview_saves_nothing_and_names_what_remains(page, handler, deal):
    before = (Call.objects.count(), Proof.objects.count(), Entry.objects.count())

    response = page.post(new_call(deal), minimal(handler, deal, preview="1"), headers={"HX-Request": "true"})

    shown = text(response)
    assert response.status_code == 200
    assert 'id="proves"' in shown
    assert "证明 4 项" in shown
    assert "完成第 1 阶段还差 6 项，4/10" in shown
    assert (Call.objects.count(), Proof.objects.count(), Entry.objects.count()) == before


def test_the_preview_of_half_a_form_works(page, deal):
    response = page.post(new_call(deal), {"preview": "1", "interest": "9", "meeting_slot": "nonsense"})

    assert response.status_code == 200


def test_the_preview_says_why_a_bystander_cannot_agree(page, bystander, deal):
    at = (timezone.localtime() + timedelta(days=3)).isoformat(timespec="minutes")
    response = page.post(new_call(deal), minimal(bystander, deal, meeting_slot=at, preview="1"))

    assert "对方不是经手人，通话会保存，但不能证明约见" in text(response)


def test_the_head_follows_the_person_chosen(page, handler, bystander, deal):
    def head(**sent):
        return text(page.post(new_call(deal), {"preview": "1", **sent})).partition('id="call-person"')[2]

    assert bystander.name in head(contact=bystander.ref)
    newcomer = head(contact="new", new_name="陆文静", new_position="设备部长", new_mobile="13900001111")
    assert "陆文静" in newcomer
    assert "设备部长" in newcomer
    assert 'href="tel:+86-139-0000-1111"' in newcomer
    assert handler.name not in newcomer
    assert '<span id="on-file" hx-swap-oob="true"></span>' in newcomer


def test_the_first_call_opens_its_deal_in_one_go(page, seller, customer):
    make_deal(seller)  # ships the playbook
    sent = {
        "contact": "new",
        "new_name": "周建明",
        "was_handler": "yes",
        "opportunity": "new",
        "deal_name": "储能 EMS",
        "deal_amount": "1280",
        "deal_unit": "10000",
        "interest": "4",
        "problem": "人工排",
    }
    response = page.post(f"/calls/new/?customer={customer.ref}", sent)

    opened = Opportunity.objects.get(name="储能 EMS")
    assert response["Location"] == f"/opportunities/{opened.ref}/"
    assert (opened.amount_minor, opened.stage_number) == (1_280_000_000, 1)
    assert Contact.objects.get(customer=customer).is_handler is True


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"contact": ""}, "请选打给了谁"),
        ({"contact": "new"}, "请填对方姓名"),
        ({"interest": "9"}, "interest"),
        ({"started_at": "2099-01-01T10:00"}, "这个时间还没到"),
        ({"meeting_slot": "other", "meeting_at": "2001-01-01T10:00"}, "会面时间要在通话之后"),
        ({"problem": "x" * 3000}, "problem"),
    ],
)
def test_a_refused_call_comes_back_with_its_reason(page, handler, deal, change, words):
    response = page.post(new_call(deal), {**minimal(handler, deal), **change})

    assert response.status_code == 422
    assert words in text(response)
    assert not Call.objects.exists()


def test_a_correction_keeps_seconds_that_the_browser_does_not_show(page, called, deal):
    call = called.call
    sent = {
        **minimal(call.contact, deal, version="1"),
        "interest": "5",
        "started_at": timezone.localtime(call.started_at).strftime("%Y-%m-%dT%H:%M"),
        "meeting_slot": "other",
        "meeting_at": timezone.localtime(call.meeting_at).strftime("%Y-%m-%dT%H:%M"),
        "meeting_place": "集控室",
    }
    response = page.post(f"/calls/{call.ref}/edit/", sent)

    changed = Call.objects.get()
    assert response.status_code == 303
    assert (changed.interest, changed.started_at, changed.meeting_at) == (5, call.started_at, call.meeting_at)


def test_a_stale_correction_is_a_conflict(page, called, deal):
    response = page.post(f"/calls/{called.call.ref}/edit/", minimal(called.call.contact, deal, version="9"))

    assert (response.status_code, Call.objects.get().version) == (409, 1)


def test_a_call_is_withdrawn_with_a_reason(page, called):
    refused = page.post(f"/calls/{called.call.ref}/withdraw/", {"version": "1", "reason": " "})
    assert refused.status_code == 422

    response = page.post(f"/calls/{called.call.ref}/withdraw/", {"version": "1", "reason": "记错了"})

    assert response.status_code == 303
    assert not Proof.objects.filter(retracted_on=None).exists()
    assert page.get(f"/calls/{called.call.ref}/").status_code == 404


def test_a_visit_is_planned_moved_recorded_and_cancelled(page, handler, customer, deal, seller):
    at = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    sent = {"planned_at": at, "place": "集控室", "topic": "现状", "agreed_with": handler.ref, "agreed_channel": "PHONE",
            "opportunity": deal.ref}  # fmt: skip
    made = page.post(f"/visits/new/?opportunity={deal.ref}", sent)
    visit = Visit.objects.get()
    assert made["Location"] == f"/visits/{visit.ref}/"
    assert Proof.objects.filter(retracted_on=None).count() == 4

    later = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    moved = page.post(f"/visits/{visit.ref}/move/", {"planned_at": later, "place": "", "reason": "检修", "version": "1",
                                                     "agreed_with": "none"})  # fmt: skip
    assert moved.status_code == 303
    assert Proof.objects.filter(retracted_on=None).count() == 0

    record = {"held_on": timezone.localdate().isoformat(), "met": handler.ref, "face_to_face": "on", "version": "2"}
    recorded = page.post(f"/visits/{visit.ref}/record/", record)
    assert recorded["Location"] == f"/opportunities/{deal.ref}/"
    assert Proof.objects.filter(key="engagement.visit_held", retracted_on=None).exists()

    cancelled = page.post(f"/visits/{visit.ref}/cancel/", {"reason": "没有去", "version": "3"})
    assert cancelled.status_code == 303
    assert not Proof.objects.filter(retracted_on=None).exists()


def test_the_plan_of_a_visit_is_changed(page, called):
    visit = called.visit
    response = page.post(f"/visits/{visit.ref}/edit/", {"version": "1", "topic": "新主题", "place": "集控室"})

    visit.refresh_from_db()
    assert (response.status_code, visit.topic, visit.version) == (303, "新主题", 2)


def test_the_preview_of_a_record_saves_nothing(page, called, handler):
    response = page.post(
        f"/visits/{called.visit.ref}/record/",
        {"preview": "1", "met": handler.ref, "face_to_face": "on", "held_on": timezone.localdate().isoformat()},
        headers={"HX-Request": "true"},
    )

    assert response.status_code == 200
    assert "与经手人完成至少一次面对面拜访" in text(response)
    assert Visit.objects.get().held_on is None


def test_hostile_text_is_shown_as_text(page, seller, handler, deal, now):
    made = log(seller, handler, deal, now=now, problem=HOSTILE, notes=HOSTILE, next_step=HOSTILE[:100],
               meeting_at=now + timedelta(days=2), meeting_topic=HOSTILE, meeting_place=HOSTILE)  # fmt: skip

    for address in (f"/calls/{made.call.ref}/", f"/calls/{made.call.ref}/edit/", f"/visits/{made.visit.ref}/",
                    f"/visits/{made.visit.ref}/record/", "/visits/", "/calls/"):  # fmt: skip
        assert "<script>alert" not in text(page.get(address)), address
        assert "<img src=x" not in text(page.get(address)), address


def test_the_brief_names_what_is_unknown_and_what_to_ask(page, called, held):
    shown = text(page.get(f"/visits/{called.visit.ref}/"))

    assert "「谁提、谁审、谁批？」" in shown
    assert "「我把记下的念一遍，您看对不对？」" not in shown  # the earlier visit had its notes confirmed
    assert "不知道" in shown
    assert "峰谷策略靠人工排，上个月少赚 11 万" in shown


@pytest.mark.parametrize("role", ["anonymous", "stranger"])
def test_who_may_not_see_gets_nothing(role, stranger, called, deal):
    client = Client()
    if role == "stranger":
        client.force_login(stranger)
    wanted = 302 if role == "anonymous" else 404
    for address in (f"/calls/{called.call.ref}/", f"/visits/{called.visit.ref}/", new_call(deal),
                    f"/visits/{called.visit.ref}/record/", f"/calls/{called.call.ref}/withdraw/"):  # fmt: skip
        assert client.get(address).status_code == wanted, address


def test_a_reader_sees_and_may_not_write(client, called, deal):
    from duobiao.engagement.tests.factories import make_user

    reader = make_user("高管", role="executive")
    client.force_login(reader)

    assert client.get(f"/calls/{called.call.ref}/").status_code == 200
    for address in (new_call(deal), f"/calls/{called.call.ref}/edit/", f"/visits/{called.visit.ref}/record/",
                    f"/visits/{called.visit.ref}/cancel/", f"/visits/new/?opportunity={deal.ref}"):  # fmt: skip
        assert client.post(address, {"reason": "x", "version": "1"}).status_code == 403, address
    assert Call.objects.get().version == 1


@pytest.mark.parametrize("address", ["/calls/?who=team", "/visits/?when=upcoming"])
def test_lists_cost_the_same_for_any_number(page, seller, handler, deal, now, address, assert_flat_queries):
    def grow():
        for _ in range(6):
            person = make_contact(make_customer(seller), "某人", is_handler=True)
            log(seller, person, make_deal(seller, person.customer), now=now, meeting_at=now + timedelta(days=1))

    log(seller, handler, deal, now=now, meeting_at=now + timedelta(days=1))
    assert_flat_queries(visit=lambda: page.get(address), grow=grow)


def test_a_visit_page_costs_the_same_for_any_number(page, seller, called, handler, deal, now, assert_flat_queries):
    def grow():
        for minute in range(1, 5):
            log(seller, handler, deal, now=now + timedelta(minutes=minute))
            called.visit.contacts.add(make_contact(handler.customer, f"人{minute}"))

    log(seller, handler, deal, now=now)
    log(seller, handler, deal, now=now)
    assert_flat_queries(visit=lambda: page.get(f"/visits/{called.visit.ref}/"), grow=grow)


def test_the_panels_show_calls_and_visits_of_deal_and_customer(page, called, held, deal, customer, rf, seller):
    from duobiao.engagement.panels import customer_activity, deal_activity

    request = rf.get("/")
    request.user = seller
    for html in (deal_activity(request, deal), customer_activity(request, customer)):
        assert f"/calls/{called.call.ref}/" in html
        assert f"/visits/{held.ref}/" in html
        assert f"/visits/{called.visit.ref}/" in html


def test_the_record_of_a_visit_offers_the_one_that_is_planned(page, called, deal, customer, handler, seller, now):
    found = text(page.get(f"/visits/record/?opportunity={deal.ref}"))

    assert f"/visits/{called.visit.ref}/record/" in found
    assert f"/visits/new/?opportunity={deal.ref}" in found
    assert called.visit.ref not in text(page.get(f"/visits/record/?opportunity={make_deal(seller, customer).ref}"))


def test_calls_and_visits_stand_in_one_order_and_count_what_they_prove(page, called, held, deal, now, handler, seller):
    log(seller, handler, deal, now=now - timedelta(days=9), problem="最早的一通")

    room = text(page.get(f"/opportunities/{deal.ref}/"))
    whole = text(page.get(f"/opportunities/{deal.ref}/timeline/"))
    evidence = text(page.get(f"/opportunities/{deal.ref}/timeline/?show=evidence"))

    past = room[room.index("calls-and-visits") :]
    assert past.index(f"/visits/{held.ref}/") < past.index("最早的一通")
    titles = Proof.objects.filter(key="engagement.visit_place_agreed").values_list("ref", flat=True)
    assert not any(f"/proofs/{ref}/" in whole for ref in titles)
    assert all(f"/proofs/{ref}/" in evidence for ref in titles)
