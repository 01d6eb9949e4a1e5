"""The JSON Schema of a playbook document: what an editor needs to help while one is written.

It says what a part may hold. What must hold across a whole playbook (rising rates, reachable stages) only the checks know.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from duobiao.playbooks.domain import shape
from duobiao.playbooks.domain.model import (
    BUYER_STAGES,
    MOST_STAGES,
    Gate,
    Grade,
    Method,
    Outcome,
    Process,
    Until,
)
from duobiao.playbooks.domain.parse import LAST_VERSION, LONGEST_VALIDITY
from duobiao.playbooks.domain.people import LONGEST_HALF_LIFE, Cell, Judged, Of, Who
from duobiao.playbooks.domain.reading import LANGUAGES, LONGEST_NAME, LONGEST_TEXT, NAME
from duobiao.playbooks.domain.vocabulary import Approver, Origin, ProcessGates

Schema = dict[str, Any]


def json_schema(evidence: Iterable[str]) -> Schema:
    """Return the schema of a playbook document (JSON Schema 2020-12).

    Args:
        evidence: The keys of the catalogue.
    """
    properties = {
        "playbook": _ref("name"),
        "version": _whole(1, LAST_VERSION),
        "title": _ref("text"),
        "process_gates": _words(ProcessGates),
        "rates": {"type": "array", "items": _whole(0, 100), "minItems": 2, "maxItems": MOST_STAGES + 1},
        "rates_origin": _list(_ref("origin")),
        "buyer": {"type": "string", "description": "Shipped playbook whose buyer's track is taken over: key/version."},
        "stages": {"type": "array", "items": _ref("stage"), "minItems": 1, "maxItems": MOST_STAGES},
        "buyer_stages": {
            "type": "array", "items": _ref("buyer_stage"), "minItems": BUYER_STAGES, "maxItems": BUYER_STAGES,
        },
        "resets": _list(_ref("reset")),
        "settlements": {
            "type": "object",
            "propertyNames": _ref("evidence"),
            "additionalProperties": _whole(1, MOST_STAGES),
        },
        "proposals": _list(_ref("proposal")),
        "process": _words(Process),
        "summary": _ref("text"),
        "half_lives": {
            "type": "object",
            "description": "Days in which the confidence in a judgement halves; what is left out is as usual.",
            "properties": {subject.value: _whole(1, LONGEST_HALF_LIFE) for subject in Judged},
            "additionalProperties": False,
        },
        "kpis": _list(_ref("note")),
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Duobiao playbook",
        **_object(properties, shape.TOP, shape.TOP_MORE),
        "$defs": _definitions(sorted(evidence)),
    }


def _definitions(evidence: list[str]) -> Mapping[str, Schema]:
    return {
        "name": {"type": "string", "pattern": f"^(?:{NAME.pattern})$", "maxLength": LONGEST_NAME},
        "words": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": r"\S"},
        "text": _object(dict.fromkeys(LANGUAGES, _ref("words")), LANGUAGES),
        "origin": _words(Origin),
        "evidence": {"enum": evidence},
        "methods": {"type": "array", "items": _words(Method), "minItems": 1},
        "proof": _object(PROOF, shape.PROOF, shape.PROOF_MORE),
        "item": _item(gates=False),
        "process_item": _item(gates=True),
        "note": _object(NOTE, shape.NOTE),
        "weighed_note": _object({**NOTE, "weight": _whole(1, shape.MOST_WEIGHT)}, shape.NOTE, ("weight",)),
        "focus": _object(FOCUS, shape.FOCUS),
        "control_point": _object(CONTROL_POINT, shape.CONTROL_POINT, shape.CONTROL_POINT_MORE),
        "relation": _object(RELATION, shape.RELATION, shape.RELATION_MORE),
        "stage": {
            **_object(STAGE, shape.STAGE, shape.STAGE_MORE),
            "oneOf": [{"required": ["buyer_stage"]}, {"required": ["buyer_stages"]}],
        },
        "mark": _object({"evidence": _ref("evidence"), "methods": _ref("methods")}, shape.MARK, shape.MARK_MORE),
        "buyer_stage": _object(BUYER_STAGE, shape.BUYER_STAGE),
        "reset": _object(RESET, shape.RESET, shape.RESET_MORE),
        "proposal": _object({"evidence": _ref("evidence"), "proposes": _words(Outcome)}, shape.PROPOSAL),
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _words(kind: type[Enum]) -> Schema:
    return {"enum": [member.value if isinstance(member.value, str) else member.name for member in kind]}


def _object(properties: Mapping[str, Schema], required: Iterable[str], optional: Iterable[str] = ()) -> Schema:
    required, optional = tuple(required), tuple(optional)
    return {
        "type": "object",
        "properties": {name: properties[name] for name in (*required, *optional)},
        "required": list(required),
        "additionalProperties": False,
    }


def _item(*, gates: bool) -> Schema:
    """Return the schema of an item: proved by one kind of evidence, or by any one of several."""
    common = {"item": _ref("name"), "title": _ref("text"), "origin": _ref("origin")}
    more = {"gates": {"type": "boolean"}} if gates else {}
    one = {**common, **PROOF, **more}
    any_one = {
        **common,
        "accepts": {"type": "array", "items": _ref("proof"), "minItems": 1},
        "methods": _ref("methods"),
        **more,
    }
    return {
        "oneOf": [
            _object(one, (*shape.ITEM, *shape.PROOF), (*shape.PROOF_MORE, *more)),
            _object(any_one, (*shape.ITEM, "accepts"), ("methods", *more)),
        ]
    }


PROOF = {
    "evidence": _ref("evidence"),
    "min_grade": _words(Grade),
    "valid_days": _whole(1, LONGEST_VALIDITY),
    "valid_until": _words(Until),
    "methods": _ref("methods"),
}
NOTE = {"key": _ref("name"), "title": _ref("text"), "origin": _ref("origin")}
RELATION = {
    "who": _words(Who),
    "of": {**_words(Of), "default": Of.EACH.value},
    "cells": {
        "type": "array", "items": _words(Cell), "uniqueItems": True,
        "description": "Cells they must have accepted; none only with ONE: it is enough that there is such a person.",
    },
    "origin": _ref("origin"),
}  # fmt: skip
FOCUS = {"role": _ref("text"), "attention": _ref("text"), "origin": _ref("origin")}
CONTROL_POINT = {
    **NOTE,
    "kind": _words(Gate),
    "item": _ref("name"),
    "fixed": {"type": "boolean", "default": True},
    "approver": {**_words(Approver), "default": Approver.MANAGER.value},
}
STAGE = {
    "key": _ref("name"),
    "title": _ref("text"),
    "short": _ref("text"),
    "purpose": _ref("text"),
    "origin": _ref("origin"),
    "buyer_stage": _ref("name"),
    "buyer_stages": {"type": "array", "items": _ref("name"), "minItems": 2, "maxItems": 2},
    "milestone": _list(_ref("item")),
    "success": _list(_ref("item")),
    "process": _list(_ref("process_item")),
    "relationship": _list(_ref("item")),
    "information": _list(_ref("item")),
    "relations": {
        **_list(_ref("relation")),
        "description": "How far we must have come with whom; if no stage says so, it is as usual.",
    },
    "appraisal": _list(_ref("weighed_note")),
    "tools": _list(_ref("note")),
    "work": _list(_ref("note")),
    "focus": _ref("focus"),
    "control_points": _list(_ref("control_point")),
}
BUYER_STAGE = {
    "key": _ref("name"),
    "title": _ref("text"),
    "short": _ref("text"),
    "owner": _ref("text"),
    "origin": _ref("origin"),
    "marks": _list(_ref("mark")),
}
RESET = {
    "evidence": _ref("evidence"),
    "to": _whole(0, BUYER_STAGES),
    "closes": {"type": "boolean"},
}
