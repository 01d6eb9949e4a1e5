"""A world with a record of every kind, every text in it replaced, and every page that shows some of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from duobiao.identity.models import Role
from duobiao.identity.tests.factories import make_unit, make_user
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.models import Comment, EntryDetail
from tests.support import routes
from tests.support.routes import Route, World

PRIVATE_APPS = (
    "customers",
    "opportunities",
    "prospecting",
    "stakeholders",
    "planning",
    "strategy",
    "competition",
    "reviews",
    "engagement",
    "needs",
    "documents",
)
COMPANY_WIDE = (
    "Product",
    "RiskFigures",
    "Campaign",
    "AgendaItem",
    "Pool",
    "PoolMember",
    "WebForm",
    "Industry",
    "Rival",
    "RivalName",
    "CardStatement",
    "Manufacturer",
)
"""Models of these whose rows everybody may know of."""
CODES = frozenset(
    [
        "ref",
        "username",
        "password",
        "digest",
        "sha256",
        "fingerprint",
        "key",
        "rule",
        "code",
        "item",
        "definition",
        "section",
        "pair",
        "evidence_kind",
        "evidence_ref",
        "chain",
        "event",
        "cause",
        "cause_ref",
        "currency",
        "time_zone",
        "language",
        "token",
        "normal_name",
        "kind",
        "subject_kind",
        "subject_ref",
        "source_kind",
        "source_ref",
        "document_ref",
        "external_id",
        "external_source",
        "salt",
        "previous",
        "stage",
        "state",
        "layout",
        "media_type",
        "role",
        "verb",
        "scope",
        "zone",
        "number",
        "credit_code",
        "phone_normal",
        "search_text",
    ]
)
"""Columns that hold codes of ours, not what people wrote."""


@dataclass
class Everything:
    """What was made, and how to reach it.

    Attributes:
        parts: Parts of the address by sample.
    """

    world: World
    parts: dict[str, dict[str, str]] = field(default_factory=dict)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield name and filled address of every page that stands in the matrix."""
        rules = routes.matrix()["pages"]
        for route in routes.pages():
            rule = rules.get(route.name)
            if rule is not None and not route.name.startswith(("api:", "web:readyz")):
                yield route.name, filled(route, self.parts[rule.sample] if rule.sample else {})

    def readings(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Yield name, address and query of every reading operation of the API that stands in the matrix."""
        rules = routes.matrix()["api"]
        for route in routes.operations():
            rule = rules.get(route.name)
            if rule is not None and route.method == "get":
                parts = self.parts[rule.sample] if rule.sample else {}
                query = {name: value for name, value in parts.items() if name not in route.parameters}
                yield route.name, filled(route, parts), query


def filled(route: Route, parts: dict[str, str]) -> str:
    """Put the parts of an address where they belong, also in ``re_path`` groups."""
    if "(?P<" in route.path:
        return route.path.replace("(?P<uidb36>[0-9A-Za-z]+)", parts["uidb36"]).replace("(?P<key>.+)", parts["key"])
    return routes.PARAMETER.sub(lambda match: parts[next(filter(None, match.groups()))], route.path)


def people(now: datetime) -> World:
    """Make one person of each role in 华东, an owner in 一部 below it, and a stranger in 华北."""
    company = make_unit("公司")
    east, north = make_unit("华东", company), make_unit("华北", company)
    actors = {role: make_user(role, username=f"the-{role}", unit=east) for role in Role.values}
    owner = make_user(Role.SELLER, username="owner", unit=make_unit("一部", east), coach=actors[Role.COACH])
    actors |= {"owner": owner, "stranger": make_user(Role.SELLER, username="stranger", unit=north)}
    return World(owner=owner, actors=actors, now=now)


def everything(world: World) -> Everything:
    """Make the record of every sample, all of the owner, with a comment on each record that takes one."""
    made = Everything(world)
    for name, sample in sorted(routes.samples().items()):
        made.parts[name] = sample(world)
    from duobiao.customers.models import Contact, Customer
    from duobiao.opportunities.models import Opportunity

    for model in (Customer, Contact, Opportunity):
        for row in model._base_manager.all()[:3]:
            comment_on(Ref.of(row), world)
    return made


def comment_on(subject: Ref, world: World) -> None:
    """Comment on a record, unless it takes none (trashed, merged)."""
    from duobiao.kernel.refusals import Refusal

    try:
        add_comment(subject=subject, body="@owner 看一下", actor=world.actors["administrator"], now=timezone.now())
    except Refusal:
        return


def private_models() -> list[type[models.Model]]:
    """Return the models whose rows belong to somebody's team."""
    held = [model for model in apps.get_models() if model._meta.app_label in PRIVATE_APPS]
    return [*[model for model in held if model.__name__ not in COMPANY_WIDE], Comment]


def all_models() -> list[type[models.Model]]:
    """Return every model in which people's words are kept; sign-in and sessions left out."""
    labels = (*PRIVATE_APPS, "identity")
    held = [model for model in apps.get_models() if model._meta.app_label in labels]
    return [*[model for model in held if model.__name__ not in ("ApiToken", "IdempotencyKey")], Comment]


def write_everywhere(kinds: list[type[models.Model]], text: Callable[[int], str]) -> int:
    """Replace every text of every row by ``text(0)``, ``text(1)`` …, cut to the column; return how many."""
    number = 0
    for model in kinds:
        columns = [column for column in model._meta.concrete_fields if _holds_words(column)]
        for row in model._base_manager.all():
            for column in columns:
                written = text(number)[: column.max_length or 4000]
                number += _put(model, row.pk, column.name, written)
    return number


def _holds_words(column: Any) -> bool:
    is_text = isinstance(column, models.CharField | models.TextField)
    return is_text and not column.choices and not column.primary_key and column.name not in CODES


def _put(model: type[models.Model], key: Any, name: str, written: str) -> int:
    try:
        with transaction.atomic():
            return model._base_manager.filter(pk=key).update(**{name: written})
    except IntegrityError:
        return 0  # unique, and taken


def write_into_details(text: Callable[[int], str]) -> int:
    """Replace the words inside the JSON of the audit and of notifications."""
    from duobiao.timeline.models import Notification

    number = 0
    for model in (EntryDetail, Notification):
        for row in model.objects.all():
            number += 1
            model.objects.filter(pk=row.pk).update(data=_replaced(row.data, text(number)))
    return number


def _replaced(value: Any, written: str) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(inner, written) if name not in CODES else inner for name, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, written) for inner in value]
    return written if isinstance(value, str) and not value.isupper() else value
