"""Suggestions: points that add up, decisions that hold while the facts do, and what became of what was suggested."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from duobiao.identity.commands import create_token
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.decide_suggestion import Choice, NotSuggested, bring_back, decide_suggestion
from duobiao.opportunities.actions.judge_signals import judge_all
from duobiao.opportunities.actions.note_suggestions import note_suggestions
from duobiao.opportunities.domain.ranking import Group, Part, Why, parts_of, total
from duobiao.opportunities.models import Opportunity, RiskSignal, Suggestion
from duobiao.opportunities.queries.action_list import action_list, deals_for
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.next_actions import all_actions, next_actions
from duobiao.opportunities.queries.suggestion_hits import HitFilters, hits_of, suggestions_behind
from duobiao.opportunities.queries.surroundings import around
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_deal, make_unit, make_user, prove_stages
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
LATER = Choice("SNOOZED", until=TODAY + timedelta(days=5))


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


@pytest.fixture
def deal(seller):
    return make_deal(seller)


def keys(deal, on=TODAY) -> list[str]:
    return [action.key for action in next_actions(explain(deal, on), around(deal), limit=99)]


def decide(deal, actor, choice=LATER, key="CALL", now=NOW):
    return decide_suggestion(opportunity=deal, key=key, choice=choice, actor=actor, now=now)


def test_points_add_up_and_stay_within_a_hundred():
    parts = parts_of(Group.OPENS, gain=15, stage=4, behind=3, risk="RED", meeting_in=2)

    assert parts == (
        Part(Why.GROUP, 54), Part(Why.GAIN, 7, 15), Part(Why.STAGE, 4, 4), Part(Why.LAG, 6, 3), Part(Why.RISK, 8),
        Part(Why.MEETING, 6, 2),
    )  # fmt: skip
    assert total(parts) == 85
    highest = parts_of(Group.OPENS, gain=90, stage=8, behind=9, days_left=0, risk="RED", meeting_in=0)
    assert total(highest) <= 100 == total(parts_of(Group.ENDED, stage=8, risk="RED"))
    assert parts_of(Group.EXPIRING, days_left=14) == (Part(Why.GROUP, 38),)
    assert parts_of(Group.REST, meeting_in=8) == (Part(Why.GROUP, 12),)


def test_every_suggestion_has_a_key_of_its_own_and_says_its_points(deal, seller):
    prove_stages(deal, 1, 2, 3, actor=seller)

    found = all_actions(explain(deal, TODAY), around(deal))

    assert len({action.key for action in found}) == len(found) > 3
    assert all(action.score == sum(points for _words, points in action.points) for action in found)
    assert [action.score for action in found] == sorted((action.score for action in found), reverse=True)


def test_a_waiver_that_ends_soon_and_holds_the_rate_back_is_one_suggestion(deal, seller, manager):
    prove_stages(deal, 1, 2, 3, actor=seller, skip=("3.M1",))
    last = TODAY + timedelta(days=5)
    ask_waiver(opportunity=deal, item="3.M1", reason="r", expires_on=last, actor=manager, now=NOW)

    found = [action.key for action in all_actions(explain(deal, TODAY), around(deal))]

    assert found.count("WAIVER:3.M1") == 1
    note_suggestions(now=NOW)
    note_suggestions(now=NOW)


def test_a_risk_that_nothing_answers_stands_in_the_list_and_silence_lifts_the_call(deal):
    RiskSignal.objects.create(opportunity=deal, rule="budget_cut", level="RED", since=TODAY)
    RiskSignal.objects.create(opportunity=deal, rule="silence", level="AMBER", since=TODAY)

    found = {action.key: action for action in all_actions(explain(deal, TODAY), around(deal))}

    assert found["RISK:budget_cut"].score == 34
    assert ("answers a risk", 4) in found["CALL"].points
    assert found["RISK:silence"].url == f"/visits/new/?opportunity={deal.ref}"


def test_a_snoozed_one_is_away_until_its_day(deal, seller):
    decide(deal, seller)

    assert "CALL" not in keys(deal)
    assert "CALL" not in keys(deal, TODAY + timedelta(days=4))
    assert "CALL" in keys(deal, TODAY + timedelta(days=5))
    event = Entry.objects.get(event="opportunities.suggestion_decided")
    assert (event.chain, event.actor) == (deal.ref, seller)


def test_a_dismissed_one_is_away_until_facts_change(deal, seller):
    decide(deal, seller, Choice("DISMISSED", reason="NO_ACCESS"))
    assert "CALL" not in keys(deal, TODAY + timedelta(days=300))

    confirm_evidence(
        opportunity=deal, draft=draft("engagement.interest_shown", 1, quote="有兴趣"), actor=seller, now=NOW
    )

    assert "CALL" in keys(deal)


def test_done_stays_until_a_record_shows_it(deal, seller):
    row, action = decide(deal, seller, Choice("DONE", note="called at noon"))

    (held,) = [found for found in next_actions(explain(deal, TODAY), around(deal), limit=9) if found.key == "CALL"]
    assert action.url == f"/calls/new/?opportunity={deal.ref}"
    assert held.aside == row
    assert row.arrived_on is None


def test_one_decision_a_suggestion_and_it_can_be_taken_back(deal, seller):
    decide(deal, seller)
    decide(deal, seller, Choice("DISMISSED", reason="OTHER", note="they moved"))

    row = Suggestion.objects.get()
    assert (row.choice, row.until, row.reason, row.note) == ("DISMISSED", None, "OTHER", "they moved")
    bring_back(opportunity=deal, key="CALL", actor=seller, now=NOW)
    assert "CALL" in keys(deal)
    with pytest.raises(NotSuggested):
        bring_back(opportunity=deal, key="CALL", actor=seller, now=NOW)


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (Choice("MAYBE"), "choice"),
        (Choice("SNOOZED"), "until"),
        (Choice("SNOOZED", until=TODAY), "until"),
        (Choice("SNOOZED", until=TODAY + timedelta(days=200)), "until"),
        (Choice("DISMISSED"), "reason"),
        (Choice("DISMISSED", reason="OTHER"), "note"),
        (Choice("DONE", note="x" * 501), "note"),
    ],
)
def test_what_cannot_be_decided_is_named(deal, seller, choice, field):
    with pytest.raises(Invalid) as refusal:
        decide(deal, seller, choice)

    assert set(refusal.value.fields) == {field}
    assert not Suggestion.objects.exists()


def test_only_who_may_record_decides_and_only_about_what_is_suggested(deal, seller):
    with pytest.raises(NotAllowed):
        decide(deal, make_user("stranger"))
    with pytest.raises(NotSuggested):
        decide(deal, seller, key="WAIVER:3.S2")

    assert not Suggestion.objects.exists()


def test_the_night_notes_what_is_suggested_once_and_what_became_of_it(deal, seller):
    assert note_suggestions(now=NOW) == 1
    note_suggestions(now=NOW + timedelta(days=1))
    assert Suggestion.objects.count() == 3
    call = Suggestion.objects.get(what="CALL")
    assert (call.first_on, call.person, call.evidence != []) == (TODAY, seller, True)

    confirm_evidence(
        opportunity=deal, draft=draft("engagement.interest_shown", 1, quote="有兴趣"), actor=seller,
        now=NOW + timedelta(days=2),
    )  # fmt: skip
    note_suggestions(now=NOW + timedelta(days=3))

    call.refresh_from_db()
    assert (call.arrived_on, call.after_days) == (TODAY + timedelta(days=2), 2)
    assert Suggestion.objects.filter(what="CALL", arrived_on=None).count() == 1


def test_what_leaves_the_list_without_a_record_is_gone_and_closing_settles_giving_up(deal, seller):
    note_suggestions(now=NOW)
    Suggestion.objects.create(opportunity=deal, key="GIVE_UP", what="GIVE_UP", person=seller, first_on=TODAY)
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)

    assert note_suggestions(now=NOW + timedelta(days=1)) == 0

    ended = dict(Suggestion.objects.values_list("what", "gone_on"))
    assert ended == {
        "CALL": TODAY + timedelta(days=1),
        "GIVE_UP": None,
        **{k: ended[k] for k in ended if k != "GIVE_UP"},
    }
    assert Suggestion.objects.get(what="GIVE_UP").arrived_on == TODAY + timedelta(days=1)


def seed(deal, person, count, **fields):
    values = {"what": "CALL", "first_on": TODAY - timedelta(days=20), **fields}
    for number in range(count):
        Suggestion.objects.create(
            opportunity=deal, key=f"{values['what']}:{Suggestion.objects.count()}:{number}", person=person, **values
        )


def test_the_hit_rate_counts_records_within_the_days_among_those_judged(deal, seller, manager):
    seed(deal, seller, 6, arrived_on=TODAY, after_days=14)
    seed(deal, seller, 2, arrived_on=TODAY, after_days=15)
    seed(deal, seller, 4, gone_on=TODAY)
    seed(deal, seller, 3, first_on=TODAY - timedelta(days=13))
    seed(deal, manager, 1, what="RISK", items=["silence"], choice="DISMISSED", reason="WRONG")
    seed(deal, seller, 9, first_on=TODAY - timedelta(days=200))

    found = hits_of(manager, HitFilters(), TODAY)

    calls, risks = found.kinds
    assert (calls.suggested, calls.judged, calls.hits, calls.later, calls.rate_percent) == (15, 12, 6, 2, 50)
    assert (risks.suggested, risks.dismissed, risks.rate_percent) == (1, 1, None)
    assert [(line.label, line.suggested) for line in found.people] == [("linxiao", 15), ("zhou", 1)]
    behind = suggestions_behind(manager, HitFilters(), TODAY, state="hits", kind="CALL")
    assert len(behind) == 6
    assert hits_of(make_user("stranger"), HitFilters(), TODAY).total.suggested == 0
    assert hits_of(manager, HitFilters(person=seller.ref), TODAY).total.suggested == 15
    assert hits_of(manager, HitFilters(unit=seller.unit.ref), TODAY).total.suggested == 16


def test_the_list_of_a_person_ranks_over_deals_at_a_flat_cost(seller, manager, assert_flat_queries):
    def grow() -> None:
        for _ in range(5):
            prove_stages(make_deal(seller), 1, actor=seller, skip=("1.P1",))

    def visit():
        return action_list(deals_for(manager, team=True).open(), TODAY, most_deals=40, per_deal=3)

    grow()
    count = assert_flat_queries(visit=visit, grow=grow)

    found = visit()
    assert count <= 15
    assert (found.deals, found.judged, len(found.rows)) == (10, 10, 20)
    scores = [row.action.score for row in found.rows]
    assert scores == sorted(scores, reverse=True)


def test_the_nightly_run_costs_the_same_a_batch(seller, assert_flat_queries):
    def grow() -> None:
        for _ in range(4):
            make_deal(seller)

    grow()
    judge_all(now=NOW)
    note_suggestions(now=NOW)

    assert_flat_queries(visit=lambda: note_suggestions(now=NOW), grow=lambda: (grow(), note_suggestions(now=NOW)))


def recent(seller, **fields):
    return make_deal(seller, now=timezone.now() - timedelta(days=1), **fields)


def test_pages_show_points_decide_and_bring_back(client, seller):
    deal = recent(seller)
    client.force_login(seller)
    page, decide_url = (
        f"/opportunities/{deal.ref}/next-actions/",
        f"/opportunities/{deal.ref}/next-actions/decide/?key=CALL",
    )
    assert "+54 opens the gate or lifts the rate alone" in client.get(page).content.decode()

    refused = client.post(decide_url, {"choice": "DISMISSED"})
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    put_off = client.post(decide_url, {"choice": "SNOOZED", "until": until, "note": "on leave"})

    assert (refused.status_code, put_off.status_code) == (422, 303)
    assert "on leave" in client.get(page).content.decode()
    assert "on leave" in client.get("/next-actions/").content.decode()
    assert "Call the handler" not in client.get("/today/").content.decode()
    assert client.post(f"/opportunities/{deal.ref}/next-actions/restore/", {"key": "CALL"}).status_code == 303
    done = client.post(decide_url, {"choice": "DONE"})
    assert done.headers["Location"] == f"/calls/new/?opportunity={deal.ref}"
    assert "linxiao says it is done; no record shows it yet" in client.get("/today/").content.decode()


def test_a_manager_looks_at_the_team_and_at_one_seller(client, seller, manager):
    recent(seller, name="Of the seller")
    recent(manager, name="Of the manager")
    client.force_login(manager)

    mine = client.get("/next-actions/").content.decode()
    team = client.get("/next-actions/?scope=team").content.decode()
    one = client.get(f"/next-actions/?scope=team&person={seller.ref}").content.decode()

    assert ("Of the seller" in mine, "Of the manager" in mine) == (False, True)
    assert ("Of the seller" in team, "Of the manager" in team) == (True, True)
    assert ("Of the seller" in one, "Of the manager" in one) == (True, False)


def test_the_results_page_leads_from_numbers_to_deals(client, seller, manager):
    deal = recent(seller, name="Behind it")
    seed(
        deal,
        seller,
        12,
        first_on=timezone.localdate() - timedelta(days=20),
        arrived_on=timezone.localdate(),
        after_days=3,
    )
    client.force_login(manager)

    page = client.get("/next-actions/results/").content.decode()
    listed = client.get("/next-actions/results/?show=hits&kind=CALL").content.decode()

    assert "100%" in page
    assert "show=hits&amp;kind=CALL#behind" in page
    assert listed.count("Behind it") == 12
    assert client.get("/next-actions/results/?show=nonsense&within=x&days=-1&unit=U-0").status_code == 200


def test_the_api_lists_decides_and_counts(client, seller, manager):
    deal = recent(seller)
    head = {"authorization": f"Bearer {create_token(username=seller.username, now=timezone.now())}"}
    url = f"/api/v1/opportunities/{deal.ref}/next-actions"
    body = {"key": "CALL", "choice": "dismissed", "reason": "WRONG"}

    mine = client.get("/api/v1/next-actions", headers=head).json()
    answer = client.post(f"{url}/decide", body, content_type="application/json", headers=head)
    left = client.get(url, headers=head).json()
    back = client.post(f"{url}/restore", {"key": "CALL"}, content_type="application/json", headers=head)
    gone = client.post(f"{url}/decide", {**body, "key": "NO"}, content_type="application/json", headers=head)

    assert mine[0]["opportunity"] == deal.ref
    assert mine[0]["score"] == sum(part["points"] for part in mine[0]["parts"])
    assert (answer.status_code, answer.json()["choice"]) == (200, "DISMISSED")
    assert "CALL" not in [row["key"] for row in left]
    assert "CALL" in [row["key"] for row in back.json()]
    assert gone.status_code == 409
    assert client.get("/api/v1/next-actions/results", headers=head).json()["total"]["suggested"] == 1
    assert Opportunity.objects.get().suggestions.count() == 1
