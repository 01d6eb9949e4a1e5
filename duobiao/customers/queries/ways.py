"""How tables lead to a person and to a customer, read off the foreign keys: what a capability adds is found by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.apps import apps
from django.db.models import Field, ForeignKey, JSONField, ManyToManyField, Model

from duobiao.customers.models import Contact, Customer
from duobiao.web.tables import reason_left_out, table_of

DEEPEST: Final = 3
"""Foreign keys between a row and its customer."""

KINDS_OF_TEXT: Final = ("CharField", "TextField", "EmailField", "JSONField")
NO_TEXT: Final = ("_ref", "_kind", "_source", "_currency")
PLAIN: Final = frozenset({"chain", "event", "field", "key", "kind", "rule", "code", "cause", "currency", "media_type"})
OF_ONE_PERSON: Final = ("contact_name", "position", "mobile", "phone", "email")
"""Columns that say who somebody is, in tables that are not the contacts."""

CONFIGURATION: Final = "settings"
SEALED: Final = (
    "timeline.Entry",
    "timeline.EntryDetail",
    "timeline.ChainHead",
    "timeline.Anchor",
    "timeline.AnchoredHead",
)
NOT_OURS_TO_READ: Final = ("identity.User", "identity.Unit", "identity.ApiToken", "opportunities.Product")
LONE: Final = frozenset(
    {
        "customers.Contact",
        "search.SearchDocument",
        "search.SearchAccess",
        "duplicates.MergeMemory",
        *SEALED,
        *NOT_OURS_TO_READ,
    }
)
"""Tables with rules of their own, and those about our own people and goods."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How one table is searched for a person.

    Attributes:
        person: Columns that name a contact.
        customer: Paths to the customer.
        subject: Paths to a column that holds the reference of the record a row hangs on.
        texts: Columns with words.
    """

    model: type[Model]
    person: tuple[str, ...]
    customer: tuple[str, ...]
    subject: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def is_loose(self) -> bool:
        """Whether nothing but its words leads to anybody."""
        return not (self.person or self.customer or self.subject)

    @property
    def names_one_person(self) -> bool:
        """Whether its rows say who somebody is in columns of their own."""
        return "contact_name" in self.texts


@lru_cache(maxsize=1)
def all_ways() -> tuple[Ways, ...]:
    """Return every table that may say something about a person, in the order of the capabilities."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("duobiao.")]
    found = [_ways_of(model) for model in ours if model._meta.label not in LONE and not _is_configuration(model)]
    return tuple(ways for ways in found if ways.person or ways.texts)


def text_columns(model: type[Model]) -> tuple[str, ...]:
    """Return the columns of a table in which people write."""
    return tuple(field.name for field in model._meta.concrete_fields if _holds_words(field))


def _is_configuration(model: type[Model]) -> bool:
    if model._meta.app_label == "playbooks":
        return True
    return table_of(model) is None and reason_left_out(model).startswith(CONFIGURATION)


def _holds_words(field: Field[Any, Any]) -> bool:
    if field.get_internal_type() not in KINDS_OF_TEXT or field.choices or field.unique or field.primary_key:
        return False
    return field.name not in PLAIN and not field.name.endswith(NO_TEXT)


def _ways_of(model: type[Model]) -> Ways:
    links = [*model._meta.concrete_fields, *model._meta.many_to_many]
    person = tuple(field.name for field in links if field.related_model is Contact)
    customer = ("pk",) if model is Customer else tuple(_paths(model, Customer))
    subject = ("attachments__subject_ref",) if model._meta.label == "documents.Document" else tuple(_subjects(model))
    return Ways(model, person, customer, subject, text_columns(model))


def _paths(model: type[Model], target: type[Model], depth: int = DEEPEST) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        related: Any = field.related_model
        if not isinstance(field, ForeignKey) or related is model:
            continue
        if related is target:
            yield field.name
        elif depth and related.__module__.startswith("duobiao."):
            yield from (f"{field.name}__{rest}" for rest in _paths(related, target, depth - 1))


def _subjects(model: type[Model], depth: int = 1) -> Iterator[str]:
    names = {field.name for field in model._meta.concrete_fields}
    if "subject_ref" in names:
        yield "subject_ref"
    for field in model._meta.concrete_fields:
        related: Any = field.related_model
        if depth and isinstance(field, ForeignKey) and related is not model and related._meta.label not in SEALED:
            yield from (f"{field.name}__{rest}" for rest in _subjects(related, depth - 1))


def is_json(field: Field[Any, Any] | ManyToManyField[Any, Any]) -> bool:
    """Say whether a column holds JSON."""
    return isinstance(field, JSONField)
