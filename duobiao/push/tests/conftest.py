"""A stand-in for the chats, a mail server, and the people of the tests."""

import pytest
from django.core import mail as outgoing

from duobiao.identity.models import CompanySettings, Role, Unit
from duobiao.push.tests.factories import make_person
from duobiao.push.tests.stand_in import chat


@pytest.fixture
def server(settings):
    settings.PUSH_HOSTS = {"127.0.0.1"}
    with chat() as held:
        yield held


@pytest.fixture
def unit():
    return Unit.objects.create(name="华东")


@pytest.fixture
def admin():
    return make_person("admin", role=Role.ADMINISTRATOR)


@pytest.fixture
def seller(unit):
    return make_person("林晓", unit=unit, email="linxiao@example.com")


@pytest.fixture
def company(monkeypatch):
    monkeypatch.setattr(
        "duobiao.identity.mail.get_connection",
        lambda: outgoing.get_connection("django.core.mail.backends.locmem.EmailBackend"),
    )
    held = CompanySettings.load()
    held.mail_host = "mail.example.com"
    held.save()
    return held
