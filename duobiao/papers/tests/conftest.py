"""An administrator, and a folder of files for each test."""

import pytest

from duobiao.identity.models import Role, User


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def admin(db):
    return User.objects.create(username="boss", name="管理员", role=Role.ADMINISTRATOR)


@pytest.fixture
def seller(db):
    return User.objects.create(username="linxiao", name="林晓", role=Role.SELLER)
