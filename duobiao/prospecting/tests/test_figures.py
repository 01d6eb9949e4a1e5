"""How long registrations are protected is the company's to set; what runs keeps its day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from duobiao.identity.commands import create_token
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.tests.factories import NOW, TODAY, make_user
from duobiao.prospecting.actions.register_project import (
    ExtensionLimit,
    extend_registration,
    let_expire,
    register_project,
)
from duobiao.prospecting.actions.set_figures import set_figures
from duobiao.prospecting.models import RegistrationFigures
from duobiao.prospecting.queries.figures import registration_figures
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
PAGE = "/registrations/figures/"
GIVEN = {"protected_days": "30", "extension_days": "15", "most_extensions": "1", "warn_days": "3", "version": "0"}


@pytest.fixture
def administrator():
    return make_user("admin", role="administrator")


@pytest.fixture
def seller():
    return make_user("linxiao")


def put(actor, version=0, **figures):
    return set_figures(figures=figures, version=version, actor=actor, now=NOW)


def register(actor, project="二期产线"):
    values = {"customer_name": "苏州恒力精密", "project": project}
    return register_project(values=values, actor=actor, now=NOW)


def test_what_is_registered_and_extended_afterwards_follows_the_figures(administrator, seller):
    before = register(seller, "旧项目")

    put(administrator, protected_days=30, extension_days=15, most_extensions=1, warn_days=3)
    after = register(seller, "新产线")

    before.refresh_from_db()
    assert before.protected_until == TODAY + timedelta(days=89)
    assert after.protected_until == TODAY + timedelta(days=29)
    after = extend_registration(registration=after, reason="客户推迟", actor=seller, now=NOW)
    assert after.protected_until == TODAY + timedelta(days=44)
    with pytest.raises(ExtensionLimit):
        extend_registration(registration=after, reason="再推迟", actor=seller, now=NOW)
    assert let_expire(on=TODAY + timedelta(days=40), now=NOW) == (0, 0)
    assert let_expire(on=TODAY + timedelta(days=41), now=NOW) == (1, 0)


def test_a_change_stands_in_the_audit_and_the_shipped_figures_come_back(administrator):
    held = put(administrator, warn_days=10)
    assert (held.figures.warn_days, held.figures.protected_days, held.version) == (10, 90, 1)

    held = set_figures(figures=None, version=1, actor=administrator, now=NOW)

    assert (held.figures.warn_days, held.version) == (7, 0)
    events = Entry.objects.filter(event="prospecting.registration_figures_changed")
    assert events.count() == 2


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("protected_days", {"protected_days": 0}),
        ("protected_days", {"protected_days": 731}),
        ("extension_days", {"extension_days": True}),
        ("most_extensions", {"most_extensions": -1}),
        ("warn_days", {"protected_days": 5, "warn_days": 5}),
        ("longest", {"longest": 3}),
    ],
)
def test_figures_that_make_no_sense_are_refused(administrator, name, figures):
    with pytest.raises(Invalid) as refused:
        put(administrator, **figures)

    assert list(refused.value.fields) == [name]
    assert registration_figures().version == 0
    assert not Entry.objects.exists()


def test_rights_and_versions_are_kept(administrator, seller):
    with pytest.raises(NotAllowed):
        put(seller, warn_days=1)
    with pytest.raises(NotAllowed):
        put(make_user("zhou", role="manager"), warn_days=1)
    put(administrator, warn_days=1)
    with pytest.raises(StaleVersion):
        put(administrator, warn_days=2)
    assert registration_figures().figures.warn_days == 1


def test_the_database_keeps_one_row_that_makes_sense():
    values = {"protected_days": 30, "extension_days": 1, "most_extensions": 1, "warn_days": 3}
    for change in ({"pk": 2}, {"warn_days": 30}, {"protected_days": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RegistrationFigures.objects.create(**{"pk": 1, **values, **change})


def test_the_page_sets_refuses_and_restores(client, administrator, seller):
    client.force_login(administrator)
    assert client.post(PAGE, {**GIVEN, "warn_days": "60"}).status_code == 422
    assert client.post(PAGE, GIVEN).status_code == 303
    assert 'value="30"' in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"version": "1", "restore": "1"}).status_code == 303
    assert registration_figures().version == 0
    client.force_login(seller)
    assert client.get(PAGE).status_code == 403


def test_by_api(api, administrator, seller):
    mine, theirs = (api(create_token(username=row.username, now=NOW)) for row in (administrator, seller))
    assert theirs.get("/registration-figures").json()["protected_days"] == 90
    assert theirs.put("/registration-figures", {"version": 0, "warn_days": 1}).status_code == 403
    assert mine.put("/registration-figures", {"version": 0, "warn_days": 1}).json()["version"] == 1
    assert mine.put("/registration-figures", {"version": 0, "warn_days": 2}).status_code == 409
    assert mine.put("/registration-figures", {"version": 1, "shipped": True}).json()["warn_days"] == 7
