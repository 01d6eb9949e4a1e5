"""People and files."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from duobiao.documents.actions.store_upload import store_upload
from duobiao.documents.models import Document
from duobiao.identity.models import Role, User

NOW = datetime(2026, 9, 14, 2, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
_numbers = count(1)


def person(role: Role = Role.SELLER, **changes: Any) -> User:
    """Make a person."""
    number = next(_numbers)
    return User.objects.create(username=f"clerk{number}", name=f"职员{number}", role=role, **changes)


def upload(actor: User, content: bytes = PDF, name: str = "合同.pdf") -> Document:
    """Upload a file."""
    return store_upload(name=name, chunks=[content], actor=actor, now=NOW)
