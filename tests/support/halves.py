"""Walks over everything, and costly drills, take half on each database, where both are tested in one run; together
they take all of it.

``scripts/check.py`` sets ``BOTH_DATABASES=1`` once it has found PostgreSQL. Without it, and in the drills at full
strength, a run takes everything.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest
from django.db import connection

Thing = TypeVar("Thing")


def is_halved() -> bool:
    """Say whether another run takes the other half."""
    return os.environ.get("BOTH_DATABASES") == "1" and os.environ.get("DRILL") != "full"


def our_half(everything: Sequence[Thing]) -> Sequence[Thing]:
    """Return what this database's run takes: every second thing, or all of them."""
    return everything[connection.vendor == "postgresql" :: 2] if is_halved() else everything


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the other half of the tests marked ``halved`` to the other database's run."""
    marked = sorted((item for item in items if item.get_closest_marker("halved")), key=lambda item: item.nodeid)
    ours = set(our_half(marked))
    theirs = [item for item in marked if item not in ours]
    if theirs:
        config.hook.pytest_deselected(items=theirs)
        items[:] = [item for item in items if item not in theirs]
