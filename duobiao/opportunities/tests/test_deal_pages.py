"""Closing, reopening, handing over, editing, team, companies and waivers through their forms."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.approvals.models import ApprovalRequest
from duobiao.kernel.money import Money
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.models import FieldChange, Opportunity, Participant, TeamMember, Waiver
from duobiao.opportunities.tests.factories import draft, make_customer, make_deal, make_unit, make_user, prove_stages

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-this-form-0002"


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
    return make_deal(seller, now=timezone.now() - timedelta(days=30))


@pytest.fixture
def page(client, seller):
    client.force_login(seller)
    return client


def today() -> str:
    return timezone.localdate().isoformat()


def at(deal, name: str) -> str:
    return f"/opportunities/{deal.ref}/{name}/"


# ---- closing


def test_a_lost_deal_needs_a_coded_reason_and_keeps_what_was_typed(page, deal):
    wrong = page.post(at(deal, "close"), {"outcome": "LOST", "reason": "VALUE", "on": today(), "note": "lesson learnt"})

    assert wrong.status_code == 422
    assert "lesson learnt" in wrong.content.decode()
    assert Opportunity.objects.get().outcome == "OPEN"
    right = page.post(at(deal, "close"), {"outcome": "LOST", "reason": "PRICE", "on": today(), "form_token": TOKEN})
    assert right.status_code == 303
    held = Opportunity.objects.get()
    assert (held.outcome, held.close_reason) == ("LOST", "PRICE")


def test_winning_without_the_contract_is_refused_and_leads_to_it(page, deal):
    answer = page.post(at(deal, "close"), {"outcome": "WON", "reason": "VALUE", "on": today()})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "/proofs/new/?key=contracts.signed_by_both" in text
    assert Opportunity.objects.get().outcome == "OPEN"


def test_winning_with_the_contract(page, deal, seller):
    signed = draft("contracts.signed_by_both", on=timezone.localdate())
    confirm_evidence(opportunity=deal, draft=signed, actor=seller, now=timezone.now())

    page.post(at(deal, "close"), {"outcome": "WON", "reason": "VALUE", "on": today()})

    assert Opportunity.objects.get().outcome == "WON"


def test_a_deal_is_given_up_on_a_form_of_its_own(page, deal):
    assert "Review whether to give it up" in page.get(at(deal, "close")).content.decode()
    assert page.get(at(deal, "close") + "?outcome=GIVEN_UP").url == at(deal, "give-up")
    assert page.post(at(deal, "close"), {"outcome": "GIVEN_UP", "reason": "LATE", "on": today()}).status_code == 422
    assert Opportunity.objects.get().outcome == "OPEN"


def test_a_closed_deal_is_reopened_by_a_manager_with_a_reason(client, page, deal, seller, manager):
    close_opportunity(
        opportunity=deal, outcome="LOST", reason="PRICE", on=timezone.localdate(), actor=seller, now=timezone.now()
    )
    assert page.get(at(deal, "close")).status_code == 409
    assert page.get(at(deal, "proofs/new")).status_code == 409
    assert page.post(at(deal, "reopen"), {"reason": "they called"}).status_code == 403

    client.force_login(manager)
    assert client.post(at(deal, "reopen"), {"reason": ""}).status_code == 422
    assert client.post(at(deal, "reopen"), {"reason": "they called"}).status_code == 303

    assert Opportunity.objects.get().outcome == "OPEN"


# ---- editing


def edited(deal, **fields) -> dict[str, object]:
    return {
        "name": deal.name, "amount": "128", "unit": "10000", "currency": "CNY", "version": deal.version, **fields
    }  # fmt: skip


def test_plain_fields_are_saved_with_their_history(page, deal):
    answer = page.post(
        at(deal, "edit"), edited(deal, amount="1,350", bid_deadline_at="2026-10-12T09:30", description="二期")
    )

    assert answer.status_code == 303
    held = Opportunity.objects.get()
    assert (held.amount, held.description) == (Money.of(13_500_000), "二期")
    assert timezone.localtime(held.bid_deadline_at).strftime("%H:%M") == "09:30"
    assert FieldChange.objects.filter(field="amount_minor").exists()


def test_a_stale_version_shows_both_sides_and_saves_nothing(page, deal, seller, manager):
    stale = edited(deal, name="My name", source="fair")
    edit_opportunity(
        opportunity=deal, version=deal.version, values={"name": "Their name"}, actor=manager, now=timezone.now()
    )

    answer = page.post(at(deal, "edit"), stale)

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "My name" in text
    assert "Their name" in text
    assert 'name="keep_name"' in text
    assert manager.name in text
    held = Opportunity.objects.get()
    assert (held.name, held.source) == ("Their name", "")


@pytest.mark.parametrize(("choice", "name"), [("mine", "My name"), ("theirs", "Their name")])
def test_the_choice_between_both_versions_is_saved(page, deal, manager, choice, name):
    edit_opportunity(
        opportunity=deal, version=deal.version, values={"name": "Their name"}, actor=manager, now=timezone.now()
    )
    held = Opportunity.objects.get()

    answer = page.post(at(deal, "edit"), edited(held, name="My name", source="fair", keep_name=choice))

    assert answer.status_code == 303
    held.refresh_from_db()
    assert (held.name, held.source) == (name, "fair")


def test_a_name_of_ten_thousand_characters_is_refused_and_kept_in_the_form(page, deal):
    answer = page.post(at(deal, "edit"), edited(deal, name="x" * 10_000))

    assert answer.status_code == 422
    assert "x" * 10_000 in answer.content.decode()
    assert Opportunity.objects.get().name == deal.name


def test_script_in_the_name_stays_a_name_on_every_page(page, deal):
    page.post(at(deal, "edit"), edited(deal, name='"><script>alert(1)</script>'))

    for path in ("", "people/", "history/", "timeline/", "gate/", "edit/", "close/", "proofs/new/"):
        text = page.get(f"/opportunities/{deal.ref}/{path}").content.decode()
        assert "<script>alert(1)" not in text


# ---- owner, team, companies


def test_a_manager_hands_a_deal_over(client, deal, manager, unit):
    colleague = make_user("zhao", unit=unit)
    client.force_login(manager)

    assert client.post(at(deal, "handover"), {"to": ""}).status_code == 422
    assert client.post(at(deal, "handover"), {"to": colleague.ref, "note": "holiday"}).status_code == 303

    assert Opportunity.objects.get().owner == colleague


def test_people_are_offered_by_name_and_a_deal_that_leaves_ones_reach_leads_to_the_list(client, deal, manager):
    stranger = make_user("吴昊", unit=make_unit("华南"))
    client.force_login(manager)

    offered = client.get(at(deal, "handover"), {"field": "to", "to_words": "吴"}).text
    teamed = client.get(at(deal, "team/new"), {"field": "user", "user_words": "吴"}).text
    answer = client.post(at(deal, "handover"), {"to": "", "to_words": "吴昊"})

    assert "吴昊" in offered
    assert "华南" in offered
    assert "吴昊" in teamed
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pipeline/list/")
    assert Opportunity.objects.get().owner == stranger


def test_a_colleague_joins_and_leaves_the_team(page, deal):
    colleague = make_user("xuwenbo", role="presales")

    assert page.post(at(deal, "team/new"), {"user": colleague.ref, "role": "PRESALES"}).status_code == 303
    assert TeamMember.objects.get().user == colleague
    assert colleague.name in page.get(at(deal, "people")).content.decode()
    page.post(f"/opportunities/{deal.ref}/team/{colleague.ref}/remove/")

    assert not TeamMember.objects.exists()


def test_a_company_is_found_by_name_and_takes_part(page, deal, seller):
    institute = make_customer(seller, "华东机电设计院")

    assert institute.ref in page.get(at(deal, "participants/new") + "?q=机电").content.decode()
    assert "No company of this name" in page.get(at(deal, "participants/new") + "?q=nosuch").content.decode()
    page.post(at(deal, "participants/new"), {"customer": institute.ref, "role": "DESIGN_INSTITUTE"})

    held = Participant.objects.get()
    assert held.customer == institute
    page.post(f"/opportunities/{deal.ref}/participants/{held.pk}/remove/")
    assert not Participant.objects.exists()


def test_a_company_out_of_sight_cannot_take_part(page, deal):
    hidden = make_customer(make_user("stranger"), "看不见的公司")

    answer = page.post(at(deal, "participants/new"), {"customer": hidden.ref, "role": "AGENT"})

    assert answer.status_code == 422
    assert not Participant.objects.exists()


# ---- waivers


def test_a_waiver_is_asked_for_approved_and_ended(client, page, deal, seller, manager):
    prove_stages(deal, 1, actor=seller, now=timezone.now(), on=timezone.localdate(), skip=("1.P1",))
    last = (timezone.localdate() + timedelta(days=20)).isoformat()
    ask = at(deal, "waivers/new") + "?item=1.P1"

    text = page.get(ask).content.decode()
    assert "Completes stage 1" in text
    assert "still stands on a waiver" in text
    assert page.post(ask, {"reason": "", "expires_on": last}).status_code == 422
    page.post(ask, {"reason": "papers under way", "expires_on": last})
    held = Waiver.objects.get()
    assert held.is_pending
    decide = f"/approvals/{ApprovalRequest.objects.get().ref}/decide/"
    assert page.post(decide, {"decision": "approve"}).status_code == 403

    client.force_login(manager)
    assert "papers under way" in client.get(f"/waivers/{held.ref}/").content.decode()
    client.post(decide, {"decision": "approve", "note": "fine", "step": "1"})
    deal.refresh_from_db()
    assert (deal.completed_stage, deal.rate_percent) == (1, 0)
    client.post(f"/waivers/{held.ref}/end/")
    deal.refresh_from_db()
    assert deal.completed_stage == 0
    assert client.post(decide, {"decision": "approve"}).status_code == 409


def test_the_contract_cannot_be_waived(page, deal):
    last = (timezone.localdate() + timedelta(days=20)).isoformat()

    answer = page.post(at(deal, "waivers/new") + "?item=8.M1", {"reason": "please", "expires_on": last})

    assert answer.status_code == 422
    assert not Waiver.objects.exists()


def test_a_missing_detail_of_the_customer_is_one_click_away(page, deal):
    customer = page.get(at(deal, "profile/customer"))
    handler = page.get(at(deal, "profile/handler"))

    assert customer.url == f"/customers/{deal.customer.ref}/edit/?at=scale"
    assert handler.url.startswith(f"/customers/{deal.customer.ref}/contacts/new/?handler=1")
    assert f"/opportunities/{deal.ref}/profile/customer/" in page.get(at(deal, "stages/1")).content.decode()


def test_the_criteria_of_a_customer_are_met_by_its_assessment_which_leads_back_to_the_deal(page, deal):
    answer = page.get(at(deal, "profile/assessment"))

    assert answer.url == f"/customers/{deal.customer.ref}/assess/?next=%2Fopportunities%2F{deal.ref}%2F"
    assert f"/opportunities/{deal.ref}/profile/assessment/" in page.get(at(deal, "stages/1")).content.decode()
    assert f'name="next" value="/opportunities/{deal.ref}/"' in page.get(answer.url).content.decode()


def test_the_drawer_says_what_the_next_gate_lacks(page, deal):
    text = page.get(at(deal, "gate"), headers={"HX-Request": "true"}).content.decode()

    assert "Enter stage 1" in text
    assert "Customer wants to solve its problem" in text
    assert f"/calls/new/?opportunity={deal.ref}" in text
    assert "<html" not in text
