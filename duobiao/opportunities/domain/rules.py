"""The rules of risk signals: parsed from data, with the figures a company may set for itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

LARGEST = {"times": 100, "days": 3650, "percent": 100, "items": 100, "stage": 8}
"""The largest figure that makes sense, by unit."""
LONGEST_WITHIN = 3650

Figures = dict[str, dict[str, int | None]]
"""Figures by measure: ``amber``, ``red``, ``within_days``."""


class Level(StrEnum):
    """How bad a signal is."""

    RED = "RED"
    AMBER = "AMBER"
    GREEN = "GREEN"


ORDER = {Level.RED: 0, Level.AMBER: 1, Level.GREEN: 2}


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure that is watched; the larger, the worse.

    Attributes:
        amber, red: From this figure on; None: never.
        within_days: How many days back it counts, today included; None where that means nothing.
    """

    key: str
    unit: str
    amber: int | None
    red: int | None
    within_days: int | None = None

    def level(self, figure: int) -> Level | None:
        """Return how bad a figure is, None where it is not."""
        if self.red is not None and figure >= self.red:
            return Level.RED
        return Level.AMBER if self.amber is not None and figure >= self.amber else None

    @property
    def first(self) -> int | None:
        """The figure from which on it is at least amber."""
        return min((figure for figure in (self.amber, self.red) if figure is not None), default=None)

    def with_figures(self, figures: Mapping[str, int | None]) -> "Measure":
        """Return the measure with other figures; what is not given stays."""
        return replace(
            self,
            amber=figures.get("amber", self.amber),
            red=figures.get("red", self.red),
            within_days=self.within_days if self.within_days is None else figures.get("within_days", self.within_days),
        )

    @property
    def figures(self) -> dict[str, int | None]:
        """What may be set."""
        held: dict[str, int | None] = {"amber": self.amber, "red": self.red}
        return held if self.within_days is None else {**held, "within_days": self.within_days}


@dataclass(frozen=True, slots=True)
class Rule:
    """One signal that is watched.

    Attributes:
        reportable: People may report it by hand.
    """

    key: str
    title: Mapping[str, str]
    explanation: Mapping[str, str]
    origin: str
    reportable: bool = False
    measures: Mapping[str, Measure] = field(default_factory=dict)

    @property
    def figures(self) -> Figures:
        """All figures that may be set."""
        return {key: measure.figures for key, measure in self.measures.items()}

    def with_figures(self, figures: Mapping[str, Mapping[str, int | None]]) -> "Rule":
        """Return the rule with a company's own figures; names it does not know are left out."""
        return replace(self, measures={key: m.with_figures(figures.get(key, {})) for key, m in self.measures.items()})


Rules = Mapping[str, Rule]


def parse_rules(document: Mapping[str, Any]) -> dict[str, Rule]:
    """Read the rules by key, in the order of the file."""
    found = {}
    for row in document["rules"]:
        measures = {key: Measure(key, **values) for key, values in row["measures"].items()}
        found[row["key"]] = Rule(**{**row, "measures": measures})
    return found


def faults_of(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the figures of a rule: the name ``measure.figure``, and a code.

    Codes: ``range``: not a whole number from 1 to the largest; ``order``: red begins before amber.
    """
    for key, measure in rule.measures.items():
        for name, value in measure.figures.items():
            largest = LONGEST_WITHIN if name == "within_days" else LARGEST[measure.unit]
            if value is None and name != "within_days":
                continue
            if value is None or not 1 <= value <= largest:
                yield f"{key}.{name}", "range"
        if measure.amber is not None and measure.red is not None and measure.red < measure.amber:
            yield f"{key}.red", "order"
