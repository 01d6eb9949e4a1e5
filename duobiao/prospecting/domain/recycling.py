"""When a lead goes back to its pool: after days without work, never without a warning before."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Due(StrEnum):
    """What is due on a lead today."""

    NOTHING = "NOTHING"
    WARN = "WARN"
    RECYCLE = "RECYCLE"


@dataclass(frozen=True, slots=True)
class Recycling:
    """The rule of one pool.

    Attributes:
        days: Days without work after which a lead goes back.
        warn_days: Days before that on which its owner is warned; 0 for no warning.
    """

    days: int
    warn_days: int

    def warns_on(self, touched_on: date) -> date:
        """Return the first day on which the owner is warned."""
        return touched_on + timedelta(days=self.days - self.warn_days)

    def recycles_on(self, touched_on: date, warned_on: date | None) -> date:
        """Return the day on which it goes back: never sooner after the warning than the warning promised."""
        due = touched_on + timedelta(days=self.days)
        if not self.warn_days:
            return due
        return max(due, (warned_on or self.warns_on(touched_on)) + timedelta(days=self.warn_days))

    def due(self, touched_on: date, warned_on: date | None, *, on: date) -> Due:
        """Say what is due on a day; ``warned_on`` is the day of a warning since it was last worked on."""
        if self.warn_days and warned_on is None:
            return Due.WARN if on >= self.warns_on(touched_on) else Due.NOTHING
        return Due.RECYCLE if on >= self.recycles_on(touched_on, warned_on) else Due.NOTHING
