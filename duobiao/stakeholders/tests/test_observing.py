"""Observations, lines, relations, changes, plans: what each does to chain and ledger, and what each refuses."""

from datetime import timedelta

import pytest

from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_all
from duobiao.opportunities.models import DealTask, Grade, Proof, RiskReport
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.next_actions import all_actions
from duobiao.opportunities.queries.surroundings import around
from duobiao.opportunities.tests.factories import NOW, TODAY, make_contact, make_deal
from duobiao.stakeholders.actions import link_people as linking
from duobiao.stakeholders.actions.change_personnel import Change, GoneBefore, change_personnel
from duobiao.stakeholders.actions.edit_person import edit_person
from duobiao.stakeholders.actions.follow_chains import follow_all
from duobiao.stakeholders.actions.link_people import LinkedAlready, ReportingCycle, SelfLink, TooManyLinks, end_link
from duobiao.stakeholders.actions.observe import RetractedBefore, retract_observation
from duobiao.stakeholders.actions.plan_influence import plan_influence
from duobiao.stakeholders.actions.record_relation import retract_relation
from duobiao.stakeholders.actions.texts import InTheFuture
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.models import ChainFigures, DealPerson, Observation
from duobiao.stakeholders.queries.brief import brief_people
from duobiao.stakeholders.queries.influence import suppose
from duobiao.stakeholders.queries.matrix import matrix_of
from duobiao.stakeholders.queries.readouts import blue_sheet_of, c139_of, dmi_of, live_grades
from duobiao.stakeholders.tests.factories import chain, everything, line, live_keys, put, saw, won
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=60)


def test_observations_add_up_and_the_surest_holds(deal, seller, gatekeeper):
    saw(gatekeeper, seller, -1, on=TODAY - timedelta(days=20), source="交流会", quote="接口谁来兜")
    saw(gatekeeper, seller, 1, source="李伟", percent=30)

    figure = chain(deal).by_key[gatekeeper.pk]

    held = figure.judged[Topic.STANCE]
    assert (held.value, held.used.source, held.heard) == (-1, "交流会", 2)
    assert [(seen.source, round(percent)) for seen, percent in held.against] == [("李伟", 30)]
    assert chain(deal).support == -0.5
    faded = chain(deal, TODAY + timedelta(days=60)).by_key[gatekeeper.pk].confidence(Topic.STANCE)
    assert faded < figure.confidence(Topic.STANCE)
    assert Entry.objects.filter(event="stakeholders.person_observed", chain=deal.ref).count() == 2


@pytest.mark.parametrize(
    ("change", "field", "refusal"),
    [
        ({"on": TODAY + timedelta(days=1)}, "observed_on", InTheFuture),
        ({"value": 3}, "value", Invalid),
        ({"topic": "MOOD"}, "subject", Invalid),
        ({"topic": "DESIRE", "value": 5}, "subject", Invalid),
        ({"topic": "INFLUENCE", "value": 0}, "value", Invalid),
        ({"percent": 0}, "confidence", Invalid),
        ({"source": " "}, "source", Invalid),
        ({"quote": "x" * 2001}, "quote", Invalid),
    ],
)
def test_what_cannot_be_observed_is_named_and_nothing_is_kept(seller, gatekeeper, change, field, refusal):
    before = everything()
    values = {"value": 1, **change}

    with pytest.raises(refusal) as raised:
        saw(gatekeeper, seller, values.pop("value"), **values)

    assert set(raised.value.fields) == {field}
    assert everything() == before


def test_a_retracted_observation_no_longer_holds_and_stays_readable(deal, seller, gatekeeper):
    row = saw(gatekeeper, seller, -2)

    with pytest.raises(Invalid):
        retract_observation(observation=row, reason="", actor=seller, now=NOW)
    retract_observation(observation=row, reason="听错了", actor=seller, now=NOW)
    with pytest.raises(RetractedBefore):
        retract_observation(observation=row, reason="再来", actor=seller, now=NOW)

    assert chain(deal).by_key[gatekeeper.pk].stance is None
    assert Observation.objects.get().retract_reason == "听错了"


def test_lines_carry_influence_and_end(deal, seller, decider, gatekeeper, handler):
    line(gatekeeper, decider, seller, "FORMAL")
    drawn = line(handler, decider, seller, strength=2, tie="TRUST", label="技术背书")
    saw(handler, seller, 2)

    weights = chain(deal)
    assert weights.decider.weight.influence == max(figure.weight.influence for figure in weights.people)
    end_link(link=drawn, actor=seller, now=LATER)
    with pytest.raises(Conflict):
        end_link(link=drawn, actor=seller, now=LATER)

    assert len(chain(deal).links) == 2
    assert len(chain(deal, TODAY + timedelta(days=60)).links) == 1


def test_two_people_are_joined_by_ties_of_different_kinds_known_since_some_day(deal, seller, decider, gatekeeper):
    month_ago = TODAY - timedelta(days=30)
    DealPerson.objects.update(joined_on=month_ago)
    line(gatekeeper, decider, seller, tie="SCHOOLMATE", since=month_ago)
    line(gatekeeper, decider, seller, tie="CONFLICT")

    assert [link.tie for link in chain(deal).links] == ["SCHOOLMATE", "CONFLICT"]
    assert [link.tie for link in chain(deal, month_ago).links] == ["SCHOOLMATE"]
    before = everything()
    with pytest.raises(LinkedAlready):
        line(gatekeeper, decider, seller, tie="SCHOOLMATE", strength=2)
    with pytest.raises(InTheFuture) as refusal:
        line(gatekeeper, decider, seller, tie="TRUST", since=TODAY + timedelta(days=1))
    assert set(refusal.value.fields) == {"since"}
    assert everything() == before


def test_impossible_lines_are_refused_with_reasons(deal, seller, decider, gatekeeper, handler, monkeypatch):
    line(gatekeeper, decider, seller, "FORMAL")
    line(handler, gatekeeper, seller, "FORMAL")
    other = put(make_deal(seller, deal.customer), decider.contact, seller)
    before = everything()

    with pytest.raises(ReportingCycle) as circle:
        line(decider, handler, seller, "FORMAL")
    with pytest.raises(SelfLink):
        line(decider, decider, seller)
    with pytest.raises(LinkedAlready):
        line(gatekeeper, decider, seller, "FORMAL")
    for fault, field in (({"strength": 2.1}, "strength"), ({"tie": "MONEY"}, "tie"), ({"label": "x" * 41}, "label")):
        with pytest.raises(Invalid) as refusal:
            line(decider, handler, seller, **fault)
        assert set(refusal.value.fields) == {field}
    with pytest.raises(Invalid):
        line(gatekeeper, other, seller)
    monkeypatch.setattr(linking, "MOST_LINKS", 2)
    with pytest.raises(TooManyLinks):
        line(decider, handler, seller)

    assert "王海涛 → 孙国栋 → 陈立群 → 王海涛" in str(circle.value.message)
    assert everything() == before


def test_an_accepted_cell_is_confirmed_in_the_ledger_and_taken_back_with_its_record(deal, seller, handler):
    won(handler, seller, "COMPANY_NEED_PRODUCT", state=1)
    assert "stakeholders.handler_accepted_product" not in live_keys(deal)

    row = won(handler, seller, "COMPANY_NEED_PRODUCT", words="换型快了一半", channel="MEETING")
    assert live_keys(deal)["stakeholders.handler_accepted_product"] == 3
    proof = Proof.objects.get(key="stakeholders.handler_accepted_product", retracted_on=None)
    assert (proof.contact, proof.quote) == (handler.contact, "王海涛: 换型快了一半")

    retract_relation(relation=row, reason="误记", actor=seller, now=NOW)
    assert "stakeholders.handler_accepted_product" not in live_keys(deal)
    assert chain(deal).by_key[handler.pk].cells["COMPANY_NEED_PRODUCT"].state == 1


def test_the_matrix_says_what_the_stage_asks_for(deal, seller, handler, decider):
    found = matrix_of(chain(deal))

    assert (found.stage, found.required, found.accepted) == (1, 1, 0)
    assert next((row.figure.row.contact.name, [cell.square for cell in row.lacking]) for row in found.rows) == (
        "王海涛",
        ["COMPANY_NEED_PRODUCT"],
    )
    won(handler, seller, "COMPANY_NEED_PRODUCT")
    assert matrix_of(chain(deal)).accepted == 1


@pytest.mark.parametrize(
    ("change", "field"), [({"words": ""}, "words"), ({"state": 5}, "state"), ({"channel": "X"}, "channel")]
)
def test_a_cell_is_never_ticked_without_what_shows_it(seller, handler, change, field):
    with pytest.raises(Invalid) as refusal:
        won(handler, seller, "COMPANY_NEED_PRODUCT", **change)

    assert set(refusal.value.fields) == {field}


def test_who_leaves_turns_proofs_weak_and_is_a_risk(deal, seller, decider, gatekeeper):
    won(gatekeeper, seller, "COMPANY_NEED_PRODUCT")
    saw(decider, seller, 1)
    change = Change("LEFT", TODAY, "同事说的", backup="先约副部长")

    row = change_personnel(person=gatekeeper, change=change, actor=seller, now=NOW)
    with pytest.raises(GoneBefore):
        change_personnel(person=gatekeeper, change=change, actor=seller, now=NOW)

    assert live_keys(deal)["stakeholders.gatekeeper_convinced"] == 1
    assert (row.before["people"], row.after["people"]) == (2, 1)
    assert not RiskReport.objects.exists()
    assert [figure.left for figure in chain(deal).people] == [False, True]


def test_what_another_record_says_of_who_left_turns_weak_too(deal, seller, decider, handler):
    edit_person(person=handler, version=1, values={"keeper": seller}, actor=seller, now=NOW)
    said = {"quote": "好用", "contact": handler.contact, "channel": "PHONE"}
    state = Draft("stakeholders.handler_accepted_product", Grade.DOCUMENTED, TODAY - timedelta(days=9), **said)
    event = Draft("engagement.visit_held", Grade.DOCUMENTED, TODAY - timedelta(days=9), **said)
    purchase = Draft("procurement.budget_secured", Grade.DOCUMENTED, TODAY - timedelta(days=9), **said)
    found = Draft("stakeholders.handler_found", Grade.DOCUMENTED, TODAY - timedelta(days=9), **said)
    confirm_all(opportunity=deal, drafts=[state, event, purchase, found], actor=seller, now=NOW)

    row = change_personnel(person=handler, change=Change("LEFT", TODAY), actor=seller, now=NOW)

    live = Proof.objects.filter(opportunity=deal, retracted_on=None)
    held = dict(live.values_list("key", "grade"))
    kept = ("stakeholders.handler_accepted_product", "engagement.visit_held", "procurement.budget_secured")
    assert [held[key] for key in kept] == [1, 2, 2]
    assert "stakeholders.handler_found" not in held
    weak = live.get(key="stakeholders.handler_accepted_product")
    assert (weak.quote, weak.happened_on, weak.source_kind) == ("好用", TODAY - timedelta(days=9), "deal_person")
    assert row.after["weakened"] == ["stakeholders.handler_accepted_product", "stakeholders.handler_found"]
    assert row.after["lost"] == [["制造部", "MIDDLE"]]
    assert row.after["covered_ratio"] < row.before["covered_ratio"]
    assert RiskReport.objects.get().code == "CONTACT_MOVED"


@pytest.mark.parametrize("known", [{"coach_grade": "INFORMANT"}, {"keeper": "seller"}])
def test_a_helper_and_the_last_one_spoken_to_are_key_contacts(seller, decider, gatekeeper, known):
    values = {name: seller if value == "seller" else value for name, value in known.items()}
    edit_person(person=gatekeeper, version=1, values=values, actor=seller, now=NOW)

    change_personnel(person=gatekeeper, change=Change("LEFT", TODAY), actor=seller, now=NOW)

    assert RiskReport.objects.get().code == "CONTACT_MOVED"


def test_a_decider_who_leaves_hands_the_part_on(deal, seller, decider, gatekeeper):
    change = Change("MOVED", TODAY, successor=gatekeeper)

    change_personnel(person=decider, change=change, actor=seller, now=NOW)

    gatekeeper.refresh_from_db()
    assert gatekeeper.role == "FINAL_DECIDER"
    assert RiskReport.objects.get().code == "CONTACT_MOVED"
    assert chain(deal).decider.key == gatekeeper.pk
    with pytest.raises(Invalid) as refusal:
        change_personnel(person=gatekeeper, change=Change("LEFT", TODAY, successor=decider), actor=seller, now=NOW)
    assert set(refusal.value.fields) == {"successor"}


def test_an_action_to_win_somebody_is_a_task_of_the_deal(deal, seller, decider):
    action = plan_influence(
        person=decider, tier="TOP", title="高层互访", aim="认可方案", owner=seller, due_on=TODAY, actor=seller, now=NOW
    )

    task = DealTask.objects.get()
    assert (action.task, task.source_kind, task.source_ref) == (task, "deal_person", decider.ref)
    with pytest.raises(Invalid) as refusal:
        plan_influence(
            person=decider, tier="OUTSIDE", title="x", aim="", owner=seller, due_on=TODAY, actor=seller, now=NOW
        )
    assert set(refusal.value.fields) == {"tier"}
    assert DealTask.objects.count() == 1


def test_a_simulation_changes_nothing(deal, seller, decider, gatekeeper, handler):
    for person, stance in ((decider, 0), (gatekeeper, -1), (handler, 2)):
        saw(person, seller, stance)
    before = everything()

    moved = suppose(chain(deal), stances={decider.pk: 2})
    gone = suppose(chain(deal), stances={}, leaving=[handler.pk])

    assert moved.support_change > 0 > gone.support_change
    assert len(gone.then.present) == 2
    assert everything() == before


def test_read_outs_come_from_people_and_proofs(deal, seller, decider, gatekeeper, handler):
    assert dmi_of(chain(deal)).missing == ["DESIRE", "MOTIVATION", "SWAY"]
    for topic, value in (("DESIRE", 8), ("MOTIVATION", 6), ("SWAY", 0)):
        saw(decider, seller, value, topic)
    for person, stance in ((decider, 2), (gatekeeper, -2), (handler, 1)):
        saw(person, seller, stance)
    DealPerson.objects.filter(pk=handler.pk).update(coach_grade="COACH")
    saw(decider, seller, 1, source="", told_by=handler, percent=60)

    found = chain(deal)
    c139 = c139_of(found, live_grades(found))
    held = dmi_of(found)

    assert (c139.code, c139.coach_agrees, c139.percent) == ("1C2F1W", True, 53)
    assert (held.result.drive, held.result.weakest) == ("HESITATES", "SWAY")
    assert held.lever
    sheet = blue_sheet_of(found)
    codes = {flag.code for flag in sheet.raised}
    assert {"REJECTS_US", "UNCOVERED_ROLE"} <= codes
    assert "NO_COACH" not in codes


def test_the_nightly_job_measures_all_chains_at_once(deal, seller, decider, django_assert_max_num_queries):
    for number in range(3):
        other = make_deal(seller, deal.customer)
        put(other, make_contact(deal.customer, f"人{number}"), seller)
    ChainFigures.objects.update(people=9, gaps=[])

    with django_assert_max_num_queries(18):
        assert follow_all(now=NOW) == 4

    assert set(ChainFigures.objects.values_list("people", flat=True)) == {1}
    assert "UNCOVERED" in ChainFigures.objects.get(opportunity=deal).gaps


def test_what_a_chain_lacks_is_a_next_action_of_its_deal(deal, seller, decider):
    saw(decider, seller, 1, percent=20)

    actions = {row.key: row for row in all_actions(explain(deal, TODAY), around(deal))}

    assert {key for key in actions if key.startswith("stakeholders.")} == {
        "stakeholders.NOBODY_SPOKEN_TO",
        "stakeholders.UNCOVERED",
        "stakeholders.FADED",
    }
    assert "陈立群" in actions["stakeholders.UNCOVERED"].what
    edit_person(person=decider, version=1, values={"keeper": seller}, actor=seller, now=NOW)
    saw(decider, seller, 1, source="午餐")
    left = [row.key for row in all_actions(explain(deal, TODAY), around(deal)) if row.key.startswith("stakeholders.")]
    assert left == ["stakeholders.SINGLE_THREAD"]


def test_a_brief_names_what_each_person_wants_and_has_said(deal, seller, decider, gatekeeper):
    edit_person(person=decider, version=1, values={"goals": "按期出产"}, actor=seller, now=NOW)
    saw(decider, seller, 1, quote="年底前能不能出产")

    (found,) = brief_people(deal, {decider.contact_id}, on=TODAY)

    assert (found.name, found.wants, found.said) == ("陈立群", "按期出产", "年底前能不能出产")
    assert found.bring
    assert brief_people(deal, set(), on=TODAY) == []
