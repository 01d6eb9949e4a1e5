"""The strategy of a deal: its versions with their reviews, and what changed from one to the next."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from duobiao.opportunities.models import Opportunity
from duobiao.strategy.models import StrategyReview, StrategyVersion

TEXTS = ("goal", "position", "moves", "supporters", "opponents")
COMPARED = (*TEXTS, "review_on")
LABELS = {
    "goal": _("Goal"),
    "position": _("Our position"),
    "moves": _("Main moves"),
    "supporters": _("Who supports us"),
    "opponents": _("Who opposes us"),
    "review_on": _("Next review"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs from the version before."""

    name: str
    label: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version as the page shows it.

    Attributes:
        changes: Against the version before; empty for the first.
        fields: Label and text of what it says.
    """

    version: StrategyVersion
    review: StrategyReview | None
    fields: list[tuple[str, str]]
    changes: list[Change]


def versions_of(deal: Opportunity) -> list[VersionLine]:
    """Return the versions of a deal's strategy, the newest first; one query."""
    rows = list(deal.strategies.select_related("created_by", "review__reviewed_by").order_by("-number"))
    before: list[StrategyVersion | None] = [*rows[1:], None][: len(rows)]
    return [
        VersionLine(row, getattr(row, "review", None), _fields(row), changes_between(older, row))
        for row, older in zip(rows, before, strict=True)
    ]


def latest_version(deal: Opportunity) -> StrategyVersion | None:
    """Return the version in force, with its review loaded where there is one."""
    return deal.strategies.select_related("review").order_by("-number").first()


def changes_between(older: StrategyVersion | None, newer: StrategyVersion) -> list[Change]:
    """Return the fields that differ, in their order."""
    if older is None:
        return []
    return [
        Change(name, _label(name), getattr(older, name), getattr(newer, name))
        for name in COMPARED
        if getattr(older, name) != getattr(newer, name)
    ]


def _label(name: str) -> str:
    return str(LABELS[name])


def _fields(row: StrategyVersion) -> list[tuple[str, str]]:
    return [(_label(name), getattr(row, name)) for name in TEXTS if getattr(row, name)]
