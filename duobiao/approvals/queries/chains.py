"""Which chain is in force for a kind of request."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from duobiao.approvals.domain.chain import Step, read_steps, write_steps
from duobiao.approvals.models import ChainVersion

CHAINS_FILE = Path(__file__).parents[1] / "data" / "chains.yaml"


@lru_cache(maxsize=1)
def shipped_chains() -> dict[str, tuple[Step, ...]]:
    """Return the chains as shipped, by kind."""
    document: dict[str, Any] = yaml.load(CHAINS_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {kind: read_steps(steps) for kind, steps in document.items()}


def newest_version(matter: str) -> ChainVersion | None:
    """Return the newest stored version of a chain."""
    return ChainVersion.objects.filter(matter=matter).order_by("-version").select_related("published_by").first()


def steps_in_force(matter: str) -> tuple[Step, ...]:
    """Return the steps that a request asked now would go through."""
    held = newest_version(matter)
    return read_steps(held.steps) if held is not None and held.published_by_id else shipped_chains()[matter]


def chain_in_force(matter: str, *, now: datetime) -> ChainVersion:
    """Return the version that a request asked now is pinned to; what was shipped is stored when first needed."""
    held = newest_version(matter)
    if held is not None and held.published_by_id:
        return held
    shipped = write_steps(shipped_chains()[matter])
    if held is not None and held.steps == shipped:
        return held
    number = held.version + 1 if held is not None else 1
    found, _created = ChainVersion.objects.get_or_create(
        matter=matter, version=number, defaults={"steps": shipped, "published_at": now}
    )
    return found
