"""How an admission to a supplier register moves on, and what is never written into its fields."""

import re
from enum import StrEnum
from typing import Final


class Step(StrEnum):
    """How far an admission is."""

    PREPARING = "PREPARING"
    SUBMITTED = "SUBMITTED"
    ADMITTED = "ADMITTED"
    REJECTED = "REJECTED"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"


NEXT: Final[dict[str, tuple[Step, ...]]] = {
    Step.PREPARING: (Step.SUBMITTED, Step.ADMITTED, Step.REJECTED),
    Step.SUBMITTED: (Step.ADMITTED, Step.REJECTED, Step.PREPARING),
    Step.ADMITTED: (Step.SUSPENDED, Step.EXPIRED, Step.ADMITTED),
    Step.REJECTED: (Step.PREPARING, Step.SUBMITTED, Step.ADMITTED),
    Step.SUSPENDED: (Step.ADMITTED, Step.EXPIRED, Step.REJECTED),
    Step.EXPIRED: (Step.PREPARING, Step.SUBMITTED, Step.ADMITTED),
}
"""What may follow. ``ADMITTED`` after itself is a renewal: the customer confirmed it for further days."""

PASSWORD: Final = re.compile(r"密\s*码|口\s*令|pass\s*word|passwd|\bpwd\b|\bpw\s*[:=：]", re.IGNORECASE)


def names_password(text: str) -> bool:
    """Say whether a text seems to give a password away."""
    return PASSWORD.search(text) is not None
