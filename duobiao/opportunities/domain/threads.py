"""How a contact line stands: never opened, warm, or cold (F4: cold after N days without a contact)."""

from datetime import date, timedelta
from enum import StrEnum


class Line(StrEnum):
    """How a line to a department stands on a day."""

    NOBODY = "NOBODY"
    NEVER = "NEVER"
    WARM = "WARM"
    COLD = "COLD"


def judge_line(*, people: int, last_on: date | None, quiet_days: int, on: date) -> Line:
    """Judge one line.

    Args:
        people: How many people of the department are known.
        last_on: Day of the last contact; None: there was none.
        quiet_days: A line on which nothing happened for exactly so many days is still warm.
    """
    if last_on is not None:
        return Line.COLD if on - last_on > timedelta(days=quiet_days) else Line.WARM
    return Line.NEVER if people else Line.NOBODY
