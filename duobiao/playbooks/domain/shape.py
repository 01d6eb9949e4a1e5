"""Which fields the parts of a playbook document have, in the order in which they are written."""

from collections.abc import Mapping
from typing import Any

NOTES = ("appraisal", "tools", "work")
GROUP_NAMES = ("milestone", "success", "process", "relationship", "information")
ROWS = ("control_points", *GROUP_NAMES, "relations", *NOTES)
"""The lists of a stage whose entries are edited one by one."""

TRACK = ("buyer_stages", "resets")
TOP = ("playbook", "version", "title", "process_gates", "rates", "stages", "settlements")
TOP_MORE = ("rates_origin", "buyer", *TRACK, "proposals", "process", "summary", "half_lives", "kpis")
STAGE = ("key", "title", "short", "purpose", "origin", "milestone", "success")
STAGE_MORE = (
    "buyer_stage", "buyer_stages", "process", "relationship", "information", "relations", *NOTES, "focus",
    "control_points",
)  # fmt: skip
PROOF = ("evidence", "min_grade")
PROOF_MORE = ("valid_days", "valid_until", "methods")
ITEM = ("item", "title", "origin")
FOCUS = ("role", "attention", "origin")
CONTROL_POINT = ("key", "title", "kind", "origin")
CONTROL_POINT_MORE = ("item", "fixed", "approver")
RELATION = ("who", "cells", "origin")
RELATION_MORE = ("of",)
NOTE = ("key", "title", "origin")
BUYER_STAGE = ("key", "title", "short", "owner", "origin", "marks")
MARK = ("evidence",)
MARK_MORE = ("methods",)
RESET = ("evidence", "to")
RESET_MORE = ("closes",)
PROPOSAL = ("evidence", "proposes")
MOST_WEIGHT = 100

ORDER = (
    "playbook", "version", "key", "item", "title", "short", "summary", "owner", "purpose", "process_gates", "buyer",
    "rates", "rates_origin", "stages", "buyer_stage", "role", "attention", "kind", "evidence", "accepts", "min_grade",
    "valid_days", "valid_until", "methods", "to", "closes", "proposes", "fixed", "approver", "gates", "weight", "origin",
    "focus", "control_points", "milestone", "success", "process", "relationship", "information", "who", "of", "cells",
    "relations", *NOTES, "marks",
    "buyer_stages", "resets", "settlements", "proposals", "half_lives", "kpis", "zh-Hans", "en",
)  # fmt: skip
"""How the fields of any part follow each other when a document is written; a database does not keep their order."""

_PLACES = {name: place for place, name in enumerate(ORDER)}


def in_order(value: Any) -> Any:
    """Return a document, or a part of one, with its fields in the order in which they are written."""
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: (_PLACES.get(key, len(ORDER)), key))
        return {key: in_order(value[key]) for key in keys}
    if isinstance(value, list):
        return [in_order(part) for part in value]
    return value
