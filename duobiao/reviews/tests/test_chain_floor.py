"""A chain of gate reviews keeps asking whom control points name, whoever edits it."""

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.approvals.domain.chain import write_steps
from duobiao.approvals.models import ChainVersion
from duobiao.approvals.queries.chains import shipped_chains
from duobiao.approvals.tests.factories import people, step
from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.opportunities.tests.factories import make_user
from tests.support.api import ApiClient

pytestmark = pytest.mark.django_db
EXECUTIVES = {"by": "ROLE", "role": "executive", "reach": "COMPANY"}
NAMED = {"when": {"fact": "approver", "value": "EXECUTIVE"}}


@pytest.fixture
def admin():
    return make_user("admin", role=Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def publish(admin, *steps):
    client = ApiClient(create_token(username=admin.username, now=timezone.now()))
    return client.post("/approval-chains/gate_review", {"version": 1, "steps": list(steps)})


@pytest.mark.parametrize(
    "steps",
    [
        [step("manager")],
        [step("manager"), step("named", {**EXECUTIVES, "role": "legal"}, **NAMED)],
        [step("manager"), step("named", EXECUTIVES, when={"amount_at_least": 1})],
        [step("manager"), step("named", EXECUTIVES, when={"fact": "approver", "value": "MANAGER"})],
    ],
)
def test_a_chain_that_leaves_out_the_executive_is_refused(admin, steps):
    answer = publish(admin, *steps)

    assert answer.status_code == 422
    assert "Keep a step that asks executives" in answer.json()["fields"]["steps"]
    assert not ChainVersion.objects.filter(matter="gate_review", version=2).exists()


def test_a_chain_that_leaves_out_the_manager_is_refused(admin):
    answer = publish(admin, step("legal", {**EXECUTIVES, "role": "legal"}), step("named", EXECUTIVES, **NAMED))

    assert answer.status_code == 422
    assert "owner's manager or an executive" in answer.json()["fields"]["steps"]


def test_a_chain_that_asks_them_in_another_way_is_published(admin):
    executive = make_user("qiancheng", role=Role.EXECUTIVE)

    assert publish(admin, step("boss", people(executive))).status_code == 201


def test_people_who_are_no_executives_do_not_stand_in_for_them(admin):
    clerk = make_user("clerk")

    assert publish(admin, step("manager"), step("named", people(clerk), **NAMED)).status_code == 422


def test_the_page_says_why_and_keeps_the_chain(admin):
    client = Client()
    client.force_login(admin)
    sent = {"version": "1", "steps": "1", "s0-key": "manager", "s0-name_zh": "经理", "s0-name_en": "Manager"}

    answer = client.post("/admin/approvals/gate_review/", {**sent, "s0-by": "MANAGER", "s0-mode": "ANY"})

    assert answer.status_code == 422
    assert "Keep a step that asks executives" in answer.content.decode()
    assert not ChainVersion.objects.filter(matter="gate_review", version=2).exists()


def test_the_shipped_chain_can_be_published_as_it_is(admin):
    assert publish(admin, *write_steps(shipped_chains()["gate_review"])).status_code == 201
