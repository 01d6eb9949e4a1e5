"""Templates of contingency plans, by the risk signal they answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from duobiao.playbooks.queries import text_of

FILE = Path(__file__).parents[1] / "data" / "templates.yaml"


@dataclass(frozen=True, slots=True)
class Template:
    """A plan to start from, in the reader's language."""

    rule: str
    title: str
    trigger: str
    plan: str
    origin: str


@lru_cache(maxsize=1)
def _rows() -> Mapping[str, Mapping[str, Any]]:
    document: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {row["rule"]: row for row in document["templates"]}


def template_keys() -> list[str]:
    """Return the keys of the signals that have a template."""
    return list(_rows())


def template_for(rule: str) -> Template | None:
    """Return the template for a signal."""
    row = _rows().get(rule)
    if row is None:
        return None
    words = {name: text_of(row[name], get_language()) for name in ("title", "trigger", "plan")}
    return Template(rule=rule, origin=row["origin"], **words)


def begun_from(template: Template | None, given: Mapping[str, str]) -> dict[str, str]:
    """Return trigger and plan to begin a form with: what somebody wrote stays, texts of a template give way.

    Args:
        given: ``trigger`` and ``plan`` as they stand in the form, if it is on a screen already.
    """
    texts = {name: given.get(name, "").replace("\r\n", "\n") for name in ("trigger", "plan")}
    ours = {name: {"", *(getattr(template_for(rule), name) for rule in template_keys())} for name in texts}
    begun = {name: getattr(template, name, "") for name in texts}
    return {name: begun[name] if text in ours[name] else text for name, text in texts.items()}
