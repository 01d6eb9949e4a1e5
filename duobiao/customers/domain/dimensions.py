"""What is asked about a customer in seven dimensions, and how completely each is known.

Industry, stage of life, scale, organisation, goals, operations, relationship, as the customer form has them. A fact is
known where any one of its fields is filled: a choice, or its words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

REVENUE_FIELD: Final = "annual_revenue"

DIMENSION_FACTS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "industry": {
        "industry_maturity": ("industry_maturity",),
        "industry_margin_percent": ("industry_margin_percent",),
        "competitors": ("competitors",),
    },
    "lifecycle": {"founded_year": ("founded_year",), "lifecycle_stage": ("lifecycle_stage",)},
    "scale": {
        "scale": ("scale",),
        "branch_count": ("branch_count",),
        "employee_count": ("employee_count",),
        "industry_position": ("industry_position", "industry_position_note"),
    },
    "organisation": {
        "organisation_chart": ("organisation_chart",),
        "departments": ("departments",),
        "power_structure": ("power_structure",),
        "key_deciders": ("key_deciders",),
    },
    "goals": {"short_term_goals": ("short_term_goals",), "long_term_goals": ("long_term_goals",)},
    "operations": {
        "annual_revenue": (REVENUE_FIELD,),
        "profitability": ("profitability", "profitability_note"),
        "technical_strength": ("technical_strength",),
        "suppliers": ("suppliers",),
        "business_scope": ("business_scope",),
        "product_range": ("product_range",),
        "pressing_problem": ("pressing_problem",),
    },
    "relationship": {
        "dealings": ("dealings",),
        "relationship": ("relationship", "relationship_note"),
        "investment_trend": ("investment_trend", "investment_note"),
        "credit_standing": ("credit_standing", "credit_note"),
        "project_scale": ("project_scale",),
        "project_value": ("project_value",),
        "project_importance": ("project_importance", "project_importance_note"),
    },
}
"""Dimension → fact → the fields of which any one makes it known; the first is the one to ask for."""

FACT_FIELDS: Final = tuple(name for facts in DIMENSION_FACTS.values() for names in facts.values() for name in names)
"""All fields of the seven dimensions in their order."""


@dataclass(frozen=True, slots=True)
class DimensionKnown:
    """How completely one dimension is known.

    Attributes:
        known: Facts that are known.
        sourced: Facts among them that say where they come from.
        missing: Facts that are not known, by the field to ask for.
    """

    key: str
    known: int
    sourced: int
    total: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int:
        """Share known in whole percent, rounded down, so that only the last fact makes 100."""
        return self.known * 100 // self.total


def dimensions_known(values: Mapping[str, object], sources: Mapping[str, str]) -> list[DimensionKnown]:
    """Say how completely each dimension is known.

    Args:
        values: Value by field name; blank text and None are not known.
        sources: What a field was taken from, by field name; "" where nobody said.
    """
    found = []
    for key, facts in DIMENSION_FACTS.items():
        filled = {fact: [name for name in names if is_filled(values.get(name))] for fact, names in facts.items()}
        known = [fact for fact, names in filled.items() if names]
        found.append(
            DimensionKnown(
                key=key,
                known=len(known),
                sourced=sum(any(sources.get(name) for name in filled[fact]) for fact in known),
                total=len(facts),
                missing=tuple(facts[fact][0] for fact in facts if fact not in known),
            )
        )
    return found


def is_filled(value: object) -> bool:
    """Say whether a value tells anything."""
    return bool(value.strip()) if isinstance(value, str) else value is not None
