"""Write the columns of a record only if nobody changed it since the actor read it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from duobiao.kernel.refusals import Invalid, StaleVersion


def write(row: Any, values: Mapping[str, Any], *, version: int) -> None:
    """Compare and swap: store ``values`` and count the version up, in the row and in the instance.

    Raises:
        StaleVersion: the stored version is not ``version``; ``details["current"]`` holds the present values.
    """
    rows = row._meta.model._default_manager.filter(pk=row.pk)
    if not rows.filter(version=version).update(version=version + 1, **values):
        current = rows.values("version", *values).first() or {}
        raise StaleVersion(
            _("Somebody else changed this meanwhile. Look at it again before you save."),
            details={"current": {name: str(value) if value is not None else None for name, value in current.items()}},
        )
    for name, value in values.items():
        setattr(row, name, value)
    row.version = version + 1


def check(row: Model, *, only: list[str]) -> None:
    """Run the model's own checks of some fields.

    Raises:
        Invalid: with the reason per field.
    """
    everything = [field.name for field in row._meta.fields]
    try:
        row.clean_fields(exclude=[name for name in everything if name not in only])
    except ValidationError as error:
        fields = {name: " ".join(reasons) for name, reasons in error.message_dict.items()}
        raise Invalid(" ".join(fields.values()), fields=fields) from error


def changes(row: Model, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what ``values`` would change, worded for the audit: ``{field: [before, after]}``."""
    found = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            found[name] = ["" if before is None else str(before), "" if value is None else str(value)]
    return found
