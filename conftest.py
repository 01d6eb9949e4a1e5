"""Fixtures that every capability's tests share."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from tests.support import queries, template
from tests.support.api import ApiClient
from tests.support.network import no_network

pytest_plugins = [
    "tests.support.browser",
    "tests.support.processes",
    "tests.support.databases",
    "tests.support.emptying",
    "tests.support.leftovers",
    "tests.support.drills",
    "tests.support.halves",
    "tests.support.pure",
    "tests.support.served",
    "tests.support.order",
    "tests.support.collector",
]

hypothesis_settings.register_profile("dev", deadline=None, max_examples=50)
hypothesis_settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True)
hypothesis_settings.register_profile("drill", deadline=None, max_examples=2000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

MONDAY_10 = datetime(2026, 9, 14, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def now() -> datetime:
    """Monday 14 September 2026, 10:00 in Shanghai: the moment at which tests act."""
    return MONDAY_10


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with no_network():
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Give every process a database of its own, copied from one that was migrated once."""
    verbosity = request.config.option.verbose

    def migrate(keep: bool) -> list[object]:
        return setup_databases(verbosity, interactive=False, keepdb=keep)

    with django_db_blocker.unblock():
        made = template.make_database(migrate)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity)


@pytest.fixture(scope="session", autouse=True)
def _versions_of_playbooks_are_compiled_anew() -> Iterator[None]:
    """Forget compiled playbooks when a test adds a version: what another test took back may have had its id."""
    if not apps.is_installed("duobiao.opportunities"):
        yield
        return
    from django.db.models.signals import post_save

    from duobiao.opportunities.queries.stages import playbook_title, stage_shorts
    from duobiao.playbooks.models import PlaybookVersion
    from duobiao.playbooks.queries import compiled_playbook

    def forget(instance: PlaybookVersion, created: bool, **_: object) -> None:
        if created and not (instance.shipped and instance.version == 1):
            for cache in (compiled_playbook, playbook_title, stage_shorts):
                cache.cache_clear()

    post_save.connect(forget, sender=PlaybookVersion)
    yield
    post_save.disconnect(forget, sender=PlaybookVersion)


@pytest.fixture
def assert_flat_queries() -> Callable[..., int]:
    """Hold a page to the same number of queries for any number of rows."""
    return queries.assert_flat_queries


@pytest.fixture
def api() -> Callable[[str], ApiClient]:
    """Make an API client for a bearer token: ``api(token).get("/me")``."""
    return ApiClient
