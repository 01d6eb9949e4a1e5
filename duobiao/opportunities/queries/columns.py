"""The columns of the list: which there are, how each is headed, and by what it sorts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.opportunities.models import OpportunityQuerySet, Risk
from duobiao.opportunities.queries.keyset import Sort

DEFAULT_SORT = "-lag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list.

    Attributes:
        sort: None where an order would mean nothing.
        right: Figures stand at the right.
        shown: Part of the list before anybody chose.
    """

    key: str
    label: str | Promise
    sort: Sort | None = None
    right: bool = False
    shown: bool = True


COLUMNS: tuple[Column, ...] = (
    Column("industry", _("Industry"), Sort("industry", "customer__industry")),
    Column("amount", _("Amount"), Sort("amount", "amount_minor", nullable=True), right=True),
    Column("tracks", _("Both tracks"), Sort("buyer", "buyer_stage")),
    Column("stage", _("Stage"), Sort("stage", "place")),
    Column("lag", _("Gap"), Sort("lag", "lag", nullable=True)),
    Column("risk", _("Risk"), Sort("risk", "severity")),
    Column("gate", _("Next gate"), Sort("gate", "lacking")),
    Column("rate", _("Success rate"), Sort("rate", "rate_percent"), right=True),
    Column("weighted", _("Weighted"), Sort("weighted", "weighted", nullable=True), right=True),
    Column("evidence", _("Latest evidence"), Sort("evidence", "last_evidence_on", nullable=True, day=True)),
    Column("close", _("Expected signature"), Sort("close", "expected_close_on", nullable=True, day=True)),
    Column("owner", _("Owner"), Sort("owner", "owner__name")),
    Column("mark", _("Gate review"), Sort("mark", "gate_mark"), shown=False),
    Column("ref", _("Number"), Sort("ref", "ref"), shown=False),
    Column("unit", _("Unit"), Sort("unit", "owner__unit__name", nullable=True), shown=False),
    Column("method", _("Purchase method"), Sort("method", "purchase_method"), shown=False),
    Column("playbook", _("Playbook"), Sort("playbook", "playbook__key"), shown=False),
    Column("expires", _("Evidence runs out"), Sort("expires", "reassess_on", nullable=True, day=True), shown=False),
    Column("since", _("In this stage since"), Sort("since", "stage_since", nullable=True, day=True), shown=False),
    Column("opened", _("Opened on"), Sort("opened", "opened_on", day=True), shown=False),
    Column("outcome", pgettext_lazy("column", "Outcome"), Sort("outcome", "outcome"), shown=False),
    Column("closed", _("Closed on"), Sort("closed", "closed_on", nullable=True, day=True), shown=False),
    Column("source", _("Source"), Sort("source", "source"), shown=False),
    Column("product", _("Product"), Sort("product", "product__name", nullable=True), shown=False),
)
BY_KEY = {column.key: column for column in COLUMNS}
NAME_SORT = Sort("name", "name")
SORTS: dict[str, Sort] = {
    sort.key: sort for sort in (NAME_SORT, Sort("customer", "customer__name"), *(c.sort for c in COLUMNS)) if sort
}
SHOWN = tuple(column.key for column in COLUMNS if column.shown)
COMPUTED = {
    "severity": Case(
        When(risk=Risk.RED, then=3), When(risk=Risk.AMBER, then=2), When(risk=Risk.GREEN, then=1), default=0
    ),
    "place": F("stage_number") + F("completed_stage"),
    "lacking": F("gate_required") - F("gate_met"),
    "weighted": F("amount_minor") * F("rate_percent"),
}
"""What is sorted by without being stored; the place counts half stages."""


def chosen_columns(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the known columns among ``keys`` in the order of the list, or the ones shown at first."""
    wanted = set(keys)
    return tuple(key for key in BY_KEY if key in wanted) or SHOWN


def read_sort(text: str) -> tuple[Sort, bool]:
    """Return the order an address asks for and whether it descends; the usual one if it is unknown."""
    sort = SORTS.get(text.removeprefix("-"))
    if sort is None:
        return SORTS[DEFAULT_SORT.removeprefix("-")], DEFAULT_SORT.startswith("-")
    return sort, text.startswith("-")


def sortable(rows: OpportunityQuerySet, sort: Sort) -> OpportunityQuerySet:
    """Add the annotation a computed order needs."""
    if sort.field not in COMPUTED:
        return rows
    return rows.annotate(**{sort.field: ExpressionWrapper(COMPUTED[sort.field], output_field=BigIntegerField())})
