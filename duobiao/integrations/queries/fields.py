"""What a mapping may fill: the fields of each target with their types, read off the models."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.actions.keep_admissions import ADMISSION_FIELDS
from duobiao.customers.models import Admission, AdmissionState, Contact, Customer, CustomerProfile
from duobiao.engagement.actions.import_activities import CALL_COLUMNS, PLACE, VISIT_COLUMNS
from duobiao.engagement.models import Call, Visit
from duobiao.identity.models import Unit, User
from duobiao.integrations.domain.targets import Target
from duobiao.opportunities.models import DealTask, Opportunity, Outcome, Product
from duobiao.prospecting.actions.capture_lead import LEAD_FIELDS
from duobiao.prospecting.models import Lead

LANGUAGES = ("en", "zh-hans", "zh-hant")


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a target.

    Attributes:
        longest: Characters of a text, 0 for no limit.
        required: A new record needs it.
        refers: Target of a reference.
        choices: Stored value by every spelling that is understood, lower case.
        least, most: Range of a whole number.
    """

    name: str
    kind: Kind
    title: str | Promise
    longest: int = 0
    required: bool = False
    refers: Target | None = None
    choices: Mapping[str, Any] = field(default_factory=dict)
    least: int = 0
    most: int = 2**31 - 1


Fields = dict[str, FieldSpec]

TITLES: dict[Target, str | Promise] = {
    Target.UNITS: _("Units"),
    Target.USERS: pgettext_lazy("import", "People"),
    Target.CUSTOMERS: _("Customers"),
    Target.CONTACTS: _("Contacts"),
    Target.ADMISSIONS: _("Supplier admissions"),
    Target.PRODUCTS: _("Products"),
    Target.OPPORTUNITIES: _("Deals"),
    Target.LEADS: _("Leads"),
    Target.CALLS: pgettext_lazy("import", "Calls"),
    Target.VISITS: pgettext_lazy("import", "Visits"),
    Target.NOTES: pgettext_lazy("import", "Notes"),
    Target.TASKS: pgettext_lazy("import", "Tasks"),
}


def fields_of(target: Target) -> Fields:
    """Return the fields of a target by name."""
    return _all_fields()[target]


def link_fields(target: Target) -> list[str]:
    """Return the fields that refer to records of the same target; they are set in a second pass."""
    return [spec.name for spec in fields_of(target).values() if spec.refers == target]


@lru_cache(maxsize=1)
def _all_fields() -> dict[Target, Fields]:
    return {
        Target.UNITS: _units(),
        Target.USERS: _users(),
        Target.CUSTOMERS: _customers(),
        Target.CONTACTS: _contacts(),
        Target.ADMISSIONS: _admissions(),
        Target.PRODUCTS: _products(),
        Target.OPPORTUNITIES: _opportunities(),
        Target.LEADS: _leads(),
        Target.CALLS: _calls(),
        Target.VISITS: _visits(),
        Target.NOTES: _notes(),
        Target.TASKS: _tasks(),
    }


def _units() -> Fields:
    specs = _of_model(Unit, ["name"])
    specs["parent"] = FieldSpec("parent", Kind.REFERENCE, _("unit above"), refers=Target.UNITS)
    return _with_required(specs, "name")


def _users() -> Fields:
    specs = _of_model(User, ["name", "username", "email", "role", "is_active"])
    specs["unit"] = FieldSpec("unit", Kind.REFERENCE, _("unit"), refers=Target.UNITS)
    specs["coach"] = FieldSpec("coach", Kind.REFERENCE, _("coach or manager"), refers=Target.USERS)
    return _with_required(specs, "name")


def _customers() -> Fields:
    specs = _of_model(
        Customer,
        ["name", "short_name", "industry", "credit_code", "phone", "website", "region", "address", "notes"],
    )
    profile = [item.name for item in CustomerProfile._meta.fields if not item.primary_key]
    specs |= _of_model(CustomerProfile, [name for name in profile if not name.startswith("annual_revenue")])
    specs["annual_revenue"] = FieldSpec("annual_revenue", Kind.MONEY, _("annual revenue"))
    specs["parent"] = FieldSpec("parent", Kind.REFERENCE, _("subsidiary of"), refers=Target.CUSTOMERS)
    specs["owner"] = FieldSpec("owner", Kind.REFERENCE, _("owner"), refers=Target.USERS)
    return _with_required(specs, "name")


def _contacts() -> Fields:
    names = [
        item.name
        for item in Contact._meta.fields
        if item.name not in ("id", "ref", "customer", "relation_cells", "profile_items", "version")
        and not item.name.startswith(("external", "created", "touched", "trashed", "merged"))
    ]
    specs = _of_model(Contact, names)
    specs["customer"] = FieldSpec("customer", Kind.REFERENCE, _("customer"), refers=Target.CUSTOMERS)
    return _with_required(specs, "name", "customer")


def _admissions() -> Fields:
    specs = _of_model(Admission, [name for name in ADMISSION_FIELDS if name != "responsible"])
    specs |= {
        "customer": FieldSpec("customer", Kind.REFERENCE, _("customer"), refers=Target.CUSTOMERS),
        "responsible": FieldSpec("responsible", Kind.REFERENCE, _("who sees to it"), refers=Target.USERS),
        "state": FieldSpec("state", Kind.CHOICE, _("state"), choices=_spellings(AdmissionState)),
        "since_on": FieldSpec("since_on", Kind.DAY, _("in this state since")),
    }
    return _with_required(specs, "name", "customer")


def _products() -> Fields:
    specs = _of_model(Product, ["code", "name", "series", "is_active"])
    specs["list_price"] = FieldSpec("list_price", Kind.MONEY, _("list price"))
    return _with_required(specs, "name")


def _opportunities() -> Fields:
    specs = _of_model(
        Opportunity,
        ["name", "source", "description", "expected_close_on", "close_reason"],
    )
    outcomes = [Outcome.OPEN, Outcome.WON, Outcome.LOST, Outcome.GIVEN_UP]
    specs |= {
        "customer": FieldSpec("customer", Kind.REFERENCE, _("customer"), refers=Target.CUSTOMERS),
        "owner": FieldSpec("owner", Kind.REFERENCE, _("owner"), refers=Target.USERS),
        "created_by": FieldSpec("created_by", Kind.REFERENCE, _("opened by"), refers=Target.USERS),
        "product": FieldSpec("product", Kind.REFERENCE, _("product"), refers=Target.PRODUCTS),
        "amount": FieldSpec("amount", Kind.MONEY, _("amount")),
        "outcome": FieldSpec("outcome", Kind.CHOICE, _("outcome"), choices=_spellings(outcomes)),
        "closed_on": FieldSpec("closed_on", Kind.DAY, _("closed on")),
        "opened_on": FieldSpec("opened_on", Kind.DAY, _("opened on")),
        "claimed_label": FieldSpec("claimed_label", Kind.TEXT, _("stage in the source's words"), longest=60),
        "claimed_stage": FieldSpec("claimed_stage", Kind.WHOLE, _("stage claimed by the source"), most=8),
    }
    return _with_required(specs, "name", "customer")


def _leads() -> Fields:
    specs = _of_model(Lead, [name for name in LEAD_FIELDS if name != "campaign"])
    specs |= {
        "owner": FieldSpec("owner", Kind.REFERENCE, _("owner"), refers=Target.USERS),
        "pool": FieldSpec("pool", Kind.TEXT, _("name of the pool"), longest=80),
        "campaign": FieldSpec("campaign", Kind.TEXT, _("name of the campaign"), longest=120),
        "entered_on": FieldSpec("entered_on", Kind.DAY, _("entered on")),
    }
    return _with_required(specs, "company")


def _calls() -> Fields:
    specs = _concerns("opportunity", "contact", "author")
    specs["started_at"] = FieldSpec("started_at", Kind.MOMENT, _("began"))
    specs |= _of_model(Call, CALL_COLUMNS)
    return _with_required(specs, "contact", "started_at")


def _visits() -> Fields:
    specs = _concerns("customer", "opportunity", "contact", "author")
    specs |= _of_model(Visit, ("held_on", *PLACE, *VISIT_COLUMNS))
    return _with_required(specs, "customer", "held_on")


def _notes() -> Fields:
    specs = _concerns("customer", "opportunity", "author")
    specs["noted_at"] = FieldSpec("noted_at", Kind.MOMENT, _("noted at"))
    specs["body"] = FieldSpec("body", Kind.TEXT, _("words of the note"), longest=4000)
    return _with_required(specs, "noted_at", "body")


def _tasks() -> Fields:
    specs = _concerns("opportunity", "author")
    specs |= _of_model(DealTask, ("title", "due_on", "result"))
    specs["added_on"] = FieldSpec("added_on", Kind.MOMENT, _("put on"))
    specs["done_on"] = FieldSpec("done_on", Kind.MOMENT, _("done on"))
    return _with_required(specs, "opportunity", "title", "due_on")


def _concerns(*names: str) -> Fields:
    """Return the records an activity belongs to."""
    known = {
        "customer": FieldSpec("customer", Kind.REFERENCE, _("customer"), refers=Target.CUSTOMERS),
        "opportunity": FieldSpec("opportunity", Kind.REFERENCE, _("project"), refers=Target.OPPORTUNITIES),
        "contact": FieldSpec("contact", Kind.REFERENCE, _("contact"), refers=Target.CONTACTS),
        "author": FieldSpec("author", Kind.REFERENCE, _("author"), refers=Target.USERS),
    }
    return {name: known[name] for name in names}


def _of_model(model: type[models.Model], names: Iterable[str]) -> Fields:
    return {name: _of_field(model, name) for name in names}


def _of_field(model: type[models.Model], name: str) -> FieldSpec:
    item: Any = model._meta.get_field(name)
    title = format_lazy("{}", item.verbose_name)
    if item.choices:
        return FieldSpec(name, Kind.CHOICE, title, choices=_spellings_of(item.choices))
    if isinstance(item, models.DateTimeField):
        return FieldSpec(name, Kind.MOMENT, title)
    if isinstance(item, models.BooleanField):
        return FieldSpec(name, Kind.YES_NO, title)
    if isinstance(item, models.DateField):
        return FieldSpec(name, Kind.DAY, title)
    if isinstance(item, models.DecimalField):
        return FieldSpec(name, Kind.NUMBER, title)
    if isinstance(item, models.IntegerField):
        small = isinstance(item, models.PositiveSmallIntegerField)
        return FieldSpec(name, Kind.WHOLE, title, most=32_767 if small else 2**31 - 1)
    return FieldSpec(name, Kind.TEXT, title, longest=item.max_length or 0)


def _with_required(specs: Fields, *names: str) -> Fields:
    for name in names:
        held = specs[name]
        specs[name] = FieldSpec(
            held.name, held.kind, held.title, longest=held.longest, required=True, refers=held.refers
        )
    return dict(sorted(specs.items(), key=lambda pair: not pair[1].required))


def _spellings(values: Iterable[Any]) -> dict[str, Any]:
    return _spellings_of((value, value.label) for value in values)


def _spellings_of(pairs: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """Understand a choice by its stored value and by its label in every language."""
    found: dict[str, Any] = {}
    for value, label in pairs:
        found[str(value).casefold()] = value
        for language in LANGUAGES:
            with translation.override(language):
                found.setdefault(str(label).casefold(), value)
    return found
