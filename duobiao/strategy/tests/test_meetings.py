"""Review meetings: which deals, what changed since the one before, notes, decisions, minutes that stay."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from duobiao.identity.commands import create_token
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.actions.finish_task import finish_task
from duobiao.opportunities.actions.handover_opportunity import handover_opportunity
from duobiao.opportunities.models import DealTask, Opportunity, RiskSignal
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_deal, make_unit, make_user, prove_stages
from duobiao.strategy.actions.hold_meeting import (
    MeetingOver,
    NothingToMeetAbout,
    decide_task,
    end_meeting,
    note_deal,
    open_meeting,
)
from duobiao.strategy.models import MeetingDeal, ReviewMeeting
from duobiao.strategy.queries.meetings import agenda_of, past_meetings
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit, language="en")


@pytest.fixture
def manager(unit):
    return make_user("zhou", role="manager", unit=unit, language="en")


def begin(manager, now=NOW, **fields):
    return open_meeting(title="Weekly", actor=manager, now=now, **fields)


def words(meeting, reader, place=0) -> list[str]:
    return [line.words for line in agenda_of(meeting, reader, on=TODAY).deals[place].changes]


def test_a_meeting_is_about_open_deals_risky_ones_first_then_the_largest(seller, manager):
    small, large = make_deal(seller, amount=Money.of(1_000)), make_deal(seller, amount=Money.of(9_000))
    risky = make_deal(seller, amount=Money.of(10))
    amber = make_deal(seller, amount=Money.of(20))
    Opportunity.objects.filter(pk=risky.pk).update(risk="RED")
    Opportunity.objects.filter(pk=amber.pk).update(risk="AMBER")
    Opportunity.objects.filter(pk=large.pk).update(risk="GREEN")
    closed = make_deal(seller)
    close_opportunity(opportunity=closed, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)
    make_deal(make_user("elsewhere"))

    meeting = begin(manager)

    assert [one.deal for one in agenda_of(meeting, manager, on=TODAY).deals] == [risky, amber, large, small]
    assert Entry.objects.get(event="strategy.meeting_opened").actor == manager


def test_a_meeting_can_be_about_one_seller_or_unit(seller, manager, unit):
    other = make_user("xu", unit=make_unit(parent=unit))
    mine, theirs = make_deal(seller), make_deal(other)

    def deals(**fields):
        return {one.deal for one in agenda_of(begin(manager, **fields), manager, on=TODAY).deals}

    assert deals(person=seller) == {mine}
    assert deals(unit=other.unit) == {theirs}
    assert deals(unit=unit) == {mine, theirs}
    with pytest.raises(NothingToMeetAbout):
        begin(manager, person=manager)


def test_every_change_since_the_meeting_is_said(seller, manager):
    deal = make_deal(seller, now=NOW - timedelta(days=30))
    meeting = begin(manager)
    assert words(meeting, manager) == []

    prove_stages(deal, 1, actor=seller, now=LATER)
    confirm_evidence(opportunity=deal, draft=draft("procurement.shortlisted", 2), actor=seller, now=LATER)
    changes = {"amount": Money.of(2_000_000), "expected_close_on": TODAY + timedelta(days=90)}
    deal.refresh_from_db()
    edit_opportunity(opportunity=deal, version=deal.version, values=changes, actor=seller, now=LATER)
    handover_opportunity(opportunity=deal, to=manager, note="", actor=manager, now=LATER)
    RiskSignal.objects.create(opportunity=deal, rule="budget_cut", level="RED", since=TODAY)
    row = MeetingDeal.objects.get()
    task = decide_task(row=row, title="Send", owner=manager, due_on=TODAY, actor=manager, now=LATER)
    finish_task(task=task, actor=manager, now=LATER)

    said = words(meeting, manager)

    assert "we entered stage 1" in said
    assert "success rate 0% → 5%" in said
    assert "amount ¥1.28M → ¥2M" in said
    assert "expected signature – → Dec 15" in said
    assert "handed over to another owner" in said
    assert "new risk: Budget cut" in said
    assert "1 task done" in said
    assert any(line.startswith("10 new proofs: ") for line in said)


def test_changes_are_counted_from_the_meeting_before(seller, manager):
    deal = make_deal(seller, now=NOW - timedelta(days=30))
    prove_stages(deal, 1, actor=seller, now=NOW - timedelta(days=3), on=TODAY - timedelta(days=3))
    first = begin(manager)
    assert "we entered stage 1" in words(first, manager)
    end_meeting(meeting=first, summary="", actor=manager, now=NOW)

    second = begin(manager, now=LATER)

    assert words(second, manager) == []
    assert MeetingDeal.objects.get(meeting=second).since == NOW


def test_notes_are_kept_once_and_stand_in_the_deals_timeline(seller, manager):
    deal = make_deal(seller)
    begin(manager)
    row = MeetingDeal.objects.get()

    note_deal(row=row, notes="Ask for the samples", version=1, actor=manager, now=NOW)
    with pytest.raises(StaleVersion) as stale:
        note_deal(row=row, notes="Other", version=1, actor=manager, now=NOW)
    with pytest.raises(Invalid):
        note_deal(row=row, notes="x" * 2001, version=2, actor=manager, now=NOW)

    row.refresh_from_db()
    assert (row.notes, row.version, row.noted_by) == ("Ask for the samples", 2, manager)
    assert stale.value.details["notes"] == "Ask for the samples"
    assert Entry.objects.get(event="strategy.deal_reviewed").chain == deal.ref


def test_a_decision_is_a_task_of_the_deal_that_knows_its_meeting(seller, manager):
    make_deal(seller)
    meeting = begin(manager)

    decide_task(row=MeetingDeal.objects.get(), title="Send", owner=seller, due_on=TODAY, actor=manager, now=NOW)

    task = DealTask.objects.get()
    assert (task.source_kind, task.source_ref, task.owner) == ("review_meeting", meeting.ref, seller)
    (one,) = agenda_of(meeting, manager, on=TODAY).deals
    assert [line.task for line in one.tasks] == [task]


def test_minutes_stay_as_they_were_when_the_meeting_ended(seller, manager):
    deal = make_deal(seller)
    meeting = begin(manager)
    prove_stages(deal, 1, actor=seller, now=LATER)
    row = MeetingDeal.objects.get()

    ended = end_meeting(meeting=meeting, summary="Good week", actor=manager, now=LATER)
    before = words(ended, manager)
    prove_stages(deal, 2, actor=seller, now=LATER + timedelta(hours=1))

    (one,) = agenda_of(ended, manager, on=TODAY).deals
    assert (one.standing.stage, one.standing.rate_percent) == (1, 5)
    assert [line.words for line in one.changes] == before
    assert Notification.objects.filter(user=seller, event="strategy.meeting_ended").count() == 1
    for act in (
        lambda: note_deal(row=row, notes="late", version=1, actor=manager, now=LATER),
        lambda: decide_task(row=row, title="late", owner=seller, due_on=TODAY, actor=manager, now=LATER),
        lambda: end_meeting(meeting=ended, summary="", actor=manager, now=LATER),
    ):
        with pytest.raises(MeetingOver):
            act()
    assert not DealTask.objects.exists()


def test_who_may_not_lead_may_not_write_and_readers_see_their_own_deals(seller, manager, unit):
    colleague = make_user("xu", unit=unit)
    mine = make_deal(seller)
    make_deal(colleague)
    meeting = begin(manager)

    agenda = agenda_of(meeting, seller, on=TODAY)

    assert [one.deal for one in agenda.deals] == [mine]
    assert agenda.hidden == 1
    assert list(past_meetings(make_user("stranger"))) == []
    with pytest.raises(NotAllowed):
        begin(seller)
    with pytest.raises(NotAllowed):
        note_deal(row=MeetingDeal.objects.first(), notes="x", version=1, actor=seller, now=NOW)
    with pytest.raises(NotAllowed):
        end_meeting(meeting=meeting, summary="", actor=make_user("other", role="manager", unit=make_unit()), now=NOW)
    assert ReviewMeeting.objects.get().is_open


def test_a_meeting_costs_the_same_for_any_number_of_deals(client, seller, manager, assert_flat_queries):
    client.force_login(manager)

    def grow() -> None:
        for _ in range(4):
            prove_stages(make_deal(seller), 1, actor=seller)

    def visit() -> None:
        meeting = begin(manager)
        client.get(f"/reviews/{meeting.ref}/")

    grow()
    assert_flat_queries(visit=visit, grow=grow)


def recent(seller, **fields):
    return make_deal(seller, now=timezone.now() - timedelta(days=1), **fields)


def test_pages_walk_from_deal_to_deal_and_end_with_minutes(client, seller, manager):
    first, second = recent(seller, amount=Money.of(9_000)), recent(seller, amount=Money.of(1_000))
    client.force_login(manager)
    assert client.post("/reviews/new/", {"title": ""}).status_code == 422
    to = client.post("/reviews/new/", {"title": "Weekly", "person": seller.ref}).headers["Location"]

    page = client.get(to).content.decode()
    walk = f"{to}deals/{first.ref}/"
    assert walk in page
    shown = client.get(walk).content.decode()
    assert (f'href="{to}deals/{second.ref}/" data-key="j"' in shown, "1 of 2" in shown) == (True, True)
    on = client.post(f"{walk}notes/", {"notes": "Ask for samples", "version": "1"})
    stale = client.post(f"{walk}notes/", {"notes": "Other", "version": "1"})
    assert (on.status_code, on.headers["Location"], stale.status_code) == (303, f"{to}deals/{second.ref}/", 409)
    due = timezone.localdate().isoformat()
    task = {"title": "Send samples", "owner": seller.ref, "due_on": due}
    assert client.post(f"{walk}tasks/new/", task).status_code == 303
    assert client.post(f"{to}deals/{second.ref}/notes/", {"notes": "", "version": "1"}).headers["Location"] == to
    client.post(f"{to}end/", {"summary": "Good week"})

    minutes = client.get(to).content.decode()
    assert all(part in minutes for part in ("Good week", "Ask for samples", "Send samples", "data-print"))
    assert client.get(walk).status_code == 303
    assert "Weekly" in client.get("/reviews/").content.decode()
    client.force_login(seller)
    assert "Ask for samples" in client.get(to).content.decode()
    assert client.post(f"{to}end/", {}).status_code == 403


def test_the_api_does_the_same(client, seller, manager):
    deal = recent(seller)
    head = {"authorization": f"Bearer {create_token(username=manager.username, now=timezone.now())}"}

    def send(method, path, body=None):
        url = f"/api/v1/review-meetings{path}"
        return getattr(client, method)(url, body, content_type="application/json", headers=head)

    begun = send("post", "", {"title": "Weekly", "person": seller.ref})
    ref = begun.json()["meeting"]["ref"]
    noted = send("put", f"/{ref}/deals/{deal.ref}/notes", {"notes": "Ask", "version": 1})
    due = timezone.localdate().isoformat()
    task = send("post", f"/{ref}/deals/{deal.ref}/tasks", {"title": "Send", "owner": seller.ref, "due_on": due})
    ended = send("post", f"/{ref}/end", {"summary": "Done"})
    again = send("post", f"/{ref}/end", {})

    assert (begun.status_code, noted.json()["version"], task.status_code) == (201, 2, 201)
    assert ended.json()["deals"][0]["tasks"][0]["title"] == "Send"
    assert (again.status_code, again.json()["code"]) == (409, "meeting_over")
    assert send("post", "", {"title": "x", "unit": "E-0"}).status_code == 422
    assert [row["ref"] for row in client.get("/api/v1/review-meetings", headers=head).json()] == [ref]


def test_a_task_made_in_a_meeting_leads_back_to_it(seller, manager, client):
    deal = make_deal(seller)
    meeting = begin(manager)
    row = MeetingDeal.objects.get()
    decide_task(row=row, title="Send", owner=seller, due_on=TODAY, actor=manager, now=LATER)
    client.force_login(seller)

    page = client.get(f"/opportunities/{deal.ref}/").content.decode()

    assert f'<a href="/reviews/{meeting.ref}/">' in page
    assert client.get(f"/reviews/{meeting.ref}/").status_code == 200
