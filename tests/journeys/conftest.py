"""Who works in the journeys, and the screens they sit at."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from duobiao.identity.models import Role
from duobiao.identity.tests.factories import make_unit, make_user
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from tests.journeys.desk import Desk
from tests.support.browser import PHONE


@pytest.fixture
def people(transactional_db: None) -> SimpleNamespace:
    """A seller and a colleague in 华东一部, their manager, and the administrator; the playbook is shipped."""
    ship_playbooks(now=timezone.now())
    company = make_unit("长风自动化")
    east = make_unit("华东", company)
    team = make_unit("华东一部", east)
    return SimpleNamespace(
        company=company,
        east=east,
        team=team,
        seller=make_user(Role.SELLER, username="lin", name="林晓", unit=team),
        colleague=make_user(Role.SELLER, username="xu", name="许文博", unit=team),
        manager=make_user(Role.MANAGER, username="chen", name="陈立", unit=east),
        administrator=make_user(Role.ADMINISTRATOR, username="admin", name="管理员", unit=company),
    )


@pytest.fixture
def sit(
    browser_context: Callable[..., BrowserContext],
    sign_in: Callable[[Page, Any], None],
    assert_accessible: Callable[[Page], None],
    request: pytest.FixtureRequest,
) -> Callable[..., Desk]:
    """Seat somebody at a screen: ``sit(seller)``, ``sit(seller, phone=True)``, ``sit(None)`` for a stranger."""

    def seated(user: Any = None, *, phone: bool = False, name: str = "", **options: Any) -> Desk:
        if phone:
            options = {"viewport": PHONE, "has_touch": True, "is_mobile": True, **options}
        page = browser_context(**options).new_page()
        if user is not None:
            sign_in(page, user)
        return Desk(page, name=name or request.node.name.removeprefix("test_"), assert_accessible=assert_accessible)

    return seated
