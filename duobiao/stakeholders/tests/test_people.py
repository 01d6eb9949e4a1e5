"""Putting people on a chain, changing them, taking them off: what each does and what each refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from duobiao.customers.models import BuyingRole, Contact
from duobiao.kernel.refusals import Invalid, NotAllowed, NotFound, StaleVersion
from duobiao.opportunities.actions.change_participants import add_participant
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_all
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.models import Grade, Proof
from duobiao.opportunities.tests.factories import NOW, TODAY, make_contact, make_customer
from duobiao.stakeholders.actions import add_person as adding
from duobiao.stakeholders.actions.add_person import ChainFull, OnTheChain, SamePerson, bring_in_people
from duobiao.stakeholders.actions.edit_person import (
    SecondDecider,
    StillDecides,
    SupportsProofs,
    edit_person,
    remove_person,
)
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.models import ChainFigures, DealPerson, InfluenceLink, Observation
from duobiao.stakeholders.tests.factories import chain, everything, line, live_keys, put, saw, won
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


def test_what_is_not_said_follows_from_card_and_role(deal, customer, seller):
    contact = make_contact(customer, "陈立群", position="副总经理", function="MANAGEMENT", stance=1, influence=5)

    person = put(deal, contact, seller, role="FINAL_DECIDER")

    assert (person.influence_type, person.relation_class, person.level) == ("ECONOMIC", "DECIDER", "TOP")
    contact.refresh_from_db()
    assert contact.buying_role == BuyingRole.DECIDER
    held = {row.topic: (row.value, row.confidence_percent, row.from_card) for row in Observation.objects.all()}
    assert held == {"STANCE": (1, 40, True), "INFLUENCE": (5, 40, True)}
    assert Entry.objects.filter(event="stakeholders.person_added", chain=deal.ref).count() == 1
    assert live_keys(deal) == {"stakeholders.decision_maker_identified": 1}
    assert ChainFigures.objects.get(opportunity=deal).people == 1


def test_a_second_final_decider_is_refused_with_a_remedy(deal, customer, seller, decider, gatekeeper):
    before = everything()

    with pytest.raises(SecondDecider) as refusal:
        put(deal, make_contact(customer, "刘倩"), seller, role="FINAL_DECIDER")
    with pytest.raises(SecondDecider):
        edit_person(person=gatekeeper, version=1, values={"role": "FINAL_DECIDER"}, actor=seller, now=NOW)

    assert "陈立群" in str(refusal.value.message)
    assert set(refusal.value.fields) == {"role"}
    assert everything() == before


def test_the_database_refuses_what_the_action_forgot(decider, gatekeeper):
    with pytest.raises(IntegrityError), transaction.atomic():
        DealPerson.objects.filter(pk=gatekeeper.pk).update(role="FINAL_DECIDER")
    with pytest.raises(IntegrityError), transaction.atomic():
        DealPerson.objects.filter(pk=gatekeeper.pk).update(contact=decider.contact)


def test_people_of_any_company_of_the_project_are_put_on_and_others_are_not(deal, seller):
    institute = make_customer(seller, "设计院")
    engineer = make_contact(institute, "郑维民", position="总工")

    with pytest.raises(Invalid) as refusal:
        put(deal, engineer, seller)
    add_participant(opportunity=deal, customer=institute, role="DESIGN_INSTITUTE", actor=seller, now=NOW)
    person = put(deal, engineer, seller)

    assert set(refusal.value.fields) == {"contact"}
    assert person.level == "OUTSIDE"


def test_nobody_stands_on_a_chain_twice(deal, customer, seller, decider):
    institute = make_customer(seller, "设计院")
    add_participant(opportunity=deal, customer=institute, role="DESIGN_INSTITUTE", actor=seller, now=NOW)
    make_contact_twice = make_contact(institute, "孙国栋", mobile="13800000001")
    put(deal, make_contact_twice, seller)

    with pytest.raises(OnTheChain):
        put(deal, decider.contact, seller)
    with pytest.raises(SamePerson) as refusal:
        put(deal, make_contact(customer, "孙国栋", mobile="13800000001"), seller)
    put(deal, make_contact(customer, "孙国栋", mobile="13900000002"), seller)

    assert "设计院" in str(refusal.value.message)


def test_a_person_may_work_for_a_second_company_of_the_project(deal, customer, seller, decider):
    institute = make_customer(seller, "设计院")

    with pytest.raises(Invalid) as refusal:
        edit_person(person=decider, version=1, values={"also_at": institute}, actor=seller, now=NOW)
    add_participant(opportunity=deal, customer=institute, role="DESIGN_INSTITUTE", actor=seller, now=NOW)
    edited = edit_person(person=decider, version=1, values={"also_at": institute}, actor=seller, now=NOW)

    assert set(refusal.value.fields) == {"also_at"}
    assert edited.also_at == institute
    assert len(chain(deal).people) == 1


def test_those_whose_part_is_known_are_brought_in_once(deal, customer, seller):
    for name, role in (("陈立群", "DECIDER"), ("刘倩", "DECIDER"), ("孙国栋", "GATEKEEPER"), ("路人", "UNKNOWN")):
        make_contact(customer, name, buying_role=role)
    make_contact(customer, "王海涛", is_handler=True)

    added = bring_in_people(opportunity=deal, actor=seller, now=NOW)
    again = bring_in_people(opportunity=deal, actor=seller, now=NOW)

    roles = sorted((row.contact.name, row.role) for row in added)
    assert roles == [
        ("刘倩", "FINAL_DECIDER"), ("孙国栋", "GATEKEEPER"), ("王海涛", "UNKNOWN"), ("陈立群", "INFLUENCER"),
    ]  # fmt: skip
    assert again == []


def test_five_thousand_people_are_not_brought_in_and_nothing_is_half_done(
    deal, customer, seller, decider, django_assert_max_num_queries
):
    Contact.objects.bulk_create(
        Contact(customer=customer, name=f"人{number}", buying_role="USER", created_at=NOW, touched_at=NOW)
        for number in range(5000)
    )
    before = everything()

    with django_assert_max_num_queries(12), pytest.raises(ChainFull) as refusal:
        bring_in_people(opportunity=deal, actor=seller, now=NOW)

    assert "5000" in str(refusal.value.message)
    assert "499" in str(refusal.value.message)
    assert everything() == before


def test_a_full_chain_says_so(deal, customer, seller, decider, monkeypatch):
    monkeypatch.setattr(adding, "MOST_PEOPLE", 1)

    with pytest.raises(ChainFull):
        put(deal, make_contact(customer, "刘倩"), seller)


def test_a_person_is_changed_from_what_was_seen(deal, seller, decider):
    values = {"concerns": "产出与风险", "coach_grade": "COACH", "keeper": seller}

    edited = edit_person(person=decider, version=1, values=values, actor=seller, now=NOW)
    with pytest.raises(StaleVersion):
        edit_person(person=decider, version=1, values={"goals": "x"}, actor=seller, now=NOW)

    assert (edited.concerns, edited.coach_grade, edited.version) == ("产出与风险", "COACH", 2)
    entry = Entry.objects.get(event="stakeholders.person_edited")
    assert entry.detail.data["changes"]["concerns"] == ["", "产出与风险"]
    assert [cell.department for cell in chain(deal).coverage.cells if cell.spoken_to] == ["总经办"]
    assert chain(deal).coverage.covered_ratio == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"role": "KING"}, "role"),
        ({"level": ""}, "level"),
        ({"coach_grade": "SPY"}, "coach_grade"),
        ({"concerns": "x" * 1001}, "concerns"),
        ({"department": "x" * 61}, "department"),
        ({"part_source": "x" * 201}, "part_source"),
        ({"goals": "a\x00b"}, "goals"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_changes(seller, decider, values, field):
    before = everything()

    with pytest.raises(Invalid) as refusal:
        edit_person(person=decider, version=1, values=values, actor=seller, now=NOW)

    assert set(refusal.value.fields) == {field}
    assert everything() == before


def test_who_supports_evidence_is_not_taken_off(deal, seller, decider, gatekeeper):
    won(gatekeeper, seller, "COMPANY_NEED_PRODUCT")
    before = everything()

    with pytest.raises(SupportsProofs) as refusal:
        remove_person(person=gatekeeper, version=1, actor=seller, now=NOW)

    assert refusal.value.details == {"evidence": ["stakeholders.gatekeeper_convinced"]}
    assert everything() == before


def test_taking_somebody_off_ends_their_lines_and_keeps_what_was_seen(deal, seller, decider, gatekeeper):
    line(gatekeeper, decider, seller)
    saw(gatekeeper, seller, -1)

    remove_person(person=gatekeeper, version=1, actor=seller, now=NOW)
    with pytest.raises(NotFound):
        saw(gatekeeper, seller, 1)

    assert [figure.row.contact.name for figure in chain(deal).people] == ["陈立群"]
    assert InfluenceLink.objects.get().until == TODAY
    assert Observation.objects.filter(person=gatekeeper).exists()


def test_who_is_put_on_again_comes_back_as_they_were(deal, customer, seller, decider):
    contact = make_contact(customer, "孙国栋", stance=-1, influence=4)
    person = put(deal, contact, seller, role="GATEKEEPER")
    edit_person(person=person, version=1, values={"goals": "少出事", "keeper": seller}, actor=seller, now=NOW)
    saw(person, seller, -2)
    remove_person(person=person, version=2, actor=seller, now=NOW)

    again = put(deal, contact, seller, now=NOW + timedelta(hours=1), department="信息化部")

    figure = chain(deal).by_key[person.pk]
    assert again.pk == person.pk
    assert (again.role, again.goals, again.keeper, again.department) == ("GATEKEEPER", "少出事", seller, "信息化部")
    assert (figure.stance, figure.value(Topic.INFLUENCE)) == (-2, 4)
    assert Observation.objects.filter(person=person).count() == 3
    assert DealPerson.objects.filter(contact=contact).count() == 1


def test_the_final_decider_is_not_taken_off(seller, decider):
    saw(decider, seller, 1)
    before = everything()

    with pytest.raises(StillDecides) as refusal:
        remove_person(person=decider, version=1, actor=seller, now=NOW)

    assert "陈立群" in str(refusal.value.message)
    assert everything() == before


def test_evidence_of_whatever_record_keeps_a_person_on_the_chain(deal, seller, decider, gatekeeper):
    draft = Draft("engagement.interest_shown", Grade.BUYER_CONFIRMED, TODAY, contact=gatekeeper.contact)
    confirm_all(opportunity=deal, drafts=[draft], actor=seller, now=NOW)

    with pytest.raises(SupportsProofs) as refusal:
        remove_person(person=gatekeeper, version=1, actor=seller, now=NOW)

    assert refusal.value.details == {"evidence": ["engagement.interest_shown"]}
    assert len(chain(deal).present) == 2


def test_others_may_not_write_and_a_closed_deal_is_not_written(deal, stranger, seller, decider):
    with pytest.raises(NotAllowed):
        saw(decider, stranger, 1)
    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)

    with pytest.raises(DealClosed):
        saw(decider, seller, 1)

    assert not Observation.objects.exists()


def test_parts_of_people_prove_who_decides_and_who_handles(deal, customer, seller, decider, gatekeeper, handler):
    assert set(live_keys(deal)) == {
        "stakeholders.decision_maker_identified",
        "stakeholders.handler_found",
        "stakeholders.purchase_team_listed",
    }
    edit_person(person=handler, version=1, values={"coach_grade": "INFORMANT"}, actor=seller, now=NOW)
    assert "stakeholders.team_mapped" in live_keys(deal)

    assert set(live_keys(deal).values()) == {1}
    for person in (decider, gatekeeper, handler):
        person.refresh_from_db()
        edit_person(person=person, version=person.version, values={"part_source": "立项会纪要"}, actor=seller, now=NOW)
    assert set(live_keys(deal).values()) == {2}
    held = Proof.objects.get(key="stakeholders.decision_maker_identified", retracted_on=None)
    assert held.quote == "陈立群: 立项会纪要"

    decider.refresh_from_db()
    edit_person(person=decider, version=decider.version, values={"role": "INFLUENCER"}, actor=seller, now=NOW)
    assert "stakeholders.decision_maker_identified" not in live_keys(deal)
    assert Proof.objects.filter(key="stakeholders.decision_maker_identified", retracted_on=TODAY).count() == 2
