"""Projects registered with manufacturers, authorisation letters: states, alarms, clashes, who sees what."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from duobiao.customers.actions.keep_admissions import add_admission
from duobiao.identity.commands import create_token
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.tests.factories import NOW, TODAY, make_customer, make_deal, make_unit, make_user
from duobiao.prospecting.actions.keep_letters import LetterIsOver, edit_letter, end_letter, file_letter
from duobiao.prospecting.actions.register_upstream import (
    UpstreamStepRefused,
    UpstreamTwice,
    edit_upstream,
    move_upstream,
    register_upstream,
)
from duobiao.prospecting.actions.watch_manufacturers import watch_manufacturers
from duobiao.prospecting.models import Letter, Manufacturer, Upstream, UpstreamMove
from duobiao.prospecting.queries.manufacturers import letters_matching, upstream_lines, upstream_matching
from duobiao.prospecting.queries.validity import what_is_due
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db
MAKER = "施恩德电气（中国）有限公司"
SOON = TODAY + timedelta(days=90)


@pytest.fixture
def seller():
    return make_user("林晓", unit=make_unit("一部"))


@pytest.fixture
def rival():
    return make_user("吴昊", unit=make_unit("二部"))


@pytest.fixture
def hengli(seller):
    return make_customer(seller, "恒力精密")


@pytest.fixture
def deal(seller, hengli):
    return make_deal(seller, hengli, name="二期产线")


def registered(deal, by=None, state="SUBMITTED", manufacturer=MAKER, **more):
    values = {"products": "变频器", **more.pop("values", {})}
    actor = by or deal.owner
    return register_upstream(
        deal=deal, manufacturer=manufacturer, values=values, state=state, actor=actor, now=NOW, **more
    )


def move(row, state, by=None, **more):
    more = {"happened_on": TODAY, **more}
    actor = by or row.opportunity.owner
    return move_upstream(row=row, version=row.version, state=state, actor=actor, now=NOW, **more)


def letter(by, deal=None, **values):
    values = {"covers": "全系列", "valid_from": TODAY, "valid_until": SOON, **values}
    return file_letter(manufacturer=MAKER, values=values, deal=deal, actor=by, now=NOW)


def kept():
    models = (Upstream, UpstreamMove, Letter, Entry, Notification)
    return {model.__name__: sorted(model.objects.values_list(), key=repr) for model in models}


def test_a_registration_goes_its_way_and_each_state_is_kept_with_who_and_when(seller, deal):
    row = registered(deal)
    row = move(row, "GRANTED", protected_until=SOON, number="SE-2026-17", note="区域经理邮件")
    row = move(row, "GRANTED", protected_until=SOON + timedelta(days=60))

    moves = row.moves.order_by("pk")
    assert [(step.state, step.protected_until, step.noted_by, step.note) for step in moves] == [
        ("SUBMITTED", None, seller, ""),
        ("GRANTED", SOON, seller, "区域经理邮件"),
        ("GRANTED", SOON + timedelta(days=60), seller, ""),
    ]
    assert (row.number, row.extensions, row.version) == ("SE-2026-17", 1, 3)
    events = Entry.objects.filter(event__startswith="prospecting.upstream").order_by("pk")
    assert [(entry.event, entry.chain) for entry in events] == [
        ("prospecting.upstream_registered", deal.ref),
        ("prospecting.upstream_moved", deal.ref),
        ("prospecting.upstream_moved", deal.ref),
    ]


def test_a_manufacturer_is_one_whatever_its_legal_form_and_a_deal_registers_once(seller, deal):
    first = registered(deal)

    with pytest.raises(UpstreamTwice) as twice:
        registered(deal, manufacturer="施恩德电气(中国)")
    assert twice.value.details == {"ref": first.ref}
    assert Manufacturer.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("manufacturer", {"manufacturer": " "}),
        ("manufacturer", {"manufacturer": "x" * 121}),
        ("products", {"values": {"products": ""}}),
        ("number", {"values": {"number": "x" * 61}}),
        ("state", {"state": "EXPIRED"}),
        ("happened_on", {"happened_on": TODAY + timedelta(days=1)}),
        ("protected_until", {"state": "GRANTED"}),
        ("protected_until", {"state": "GRANTED", "protected_until": TODAY - timedelta(days=1)}),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_nothing_is_kept(deal, field, asked):
    before = kept()

    with pytest.raises(Invalid) as refused:
        registered(deal, **asked)

    assert list(refused.value.fields) == [field]
    assert kept() == before


def test_states_versions_and_rights_are_kept(seller, rival, deal):
    row = registered(deal)
    granted = registered(make_deal(seller), state="GRANTED", protected_until=SOON)
    before = kept()
    with pytest.raises(UpstreamStepRefused) as refused:
        move(row, "EXPIRED")
    assert refused.value.details["next"] == ["GRANTED", "REFUSED", "WITHDRAWN"]
    with pytest.raises(Invalid) as shorter:
        move(granted, "GRANTED", protected_until=SOON)
    assert list(shorter.value.fields) == ["protected_until"]
    with pytest.raises(NotAllowed):
        registered(deal, by=rival, manufacturer="另一家")
    with pytest.raises(NotAllowed):
        move(row, "REFUSED", by=rival)
    with pytest.raises(StaleVersion):
        edit_upstream(row=row, version=5, values={"number": "1"}, actor=seller, now=NOW)
    with pytest.raises(Invalid) as unseen:
        edit_upstream(row=row, version=1, values={"responsible": rival}, actor=seller, now=NOW)
    assert list(unseen.value.fields) == ["responsible"]
    assert kept() == before


def test_a_deal_that_is_closed_is_not_registered(deal):
    type(deal).objects.filter(pk=deal.pk).update(outcome="LOST", closed_on=TODAY)

    with pytest.raises(Conflict) as refused:
        registered(deal)

    assert refused.value.code == "deal_closed"
    assert not Upstream.objects.exists()


def test_two_deals_of_one_customer_with_one_manufacturer_are_said_and_nobody_learns_more(seller, rival, hengli, deal):
    first = registered(deal)
    other = registered(make_deal(rival, hengli, name="机密项目"))
    elsewhere = registered(make_deal(rival, make_customer(rival)))

    told = Notification.objects.filter(event="prospecting.upstream_clashed")
    assert sorted((note.user.name, note.data["deal"]) for note in told) == [("吴昊", "机密项目"), ("林晓", "二期产线")]
    (line,) = upstream_lines([first], seller, on=TODAY)
    assert [(clash.unit, clash.deal, clash.url) for clash in line.clashes] == [("二部", "", "")]
    (seen,) = upstream_lines([other], make_user("主管", role="administrator"), on=TODAY)
    assert seen.clashes[0].deal == "二期产线"
    assert upstream_lines([elsewhere], rival, on=TODAY)[0].clashes == ()

    move(other, "WITHDRAWN")
    assert upstream_lines([first], seller, on=TODAY)[0].clashes == ()


def test_alarms_come_once_per_distance_and_protection_ends(seller, deal):
    row = registered(deal, state="GRANTED", protected_until=TODAY + timedelta(days=20))
    general = letter(seller, valid_until=TODAY + timedelta(days=5))
    Notification.objects.all().delete()

    assert watch_manufacturers(on=TODAY, now=NOW) == (2, 0)
    assert watch_manufacturers(on=TODAY, now=NOW) == (0, 0)
    assert sorted(Notification.objects.values_list("event", flat=True)) == [
        "prospecting.letter_near",
        "prospecting.upstream_near",
    ]
    assert watch_manufacturers(on=TODAY + timedelta(days=21), now=NOW) == (0, 1)
    assert watch_manufacturers(on=TODAY + timedelta(days=22), now=NOW) == (0, 0)

    row.refresh_from_db()
    assert (row.state, row.moves.order_by("-pk").first().noted_by) == ("EXPIRED", None)
    assert not general.holds(TODAY + timedelta(days=6))


def test_letters_are_for_one_deal_or_for_everybody(seller, rival, deal):
    general, ours = letter(seller), letter(seller, deal)

    assert set(letters_matching(seller, on=TODAY)) == {general, ours}
    assert set(letters_matching(rival, on=TODAY)) == {general}
    with pytest.raises(NotAllowed):
        letter(rival, deal)
    with pytest.raises(NotAllowed):
        edit_letter(letter=general, version=1, values={"number": "1"}, actor=rival, now=NOW)


def test_a_letter_that_counts_no_longer_stays_as_it_was(seller, deal):
    row = letter(seller, deal)
    with pytest.raises(Invalid):
        end_letter(letter=row, version=1, why=" ", actor=seller, now=NOW)
    row = end_letter(letter=row, version=1, why="原厂收回", actor=seller, now=NOW)
    before = kept()

    with pytest.raises(LetterIsOver):
        edit_letter(letter=row, version=2, values={"number": "1"}, actor=seller, now=NOW)
    with pytest.raises(LetterIsOver):
        end_letter(letter=row, version=2, why="再一次", actor=seller, now=NOW)

    assert kept() == before
    assert not row.holds(TODAY)


@pytest.mark.parametrize(
    "values",
    [{"covers": " "}, {"valid_from": None}, {"valid_until": TODAY - timedelta(days=1)}, {"number": "x" * 61}],
)
def test_a_wrong_letter_is_refused_by_field(seller, values):
    with pytest.raises(Invalid) as refused:
        letter(seller, **values)

    assert list(refused.value.fields) == list(values)
    assert not Letter.objects.exists()


def test_the_database_refuses_what_code_forgot(seller, deal):
    row, paper = registered(deal), letter(seller)
    for change in ({"products": ""}, {"state": "KNOWN"}, {"state": "GRANTED"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Upstream.objects.filter(pk=row.pk).update(**change)
    for change in ({"covers": ""}, {"valid_until": TODAY - timedelta(days=1)}, {"ended_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.filter(pk=paper.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.moves.update(state="KNOWN")
    with pytest.raises(IntegrityError), transaction.atomic():
        Manufacturer.objects.update(name="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Upstream.objects.create(
            opportunity=deal,
            manufacturer=row.manufacturer,
            products="x",
            responsible=seller,
            state="SUBMITTED",
            since_on=TODAY,
            created_at=NOW,
            created_by=seller,
        )


def filled(page, **changes):
    values = {"version": (re.search(r'name="version" value="(\d+)"', page.content.decode()) or [0, ""])[1]}
    owner = re.search(r'<option value="([^"]+)" selected', page.content.decode())
    return {**values, "responsible": owner[1] if owner else "", **changes}


def test_on_the_pages_a_deal_is_registered_moved_and_a_letter_filed(client, seller, deal):
    client.force_login(seller)
    today = company_day(timezone.now())
    room = client.get(f"/opportunities/{deal.ref}/").content.decode()
    assert f"/opportunities/{deal.ref}/manufacturers/" in room
    new = reverse("prospecting:register_upstream", args=[deal.ref])
    form = filled(client.get(new), manufacturer=MAKER, products="变频器", state="SUBMITTED", happened_on=today)
    assert client.post(new, {**form, "products": ""}).status_code == 422
    assert client.post(new, form).status_code == 303
    row = Upstream.objects.get()

    step = reverse("prospecting:move_upstream", args=[row.ref])
    granted = filled(client.get(step), state="GRANTED", happened_on=today, number="SE-17")
    assert client.post(step, granted).status_code == 422
    client.post(step, {**granted, "protected_until": today + timedelta(days=30)})
    paper = reverse("prospecting:file_deal_letter", args=[deal.ref])
    days = {"valid_from": today, "valid_until": today + timedelta(days=300)}
    client.post(paper, filled(client.get(paper), manufacturer=MAKER, covers="变频器与备件", **days))

    fragment = client.get(reverse("prospecting:deal_upstream", args=[deal.ref])).content.decode()
    assert "SE-17" in fragment
    assert "变频器与备件" in fragment
    assert "SE-17" in client.get(reverse("prospecting:upstream"), {"expiry": "30"}).content.decode()
    assert "变频器与备件" in client.get(reverse("prospecting:letters")).content.decode()
    end = reverse("prospecting:end_letter", args=[Letter.objects.get().ref])
    client.post(end, {"reason": "换新"})
    assert Letter.objects.get().ended_why == "换新"


def test_a_form_without_a_version_changes_nothing(client, seller, deal):
    client.force_login(seller)
    today = company_day(timezone.now())
    row, paper = registered(deal, state="SUBMITTED"), letter(seller, deal)
    days = {"valid_from": paper.valid_from, "valid_until": paper.valid_until}
    asked = {
        "edit_upstream": (row, {"products": "伺服", "number": "BB-1"}),
        "move_upstream": (row, {"state": "REFUSED", "happened_on": today}),
        "edit_letter": (paper, {"covers": "全系列", "number": "SQ-1", **days}),
    }
    for name, (held, changes) in asked.items():
        address = reverse(f"prospecting:{name}", args=[held.ref])
        form = filled(client.get(address), **changes)
        assert client.post(address, {**form, "version": ""}).status_code == 409
        held.refresh_from_db()
        assert held.version == 1


def test_a_note_that_is_too_long_is_refused_with_its_length(deal):
    row, before = registered(deal), kept()
    with pytest.raises(Invalid) as refused:
        move(row, "REFUSED", note="长" * 301)
    assert "301" in str(refused.value.fields["note"])
    assert kept() == before


def test_lists_cost_the_same_for_any_number(client, seller, hengli, deal, assert_flat_queries):
    client.force_login(seller)
    registered(deal)
    registered(make_deal(seller, hengli))
    letter(seller, deal)

    def grow():
        for _ in range(6):
            more = make_deal(seller, hengli)
            registered(more)
            letter(seller, more)

    for name in ("prospecting:upstream", "prospecting:letters"):
        assert_flat_queries(visit=lambda name=name: client.get(reverse(name)), grow=grow)
    page = reverse("prospecting:deal_upstream", args=[deal.ref])
    assert_flat_queries(visit=lambda: client.get(page), grow=grow)


def test_by_api(api, seller, rival, deal):
    mine, stranger = (api(create_token(username=row.username, now=timezone.now())) for row in (seller, rival))
    today = company_day(timezone.now())
    path = f"/opportunities/{deal.ref}/manufacturer-registrations"
    made = mine.post(path, {"manufacturer": MAKER, "products": "变频器"})
    assert made.status_code == 201
    ref = made.json()["ref"]
    twice = mine.post(path, {"manufacturer": MAKER, "products": "变频器"})
    assert (twice.status_code, twice.json()["code"]) == (409, "upstream_twice")
    assert stranger.get(f"/manufacturer-registrations/{ref}").status_code == 404
    until = (today + timedelta(days=90)).isoformat()
    moved = mine.post(
        f"/manufacturer-registrations/{ref}/moves",
        {"version": 1, "state": "GRANTED", "happened_on": today.isoformat(), "protected_until": until},
    )
    assert (moved.json()["state"], moved.json()["protected_until"]) == ("GRANTED", until)
    filed = mine.post(
        "/authorisation-letters",
        {"manufacturer": MAKER, "covers": "全系列", "valid_from": today.isoformat(), "valid_until": until},
    )
    assert filed.json()["in_force"] is True
    assert [row["ref"] for row in stranger.get("/authorisation-letters").json()["items"]] == [filed.json()["ref"]]
    assert set(upstream_matching(seller, on=today)) == set(Upstream.objects.all())


def test_today_shows_what_runs_out_to_who_sees_to_it(client, seller, rival, hengli, deal):
    today = company_day(timezone.now())
    registered(deal, state="GRANTED", happened_on=TODAY, protected_until=SOON)
    Upstream.objects.update(protected_until=today + timedelta(days=3))
    add_admission(
        customer=hengli,
        values={"name": "采购平台", "valid_until": today + timedelta(days=40)},
        state="ADMITTED",
        actor=seller,
        now=timezone.now(),
    )
    letter(seller, deal, valid_until=today + timedelta(days=9))
    letter(seller, deal, valid_until=today + timedelta(days=99), covers="还早")

    assert [(row.kind, row.days_left) for row in what_is_due(seller, on=today, team=False).endings] == [
        ("upstream", 3),
        ("letter", 9),
        ("admission", 40),
    ]
    assert what_is_due(rival, on=today, team=True).endings == []
    client.force_login(seller)
    page = client.get("/today/").content.decode()
    assert "采购平台" in page
    assert "还早" not in page
