"""What ships with comparison and matrix: dimensions, criteria, thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import get_language

from duobiao.competition.domain.comparison import ALL_WEIGHT, Dimension, Text
from duobiao.competition.domain.matrix import Axis, Criterion
from duobiao.web.texts import in_language

FILE: Final = Path(__file__).parents[1] / "data" / "competition.yaml"


@dataclass(frozen=True, slots=True)
class Settings:
    """All figures of comparison and matrix, see ``data/competition.yaml``.

    Attributes:
        alarm_hundredths: Weighted gap, in hundredths of a grade, from which on an answer is asked for.
        from_stage: Stage from which on a deal without a known rival is asked about.
        card_days, judgement_days: Age in days after which a statement, or a judgement, is marked.
        relation_weights: Parts of the criterion of relations, in percent.
        amount_steps: Least amount in whole yuan and points, the largest first.
    """

    dimensions: tuple[Dimension, ...]
    criteria: tuple[Criterion, ...]
    alarm_hundredths: int
    from_stage: int
    card_days: int
    judgement_days: int
    threshold: int
    least_known: int
    amount_steps: tuple[tuple[int, int], ...]
    relation_weights: Mapping[str, int]
    full_margin_percent: int
    trend_points: Mapping[str, int]
    risk_points: Mapping[str, int]

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all dimensions, in their order."""
        return tuple(row.key for row in self.dimensions)

    @property
    def core(self) -> tuple[str, ...]:
        """Keys of the five dimensions of an offer."""
        return tuple(row.key for row in self.dimensions if row.core)

    @property
    def weights(self) -> dict[str, int]:
        """The usual weights in percent."""
        return {row.key: row.weight for row in self.dimensions}

    def criteria_of(self, axis: Axis) -> tuple[Criterion, ...]:
        """Return the criteria of one axis."""
        return tuple(row for row in self.criteria if row.axis is axis)

    def criterion(self, key: str) -> Criterion | None:
        """Return a criterion by its key."""
        return next((row for row in self.criteria if row.key == key), None)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the shipped settings.

    Raises:
        ValueError: weights do not add up to 100.
    """
    read: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    matrix = read["matrix"]
    found = Settings(
        dimensions=tuple(Dimension(**row) for row in read["dimensions"]),
        criteria=tuple(Criterion(**{**row, "axis": Axis(row["axis"])}) for row in matrix["criteria"]),
        alarm_hundredths=read["gap"]["alarm_hundredths"],
        from_stage=read["gap"]["from_stage"],
        card_days=read["card"]["stale_days"],
        judgement_days=matrix["stale_days"],
        threshold=matrix["threshold"],
        least_known=matrix["least_known"],
        amount_steps=tuple((least, points) for least, points in matrix["amount_steps"]),
        relation_weights=matrix["relation_weights"],
        full_margin_percent=matrix["full_margin_percent"],
        trend_points=matrix["trend_points"],
        risk_points=matrix["risk_points"],
    )
    sums = [
        sum(found.weights.values()),
        sum(found.relation_weights.values()),
        *(sum(row.weight for row in found.criteria_of(axis)) for axis in Axis),
    ]
    if any(total != ALL_WEIGHT for total in sums):
        raise ValueError(f"{FILE.name}: weights must add up to {ALL_WEIGHT}, not {sums}")
    return found


def words(text: Text) -> str:
    """Return a text of the settings in the reader's language."""
    return in_language(dict(text), get_language())


def dimension_title(key: str) -> str:
    """Return the title of a dimension; a key that is gone stands for itself."""
    return next((words(row.title) for row in settings().dimensions if row.key == key), key)
