"""Contact lines by department: who is there, when we last spoke, which have gone cold."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from duobiao.identity.actions.create_token import create_token
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.actions.confirm_evidence import confirm_all
from duobiao.opportunities.actions.keep_thread import keep_thread, tell_of_cold_threads
from duobiao.opportunities.actions.note_conversations import note_conversations
from duobiao.opportunities.domain.threads import Line, judge_line
from duobiao.opportunities.models import Confirmation, DealThread
from duobiao.opportunities.queries.threads import last_spoken, threads_of
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_contact, make_customer, make_deal, make_user
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user("林晓")


@pytest.fixture
def deal(seller):
    return make_deal(seller, make_customer(seller))


def spoke(deal, contact, on, actor):
    note_conversations(
        opportunity=deal, source=Ref("call", f"A-{contact.pk}{on:%d}"), contacts=[contact.pk], on=on, actor=actor,
        now=NOW,
    )  # fmt: skip


def keep(deal, actor, function="FINANCE", **values):
    usual = {"concern": "付款节点", "keeper": None, "quiet_days": 30, "version": 0}
    return keep_thread(opportunity=deal, function=function, **{**usual, **values}, actor=actor, now=NOW)


def line_to(deal, reader, function="FINANCE", on=TODAY):
    return next(row for row in threads_of(deal, reader, on=on) if row.function == function)


@pytest.mark.parametrize(
    ("people", "last_on", "standing"),
    [
        (0, None, Line.NOBODY),
        (2, None, Line.NEVER),
        (2, date(2026, 8, 17), Line.WARM),
        (2, date(2026, 8, 16), Line.COLD),
    ],
)
def test_a_line_is_cold_after_its_days_without_a_contact(people, last_on, standing):
    assert judge_line(people=people, last_on=last_on, quiet_days=30, on=date(2026, 9, 16)) is standing


def test_a_board_shows_the_usual_departments_with_the_last_contact_of_each(seller, deal):
    finance = make_contact(deal.customer, "刘倩", function="FINANCE")
    make_contact(deal.customer, "李伟", function="USING")
    spoke(deal, finance, TODAY - timedelta(days=40), seller)
    confirm_all(
        opportunity=deal,
        drafts=[draft("engagement.interest_shown", contact=finance, channel="PHONE", on=TODAY - timedelta(days=35))],
        actor=seller,
        now=NOW,
    )

    rows = {row.function: row for row in threads_of(deal, seller, on=TODAY)}

    assert list(rows) == ["USING", "TECHNICAL", "PROCUREMENT", "FINANCE", "MANAGEMENT"]
    assert [rows[name].line for name in rows] == ["NEVER", "NOBODY", "NOBODY", "COLD", "NOBODY"]
    assert (rows["FINANCE"].quiet, rows["FINANCE"].usual, rows["FINANCE"].keeper) == (35, True, "林晓")


def test_a_line_can_be_kept_by_a_colleague_with_days_of_its_own(seller, deal):
    finance = make_contact(deal.customer, "刘倩", function="FINANCE")
    spoke(deal, finance, TODAY - timedelta(days=12), seller)

    kept = keep(deal, seller, quiet_days=10)

    row = line_to(deal, seller)
    assert (row.line, row.concern, row.usual, row.version) == ("COLD", "付款节点", False, 1)
    assert Entry.objects.get(event="opportunities.thread_kept").chain == deal.ref
    assert kept.version == 1


def test_refusals_change_nothing(seller, deal):
    for fault in (
        {"function": "NOWHERE"},
        {"quiet_days": 0},
        {"concern": "长" * 301},
        {"keeper": make_user("看不到的人")},
    ):
        with pytest.raises(Invalid):
            keep(deal, seller, **fault)
    with pytest.raises(NotAllowed):
        keep(deal, make_user("外人"))
    with pytest.raises(StaleVersion):
        keep(deal, seller, version=3)
    assert not DealThread.objects.exists()
    assert not Entry.objects.filter(event="opportunities.thread_kept").exists()


def test_the_keeper_is_told_once_for_each_silence(seller, deal):
    finance = make_contact(deal.customer, "刘倩", function="FINANCE")
    spoke(deal, finance, TODAY - timedelta(days=31), seller)
    keep(deal, seller)
    keep(deal, seller, function="TECHNICAL")

    told = [tell_of_cold_threads(on=TODAY + timedelta(days=n), now=NOW) for n in (0, 1)]
    spoke(deal, finance, TODAY + timedelta(days=2), seller)
    told += [tell_of_cold_threads(on=TODAY + timedelta(days=n), now=NOW) for n in (3, 40, 41)]

    assert told == [1, 0, 0, 1, 0]
    bells = Notification.objects.filter(event="opportunities.thread_cold")
    assert [(row.user, row.data["function"]) for row in bells] == [(seller, "FINANCE")] * 2


def test_an_answer_to_a_link_is_a_word_of_who_answered(seller, deal):
    contact = make_contact(deal.customer, "林梅")
    asked = Confirmation.objects.create(
        opportunity=deal, customer=deal.customer, source_kind="visit", source_ref="VI-1", contact=contact, snapshot={},
        digest="x", asked_at=NOW, asked_by=seller, expires_at=NOW + timedelta(days=7),
    )  # fmt: skip
    assert last_spoken([deal.pk])[deal.pk] == {}

    Confirmation.objects.filter(pk=asked.pk).update(answer="CONFIRMED", answered_at=NOW, answered_on=TODAY)

    assert last_spoken([deal.pk])[deal.pk] == {contact.pk: TODAY}
    assert last_spoken([deal.pk], until=TODAY - timedelta(days=1))[deal.pk] == {}


def test_the_people_page_shows_the_board_and_its_form_saves(client, seller, deal):
    make_contact(deal.customer, "<i>刘倩</i>", function="FINANCE")
    client.force_login(seller)
    where = reverse("opportunities:keep_thread", args=[deal.ref, "FINANCE"])
    sent = {"concern": "资本化口径", "keeper": seller.ref, "quiet_days": "20", "version": "0"}

    form, answer = client.get(where), client.post(where, sent)
    page = client.get(f"/opportunities/{deal.ref}/people/").content.decode()

    assert (form.status_code, answer.status_code) == (200, 303)
    assert "资本化口径" in page
    assert "&lt;i&gt;刘倩" in page
    assert client.post(where, sent).status_code == 409
    assert client.get(where.replace("FINANCE", "NOWHERE")).status_code == 404


def test_the_api_lists_and_sets_lines(api, seller, deal):
    program = api(create_token(name="t", actor=seller, now=NOW).text)

    put = program.put(f"/opportunities/{deal.ref}/threads/MANAGEMENT", {"concern": "两年回本", "quiet_days": 45})
    rows = {row["function"]: row for row in program.get(f"/opportunities/{deal.ref}/threads").json()}

    assert (put.status_code, put.json()["standing"]) == (200, "NOBODY")
    assert (rows["MANAGEMENT"]["concern"], rows["MANAGEMENT"]["keeper"]) == ("两年回本", seller.ref)
    assert program.put(f"/opportunities/{deal.ref}/threads/NOWHERE", {}).status_code == 422


def test_the_board_costs_the_same_for_any_number_of_people(seller, deal, assert_flat_queries):
    def grow():
        for number in range(6):
            person = make_contact(deal.customer, f"人{number}", function="USING")
            spoke(deal, person, TODAY - timedelta(days=number), seller)

    grow()
    assert_flat_queries(visit=lambda: threads_of(deal, seller, on=TODAY), grow=grow)
