"""The facts of two records side by side, as people read them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from duobiao.duplicates.registry import Choice


def facts_side_by_side(first: models.Model, second: models.Model, names: Iterable[str]) -> list[Choice]:
    """Return those facts that at least one of the two knows."""
    rows = [_choice(first, second, name) for name in names]
    return [row for row in rows if row.first or row.second]


def _choice(first: models.Model, second: models.Model, name: str) -> Choice:
    field: Any = first._meta.get_field(name)
    label = str(field.verbose_name)
    return Choice(name, label[:1].upper() + label[1:], _shown(first, field), _shown(second, field))


def _shown(record: models.Model, field: Any) -> str:
    value = getattr(record, field.name)
    if value in (None, "", [], "UNKNOWN"):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    words = dict(field.flatchoices).get(value) if field.flatchoices else None
    return str(words if words is not None else value)


def is_gap(value: Any) -> bool:
    """Say whether a record does not know this fact, so that the other one fills it."""
    return value in (None, "", [], "UNKNOWN")


def fill_gaps(keeper: models.Model, other: models.Model, names: Iterable[str], *, take: frozenset[str]) -> list[str]:
    """Give the keeper the other's facts where it has none, and those that were chosen; return their names."""
    changed = []
    for name in names:
        value = getattr(other, name)
        if is_gap(value) or value == getattr(keeper, name):
            continue
        if name in take or is_gap(getattr(keeper, name)):
            setattr(keeper, name, value)
            changed.append(name)
    return changed
