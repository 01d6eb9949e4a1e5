"""Edit what a playbook document asks of the people: pure functions that return a changed copy."""

import copy
from collections.abc import Mapping
from typing import Any

from duobiao.playbooks.domain.editing import Doc, NoSuchPlace
from duobiao.playbooks.domain.model import Playbook
from duobiao.playbooks.domain.people import HalfLives, Relation


def has_own_relations(document: Mapping[str, Any]) -> bool:
    """Whether the stages say themselves how far we must have come with whom, and do not go by the standard."""
    return any("relations" in stage for stage in document.get("stages", []))


def with_own_relations(document: Mapping[str, Any], playbook: Playbook) -> Doc:
    """Write the relations that are asked as usual into the document, where they can be changed.

    Args:
        playbook: The document as it is read.

    Raises:
        NoSuchPlace: the document has some of its own, or no stage.
    """
    if has_own_relations(document) or not document.get("stages"):
        raise NoSuchPlace
    changed = copy.deepcopy(dict(document))
    for stage, read in zip(changed["stages"], playbook.stages, strict=True):
        stage["relations"] = [written(relation) for relation in read.relations]
    return changed


def without_own_relations(document: Mapping[str, Any]) -> Doc:
    """Let the playbook ask as usual again.

    Raises:
        NoSuchPlace: it does already.
    """
    if not has_own_relations(document):
        raise NoSuchPlace
    changed = copy.deepcopy(dict(document))
    for stage in changed["stages"]:
        stage.pop("relations", None)
    return changed


def with_half_lives(document: Mapping[str, Any], half_lives: HalfLives) -> Doc:
    """Replace the half-lives the document names; without any it goes by the standard ones."""
    changed = copy.deepcopy(dict(document))
    changed.pop("half_lives", None)
    return {**changed, "half_lives": {str(name): days for name, days in half_lives.items()}} if half_lives else changed


def written(relation: Relation) -> Doc:
    """Return a relation as a document writes it."""
    cells = [str(cell) for cell in relation.cells]
    return {"who": str(relation.who), "of": str(relation.of), "cells": cells, "origin": relation.origin}
