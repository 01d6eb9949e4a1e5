"""Pages and API of moving deals between playbooks: choose, look, start, follow, take back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.opportunities.actions.carry_out_migration import carry_out
from duobiao.opportunities.models import MigrationRun, Opportunity
from duobiao.opportunities.tests.factories import make_customer, make_deal, make_unit, make_user
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.tests.versions import asking, variant
from tests.support.api import ApiClient

pytestmark = pytest.mark.django_db
CHOOSE, PREVIEW, START = "/pipeline/migrate/", "/pipeline/migrate/preview/", "/pipeline/migrate/start/"


@pytest.fixture
def boss():
    return make_user("boss", role=Role.ADMINISTRATOR)


@pytest.fixture
def seller():
    return make_user("seller", unit=make_unit("华东"))


@pytest.fixture
def deals(seller):
    customer = make_customer(seller)
    return [make_deal(seller, customer, name=f"项目{n}", now=timezone.now()) for n in range(3)]


@pytest.fixture
def target(deals):
    return variant(asking(1, "1.S9", "competition.first_rivals_recorded"))


@pytest.fixture
def page(client, boss):
    client.force_login(boss)
    return client


def seen(*deals: Opportunity) -> str:
    return " ".join(f"{deal.ref}:{deal.version}" for deal in deals)


def text(response) -> str:
    return response.content.decode()


def test_ticked_deals_are_offered_every_other_version(page, deals, target):
    answer = page.post(CHOOSE, {"ref": [deals[0].ref, deals[1].ref]})

    assert answer.status_code == 200
    assert seen(deals[0], deals[1]) in text(answer)
    assert f'value="{target.ref}"' in text(answer)
    assert 'value="project-sales-8/1"' not in text(answer)


def test_a_version_offers_all_its_open_deals(page, deals, target):
    answer = page.get(f"{CHOOSE}?playbook=project-sales-8&version=1")

    assert seen(*deals) in text(answer)
    assert "No project is selected" in text(page.get(f"{CHOOSE}?playbook=project-sales-8&version=2")) or (
        "还没选项目" in text(page.get(f"{CHOOSE}?playbook=project-sales-8&version=2"))
    )


def test_the_preview_shows_each_deal_and_writes_nothing(page, deals, target):
    answer = page.post(PREVIEW, {"deals": seen(*deals), "target": target.ref})

    assert answer.status_code == 200
    assert all(deal.name in text(answer) for deal in deals)
    assert "1.S9" in text(answer)
    assert not MigrationRun.objects.exists()
    assert not Opportunity.objects.filter(playbook=target).exists()


def test_the_preview_of_a_closed_deal_says_why_it_stays(page, deals, target):
    today = timezone.localdate()
    Opportunity.objects.filter(pk=deals[0].pk).update(outcome="LOST", closed_on=today)

    answer = page.post(PREVIEW, {"deals": seen(*deals), "target": target.ref})

    assert text(answer).count("项目已关闭，判断已冻结") + text(answer).count("its judgement is frozen") == 2


def test_starting_leads_to_the_run_and_twice_makes_one(page, deals, target):
    form = {"deals": seen(*deals), "target": target.ref, "reason": "新打法", "form_token": "a" * 24}

    first, second = page.post(START, form), page.post(START, form)

    run = MigrationRun.objects.get()
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"] == f"/migrations/{run.ref}/"
    assert (run.total, run.reason) == (3, "新打法")


def test_damaged_forms_and_unknown_targets_are_refused(page, deals, target):
    for form in (
        {"deals": "what?", "target": target.ref},
        {"deals": "", "target": target.ref},
        {"deals": seen(*deals), "target": "nowhere/9"},
        {"deals": f"{deals[0].ref}:{2**40}", "target": target.ref},
        {},
    ):
        assert page.post(PREVIEW, form).status_code == 422
        assert page.post(START, form).status_code == 422
    assert not MigrationRun.objects.exists()


def test_nothing_to_move_is_said_on_the_preview(page, deals):
    here = PlaybookVersion.objects.get(key="project-sales-8", version=1)

    answer = page.post(START, {"deals": seen(*deals), "target": here.ref})

    assert answer.status_code == 409
    assert "项目已经在用这本手册" in text(answer) or "on this playbook already" in text(answer)


def test_the_run_shows_progress_then_results_and_is_taken_back_with_one_button(page, deals, target):
    page.post(START, {"deals": seen(*deals), "target": target.ref})
    run = MigrationRun.objects.get()
    waiting = page.get(f"/migrations/{run.ref}/")
    assert "migration-progress" in text(waiting)
    assert "HX-Refresh" not in page.get(f"/migrations/{run.ref}/progress/")

    carry_out(run.ref, clock=timezone.now)

    done = page.get(f"/migrations/{run.ref}/")
    assert "migration-progress" not in text(done)
    assert f"/migrations/{run.ref}/revert/" in text(done)
    assert page.get(f"/migrations/{run.ref}/progress/")["HX-Refresh"] == "true"
    assert page.post(f"/migrations/{run.ref}/revert/").status_code == 303
    carry_out(run.ref, clock=timezone.now)
    assert not Opportunity.objects.filter(playbook=target).exists()
    assert page.post(f"/migrations/{run.ref}/revert/").status_code == 409
    assert run.ref in text(page.get("/migrations/"))


def test_an_owner_sees_the_run_with_their_own_deals_only(client, seller, deals, target, boss):
    other = make_deal(make_user("other"), name="别人的项目", now=timezone.now())
    page_of_boss = ApiClient(create_token(username="boss", now=timezone.now()))
    chosen = [{"ref": deal.ref} for deal in (deals[0], other)]
    answer = page_of_boss.post("/migrations", {"deals": chosen, "playbook": "solution-5"})
    assert answer.status_code == 202, answer.content
    client.force_login(seller)

    shown = text(client.get(f"/migrations/{answer.json()['ref']}/"))

    assert deals[0].name in shown
    assert other.name not in shown
    api = ApiClient(create_token(username="seller", now=timezone.now()))
    assert api.get(f"/migrations/{answer.json()['ref']}").json()["total"] == 1
    assert "/revert/" not in shown
    client.force_login(make_user("stranger"))
    assert client.get(f"/migrations/{answer.json()['ref']}/").status_code == 404


def test_pages_cost_the_same_queries_for_any_number(page, seller, deals, target):
    customer = deals[0].customer
    many = [*deals, *(make_deal(seller, customer, playbook="project-sales-8", now=timezone.now()) for _ in range(12))]
    Opportunity.objects.filter(pk__in=[deal.pk for deal in many]).update(playbook=deals[0].playbook_id)
    counts = []
    for chosen in (deals, many):
        page.post(PREVIEW, {"deals": seen(*chosen), "target": target.ref})
        with CaptureQueriesContext(connection) as captured:
            page.post(PREVIEW, {"deals": seen(*chosen), "target": target.ref})
        counts.append(len(captured))
        page.post(START, {"deals": seen(*chosen), "target": target.ref})
        run = MigrationRun.objects.latest("pk")
        with CaptureQueriesContext(connection) as captured:
            page.get(f"/migrations/{run.ref}/")
        counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_the_playbook_page_leads_to_its_deals(page, deals, target):
    shown = text(page.get("/playbooks/project-sales-8/1/"))

    assert "/pipeline/migrate/?playbook=project-sales-8&amp;version=1" in shown
    assert "/pipeline/figures/calibration/?playbook=project-sales-8&amp;version=1" in shown
    assert "/pipeline/migrate/?" not in text(page.get("/playbooks/project-sales-8/2/"))


def test_the_api_previews_moves_and_takes_back(boss, deals, target):
    api = ApiClient(create_token(username="boss", now=timezone.now()))
    body = {
        "deals": [{"ref": deal.ref, "version": deal.version} for deal in deals],
        "playbook": "project-sales-8",
        "playbook_version": 2,
    }

    looked = api.post("/migrations/preview", body)
    assert looked.status_code == 200, looked.content
    assert (looked.json()["moved"], looked.json()["left_out"]) == (3, 0)
    assert not MigrationRun.objects.exists()
    started = api.post("/migrations", body)
    assert (started.status_code, started.json()["state"], started.json()["waiting"]) == (202, "QUEUED", 3)
    ref = started.json()["ref"]
    assert api.post(f"/migrations/{ref}/revert").status_code == 409
    carry_out(ref, clock=timezone.now)
    assert api.get(f"/migrations/{ref}").json()["moved"] == 3
    assert api.get("/opportunities?playbook=project-sales-8&playbook_version=2").json()["items"][0]["version"] == 2
    rows = api.get(f"/migrations/{ref}/deals").json()["items"]
    assert {row["state"] for row in rows} == {"MOVED"}
    assert api.post(f"/migrations/{ref}/revert").status_code == 202
    carry_out(ref, clock=timezone.now)
    assert (api.get(f"/migrations/{ref}").json()["state"], api.get("/migrations").json()["items"][0]["returned"]) == (
        "REVERTED",
        3,
    )


def test_the_api_refuses_what_cannot_be(boss, deals, target):
    api = ApiClient(create_token(username="boss", now=timezone.now()))
    one = [{"ref": deals[0].ref}]

    for body, status, field in (
        ({"deals": [], "playbook": "solution-5"}, 422, None),
        ({"deals": one, "playbook": "nowhere"}, 422, "playbook"),
        ({"deals": one, "playbook": "solution-5", "playbook_version": 7}, 422, "playbook_version"),
        ({"deals": [{"ref": "P-NONE"}], "playbook": "solution-5"}, 422, "deals"),
        ({"deals": [{"ref": deals[0].ref, "version": 99}], "playbook": "solution-5"}, 409, "deals"),
    ):
        answer = api.post("/migrations", body)
        assert answer.status_code == status, answer.content
        assert field is None or field in answer.json()["fields"]
    Opportunity.objects.filter(pk=deals[0].pk).update(outcome="LOST", closed_on=timezone.localdate())
    refused = api.post("/migrations", {"deals": one, "playbook": "solution-5"})
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_move")
    assert refused.json()["details"]["deals"] == {deals[0].ref: "CLOSED"}
    assert not MigrationRun.objects.exists()
