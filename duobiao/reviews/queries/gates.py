"""The control points in the reader's language, and where each stands on a deal."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from duobiao.opportunities.models import Opportunity
from duobiao.playbooks.domain.model import Gate
from duobiao.playbooks.queries import compiled_playbook, text_of
from duobiao.reviews.domain.gates import GateForm, Point, parse_gates, point_in

FILE = Path(__file__).parents[1] / "data" / "gates.yaml"


@dataclass(frozen=True, slots=True)
class GateChoice:
    """A control point of a deal.

    Attributes:
        is_control_point: Whether the deal's playbook steers by it.
    """

    gate: str
    title: str
    purpose: str
    stage: int
    is_control_point: bool


@lru_cache(maxsize=1)
def gate_forms() -> dict[Gate, GateForm]:
    """Return what the reviews work through, by control point."""
    document: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return parse_gates(document)


def form_of(gate: str) -> GateForm:
    """Return what a review at one control point works through."""
    return gate_forms()[Gate(gate)]


def gate_title(gate: str) -> str:
    """Return the name of a control point."""
    return text_of(form_of(gate).title, get_language())


def point_of(deal: Opportunity, gate: str) -> Point:
    """Return where a review stands in the deal's playbook."""
    return point_in(compiled_playbook(deal.playbook_id).playbook, form_of(gate))


def gate_proving(keys: Iterable[str]) -> str:
    """Return the control point whose review yields one of these kinds of evidence, "" for none."""
    wanted = set(keys)
    return next((str(gate) for gate, form in gate_forms().items() if form.evidence in wanted), "")


def gate_choices(deal: Opportunity) -> list[GateChoice]:
    """Return the control points of a deal, those its playbook steers by first."""
    language, found = get_language(), []
    for gate, form in gate_forms().items():
        point = point_of(deal, gate)
        words = text_of(form.title, language), text_of(form.purpose, language)
        found.append(GateChoice(str(gate), *words, point.stage, point.is_control_point))
    return sorted(found, key=lambda choice: not choice.is_control_point)
