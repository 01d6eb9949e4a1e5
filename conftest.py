"""Fixtures that every capability's tests share."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from tests.support import queries
from tests.support.api import ApiClient
from tests.support.network import no_network

pytest_plugins = [
    "tests.support.browser",
    "tests.support.processes",
    "tests.support.databases",
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


@pytest.fixture(scope="session", autouse=True)
def _append_only_tables_can_be_flushed() -> Iterator[None]:
    """Lift the append-only triggers while a transactional test empties its database."""
    flush = TransactionTestCase._fixture_teardown

    def flush_with_triggers_lifted(self: TransactionTestCase) -> None:
        with _triggers_lifted():
            flush(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_with_triggers_lifted)
        yield


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


def _triggers_lifted() -> AbstractContextManager[None]:
    if not apps.is_installed("duobiao.timeline"):
        return nullcontext()
    from duobiao.timeline.triggers import lifted

    return lifted()


@pytest.fixture
def assert_flat_queries() -> Callable[..., int]:
    """Hold a page to the same number of queries for any number of rows."""
    return queries.assert_flat_queries


@pytest.fixture
def api() -> Callable[[str], ApiClient]:
    """Make an API client for a bearer token: ``api(token).get("/me")``."""
    return ApiClient
