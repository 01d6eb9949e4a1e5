"""What every router of the API shares below sign-in: strict bodies, the shape of errors, pages of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from babel.numbers import is_currency
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _
from ninja import Field as Described
from ninja import Schema
from pydantic import ConfigDict, StrictInt, field_validator

from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid, NotFound

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")
CURSOR_SALT = "duobiao.api.cursor"
MAX_LIMIT = 200
DEFAULT_LIMIT = 50
LONGEST_CURSOR = 2000
LARGEST_AMOUNT_MINOR = 10**15


class StrictSchema(Schema):
    """A request body: unknown fields and text that no database stores are refused with 422."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def refuse_unstorable_text(cls, value: Any) -> Any:
        """Refuse null characters and halves of characters, by field."""
        _check_text(value)
        return value


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError(_("contains a character that cannot be stored"))
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_text(key)
            _check_text(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_text(inner)


class MoneyIn(StrictSchema):
    """An amount of money in whole minor units (分, cents)."""

    amount_minor: StrictInt = Described(ge=0, le=LARGEST_AMOUNT_MINOR)
    currency: str = Described("CNY", pattern=r"^[A-Z]{3}$")

    @field_validator("currency")
    @classmethod
    def refuse_unknown_currency(cls, value: str) -> str:
        """Refuse a code that ISO 4217 does not know."""
        if not is_currency(value):
            raise ValueError(_("is not a currency code such as CNY, USD or EUR"))
        return value

    def money(self) -> Money:
        """Return it as the domain's type."""
        return Money(self.amount_minor, self.currency)


class MoneyOut(Schema):
    """An amount of money in whole minor units (分, cents)."""

    amount_minor: int
    currency: str

    @classmethod
    def of(cls, money: Money | None) -> "MoneyOut | None":
        """Return an amount as the API shows it."""
        return None if money is None else cls(amount_minor=money.amount_minor, currency=money.currency)


class ErrorOut(Schema):
    """Every refusal of the API."""

    code: str = Described(description="Stable machine name.")
    message: str = Described(description="One sentence for people, with the remedy.")
    fields: dict[str, str] = Described(description="Reason by field name, where a field is at fault.")
    details: dict[str, Any] | None = Described(None, description="More for programs, e.g. the present values.")


class PageOut(Schema, Generic[Item]):
    """A page of rows."""

    items: list[Item]
    next: str | None = Described(None, description="Give it as `cursor` to get the following page; null at the end.")


class PageQuery(Schema):
    """Where a page begins and how long it is."""

    cursor: str = Described("", max_length=LONGEST_CURSOR)
    limit: int = Described(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows and where the next page begins (None at the end)."""

    items: Sequence[Row]
    next: str | None


def page_of(rows: QuerySet[Row], *, page: PageQuery, sort: str = "id") -> Page[Row]:
    """Cut one page out of ``rows``, stable while rows are added.

    Args:
        rows: Already filtered to what the actor may see.
        page: From the query string.
        sort: A field of the row that is never null; ``-`` in front turns it round. Ties are broken by id.

    Raises:
        Invalid: the cursor is damaged or belongs to another order.
    """
    field, down = sort.removeprefix("-"), sort.startswith("-")
    order = [field] if field == "id" else [field, "id"]
    ordered = rows.order_by(*[f"-{name}" if down else name for name in order])
    if page.cursor:
        try:
            ordered = ordered.filter(_after(page.cursor, order, sort, "lt" if down else "gt"))
        except (ValidationError, ValueError, TypeError) as error:
            raise _damaged() from error
    found = list(ordered[: page.limit + 1])
    if len(found) <= page.limit:
        return Page(found, None)
    kept = found[: page.limit]
    values = [_stored(kept[-1], name) for name in order]
    return Page(kept, signing.dumps([sort, *values], salt=CURSOR_SALT))


def _stored(row: Model, name: str) -> str:
    found = row._meta.get_field(name)
    return str(found.value_to_string(row)) if isinstance(found, Field) else ""


def _after(cursor: str, order: list[str], sort: str, lookup: str) -> Q:
    try:
        held_sort, *values = signing.loads(cursor, salt=CURSOR_SALT)
    except (signing.BadSignature, ValueError):
        held_sort, values = None, []
    if held_sort != sort or len(values) != len(order):
        raise _damaged()
    first = Q(**{f"{order[0]}__{lookup}": values[0]})
    if len(order) == 1:
        return first
    return first | Q(**{order[0]: values[0], f"id__{lookup}": values[1]})


def _damaged() -> Invalid:
    return Invalid(_("The cursor is damaged. Start again without it."), fields={"cursor": _("damaged")})


def found_or_404(row: Row | None) -> Row:
    """Return the row.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    if row is None:
        raise NotFound(_("There is no such record."))
    return row
