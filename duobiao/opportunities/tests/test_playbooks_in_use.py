"""Deals on several playbooks: opening them, the board, the list, the funnel, the deal's own pages."""

import pytest
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_deal, make_user, prove_stages

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}


@pytest.fixture
def seller(client):
    user = make_user("linxiao")
    client.force_login(user)
    return user


@pytest.fixture
def eight(seller):
    return make_deal(seller, name="Eight stages")


@pytest.fixture
def five(seller):
    deal = make_deal(seller, name="Five stages", playbook="solution-5")
    prove_stages(deal, 1, actor=seller)
    deal.refresh_from_db()
    return deal


def read(client, path: str) -> str:
    return client.get(path, headers=EN).content.decode()


def test_with_one_playbook_there_is_nothing_to_choose(client, eight):
    assert 'aria-label="Playbook"' not in read(client, "/pipeline/board/")
    assert read(client, "/pipeline/board/").count('class="lane"') == 9


def test_the_board_shows_the_stages_of_one_playbook_and_offers_the_other(client, eight, five):
    standard = read(client, "/pipeline/board/")
    other = read(client, "/pipeline/board/?playbook=solution-5")

    assert "Eight stages" in standard
    assert "Five stages" not in standard
    assert "playbook=solution-5" in standard
    assert "Five stages" in other
    assert "Eight stages" not in other.replace("Eight-stage", "")
    assert other.count('class="lane"') == 5
    assert "list/?playbook=solution-5" in other


def test_an_unknown_playbook_in_the_address_shows_nothing_and_breaks_nothing(client, eight, five):
    for layout in ("board", "list", "funnel"):
        for key in ("nobody", "a/b", "x" * 300):
            assert client.get(f"/pipeline/{layout}/?playbook={key}").status_code == 200


def test_the_list_names_each_stage_by_its_own_playbook(client, eight, five):
    page = read(client, "/pipeline/list/?col=stage&col=tracks&col=playbook")
    narrowed = read(client, "/pipeline/list/?playbook=solution-5")

    assert "to enter Solution" in page
    assert "we in stage 1 of 5" in page
    assert "we in stage 0 of 8" in page
    assert "Whole course in five phases" in page
    assert "Eight stages" not in narrowed.replace("Eight-stage", "")


def test_the_funnel_counts_one_playbook(client, eight, five):
    page = read(client, "/pipeline/funnel/?playbook=solution-5")

    assert "5 Care" in page
    assert "6 " not in page.split("<tbody>")[1].split("</tbody>")[0].split("Care")[1][:200]


def test_the_export_names_playbook_and_stage(client, five, seller):
    body = b"".join(client.get("/pipeline/export/?format=csv&col=stage&col=playbook", headers=EN).streaming_content)

    assert "to enter Solution,Whole course in five phases,1" in body.decode()


def test_the_api_lists_deals_of_one_playbook(api, seller, eight, five):
    program = api(create_token(username=seller.username, now=timezone.now()))

    found = program.get("/opportunities", playbook="solution-5").json()["items"]

    assert [(row["ref"], row["playbook"], row["playbook_version"]) for row in found] == [(five.ref, "solution-5", 1)]


def test_the_room_of_a_deal_of_five_stages_draws_five_nodes_under_eight(client, five):
    page = read(client, f"/opportunities/{five.ref}/")

    assert page.count('aria-label="Buyer, stage ') == 8
    assert page.count('aria-label="We, stage ') == 5
    assert client.get(f"/opportunities/{five.ref}/stages/5/").status_code == 200
    assert client.get(f"/opportunities/{five.ref}/stages/6/").status_code == 404


def test_a_stage_page_shows_role_and_all_the_buyers_stages_it_covers(client, five):
    page = read(client, f"/opportunities/{five.ref}/stages/2/")

    assert "Architect" in page
    for title in ("3 Approve the project", "4 Set the purchase", "5 Invite offers"):
        assert title in page


def test_an_order_wins_a_product_deal(seller):
    deal = make_deal(seller, name="Sensors", playbook="product-sale")
    confirm_evidence(opportunity=deal, draft=draft("contracts.purchase_order_received"), actor=seller, now=NOW)

    close_opportunity(opportunity=deal, outcome="WON", reason="VALUE", on=TODAY, actor=seller, now=NOW)

    deal.refresh_from_db()
    assert deal.outcome == "WON"
    assert recompute(today=TODAY).differences == []


def test_three_signs_propose_a_project_and_keep_what_was_typed(client, seller, eight):
    signs = {"signs": ["customised", "high_risk", "long_cycle"], "name": "Line 3", "propose": "1"}

    answer = client.post("/opportunities/new/", signs, headers=EN)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Proposed: project selling" in page
    assert "3 of 6 signs of a project are there" in page
    assert 'value="Line 3"' in page
    assert '<option value="project-sales-8" selected>' in page
    assert Opportunity.objects.count() == 1


def test_few_signs_propose_product_selling_and_choose_its_playbook(client, seller, eight):
    page = client.post(
        "/opportunities/new/", {"signs": ["high_risk", "nonsense"], "propose": "1"}, headers=EN
    ).content.decode()

    assert "Proposed: product selling" in page
    assert '<option value="product-sale" selected>' in page
    assert "Project and product selling compared" in page


def test_a_deal_is_opened_on_the_playbook_chosen(client, seller, eight):
    form = {
        "name": "Sensors",
        "customer": eight.customer.ref,
        "customer_name": eight.customer.name,
        "playbook": "product-sale",
    }

    assert client.post("/opportunities/new/", form).status_code in (200, 302, 303)
    assert Opportunity.objects.get(name="Sensors").playbook.key == "product-sale"
