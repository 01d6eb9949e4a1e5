"""What tables there are: how people call each, and which of its rows a person sees.

Exports, and the account of what is held about a person, are drawn up from this list. A capability names its tables in
its ``tables.py``; what nobody may take away, or nobody would miss, is left out with a reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from duobiao.web.registry import Text

Rows = Callable[[Any], "QuerySet[Any]"]
"""Takes a user; returns the rows this user sees."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table as people know it.

    Attributes:
        key: Names its file and its operation; never changes.
        through: Ways to a record that decides who sees a row: names of foreign keys, ``__`` between steps. A row is
            seen where one of those that are set leads to a visible record and those before it lead nowhere. Without one
            the table itself knows (``visible_to``), or ``rows`` does.
        left_out: Columns nobody takes away: hashes of secrets, spellings kept for searching.
        further: Columns of other tables, as paths.
        label: Takes a row; returns what people call it. Without one its own name stands.
    """

    key: str
    model: type[Model]
    title: Text
    through: tuple[str, ...] = ()
    rows: Rows | None = None
    left_out: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    label: Callable[[Any], str] = str

    def seen_by(self, user: Any) -> "QuerySet[Any]":
        """Return the rows a person sees, unordered."""
        if self.rows is not None:
            return self.rows(user)
        everything: Any = self.model._default_manager.all()
        seen: QuerySet[Any] = (
            everything.filter(_reached(self.model, self.through, user)) if self.through else everything.visible_to(user)
        )
        return seen


_tables: dict[type[Model], Table] = {}
_left_out: dict[type[Model], str] = {}
_chains: list[type[Model]] = []


def register_tables(*tables: Table) -> None:
    """Name tables; naming one again replaces what was said."""
    _tables.update({table.model: table for table in tables})


def leave_out(reason: str, *models: type[Model]) -> None:
    """Say why tables are in no export."""
    _left_out.update(dict.fromkeys(models, reason))


def tables() -> list[Table]:
    """Return the tables in the order of their capabilities."""
    return list(_tables.values())


def table_of(model: type[Model]) -> Table | None:
    """Return how people call the table of a model."""
    return _tables.get(model)


def reason_left_out(model: type[Model]) -> str:
    """Return why a table is in no export; "" where nothing was said."""
    return _left_out.get(model, "")


def register_chains(model: type[Model]) -> None:
    """Let everything of an audit chain be seen by whoever sees the record whose ``ref`` names the chain."""
    if model not in _chains:
        _chains.append(model)


def chain_models() -> list[type[Model]]:
    """Return the models whose records have an audit chain of their own that others write to."""
    return list(_chains)


def in_chains_seen_by(user: Any) -> Q:
    """Build the condition for rows whose ``chain`` belongs to a record the person sees."""
    condition = Q(pk__in=[])
    for model in _chains:
        seen: Any = model._default_manager.all()
        condition |= Q(chain__in=seen.visible_to(user).values("ref"))
    return condition


def _reached(model: type[Model], ways: tuple[str, ...], user: Any) -> Q:
    condition = Q(pk__in=[])
    missing = Q()
    for way in ways:
        target: Any = model
        for step in way.split("__"):
            target = target._meta.get_field(step).related_model
        seen = target._default_manager.all().visible_to(user)
        condition |= missing & Q(**{f"{way}__in": seen.values("pk")})
        missing &= Q(**{f"{way}__isnull": True})
    return condition
