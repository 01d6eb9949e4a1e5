"""The pages of a chain without JavaScript: empty, full, refused; what they show and what they cost."""

from io import BytesIO

import pytest
from django.utils import timezone
from docx import Document

from duobiao.customers.models import BuyingRole, Contact
from duobiao.identity.models import CompanySettings
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import DealTask
from duobiao.opportunities.tests.factories import make_contact, make_deal, make_user
from duobiao.stakeholders.models import DealPerson, InfluenceLink, Observation, RelationRecord
from duobiao.stakeholders.tests import route_samples
from tests.support.routes import World

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def reader():
    return make_user("linxiao", language="en")


@pytest.fixture
def parts(reader):
    return route_samples.deal(World(owner=reader, actors={}, now=timezone.now()))


@pytest.fixture
def signed_in(client, reader):
    client.force_login(reader)
    return client


def today() -> str:
    return company_day(timezone.now()).isoformat()


def test_an_empty_chain_says_what_belongs_here_and_brings_people_in(signed_in, reader):
    deal = make_deal(reader, now=timezone.now())
    make_contact(deal.customer, "陈立群", buying_role=BuyingRole.DECIDER)
    page = f"/opportunities/{deal.ref}/decision-chain/"
    assert "Bring in the people known" in signed_in.get(page).text

    answer = signed_in.post(f"/opportunities/{deal.ref}/deal-people/bring-in/")

    assert (answer.status_code, answer.url) == (303, page)
    assert DealPerson.objects.get().role == "FINAL_DECIDER"
    assert "陈立群" in signed_in.get(page).text


def test_the_chain_shows_picture_table_matrix_and_figures(signed_in, parts):
    page = f"/opportunities/{parts['ref']}/decision-chain/"

    full = signed_in.get(page).text
    table = signed_in.get(f"{page}?view=table&lines=formal").text
    chosen = signed_in.get(f"{page}?person={parts['person']}").text
    past = signed_in.get(f"{page}?on=2020-01-01").text

    assert "chain-svg" in full
    assert "技术背书" in full
    assert "Relationship matrix" in full
    assert "chain-svg" not in table
    assert "可以试试" in chosen
    assert "Nothing can be changed here" in past


def test_coverage_circles_plan_and_reasons_stand_on_the_page(signed_in, parts):
    page = signed_in.get(f"/opportunities/{parts['ref']}/decision-chain/").text

    coverage = page[page.index('id="coverage"') : page.index('id="matrix"')]
    assert "of those known" in coverage
    assert "nobody spoken to" in coverage or "one person only" in coverage
    assert "Executive dialogue" in page[page.index('id="tiers"') :]
    observed = Observation.objects.filter(topic="STANCE").order_by("pk").first()
    assert f'title="{observed.source_words} · ' in page


def test_people_of_one_name_are_told_apart_when_a_line_is_drawn(signed_in, parts):
    Contact.objects.filter(name="陈立群").update(position="副总经理")

    form = signed_in.get(f"/opportunities/{parts['ref']}/influence-links/new/").text

    assert "陈立群 · 副总经理 · " in form


def test_names_are_text_in_pages_and_pictures(signed_in, parts):
    Contact.objects.filter(name="陈立群").update(name=SCRIPT, position="<b>x</b>")
    InfluenceLink.objects.update(label="</text><script>")

    pictures = (
        "picture/",
        "?layout=roles",
        "?layout=network",
        "picture/?layout=network",
        f"?on={today()}",
        "?view=table",
    )
    for page in ("", *pictures, "readouts/", "what-if/", "rebuild/"):
        answer = signed_in.get(f"/opportunities/{parts['ref']}/decision-chain/{page}")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "</text><script>" not in answer.text
        assert "<b>x</b>" not in answer.text


def test_the_picture_is_a_file_and_the_report_a_paper(signed_in, parts):
    drawn = signed_in.get(f"/opportunities/{parts['ref']}/decision-chain/picture/")
    told = signed_in.get(f"/opportunities/{parts['ref']}/decision-chain/report/")

    assert drawn["Content-Type"].startswith("image/svg+xml")
    assert "attachment" in drawn["Content-Disposition"]
    text = "\n".join(row.text for row in Document(BytesIO(told.getvalue())).paragraphs)
    assert "李伟 influences 陈立群" in text


def test_people_are_moved_in_one_picture_and_placed_anew(signed_in, parts):
    page, place = f"/opportunities/{parts['ref']}/decision-chain/", f"/deal-people/{parts['other']}/place/"
    arrange = f"{page}arrange/"

    assert signed_in.post(place, {"layout": "ROLES", "x": 900, "y": -5}).status_code == 303
    for wrong in ({"layout": "CIRCLE", "x": 1, "y": 1}, {"layout": "ROLES", "x": "far", "y": 1}, {}):
        assert signed_in.post(place, wrong).status_code == 422
    assert "Place everybody anew" in signed_in.get(f"{page}?layout=roles").text
    assert "Place everybody anew" not in signed_in.get(page).text
    assert signed_in.post(arrange, {"layout": "CIRCLE"}).status_code == 422
    assert signed_in.post(arrange, {"layout": "ROLES", "next": f"{page}?layout=roles"}).url == f"{page}?layout=roles"
    assert "Place everybody anew" not in signed_in.get(f"{page}?layout=roles").text


def test_the_map_of_parts_names_what_is_missing(signed_in, parts):
    text = signed_in.get(f"/opportunities/{parts['ref']}/decision-chain/?layout=roles").text

    assert "final decider ×5" in text
    assert "key influencer ×3 · nobody yet" in text


def test_the_picture_file_follows_what_is_asked(signed_in, parts):
    page = f"/opportunities/{parts['ref']}/decision-chain/picture/"

    assert "技术背书" in signed_in.get(page).text
    assert "技术背书" not in signed_in.get(f"{page}?lines=formal").text
    assert "陈立群" not in signed_in.get(f"{page}?on=2020-01-01").text
    assert signed_in.get(f"{page}?layout=network").text != signed_in.get(page).text


def test_nothing_is_changed_in_the_past_and_steps_lead_back(signed_in, parts):
    DealPerson.objects.update(joined_on="2026-01-02")
    page = f"/opportunities/{parts['ref']}/decision-chain/"

    now, past = signed_in.get(page).text, signed_in.get(f"{page}?on=2026-01-02&layout=network").text

    assert "/place/" in now
    assert "/deal-people/new/" in now
    assert 'rel="prev"' in now
    assert "/place/" not in past
    assert "/deal-people/new/" not in past
    assert 'rel="next"' in past


def test_people_are_put_on_changed_and_taken_off(signed_in, parts):
    new = f"/opportunities/{parts['ref']}/deal-people/new/"
    refused = signed_in.post(new, {"contact": parts["contact"], "role": "FINAL_DECIDER"})
    assert refused.status_code == 409
    assert "is the final decider" in refused.text
    assert signed_in.post(new, {"contact": parts["contact"], "role": "INFLUENCER"}).status_code == 303
    person = DealPerson.objects.get(contact__ref=parts["contact"])

    form = signed_in.get(f"/deal-people/{person.ref}/edit/")
    values = {"role": "USER", "level": "BASE", "concerns": "付款节奏", "version": 1}
    assert form.status_code == 200
    assert signed_in.post(f"/deal-people/{person.ref}/edit/", {**values, "role": "KING"}).status_code == 422
    assert signed_in.post(f"/deal-people/{person.ref}/edit/", values).status_code == 303
    assert signed_in.post(f"/deal-people/{person.ref}/edit/", values).status_code == 409
    assert "付款节奏" in signed_in.get(f"/deal-people/{person.ref}/").text
    assert signed_in.post(f"/deal-people/{person.ref}/remove/", {"version": 2}).status_code == 303
    assert signed_in.get(f"/deal-people/{person.ref}/").status_code == 404


def test_three_taps_note_a_stance_and_full_figures_are_for_those_who_ask(signed_in, parts):
    page = f"/deal-people/{parts['other']}/observe/"
    taps = {"value": "-1", "confidence": "90", "quote": "接口谁来兜", "observed_on": today()}
    assert signed_in.post(page, {**taps, "value": ""}).status_code == 422
    assert signed_in.post(page, {**taps, "observed_on": "2999-01-01"}).status_code == 422
    assert signed_in.post(page, taps).status_code == 303
    more = {"subject": "INFLUENCE", "value": 4, "confidence": 70, "observed_on": today(), "source": "会议"}
    assert signed_in.post(f"{page}?more=1", {**more, "value": 9}).status_code == 422
    assert signed_in.post(f"{page}?more=1", more).status_code == 303

    held = {
        row.topic: (row.value, row.confidence_percent) for row in Observation.objects.filter(person__ref=parts["other"])
    }
    assert held == {"STANCE": (-1, 90), "INFLUENCE": (4, 70)}
    row = Observation.objects.get(person__ref=parts["other"], topic="STANCE")
    assert signed_in.post(f"/observations/{row.ref}/retract/", {"reason": "听错"}).status_code == 303
    assert "retracted: 听错" in signed_in.get(f"/deal-people/{parts['other']}/").text


def test_relations_lines_plans_and_changes_are_recorded_by_their_forms(signed_in, parts, reader):
    person, other, deal = parts["person"], parts["other"], parts["ref"]
    relation = {"cell": "COMPANY_NEED_COMPANY", "state": "2", "words": "愿意合作", "happened_on": today()}
    assert signed_in.post(f"/deal-people/{person}/relation/", {**relation, "words": ""}).status_code == 422
    assert signed_in.post(f"/deal-people/{person}/relation/", relation).status_code == 303
    row = RelationRecord.objects.get(cell="COMPANY_NEED_COMPANY")
    assert signed_in.post(f"/relation-records/{row.ref}/retract/", {"reason": "误记"}).status_code == 303
    line = {"kind": "FORMAL", "source": other, "target": person}
    assert signed_in.post(f"/opportunities/{deal}/influence-links/new/", {**line, "source": person}).status_code == 409
    assert signed_in.post(f"/opportunities/{deal}/influence-links/new/", line).status_code == 303
    drawn = InfluenceLink.objects.get(link_kind="FORMAL")
    assert signed_in.post(f"/influence-links/{drawn.ref}/end/").status_code == 303
    todo = {"tier": "TOP", "title": "互访", "owner": reader.ref, "due_on": today()}
    assert signed_in.post(f"/deal-people/{person}/plan/", todo).status_code == 303
    assert DealTask.objects.filter(title="互访").count() == 2
    DealPerson.objects.filter(ref=person).update(keeper=reader)
    change = {"what": "LEFT", "happened_on": today(), "successor": other, "backup": "约副部长"}
    assert signed_in.post(f"/deal-people/{person}/change/", change).status_code == 303
    assert signed_in.post(f"/deal-people/{person}/change/", change).status_code == 409
    text = signed_in.get(f"/deal-people/{person}/").text
    for words in ("约副部长", "coverage 20% → ", "No longer covered: "):
        assert words in text


def test_a_supposition_is_worked_out_and_not_stored(signed_in, parts):
    before = Observation.objects.count()

    text = signed_in.get(
        f"/opportunities/{parts['ref']}/decision-chain/what-if/?s_{parts['person']}=-2&leave={parts['other']}"
    ).text

    assert "-1.00" in text
    assert Observation.objects.count() == before


def test_a_company_switches_meddpicc_and_the_blue_sheet_on(signed_in, parts):
    page = f"/opportunities/{parts['ref']}/decision-chain/readouts/"
    plain = signed_in.get(page).text
    CompanySettings.objects.update_or_create(pk=1, defaults={"shows_meddpicc": True, "shows_blue_sheet": True})
    full = signed_in.get(page).text

    assert "C139" in plain
    assert "MEDDPICC" not in plain
    assert "Blue Sheet" not in plain
    assert "MEDDPICC" in full
    assert "Blue Sheet" in full


def test_pages_cost_the_same_for_any_number_of_people(signed_in, parts, reader, assert_flat_queries):
    deal = DealPerson.objects.get(ref=parts["person"]).opportunity

    def grow() -> None:
        for number in range(3):
            contact = make_contact(deal.customer, f"人{number}", stance=1)
            values = {"contact": contact.ref, "role": "USER"}
            signed_in.post(f"/opportunities/{deal.ref}/deal-people/new/", values)
            person = DealPerson.objects.get(contact=contact)
            link = {
                "kind": "INFORMAL",
                "source": person.ref,
                "target": parts["person"],
                "tie": "TRUST",
                "strength": "1.0",
            }
            signed_in.post(f"/opportunities/{deal.ref}/influence-links/new/", link)

    for page in ("", "?layout=network", "?on=2026-01-01", "readouts/", "what-if/", "rebuild/"):
        address = f"/opportunities/{deal.ref}/decision-chain/{page}"
        assert_flat_queries(visit=lambda address=address: signed_in.get(address), grow=grow)
    assert_flat_queries(visit=lambda: signed_in.get(f"/deal-people/{parts['person']}/"), grow=grow)
