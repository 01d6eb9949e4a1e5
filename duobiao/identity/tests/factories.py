"""People, units and tokens for tests, as plain functions."""

from datetime import datetime
from itertools import count
from typing import Any

from duobiao.identity.actions.create_token import create_token
from duobiao.identity.models import Role, Unit, User

_numbers = count(1)
PASSWORD = "correct-horse-9"


def make_unit(name: str = "", parent: Unit | None = None) -> Unit:
    """Make a unit; the name counts up unless given."""
    return Unit.objects.create(name=name or f"部门{next(_numbers)}", parent=parent)


def make_user(role: str = Role.SELLER, **fields: Any) -> User:
    """Make a person who can sign in with ``PASSWORD``; names count up unless given."""
    number = next(_numbers)
    fields.setdefault("username", f"user{number}")
    fields.setdefault("name", f"员工{number}")
    return User.objects.create_user(password=PASSWORD, role=role, **fields)


def make_administrator(**fields: Any) -> User:
    """Make an administrator."""
    return make_user(Role.ADMINISTRATOR, **fields)


def make_token(user: User, now: datetime, **fields: Any) -> str:
    """Make a token and return its text."""
    return create_token(name=fields.pop("name", "test"), actor=user, now=now, **fields).text
