"""Mark tests that never touch a database: running them once, on SQLite, is enough."""

import pytest

DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_setup",
    "live_server",
    "served",
    "same_database",
    "empty_place",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark ``pure`` whatever asks neither for the database nor for a process that uses one."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") is None and not fixtures & DATABASE_FIXTURES:
            item.add_marker(pytest.mark.pure)
