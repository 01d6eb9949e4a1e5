"""Let the garbage collector of a test process look less often; see ``duobiao.config.memory``."""

import pytest

from duobiao.config.memory import collect_less_often


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: it need not be looked at again."""
    collect_less_often()
