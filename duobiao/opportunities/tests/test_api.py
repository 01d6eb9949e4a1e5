"""The API of deals as a program outside uses it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.kernel.days import local_day
from duobiao.opportunities.models import Opportunity, Proof
from duobiao.opportunities.tests.factories import make_contact, make_customer, make_unit, make_user
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return local_day(timezone.now())


@pytest.fixture
def unit():
    return make_unit("华东一部")


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit)


@pytest.fixture
def manager(unit):
    return make_user("zhoujianguo", role=Role.MANAGER, unit=unit)


@pytest.fixture
def client_of(api):
    def make(user):
        return api(create_token(username=user.username, now=timezone.now()))

    return make


@pytest.fixture
def client(client_of, seller):
    ship_playbooks(now=timezone.now())
    return client_of(seller)


@pytest.fixture
def customer(seller):
    return make_customer(seller, "苏州恒睿精密")


@pytest.fixture
def ref(client, customer):
    answer = client.post(
        "/opportunities",
        {
            "name": "恒睿二期 MES",
            "customer": customer.ref,
            "amount": {"amount_minor": 1_280_000_000, "currency": "CNY"},
            "playbook": "project-sales-8",
        },
    )
    assert answer.status_code == 201, answer.content
    return answer.json()["ref"]


def test_a_new_deal_comes_back_as_it_was_sent(client, ref, customer):
    body = client.get(f"/opportunities/{ref}").json()

    assert body["customer"] == customer.ref
    assert body["amount"] == {"amount_minor": 1_280_000_000, "currency": "CNY"}
    assert (body["stage_number"], body["state"], body["version"]) == (0, "NOT_ENTERED", 1)


def test_a_proof_answers_with_the_grade_kept_and_the_assessment_explains_it(client, ref, today):
    sent = {
        "key": "engagement.interest_shown",
        "grade": "BUYER_CONFIRMED",
        "happened_on": today.isoformat(),
        "quote": "愿意了解",
    }

    first = client.post(f"/opportunities/{ref}/proofs", sent)
    again = client.post(f"/opportunities/{ref}/proofs", sent)
    assessment = client.get(f"/opportunities/{ref}/assessment").json()

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["grade_recorded"] == "DOCUMENTED"
    assert first.json()["id"] == again.json()["id"]
    assert (assessment["stage_number"], assessment["stage"], assessment["state"]) == (1, "invite", "IN_STAGE")
    item = next(row for row in assessment["items"] if row["item"] == "1.M1")
    assert (item["verdict"], item["kind"], item["gates"]) == ("MET", "M", True)
    assert item["accepts"] == [{"evidence": "engagement.interest_shown", "min_grade": "ASSERTED"}]
    assert set(assessment["conditions"]) == {"process", "relationship", "information"}
    assert len(assessment["items"]) == 132


def test_a_proof_is_retracted_once_with_a_reason(client, ref, today):
    sent = {"key": "engagement.interest_shown", "grade": 1, "happened_on": today.isoformat(), "quote": "嗯"}
    proof = client.post(f"/opportunities/{ref}/proofs", sent).json()["id"]

    assert client.delete(f"/opportunities/{ref}/proofs/{proof}", {"reason": ""}).status_code == 422
    assert client.delete(f"/opportunities/{ref}/proofs/{proof}", {"reason": "typo"}).status_code == 200
    assert client.delete(f"/opportunities/{ref}/proofs/{proof}", {"reason": "typo"}).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"key": "no.such"}, "key"),
        ({"grade": "GOLD"}, "grade"),
        ({"happened_on": "2999-01-01"}, "happened_on"),
        ({"happened_on": "yesterday"}, "happened_on"),
        ({"contact": "K-NOBODY"}, "contact"),
        ({"documents": ["D-NOTHING"]}, "documents"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_proof_names_its_field_and_changes_nothing(client, ref, today, change, field):
    sent = {"key": "engagement.interest_shown", "grade": 1, "happened_on": today.isoformat(), "quote": "x", **change}

    answer = client.post(f"/opportunities/{ref}/proofs", sent)

    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert not Proof.objects.exists()


def test_the_purchase_method_decides_what_applies(client, ref, today):
    sent = {"method": "NEGOTIATION", "happened_on": today.isoformat(), "quote": "采购方式批复"}
    before = client.get(f"/opportunities/{ref}/assessment").json()

    assert client.post(f"/opportunities/{ref}/purchase-method", sent).status_code == 201

    after = client.get(f"/opportunities/{ref}/assessment").json()
    verdict = {row["item"]: row["verdict"] for row in after["items"]}
    reason = {row["item"]: row["reason"] for row in before["items"]}
    assert (before["purchase_method"], after["purchase_method"]) == ("UNKNOWN", "NEGOTIATION")
    assert verdict["5.S2"] == "NOT_APPLICABLE"
    assert verdict["4.S4"] == "MET"
    assert reason["5.S2"]


def test_a_waiver_of_the_seller_waits_and_the_managers_is_in_force(client, client_of, manager, ref, today):
    sent = {"item": "1.M1", "reason": "在途", "expires_on": (today + timedelta(days=10)).isoformat()}
    asked = client.post(f"/opportunities/{ref}/waivers", sent)
    assert (asked.status_code, asked.json()["status"]) == (202, "PENDING")
    boss = client_of(manager)
    decided = boss.post(f"/opportunities/{ref}/waivers/{asked.json()['id']}/decision", {"approved": True})
    assert decided.json()["status"] == "ACTIVE"

    other = boss.post(f"/opportunities/{ref}/waivers", {**sent, "item": "1.S1"})
    ended = boss.delete(f"/opportunities/{ref}/waivers/{asked.json()['id']}")

    assert (other.status_code, other.json()["status"]) == (201, "ACTIVE")
    assert ended.json()["status"] == "ENDED"


def test_a_deal_is_won_with_the_contract_and_its_past_can_be_asked_for(client, ref, today):
    close = {"outcome": "WON", "reason": "VALUE", "on": today.isoformat()}
    assert client.post(f"/opportunities/{ref}/close", close).json()["code"] == "contract_missing"
    sent = {"key": "contracts.signed_by_both", "grade": 2, "happened_on": today.isoformat(), "quote": "合同 HR-2026-01"}
    client.post(f"/opportunities/{ref}/proofs", sent)

    won = client.post(f"/opportunities/{ref}/close", close)

    assert (won.status_code, won.json()["outcome"]) == (200, "WON")
    yesterday = client.get(f"/opportunities/{ref}/assessment", on=(today - timedelta(days=1)).isoformat()).json()
    assert all(row["verdict"] == "MISSING" for row in yesterday["items"])
    assert client.post(f"/opportunities/{ref}/reopen", {"reason": "x"}).status_code == 403


def test_editing_needs_the_version_that_was_read(client, ref):
    assert client.patch(f"/opportunities/{ref}", {"version": 1, "name": "恒睿三期"}).status_code == 200

    stale = client.patch(f"/opportunities/{ref}", {"version": 1, "name": "other"})

    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert stale.json()["details"]["current"]["name"] == "恒睿三期"


def test_another_teams_deal_does_not_exist(client_of, ref, today):
    stranger = client_of(make_user("stranger", unit=make_unit("华南")))
    proof = {"key": "engagement.interest_shown", "grade": 1, "happened_on": today.isoformat(), "quote": "x"}

    assert stranger.get(f"/opportunities/{ref}").status_code == 404
    assert stranger.get(f"/opportunities/{ref}/assessment").status_code == 404
    assert stranger.post(f"/opportunities/{ref}/proofs", proof).status_code == 404
    assert stranger.get("/opportunities").json()["items"] == []


def test_history_names_cause_and_direction(client, ref, today):
    sent = {"key": "engagement.interest_shown", "grade": 1, "happened_on": today.isoformat(), "quote": "嗯"}
    proof = client.post(f"/opportunities/{ref}/proofs", sent).json()["id"]
    client.delete(f"/opportunities/{ref}/proofs/{proof}", {"reason": "typo"})

    history = client.get(f"/opportunities/{ref}/history").json()

    assert [(row["cause"], row["backward"]) for row in history] == [
        ("opportunities.proof_confirmed", False),
        ("opportunities.proof_retracted", True),
    ]


def test_handing_over_team_and_participants(client, client_of, manager, ref, seller, unit):
    colleague = make_user("chenmo", unit=unit)
    institute = make_customer(seller, "华东机电设计院")

    team = client.post(f"/opportunities/{ref}/team", {"user": colleague.ref, "role": "presales"})
    joined = client.post(f"/opportunities/{ref}/participants", {"customer": institute.ref, "role": "DESIGN_INSTITUTE"})
    handed = client_of(manager).post(f"/opportunities/{ref}/handover", {"to": colleague.ref})

    assert [row["role"] for row in team.json()] == ["PRESALES"]
    assert [row["name"] for row in joined.json()] == ["华东机电设计院"]
    assert handed.json()["owner"] == colleague.ref
    assert client.get(f"/opportunities/{ref}").status_code == 404


def test_the_playbook_tells_what_every_stage_asks_for(client):
    body = client.get("/playbooks/project-sales-8/1").json()

    assert [stage["number"] for stage in body["stages"]] == list(range(1, 9))
    assert sum(len(stage["items"]) for stage in body["stages"]) == 132
    first = body["stages"][0]["items"][0]
    assert (first["item"], first["kind"], first["origin"]) == ("1.M1", "M", "seed")
    assert first["accepts"][0]["valid_days"] == 90
    assert body["settlements"]["contracts.signed_by_both"] == 7
    assert client.get("/playbooks/project-sales-8/9").status_code == 404


def test_the_list_pages_through_everything_once(client, customer, ref):
    for number in range(4):
        client.post("/opportunities", {"name": f"项目 {number}", "customer": customer.ref})
    seen, cursor = [], ""
    while True:
        page = client.get("/opportunities", limit=2, cursor=cursor).json()
        seen += [row["ref"] for row in page["items"]]
        cursor = page["next"] or ""
        if not cursor:
            break

    assert sorted(seen) == sorted(Opportunity.objects.values_list("ref", flat=True))


def test_a_buyer_confirmation_names_contact_and_channel(client, ref, customer, today):
    contact = make_contact(customer)
    sent = {
        "key": "engagement.interest_shown",
        "grade": "BUYER_CONFIRMED",
        "happened_on": today.isoformat(),
        "quote": "我们想上",
        "contact": contact.ref,
        "channel": "phone",
    }

    body = client.post(f"/opportunities/{ref}/proofs", sent).json()

    assert (body["grade_recorded"], body["unverified"], body["channel"]) == ("BUYER_CONFIRMED", True, "PHONE")


def test_won_takes_free_words_as_its_note(client, ref, today):
    sent = {"key": "contracts.signed_by_both", "grade": 2, "happened_on": today.isoformat(), "quote": "合同"}
    client.post(f"/opportunities/{ref}/proofs", sent)

    won = client.post(f"/opportunities/{ref}/close", {"outcome": "WON", "reason": "signed", "on": today.isoformat()})

    assert (won.status_code, won.json()["close_reason"]) == (200, "OTHER")
    assert Opportunity.objects.get(ref=ref).closings.get().note == "signed"


@pytest.mark.parametrize(
    ("path", "body", "field", "code"),
    [
        ("close", {"outcome": "LOST", "reason": "too expensive"}, "reason", "PRICE"),
        ("close", {"outcome": "DRAWN", "reason": "x"}, "outcome", "GIVEN_UP"),
        ("proofs", {"key": "engagement.interest_shown", "grade": 1, "channel": "电话"}, "channel", "PHONE"),
        ("purchase-method", {"method": "UNKNOWN"}, "method", "OPEN_TENDER"),
    ],
)
def test_a_refused_code_lists_those_that_can_be_given(client, ref, today, path, body, field, code):
    dated = {"happened_on": today.isoformat()} if path != "close" else {"on": today.isoformat()}

    answer = client.post(f"/opportunities/{ref}/{path}", {**body, **dated})

    assert answer.status_code == 422
    assert code in answer.json()["fields"][field]


def test_what_the_form_of_a_body_lacks_is_said_in_the_readers_language(client, ref, settings):
    from django.test import Client

    headers = {"Authorization": f"Bearer {client.token}", "Accept-Language": "zh-CN"}

    answer = Client().post("/api/v1/opportunities", {}, content_type="application/json", headers=headers)

    assert answer.json()["fields"] == {"name": "此项必填", "customer": "此项必填"}


def test_an_address_used_the_wrong_way_answers_in_json(client, ref):
    answer = client.put(f"/opportunities/{ref}", {})

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_the_list_knows_its_codes_and_refuses_others(client, ref):
    assert [row["ref"] for row in client.get("/opportunities", outcome="open").json()["items"]] == [ref]

    for field in ("outcome", "state", "verdict", "purchase_method"):
        answer = client.get("/opportunities", **{field: "NONSENSE"})
        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_an_administrator_keeps_products_and_a_seller_names_them_on_deals(client, client_of, unit, customer):
    keeper = client_of(make_user("keeper", role=Role.ADMINISTRATOR, unit=unit))
    price = {"amount_minor": 12_345_600, "currency": "CNY"}
    body = {"code": "MES-1", "name": "生产执行系统", "list_price": price}

    refused = client.post("/products", body)
    made = keeper.post("/products", body).json()
    again = keeper.post("/products", body)
    changed = keeper.patch(f"/products/{made['ref']}", {"version": 1, "series": "智造"}).json()
    stale = keeper.patch(f"/products/{made['ref']}", {"version": 1, "series": "旧"})
    deal = client.post("/opportunities", {"name": "产线改造", "customer": customer.ref, "product": made["ref"]})

    assert refused.status_code == 403
    assert (again.status_code, again.json()["code"]) == (409, "product_code_taken")
    assert (changed["series"], changed["list_price"], changed["version"]) == ("智造", price, 2)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert client.get("/products", q="mes").json() == {"items": [changed], "next": None}
    assert client.get(f"/products/{made['ref']}").json() == changed
    assert (deal.status_code, deal.json()["product"]) == (201, made["ref"])


def test_an_act_of_the_buyer_moves_their_track_and_anything_else_is_refused(client, ref, today):
    sent = {"key": "procurement.tender_notice_published", "grade": "BUYER_CONFIRMED", "happened_on": today.isoformat()}
    proof = {**sent, "quote": "招标公告 ZH-2026-1123", "channel": "PLATFORM"}

    recorded = client.post(f"/opportunities/{ref}/buyer-marks", proof)
    refused = client.post(f"/opportunities/{ref}/buyer-marks", {**proof, "key": "engagement.interest_shown"})

    assert recorded.status_code == 201, recorded.content
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"key"})
    [mark] = client.get(f"/opportunities/{ref}/buyer-marks").json()
    assert (mark["stage_number"], mark["key"], mark["proof"]) == (5, sent["key"], recorded.json()["id"])
    assert client.get(f"/opportunities/{ref}/assessment").json()["buyer_stage_number"] == 5
    assert Proof.objects.count() == 1


def test_next_actions_come_best_first_and_change_with_what_is_recorded(client, ref, today):
    before = client.get(f"/opportunities/{ref}/next-actions").json()
    proof = {"key": "engagement.interest_shown", "grade": 1, "happened_on": today.isoformat(), "quote": "想解决"}
    client.post(f"/opportunities/{ref}/proofs", proof)
    after = client.get(f"/opportunities/{ref}/next-actions").json()

    assert all(set(row) >= {"action", "why", "effect", "url", "score"} for row in before)
    assert all(row["score"] == sum(part["points"] for part in row["parts"]) for row in before)
    scores = [row["score"] for row in before]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 100
    assert [row["action"] for row in before] != [row["action"] for row in after]
