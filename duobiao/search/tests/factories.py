"""Records to be found, owned by people of two units."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

from duobiao.identity.models import Role, Unit, User
from duobiao.search import registry
from duobiao.search.domain.findable import Findable
from duobiao.search.registry import SearchKind

NOW = datetime(2026, 9, 14, 2, 0, tzinfo=UTC)
_numbers = count(1)


def person(role: Role = Role.SELLER, *, unit: Unit | None = None, active: bool = True) -> User:
    """Make a person."""
    number = next(_numbers)
    return User.objects.create(
        username=f"finder{number}", name=f"查找人{number}", role=role, unit=unit, is_active=active
    )


def unit(name: str, parent: Unit | None = None) -> Unit:
    """Make a unit."""
    return Unit.objects.create(name=name, parent=parent)


def findable(title: str, owner: User, **changes: object) -> Findable:
    """Make a customer-like record."""
    number = next(_numbers)
    values = {
        "kind": "paper",
        "ref": f"X-{number}",
        "title": title,
        "url": f"/papers/{number}",
        "owner_id": owner.pk,
        "touched_at": NOW,
    }
    return Findable(**{**values, **changes})


@contextmanager
def only_papers() -> Iterator[None]:
    """Make papers and letters the only findable kinds; both follow the scope of ``customers.view``."""
    before = dict(registry._kinds)
    registry._kinds.clear()
    for order, kind in enumerate(("paper", "letter")):
        registry.register_kind(
            SearchKind(kind=kind, title=kind, icon="file", verb="customers.view", order=order, records=list)
        )
    try:
        yield
    finally:
        registry._kinds.clear()
        registry._kinds.update(before)
