"""The API of playbooks: the list, the classifier, the check of a document."""

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.opportunities.tests.factories import make_user
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.tests.test_validation import SMALL

pytestmark = pytest.mark.django_db

SIGNS = ("customised", "long_cycle", "many_deciders", "high_amount", "high_risk", "delivery_after_sale")


@pytest.fixture
def client(api):
    ship_playbooks(now=timezone.now())
    return api(create_token(username=make_user("reader").username, now=timezone.now()))


def check(client, source: bytes):
    headers = {"authorization": f"Bearer {client.token}", "accept-language": "en"}
    return Client().post("/api/v1/playbooks/validate", source, content_type="application/yaml", headers=headers)


def test_the_list_names_every_version_with_its_titles_and_status(client):
    rows = client.get("/playbooks").json()

    assert [(row["key"], row["version"], row["status"]) for row in rows] == [
        ("key-account-6", 1, "SHIPPED"),
        ("panorama-6", 1, "SHIPPED"),
        ("product-sale", 1, "SHIPPED"),
        ("project-sales-8", 1, "SHIPPED"),
        ("solution-5", 1, "SHIPPED"),
    ]
    assert rows[4]["titles"] == {
        "zh-Hans": "五阶段全流程",
        "zh-Hant": "五階段全流程",
        "en": "Whole course in five phases",
    }


def test_a_playbook_of_five_stages_says_which_buyer_stages_each_covers(client):
    body = client.get("/playbooks/solution-5/1").json()

    assert [stage["buyer_stages"] for stage in body["stages"]] == [
        ["recognise_need", "study_feasibility"],
        ["approve_project", "set_standard", "invite_and_screen"],
        ["evaluate_bids", "review_contract", "sign_and_implement"],
        ["sign_and_implement"],
        ["sign_and_implement"],
    ]
    assert len(body["buyer_stages"]) == 8
    assert len(body["rates"]) == 6
    assert body["stages"][0]["focus"]["role"]["en"] == "Listener"


def test_product_selling_shows_its_own_figures(client):
    body = client.get("/playbooks/product-sale/1").json()

    assert body["process"] == "PRODUCT"
    assert "Average order value" in [row["titles"]["en"] for row in body["kpis"]]


@pytest.mark.parametrize(("count", "process"), [(0, "PRODUCT"), (2, "PRODUCT"), (3, "PROJECT"), (6, "PROJECT")])
def test_a_sale_is_classified_with_its_reasons(client, count, process):
    answer = client.post("/playbooks/classify", {sign: number < count for number, sign in enumerate(SIGNS)})

    assert answer.status_code == 200
    assert answer.json()["process"] == process
    assert len(answer.json()["reasons"]) == count + 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"high_risk": "yes"}, "high_risk"),
        ({"high_risk": 1}, "high_risk"),
        ({"size": True}, "size"),
        ({"high_risk": None}, "high_risk"),
    ],
)
def test_a_sign_that_is_not_true_or_false_is_refused_by_name(client, change, field):
    answer = client.post("/playbooks/classify", {**dict.fromkeys(SIGNS, False), **change})

    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


def test_a_sign_left_out_is_asked_for(client):
    answer = client.post("/playbooks/classify", dict.fromkeys(SIGNS[1:], True))

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["customised"])


def test_a_good_document_is_valid(client):
    assert check(client, SMALL.encode()).json() == {"valid": True, "problems": []}


def test_a_bad_document_is_answered_with_line_and_remedy(client):
    answer = check(client, SMALL.replace("MARKED", "SOME").encode())

    assert answer.status_code == 200
    assert answer.json() == {
        "valid": False,
        "problems": [
            {"path": "process_gates", "line": 4, "message": "“SOME” is not known here. Use one of: NONE, MARKED, ALL."}
        ],
    }


@pytest.mark.parametrize("size", [0, 2**20 + 1, 6 * 2**20])
def test_an_empty_or_huge_body_is_a_problem_of_the_document(client, size):
    answer = check(client, b"#" * size)

    assert answer.status_code == 200
    assert answer.json()["valid"] is False
    assert answer.json()["problems"][0]["line"] == 1
