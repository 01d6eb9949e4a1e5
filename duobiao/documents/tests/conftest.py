"""Every test of documents has its own place for files and one kind of record to hang them on."""

from types import SimpleNamespace

import pytest

from duobiao.timeline import registry
from duobiao.timeline.registry import Subject


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """Give the test its own folder of files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def shelf(monkeypatch):
    """Let records of kind ``shelf`` be seen by the users put into the returned set."""
    readers = set()
    subject = Subject(
        find=lambda user, ref: SimpleNamespace(ref=ref) if user.pk in readers else None,
        url=lambda ref: f"/shelves/{ref}/",
        label=lambda record: record.ref,
        chain=lambda record: record.ref,
    )
    monkeypatch.setitem(registry._subjects, "shelf", subject)
    return readers
