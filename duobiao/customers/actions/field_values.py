"""Set typed values on a record: cleaned by its model fields, with one reason per wrong field."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from duobiao.customers.domain.texts import NulCharacter, clean_line, clean_text
from duobiao.kernel.refusals import Invalid, StaleVersion

Changes = dict[str, tuple[Any, Any]]
"""Value before and after, by field name."""


def set_values(
    record: models.Model,
    values: Mapping[str, Any],
    *,
    allowed: Iterable[str],
    rules: Mapping[str, Callable[[Any], Any]] | None = None,
) -> Changes:
    """Set those of ``values`` that differ; nothing is saved.

    Args:
        allowed: Names that may be set; others are refused.
        rules: Further cleaning by field name; raises ``ValueError`` with its reason.

    Raises:
        Invalid: some values cannot be accepted; ``fields`` has a reason for each.
    """
    faults: dict[str, object] = {}
    cleaned: dict[str, Any] = {}
    permitted = set(allowed)
    for name, value in values.items():
        try:
            if name not in permitted:
                raise ValueError(_("This field cannot be set."))
            cleaned[name] = _cleaned(record, name, value, (rules or {}).get(name))
        except NulCharacter:
            faults[name] = _("Null characters are not allowed.")
        except ValidationError as error:
            faults[name] = " ".join(error.messages)
        except ValueError as error:
            faults[name] = str(error)
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    changes = {
        name: (getattr(record, name), value) for name, value in cleaned.items() if getattr(record, name) != value
    }
    for name, (_before, after) in changes.items():
        setattr(record, name, after)
    return changes


def checked_line(name: str, text: str, longest: int) -> str:
    """Return one line as ``clean_line`` leaves it.

    Raises:
        Invalid: it holds a null character, or is longer than ``longest``.
    """
    try:
        cleaned = clean_line(text)
    except NulCharacter:
        message = _("Null characters are not allowed.")
        raise Invalid(message, fields={name: message}) from None
    if len(cleaned) > longest:
        raise Invalid(_too_long(cleaned, longest), fields={name: _too_long(cleaned, longest)})
    return cleaned


def json_changes(changes: Changes) -> dict[str, list[Any]]:
    """Return changes as the audit entry and the API hold them."""
    return {name: [json_value(before), json_value(after)] for name, (before, after) in changes.items()}


def json_value(value: Any) -> Any:
    """Return a JSON value for a field value: references for records, text for what JSON lacks."""
    if isinstance(value, models.Model):
        return getattr(value, "ref", str(value))
    return value if value is None or isinstance(value, str | int | float | bool | list) else str(value)


def stale(current: Mapping[str, Any], *, version: int) -> StaleVersion:
    """Build the refusal for a write that names an old version.

    Args:
        current: The present values of the fields the actor wanted to write.
        version: The present version.
    """
    return StaleVersion(
        _("Somebody changed this record since you opened it. Compare and choose which values to keep."),
        details={"current": {name: json_value(value) for name, value in current.items()}, "version": version},
    )


def _cleaned(record: models.Model, name: str, value: Any, rule: Callable[[Any], Any] | None) -> Any:
    field: Any = record._meta.get_field(name)
    if isinstance(value, str):
        value = clean_text(value) if isinstance(field, models.TextField) else clean_line(value)
        value = None if value == "" and field.null else value
    if value is None and not field.null:
        value = ""
    if isinstance(field, models.ForeignKey):
        return rule(value) if rule else value
    value = rule(value) if rule else value
    _check_length(field, value)
    return field.clean(value, record)


def _check_length(field: Any, value: Any) -> None:
    longest = getattr(field, "max_length", None)
    if longest and isinstance(value, str) and len(value) > longest:
        raise ValueError(_too_long(value, longest))


def _too_long(text: str, longest: int) -> str:
    return _("At most %(longest)d characters; this text has %(length)d.") % {"longest": longest, "length": len(text)}
