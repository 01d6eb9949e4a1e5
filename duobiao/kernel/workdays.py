"""Working days in mainland China: weekends, public holidays and the make-up days that replace them."""

from datetime import date, timedelta

import chinese_calendar

FRIDAY = 4


def is_workday(day: date) -> bool:
    """Say whether people work on ``day``; a year whose holidays are not published counts Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() <= FRIDAY


def is_provisional(day: date) -> bool:
    """Say whether the holidays of that year are still unpublished, so that ``is_workday`` is a guess."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return True
    return False


def is_day_off(day: date) -> bool:
    """Say whether a public holiday falls on a day from Monday to Friday."""
    return day.weekday() <= FRIDAY and not is_workday(day)


def is_made_up(day: date) -> bool:
    """Say whether people work on a Saturday or Sunday in exchange for a day off."""
    return day.weekday() > FRIDAY and is_workday(day)


def add_workdays(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``; for 0 the day itself."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day
