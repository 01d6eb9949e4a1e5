"""Check what an entry says in the fields of its kind of sheet."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from duobiao.planning.actions.texts import Faults, checked_text
from duobiao.planning.domain.sheets import Definition, Field, Kind

LONGEST = 500


def checked_values(definition: Definition, values: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    """Return the values by key of their field; what is wrong goes into ``faults``."""
    for name in values:
        if definition.field_of(name) is None:
            known = ", ".join(field.key for field in definition.fields)
            faults[name] = _("This analysis has no such field. It has: %(names)s.") % {"names": known}
    found: dict[str, Any] = {}
    for field in definition.fields:
        value = _checked(field, values.get(field.key), faults)
        if value not in (None, ""):
            found[field.key] = value
        elif field.required and field.key not in faults:
            faults[field.key] = _missing(field)
    return found


def _checked(field: Field, value: Any, faults: Faults) -> Any:
    if value in (None, ""):
        return None
    if field.kind is Kind.SCALE:
        if isinstance(value, int) and not isinstance(value, bool) and field.lowest <= value <= field.highest:
            return value
        faults[field.key] = _missing(field)
        return None
    if not isinstance(value, str):
        faults[field.key] = _("Write text in quotation marks.")
        return None
    if field.kind is Kind.CHOICE:
        if field.choice_of(value) is None:
            faults[field.key] = _missing(field)
        return value
    return checked_text(field.key, value, longest=LONGEST, faults=faults)


def _missing(field: Field) -> str:
    if field.kind is Kind.SCALE:
        return _("Give a score from %(lowest)d to %(highest)d.") % {"lowest": field.lowest, "highest": field.highest}
    if field.kind is Kind.CHOICE:
        return _("Choose one of: %(names)s.") % {"names": ", ".join(choice.key for choice in field.choices)}
    return _("Write this down.")
