"""Pages and API of rivals and of the matrix: they do the work of their user, without a script too."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.competition.models import Barrier, CardStatement, DealRival, Judgement, PursuitFigures, Rival, RivalMove
from duobiao.competition.tests.factories import barrier, placed, reach, rival, scored, statement
from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import DealTask
from duobiao.opportunities.tests.factories import make_contact, make_deal, make_user

pytestmark = pytest.mark.django_db
DAY = "2026-09-01"


@pytest.fixture
def today():
    return company_day(timezone.now()).isoformat()


@pytest.fixture
def signed_in(client, seller):
    client.force_login(seller)
    return client


@pytest.fixture
def page(deal):
    return f"/opportunities/{deal.ref}/competition/"


def text(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def known(**changes: str) -> dict[str, str]:
    usual = {"rival_class": "DIRECT", "position": "LEVEL", "trend": "UNKNOWN", "bidding": "UNKNOWN", "noted_on": DAY}
    return {**usual, "source": "Wang", **changes}


def test_a_new_rival_is_named_where_it_is_met_and_shown_on_the_project(signed_in, deal, page):
    answer = signed_in.post(f"{page}rivals/new/", known(new_rival="Xichuan Digital", offers="MES & more"))

    assert answer.status_code == 303
    found = text(signed_in, page)
    assert "Xichuan Digital" in found
    assert "MES &amp; more" in found
    assert DealRival.objects.get().opportunity == deal


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(signed_in, page, seller):
    rival(seller, "西川数科")

    nobody = signed_in.post(f"{page}rivals/new/", known(offers="MES"))
    like = signed_in.post(f"{page}rivals/new/", known(new_rival="上海西川数科科技有限公司"))

    assert (nobody.status_code, like.status_code) == (422, 409)
    assert "Choose a rival, or name a new one." in nobody.content.decode()
    assert "MES" in nobody.content.decode()
    assert "this is another company" in like.content.decode()
    assert 'name="distinct"' in like.content.decode()
    assert Rival.objects.count() == 1


def test_both_sides_are_scored_and_compared(signed_in, page, row):
    sides = {f"/deal-rivals/{row.ref}/scores/": "5", f"{page}scores/": "3"}
    for address, score in sides.items():
        answer = signed_in.post(address, {"price": score, "service": score, "on": DAY, "source": "<b>Li</b>"})
        assert answer.status_code == 303

    found = text(signed_in, page)
    assert "behind by 2" in found
    assert "rival-radar" in found
    assert "&lt;b&gt;Li&lt;/b&gt;" in found
    refused = signed_in.post(f"{page}scores/", {"on": DAY, "source": "Li"})
    assert "Score at least one dimension." in refused.content.decode()


def test_weights_are_set_and_refused_by_their_sum(signed_in, page, row):
    even = {"function": "50", "price": "40", "version": "1"}

    refused = signed_in.post(f"{page}weights/", even)
    accepted = signed_in.post(f"{page}weights/", {**even, "service": "10"})

    assert (refused.status_code, accepted.status_code) == (422, 303)
    assert "these add up to 90" in refused.content.decode()
    assert "own weights" in text(signed_in, page)


def test_barriers_contacts_moves_and_answers_are_kept_from_the_page(
    signed_in, page, deal, row, seller, customer, today
):
    person = make_contact(customer, "Sun", function="TECHNICAL")
    at = f"/deal-rivals/{row.ref}/"
    sourced = {"source": "Wang", "noted_on": DAY}
    posts = [
        ("barriers/new/", {**sourced, "sort": "REGIONAL_TIES", "text": "Local office", "strength": "4"}),
        ("reaches/new/", {**sourced, "contact": person.ref, "depth": "3"}),
        ("moves/new/", {"source": "Wang", "happened_on": DAY, "sort": "PRICE", "text": "Ten percent off"}),
    ]
    for path, values in posts:
        assert signed_in.post(at + path, values).status_code == 303, path
    held = Barrier.objects.get()
    answer = {"title": "Visit the site", "owner": seller.ref, "due_on": today, "barrier": held.ref}
    assert signed_in.post(f"{at}counter/?barrier={held.ref}", answer).status_code == 303

    found = text(signed_in, page)
    for words in ("Local office", "no break point known", "Sun", "fights for it", "Ten percent off", "Visit the site"):
        assert words in found, words
    move = RivalMove.objects.get()
    assert signed_in.post(f"/rival-moves/{move.ref}/withdraw/", {"reason": "Misheard"}).status_code == 303
    assert "taken back: Misheard" in text(signed_in, page)
    assert signed_in.post(f"/competition-barriers/{held.ref}/remove/").status_code == 303
    assert DealTask.objects.get().title == "Visit the site"


def test_a_rival_leaves_the_race_and_comes_back(signed_in, page, row):
    at = f"/deal-rivals/{row.ref}/"

    assert signed_in.post(f"{at}left/", {"left_on": DAY, "reason": "Too dear", "version": "1"}).status_code == 303
    assert "Too dear" in text(signed_in, page)
    assert signed_in.post(f"{at}back/").status_code == 303
    row.refresh_from_db()
    assert row.left_on is None


def test_who_only_reads_sees_no_buttons_and_no_names_of_people_they_may_not_know(client, deal, row, seller, customer):
    person = make_contact(customer, "Sun Guodong", function="TECHNICAL")
    reach(row, seller, contact=person)
    coach = make_user("coach", role=Role.COACH, language="en")
    seller.coach = coach
    seller.save()
    client.force_login(make_user("boss", role=Role.EXECUTIVE, language="en"))

    found = text(client, f"/opportunities/{deal.ref}/competition/")

    assert "Record a rival" not in found
    assert "西川数科" in found


def test_the_card_is_written_changed_and_taken_off(signed_in, xichuan):
    at = f"/rivals/{xichuan.ref}/"
    claim = {"section": "CLAIM", "text": "We are late", "source": "Li", "noted_on": DAY}

    refused = signed_in.post(f"{at}statements/new/", claim)
    accepted = signed_in.post(f"{at}statements/new/", {**claim, "answer": "Two lines on time"})

    assert (refused.status_code, accepted.status_code) == (422, 303)
    assert "Say what we answer." in refused.content.decode()
    held = CardStatement.objects.get()
    change = {**claim, "answer": "Three lines", "version": "1"}
    assert signed_in.post(f"/battle-card-statements/{held.ref}/edit/", change).status_code == 303
    assert signed_in.post(f"/battle-card-statements/{held.ref}/edit/", {**change, "text": "x"}).status_code == 409
    assert "Three lines" in text(signed_in, at)
    assert signed_in.post(f"/battle-card-statements/{held.ref}/remove/", {"version": "2"}).status_code == 303
    assert "Three lines" not in text(signed_in, at).split("What happened")[0]


def test_the_lists_are_empty_with_a_way_to_begin(signed_in, stranger, client):
    assert "Enter a rival" in text(signed_in, "/rivals/")
    assert "No open project here." in text(signed_in, "/portfolio/matrix/")
    assert "No rival fits" in text(signed_in, "/rivals/?q=nobody")


def test_a_criterion_is_judged_and_the_matrix_explains_it(signed_in, deal):
    at = f"/opportunities/{deal.ref}/investment/"

    refused = signed_in.post(f"{at}relation/", {"value": "101", "why": "met three", "on": DAY})
    accepted = signed_in.post(f"{at}relation/", {"value": "80", "why": "met three", "on": DAY})
    figures = signed_in.post(f"{at}figures/", {"margin_percent": "30", "cost": "20,000", "on": DAY, "version": "0"})

    assert (refused.status_code, accepted.status_code, figures.status_code) == (422, 303, 303)
    found = text(signed_in, at)
    assert "met three" in found
    assert "0 of 5 departments" in found
    assert PursuitFigures.objects.get().cost_minor == 20_000_00
    assert Judgement.objects.get().value == 80
    assert deal.name in text(signed_in, "/portfolio/matrix/")
    assert signed_in.get(f"{at}luck/").status_code == 404


def test_the_strategy_page_and_the_one_page_name_the_rivals(signed_in, deal, row):
    assert "西川数科" in text(signed_in, f"/opportunities/{deal.ref}/strategy/")
    found = text(signed_in, f"/opportunities/{deal.ref}/summary/")
    assert "西川数科" in found
    assert "data-print" in found


def test_the_api_does_what_the_pages_do(seller, deal, api, today):
    held = api(create_token(username=seller.username, now=timezone.now()))

    made = held.post("/rivals", {"name": "西川数科", "aliases": ["Xichuan"]})
    assert made.status_code == 201
    again = held.post("/rivals", {"name": "西川数科有限公司"})
    assert (again.status_code, again.json()["code"]) == (409, "rival_known")
    at = f"/opportunities/{deal.ref}/competition"
    row = held.post(f"{at}/rivals", {"rival": made.json()["ref"], "noted_on": DAY, "source": "Wang"}).json()
    for side in ("", row["ref"]):
        scores = {"price": 2 if side else 4}
        answer = held.post(f"{at}/scores", {"rival": side, "scores": scores, "on": DAY, "source": "Li"})
        assert answer.status_code == 201
    assert held.get(at).json()["gap"] in ("2", "2.00", 2.0)
    assert held.post(f"{at}/scores", {"scores": {"price": 9}, "on": DAY, "source": "Li"}).status_code == 422
    moved = {"sort": "PRICE", "text": "less", "source": "Li", "happened_on": DAY}
    assert held.post(f"/deal-rivals/{row['ref']}/moves", moved).status_code == 201
    tomorrow = (company_day(timezone.now()) + timedelta(days=2)).isoformat()
    assert held.post(f"/deal-rivals/{row['ref']}/moves", {**moved, "happened_on": tomorrow}).status_code == 422
    assert next(line["lack"] for line in held.get(at).json()["proofs"]) == ""
    placed_ = held.get("/portfolio/matrix").json()
    assert [line["opportunity"] for line in placed_["deals"]] == [deal.ref]
    assert held.get(f"/opportunities/{deal.ref}/summary").json()["rivals"][0]["name"] == "西川数科"
    card = held.get(f"/rivals/{made.json()['ref']}/battle-card").json()
    assert (card["opportunities"], card["results"]["won"]) == ([deal.ref], 0)


def test_the_api_hides_what_the_reader_may_not_see(stranger, viewer, seller, deal, row, api):
    outside = api(create_token(username=stranger.username, now=timezone.now()))
    reading = api(create_token(username=viewer.username, now=timezone.now()))
    held = barrier(row, seller)
    scored(deal, row, seller, 3)
    statement(row.rival, seller)

    assert outside.get(f"/opportunities/{deal.ref}/competition").status_code == 404
    assert outside.delete(f"/competition-barriers/{held.ref}", {"version": 1}).status_code == 404
    assert outside.get("/portfolio/matrix").json()["deals"] == []
    assert outside.get(f"/rivals/{row.rival.ref}/battle-card").json()["opportunities"] == []
    assert reading.delete(f"/competition-barriers/{held.ref}", {"version": 1}).status_code == 403
    assert Barrier.objects.get().removed_at is None


def test_a_second_project_shows_the_same_rival_and_card(signed_in, seller, row):
    other = make_deal(seller)
    placed(other, row.rival, seller)

    found = text(signed_in, f"/rivals/{row.rival.ref}/")

    assert other.name in found
    assert row.opportunity.name in found
