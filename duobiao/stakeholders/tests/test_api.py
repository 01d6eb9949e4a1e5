"""The API of chains: the normative names and shapes, and its refusals."""

import pytest
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.identity.models import CompanySettings
from duobiao.opportunities.tests.factories import make_contact, make_user
from duobiao.stakeholders.models import DealPerson
from duobiao.stakeholders.tests import route_samples
from duobiao.stakeholders.tests.factories import everything
from tests.support.routes import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_user("linxiao")


@pytest.fixture
def parts(owner):
    return route_samples.deal(World(owner=owner, actors={}, now=timezone.now()))


@pytest.fixture
def client(api, owner):
    return api(create_token(username=owner.username, now=timezone.now()))


@pytest.fixture
def path(parts):
    return f"/opportunities/{parts['ref']}"


def test_people_are_read_put_on_changed_and_taken_off(client, parts, path):
    found = client.get(f"{path}/people").json()
    assert [row["name"] for row in found["people"]] == ["李伟", "孙国栋", "陈立群"]

    taken = client.post(f"{path}/people", {"contact": parts["contact"], "role": "FINAL_DECIDER"})
    assert (taken.status_code, taken.json()["code"]) == (409, "second_decider")
    made = client.post(f"{path}/people", {"contact": parts["contact"], "role": "USER", "coach_grade": "INFORMANT"})
    assert made.status_code == 201
    person = made.json()
    again = client.post(f"{path}/people", {"contact": parts["contact"]})
    assert (again.status_code, again.json()["code"]) == (409, "on_the_chain")

    edited = client.patch(f"/deal-people/{person['ref']}", {"version": 1, "goals": "不超支", "coach_grade": ""})
    assert (edited.json()["persona"]["goals"], edited.json()["coach_grade"]) == ("不超支", "")
    stale = client.patch(f"/deal-people/{person['ref']}", {"version": 1, "goals": "x"})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    bare = client.delete(f"/deal-people/{person['ref']}")
    assert bare.status_code == 422
    old = client.delete(f"/deal-people/{person['ref']}", {"version": 1})
    assert (old.status_code, old.json()["code"]) == (409, "stale_version")
    top = client.delete(f"/deal-people/{parts['person']}", {"version": 1})
    assert (top.status_code, top.json()["code"]) == (409, "still_decides")
    assert client.delete(f"/deal-people/{person['ref']}", {"version": 2}).status_code == 204
    assert client.get(f"/deal-people/{person['ref']}").status_code == 404
    assert client.get(f"{path}/people?on=2999-01-01").status_code == 422
    assert client.get(f"{path}/people?on=2020-01-01").json()["people"] == []


def test_people_are_brought_in(client, parts, path):
    person = DealPerson.objects.get(ref=parts["person"])
    make_contact(person.contact.customer, "刘伟", buying_role="USER")

    names = {row["name"] for row in client.post(f"{path}/people/bring-in", {}).json()["people"]}

    assert names == {"陈立群", "孙国栋", "李伟", "刘伟"}


def test_lines_have_from_and_to(client, parts, path):
    body = {"from": parts["other"], "to": parts["person"], "kind": "FORMAL"}
    made = client.post(f"{path}/links", body)
    assert made.status_code == 201
    assert {key: made.json()[key] for key in ("from", "to", "kind", "strength")} == {**body, "strength": 1.0}
    circle = client.post(f"{path}/links", {**body, "from": parts["person"], "to": parts["other"]})
    assert (circle.status_code, circle.json()["code"]) == (409, "reporting_cycle")
    own = client.post(f"{path}/links", {**body, "to": parts["other"]})
    assert (own.status_code, own.json()["code"]) == (409, "self_link")
    assert client.post(f"{path}/links", {**body, "kind": "INFORMAL", "strength": 3}).status_code == 422
    unknown = client.post(f"{path}/links", {**body, "from": "DP-NOBODY"})
    assert (unknown.status_code, set(unknown.json()["fields"])) == (422, {"from"})
    assert len(client.get(f"{path}/links").json()) == 2
    assert client.delete(f"/influence-links/{made.json()['ref']}").status_code == 204
    assert len(client.get(f"{path}/links").json()) == 1


def test_observations_carry_source_day_and_confidence(client, parts, path):
    body = {"person": parts["other"], "subject": "STANCE", "value": -1, "source": "会议", "confidence": 0.8}
    made = client.post(f"{path}/observations", body)
    assert made.status_code == 201
    assert {key: made.json()[key] for key in body} == body
    mode = client.post(f"{path}/observations", {**body, "subject": "MODE", "value": "EVEN_KEEL"})
    assert mode.json()["value"] == "EVEN_KEEL"
    for wrong, field in (
        ({"value": 3}, "value"),
        ({"subject": "MODE", "value": "HAPPY"}, "value"),
        ({"value": "much"}, "value"),
        ({"subject": "DESIRE", "value": 5}, "subject"),
        ({"observed_on": "2999-01-01"}, "observed_on"),
        ({"source": ""}, "source"),
    ):
        answer = client.post(f"{path}/observations", {**body, **wrong})
        assert (answer.status_code, set(answer.json()["fields"])) == (422, {field})
    gone = client.post(f"/observations/{made.json()['ref']}/retract", {"reason": "听错"})
    assert gone.json()["retract_reason"] == "听错"
    assert client.post(f"/observations/{made.json()['ref']}/retract", {"reason": "x"}).status_code == 409


def test_the_graph_has_its_figures(client, parts, path):
    found = client.get(f"{path}/influence").json()

    assert sum(node["influence"] for node in found["nodes"]) == pytest.approx(1)
    assert set(found["nodes"][0]) >= {
        "person", "formal", "informal", "influence", "hidden", "betweenness", "stance", "stance_confidence",
    }  # fmt: skip
    assert found["support_index"] == 0.5
    assert set(found["coverage"]) >= {"departments", "levels", "covered_ratio", "single_threaded"}
    assert found["path_to_decider"] == []


GRAPH = ("people", "links", "observations", "influence", "relationship-matrix", "c139", "dmi", "role-cards", "meddpicc",
         "blue-sheet", "personnel-changes", "influence-plan", "decision-chain/file")  # fmt: skip


def test_a_viewer_without_right_to_the_deal_learns_nothing_of_its_chain(api, parts, path):
    stranger = api(create_token(username=make_user("stranger").username, now=timezone.now()))
    before = everything()

    asked = [stranger.get(f"{path}/{name}") for name in GRAPH]
    asked.append(stranger.get(f"/deal-people/{parts['person']}"))
    link = {"from": parts["other"], "to": parts["person"], "kind": "FORMAL"}
    asked.append(stranger.post(f"{path}/links", link))
    asked.append(stranger.post(f"{path}/people", {"contact": parts["contact"]}))
    asked.append(stranger.post(f"{path}/influence/simulate", {"leaving": [parts["person"]]}))
    seen = {"person": parts["person"], "subject": "STANCE", "value": 1, "source": "x", "confidence": 0.5}
    asked.append(stranger.post(f"{path}/observations", seen))

    assert {answer.status_code for answer in asked} == {404}
    assert not any("陈立群" in answer.text for answer in asked)
    assert everything() == before


def test_a_simulation_answers_both_and_stores_nothing(client, parts, path):
    body = {"stances": [{"person": parts["person"], "stance": -2}], "leaving": [parts["other"]]}
    found = client.post(f"{path}/influence/simulate", body).json()

    assert (found["now"]["support_index"], found["then"]["support_index"]) == (0.5, -1.0)
    assert found["support_change"] == -1.5
    assert len(found["then"]["nodes"]) == 2
    assert client.get(f"{path}/influence").json()["support_index"] == 0.5
    wrong = client.post(f"{path}/influence/simulate", {"leaving": ["DP-NOBODY"]})
    assert set(wrong.json()["fields"]) == {"leaving"}


def test_a_read_out_that_the_company_does_not_use_is_not_there(client, parts, path):
    for name in ("meddpicc", "blue-sheet"):
        answer = client.get(f"{path}/{name}")
        assert (answer.status_code, answer.json()["code"]) == (404, "switched_off")
    CompanySettings.objects.update_or_create(pk=1, defaults={"shows_meddpicc": True})
    assert client.get(f"{path}/meddpicc").status_code == 200
    assert client.get(f"{path}/blue-sheet").status_code == 404
    assert client.get("/opportunities/P-0000-0000/meddpicc").json()["code"] == "not_found"


def test_read_outs_are_derived(client, parts, path):
    CompanySettings.objects.update_or_create(pk=1, defaults={"shows_meddpicc": True, "shows_blue_sheet": True})
    c139 = client.get(f"{path}/c139").json()
    assert (len(c139["clear"]), len(c139["first"]), c139["code"]) == (9, 3, "1C0F0W")
    meddpicc = client.get(f"{path}/meddpicc").json()
    assert (len(meddpicc["elements"]), meddpicc["total"], meddpicc["band"]) == (8, 2, "D")
    sheet = client.get(f"{path}/blue-sheet").json()
    assert {flag["code"] for flag in sheet["red_flags"]} >= {"NO_COACH", "UNCOVERED_ROLE", "NEW_PERSON"}
    dmi = client.get(f"{path}/dmi").json()
    assert (dmi["person"], dmi["index"], len(dmi["missing"])) == (parts["person"], None, 3)
    cards = client.get(f"{path}/role-cards").json()
    assert len(cards["cards"]) == 3
    assert len(cards["conflicts"]) == 2


def test_matrix_changes_and_plan(client, parts, path):
    matrix = client.get(f"{path}/relationship-matrix").json()
    assert [len(row["cells"]) for row in matrix["rows"]] == [6, 6, 6]
    body = {"person": parts["person"], "cell": "PERSONAL_TIE_COMPANY", "state": 2, "words": "请他女儿参观"}
    made = client.post(f"{path}/relations", body)
    assert made.status_code == 201
    assert client.post(f"/relation-records/{made.json()['ref']}/retract", {"reason": "误记"}).status_code == 200
    change = {"person": parts["other"], "what": "LEFT", "successor": parts["person"]}
    left = client.post(f"{path}/personnel-changes", change).json()
    assert (left["before"]["people"], left["after"]["people"]) == (3, 2)
    assert len(client.get(f"{path}/personnel-changes").json()) == 2
    plan = client.get(f"{path}/influence-plan").json()
    assert [(row["tier"], row["title"]) for row in plan] == [("TOP", "互访")]
