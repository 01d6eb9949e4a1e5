"""What the chain goes by, as shipped: what cells show, care plans, cards, signs of the read-outs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import get_language

from duobiao.stakeholders.domain.readouts import Sign
from duobiao.stakeholders.domain.relations import Square
from duobiao.stakeholders.domain.standing import CellRule
from duobiao.stakeholders.domain.support import Level
from duobiao.web.texts import in_language

FOLDER: Final = Path(__file__).parents[1] / "data"
SIGN_KEYS: Final = ("full", "part", "people_full", "people_part")
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """The figures and rules of ``chain.yaml``."""

    faded_below: int
    departments: Mapping[str, tuple[Level, ...]]
    cells: tuple[CellRule, ...]
    majority: CellRule
    facts: Mapping[str, str]
    care: Mapping[str, tuple[Words, ...]]
    care_every: Mapping[str, int]
    cards: Mapping[str, Mapping[str, Words]]
    conflicts: tuple[Mapping[str, Any], ...]
    levers: Mapping[str, Words]
    tiers: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Readouts:
    """The signs of ``readouts.yaml`` with their titles."""

    meddpicc: tuple[Sign, ...]
    clear: tuple[Sign, ...]
    first: tuple[Sign, ...]
    win: Sign
    titles: Mapping[str, Words]
    facts: Mapping[str, Words]
    flags: Mapping[str, Words]


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the shipped rules."""
    held = _read("chain.yaml")
    most = held["majority"]
    return Rules(
        faded_below=int(held["faded_below"]),
        departments={name: tuple(map(Level, levels)) for name, levels in held["departments"].items()},
        cells=tuple(CellRule(row["evidence"], row["trait"], _squares(row["cells"])) for row in held["cells"]),
        majority=CellRule(most["evidence"], "TEAM", _squares(most["cells"])),
        facts=held["facts"],
        care={key: tuple(lines) for key, lines in held["care"].items()},
        care_every={key: int(days) for key, days in held["care_every"].items()},
        cards=held["cards"],
        conflicts=tuple(held["conflicts"]),
        levers=held["levers"],
        tiers=held["tiers"],
    )


@lru_cache(maxsize=1)
def readouts() -> Readouts:
    """Return the shipped signs."""
    held = _read("readouts.yaml")
    groups = ("meddpicc", "clear", "first", "win")
    signs = {name: tuple(_sign(row) for row in held[name]) for name in groups}
    return Readouts(
        meddpicc=signs["meddpicc"],
        clear=signs["clear"],
        first=signs["first"],
        win=signs["win"][0],
        titles={row["key"]: row["title"] for name in groups for row in held[name]},
        facts=held["facts"],
        flags=held["flags"],
    )


def words(text: Words) -> str:
    """Return a text in the reader's language."""
    return in_language(text, get_language())


def _sign(row: Mapping[str, Any]) -> Sign:
    return Sign(row["key"], **{name: tuple(row.get(name, ())) for name in SIGN_KEYS})


def _squares(names: list[str]) -> tuple[Square, ...]:
    return tuple(Square(name) for name in names)


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found
