"""Read everything that hangs on two records, of whatever capability, row by row."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import models

from duobiao.duplicates.domain.changes import Row, Table
from duobiao.duplicates.registry import further_of

BY_REFERENCE: Final = ("subject", "source")
"""Columns ``X_kind`` and ``X_ref`` by which rows of other capabilities hang on a record."""

NEVER_MOVED: Final = frozenset(("timeline", "search", "duplicates", "approvals"))
"""Apps whose rows stay: audit entries keep what was, the index is written anew, requests are withdrawn by actions."""


def relations_to(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Yield each foreign key to a model, those of many-to-many tables and those without a way back among them."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.related_model is not None:
            related: Any = relation.related_model
            yield related, relation.field.name


def surroundings(model: type[models.Model], records: Sequence[Any]) -> Table:
    """Return the records themselves and all rows that hang on them, as JSON values."""
    keys, refs = [record.pk for record in records], [record.ref for record in records]
    table: Table = {}
    _add(table, model._base_manager.filter(pk__in=keys))
    for related, name in [*relations_to(model), *further_of(model)]:
        _add(table, related._base_manager.filter(**{f"{name}__in": keys}))
    for related in _by_reference():
        for prefix in BY_REFERENCE:
            if _has(related, f"{prefix}_ref"):
                found = {f"{prefix}_kind": records[0].kind, f"{prefix}_ref__in": refs}
                _add(table, related._base_manager.filter(**found))
    return table


def row_of(record: models.Model) -> Row:
    """Return all columns of a row as JSON values."""
    return {field.attname: _plain(field.value_from_object(record)) for field in record._meta.concrete_fields}


def _by_reference() -> Iterable[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        is_moved = model._meta.app_label not in NEVER_MOVED or model._meta.model_name == "comment"
        if is_moved and any(_has(model, f"{prefix}_ref") for prefix in BY_REFERENCE):
            yield model


def _has(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


def _add(table: Table, rows: models.QuerySet[Any]) -> None:
    label = rows.model._meta.label
    for record in rows:
        table[(label, record.pk)] = row_of(record)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value
