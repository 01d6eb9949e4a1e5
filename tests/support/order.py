"""Begin with what takes long, so that the processes which share the tests end at about the same time."""

import pytest

OWN_PROCESSES = {"same_database", "empty_place"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move forward: the browser's group, the served installation's, drills, whole imports, and what starts
    processes of its own.

    Migrations fill no table that tests read, so nothing depends on coming before a test that empties the database.
    """
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    fixtures = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("browser"):
        return 0
    if "served" in fixtures:
        return 1
    return 2 if fixtures & OWN_PROCESSES or {"drill", "shared"} & {mark.name for mark in item.iter_markers()} else 3
