"""Saved views, and what one page of the pipeline is asked for: filters, order, columns, and the view it began with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from duobiao.identity.models import User
from duobiao.opportunities.models import SavedView
from duobiao.opportunities.queries.columns import BY_KEY, DEFAULT_SORT, SHOWN, chosen_columns, read_sort
from duobiao.opportunities.queries.filters import DEFAULTS, Filters, is_filtered, parse_filters

LAYOUTS = ("board", "list", "funnel", "figures", "process", "matrix")
MOST_VIEWS = 100


def views_of(user: User) -> list[SavedView]:
    """Return the person's own views, then those that colleagues share; by name."""
    rows = SavedView.objects.filter(Q(user=user) | Q(shared=True)).select_related("user").order_by("name", "pk")
    return sorted(rows[:MOST_VIEWS], key=lambda view: view.user_id != user.pk)


def own_view(user: User, ref: str) -> SavedView | None:
    """Return one of the person's own views."""
    return SavedView.objects.filter(user=user, ref=ref).first()


@dataclass(frozen=True, slots=True)
class State:
    """What a page of the pipeline shows.

    Attributes:
        sort: As in the address, "-" in front descends.
        columns: Keys of the list's columns in order.
        view: The view it began with.
    """

    filters: Filters
    sort: str
    columns: tuple[str, ...]
    view: SavedView | None = None

    def params(self) -> list[tuple[str, str]]:
        """Return the parameters of this page's address; a view that was not changed stands for itself."""
        if self.view and not self.changed:
            return [("view", self.view.ref)]
        found = [*self.filters.params().items(), *self._order_and_columns()]
        if self.view:
            found += [("view", self.view.ref), *([] if "outcome" in dict(found) else [("outcome", "OPEN")])]
        return found

    def query(self, **changes: Any) -> str:
        """Return the query string after changes of filters, ``sort`` or ``columns``; "" where none is needed."""
        if self.view is None and changes.keys() <= DEFAULTS.keys():
            return self._query_after(changes)
        return urlencode(self.changed_by(**changes).params())

    def _query_after(self, changes: dict[str, Any]) -> str:
        """Change filters alone, without building a state: a page has a hundred such links."""
        found = self.filters.params()
        for name, value in changes.items():
            found.pop(name, None)
            if value is not None and value != DEFAULTS[name]:
                found[name] = "1" if value is True else str(value)
        return urlencode([*found.items(), *self._order_and_columns()])

    def _order_and_columns(self) -> list[tuple[str, str]]:
        order = [("sort", self.sort)] if self.sort != DEFAULT_SORT else []
        return order if self.columns == SHOWN else [*order, *[("col", key) for key in self.columns]]

    def changed_by(self, **changes: Any) -> "State":
        """Return the state after changes of filters, ``sort`` or ``columns``."""
        own = {name: changes.pop(name) for name in ("sort", "columns", "view") if name in changes}
        return replace(self, filters=replace(self.filters, **changes), **own)

    @property
    def changed(self) -> bool:
        """Whether it differs from the view it began with."""
        return self.view is not None and self != _state_of(self.view)


def read_state(params: QueryDict, views: list[SavedView]) -> State:
    """Read an address: its own filters if it carries any, else those of the view it names."""
    view = next((view for view in views if view.ref == params.get("view")), None)
    explicit = is_filtered(params) or "sort" in params or "col" in params
    if view and not explicit:
        return _state_of(view)
    return State(
        filters=parse_filters(params),
        sort=_sort(params.get("sort", "")),
        columns=chosen_columns(params.getlist("col")),
        view=view,
    )


def stored(state: State) -> dict[str, Any]:
    """Return a state as a view keeps it."""
    return {**state.filters.params(), "sort": state.sort}


def _state_of(view: SavedView) -> State:
    held: Mapping[str, Any] = view.query if isinstance(view.query, dict) else {}
    columns = [key for key in view.columns if key in BY_KEY] if isinstance(view.columns, list) else []
    return State(
        filters=parse_filters(held),
        sort=_sort(str(held.get("sort", ""))),
        columns=chosen_columns(columns),
        view=view,
    )


def _sort(text: str) -> str:
    sort, down = read_sort(text)
    return f"-{sort.key}" if down else sort.key
