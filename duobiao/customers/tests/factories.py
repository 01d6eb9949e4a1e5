"""People of three units, customers and contacts, made through the actions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.create_customer import create_customer
from duobiao.customers.models import Contact, Customer
from duobiao.identity.domain.tokens import new_token, token_digest
from duobiao.identity.models import ApiToken, Role, Unit, User
from duobiao.timeline.models import Entry

NOW = datetime(2026, 9, 14, 2, 0, tzinfo=UTC)
_numbers = count(1)

FULL_PROFILE: Mapping[str, Any] = {
    "scale": "NATIONAL",
    "industry_position": "LEADER",
    "profitability": "STEADY",
    "investment_trend": "EXPANDING",
    "credit_standing": "GOOD",
    "project_scale": "两条产线，约 2,000 万",
    "project_value": "产能翻一番",
    "project_importance": "TOP",
}
FULL_CONTACT: Mapping[str, Any] = {
    "position": "设备部部长",
    "duties": "设备选型与验收",
    "character": "谨慎",
    "interests": "羽毛球",
}


def unit(name: str = "", parent: Unit | None = None) -> Unit:
    """Make a unit."""
    return Unit.objects.create(name=name or f"部门{next(_numbers)}", parent=parent)


def person(role: Role = Role.SELLER, *, within: Unit | None = None, name: str = "", **changes: Any) -> User:
    """Make a person."""
    number = next(_numbers)
    return User.objects.create(
        username=f"person{number}", name=name or f"同事{number}", role=role, unit=within, **changes
    )


def customer(owner: User, name: str = "", **values: Any) -> Customer:
    """Make a customer of ``owner``."""
    return create_customer(
        name=name or f"客户{next(_numbers)}号", actor=owner, now=NOW, values=values, duplicate_confirmed=True
    )


def contact(of: Customer, name: str = "", **values: Any) -> Contact:
    """Make a contact of a customer."""
    return create_contact(customer=of, name=name or f"联系人{next(_numbers)}", actor=of.owner, now=NOW, values=values)


def everything() -> dict[str, Any]:
    """Return all rows of customers, contacts and the timeline, to show that nothing changed."""
    return {model.__name__: sorted(model.objects.values_list(), key=repr) for model in (Customer, Contact, Entry)}


def token(user: User) -> str:
    """Make a bearer token of a person."""
    text = new_token()
    ApiToken.objects.create(user=user, name="test", digest=token_digest(text), created_at=NOW)
    return text
