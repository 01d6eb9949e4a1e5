"""Money as whole minor units (分, cents) with its ISO 4217 currency; never floating point."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO_DECIMAL_CURRENCIES = frozenset({"JPY", "KRW", "VND"})


def minor_units(currency: str) -> int:
    """Return how many minor units make one unit of ``currency``."""
    return 1 if currency in ZERO_DECIMAL_CURRENCIES else 100


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added or compared."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of money.

    Attributes:
        amount_minor: Whole minor units; 12,800,000.00 yuan is 1_280_000_000.
        currency: Three capital letters, ISO 4217.
    """

    amount_minor: int
    currency: str = "CNY"

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str = "CNY") -> "Money":
        """Build from an amount in whole units, rounded half up to the minor unit."""
        scaled = Decimal(amount) * minor_units(currency)
        return cls(int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP)), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in whole units."""
        return Decimal(self.amount_minor) / minor_units(self.currency)

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount_minor < other.amount_minor

    def percent(self, percent: int) -> "Money":
        """Return ``percent`` (0–100) of the amount, rounded half up to the minor unit."""
        share = Decimal(self.amount_minor) * percent / 100
        return Money(int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP)), self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
