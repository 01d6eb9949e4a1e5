"""The figures of registrations in force: as shipped, or the company's own."""

from dataclasses import dataclass, fields

from duobiao.prospecting.domain.protection import SHIPPED, Figures
from duobiao.prospecting.models import RegistrationFigures

NAMES = tuple(field.name for field in fields(Figures))


@dataclass(frozen=True, slots=True)
class InForce:
    """The figures, and the version a change has to name; 0 while the shipped ones are in force."""

    figures: Figures
    version: int


def registration_figures() -> InForce:
    """Return the figures in force; one query."""
    own = RegistrationFigures.objects.filter(pk=1).first()
    if own is None:
        return InForce(SHIPPED, 0)
    return InForce(Figures(**{name: getattr(own, name) for name in NAMES}), own.version)
