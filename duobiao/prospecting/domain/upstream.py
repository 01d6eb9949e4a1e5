"""How the registration of our project with a manufacturer (原厂报备) moves on."""

from enum import StrEnum
from typing import Final


class UpstreamStep(StrEnum):
    """How far a registration with a manufacturer is."""

    PREPARING = "PREPARING"
    SUBMITTED = "SUBMITTED"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


NEXT: Final[dict[str, tuple[UpstreamStep, ...]]] = {
    UpstreamStep.PREPARING: (UpstreamStep.SUBMITTED, UpstreamStep.GRANTED, UpstreamStep.WITHDRAWN),
    UpstreamStep.SUBMITTED: (UpstreamStep.GRANTED, UpstreamStep.REFUSED, UpstreamStep.WITHDRAWN),
    UpstreamStep.GRANTED: (UpstreamStep.GRANTED, UpstreamStep.EXPIRED, UpstreamStep.WITHDRAWN),
    UpstreamStep.REFUSED: (UpstreamStep.SUBMITTED, UpstreamStep.GRANTED),
    UpstreamStep.WITHDRAWN: (UpstreamStep.SUBMITTED,),
    UpstreamStep.EXPIRED: (UpstreamStep.SUBMITTED, UpstreamStep.GRANTED),
}
"""What may follow. ``GRANTED`` after itself extends the protection."""

LIVE: Final = (UpstreamStep.PREPARING, UpstreamStep.SUBMITTED, UpstreamStep.GRANTED)
"""States in which two of our deals with one manufacturer for one customer get in each other's way."""
