"""How alike two entries of rivals are: by any of the names each goes by, and by the web site."""

from dataclasses import dataclass

from duobiao.customers.domain.likeness import CompanySigns, company_keys, company_likeness
from duobiao.duplicates.domain.likeness import NOTHING, Likeness


@dataclass(frozen=True, slots=True)
class RivalSigns:
    """What is known of a rival.

    Attributes:
        names: Its own and every other it goes by.
        domain: Of its site, without ``www.``.
    """

    names: tuple[str, ...]
    domain: str = ""

    def companies(self) -> list[CompanySigns]:
        """Return it once under each of its names."""
        return [CompanySigns(name=name, domain=self.domain) for name in self.names]


def rival_likeness(one: RivalSigns, other: RivalSigns) -> Likeness:
    """Weigh each name of one against each of the other; the likest two count."""
    compared = (company_likeness(first, second) for first in one.companies() for second in other.companies())
    return max(compared, key=lambda likeness: likeness.score, default=NOTHING)


def rival_keys(signs: RivalSigns) -> frozenset[str]:
    """Return the keys by which likely duplicates of a rival are found."""
    return frozenset(key for company in signs.companies() for key in company_keys(company))
