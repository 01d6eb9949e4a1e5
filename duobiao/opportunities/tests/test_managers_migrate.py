"""A manager writes the next version of a playbook and moves the deals of the own unit; others' deals stay."""

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.opportunities.actions.carry_out_migration import carry_out
from duobiao.opportunities.models import MigrationRun
from duobiao.opportunities.tests.factories import make_deal, make_unit, make_user
from duobiao.playbooks.models import PlaybookDraft, PlaybookVersion
from duobiao.timeline.models import Entry, Notification
from tests.support.api import ApiClient

pytestmark = pytest.mark.django_db
EIGHT = "project-sales-8"
RATES = [0, 6, 11, 26, 31, 51, 76, 91, 100]


@pytest.fixture
def east():
    return make_unit("华东")


@pytest.fixture
def manager(east):
    return make_user("zhou", role=Role.MANAGER, unit=east)


@pytest.fixture
def admin():
    return make_user("admin", role=Role.ADMINISTRATOR)


@pytest.fixture
def deal(east):
    return make_deal(make_user("lin", unit=east), now=timezone.now())


@pytest.fixture
def foreign():
    return make_deal(make_user("wu", unit=make_unit("华南")), now=timezone.now())


@pytest.fixture
def web(manager):
    client = Client(headers={"accept-language": "en"})
    client.force_login(manager)
    return client


def program(user):
    return ApiClient(create_token(username=user.username, now=timezone.now()))


def version_two(web):
    """Clone, change and publish on pages."""
    web.post(f"/playbooks/{EIGHT}/1/clone/", {"key": EIGHT})
    draft = f"/playbooks/drafts/{PlaybookDraft.objects.get().ref}/"
    web.post(f"{draft}rates/", {"version": 1, **{f"rate_{n}": rate for n, rate in enumerate(RATES)}})
    web.post(f"{draft}publish/", {"version": 2})
    return PlaybookVersion.objects.get(key=EIGHT, version=2)


def test_a_manager_clones_changes_publishes_previews_and_migrates(web, manager, admin, deal, foreign):
    target = version_two(web)
    told = Notification.objects.get(event="playbooks.playbook_published")
    audited = Entry.objects.get(event="playbooks.playbook_published")
    chosen = web.get(f"/pipeline/migrate/?playbook={EIGHT}&version=1").content.decode()
    sent = {"deals": f"{deal.ref}:{deal.version}", "target": target.ref}
    preview = web.post("/pipeline/migrate/preview/", sent)
    web.post("/pipeline/migrate/start/", sent)
    carry_out(MigrationRun.objects.get().ref, clock=timezone.now)

    assert (target.created_by, audited.actor, told.user) == (manager, manager, admin)
    assert told.url == f"/playbooks/{EIGHT}/2/"
    assert deal.ref in chosen
    assert foreign.ref not in chosen
    assert preview.status_code == 200
    deal.refresh_from_db()
    assert deal.playbook == target
    page = web.get(f"/migrations/{MigrationRun.objects.get().ref}/").content.decode()
    assert "Put all projects back" in page


def test_a_manager_does_not_move_deals_of_another_unit(web, manager, deal, foreign):
    version_two(web)
    api, body = program(manager), {"playbook": EIGHT, "playbook_version": 2}
    hidden = api.post("/migrations", {**body, "deals": [{"ref": foreign.ref}]})
    web.post("/pipeline/migrate/start/", {"deals": f"{foreign.ref}:{foreign.version}", "target": f"{EIGHT}/2"})

    assert (hidden.status_code, list(hidden.json()["fields"])) == (422, ["deals"])
    assert not MigrationRun.objects.exists()


def test_seeing_a_deal_is_not_the_right_to_move_it(manager, admin, deal, foreign, web):
    version_two(web)
    manager.role = Role.EXECUTIVE
    manager.save(update_fields=["role"])
    api, body = program(manager), {"playbook": EIGHT, "playbook_version": 2, "deals": [{"ref": deal.ref}]}

    assert api.get(f"/opportunities/{deal.ref}").status_code == 200
    assert api.post("/migrations", body).status_code == 403
    assert api.post("/migrations/preview", body).status_code == 403


def test_a_manager_takes_back_only_runs_of_deals_they_may_move(web, manager, admin, deal, foreign):
    version_two(web)
    body = {"playbook": EIGHT, "playbook_version": 2, "deals": [{"ref": deal.ref}, {"ref": foreign.ref}]}
    ref = program(admin).post("/migrations", body).json()["ref"]
    carry_out(ref, clock=timezone.now)

    refused = program(manager).post(f"/migrations/{ref}/revert")
    page = web.get(f"/migrations/{ref}/").content.decode()

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert "Put all projects back" not in page
    assert foreign.ref not in page
    assert program(admin).post(f"/migrations/{ref}/revert").status_code == 202


def test_a_manager_does_not_retire_versions(web, admin, deal):
    version_two(web)

    assert web.post(f"/playbooks/{EIGHT}/2/retire/").status_code == 403
    assert "/retire/" not in web.get(f"/playbooks/{EIGHT}/2/").content.decode()
    assert program(admin).post(f"/playbooks/{EIGHT}/2/retire").status_code == 200
