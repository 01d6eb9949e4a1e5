"""Read what a playbook asks of the people: half-lives of judgements, and relations per stage."""

from collections.abc import Mapping
from typing import Any

from duobiao.playbooks.domain.people import LONGEST_HALF_LIFE, Cell, HalfLives, Judged, Of, Relation, Standard, Who
from duobiao.playbooks.domain.problems import Code
from duobiao.playbooks.domain.reading import Entry, Fields
from duobiao.playbooks.domain.shape import RELATION, RELATION_MORE
from duobiao.playbooks.domain.vocabulary import Origin


def half_lives_in(fields: Fields, standard: Standard | None) -> HalfLives:
    """Return the half-lives a playbook names, the standard ones for the rest."""
    found = dict(standard.half_lives) if standard is not None else {}
    for name, entry in fields.pairs("half_lives"):
        if name not in set(Judged):
            entry.wrong(Code.UNKNOWN_KEY, key=name, allowed=tuple(Judged))
        else:
            found[Judged(name)] = entry.whole(1, LONGEST_HALF_LIFE)
    return found


def relations_in(fields: Fields) -> tuple[Relation, ...]:
    """Return how far a stage wants us to have come, and with whom."""
    found: list[Relation] = []
    for row in fields.rows("relations"):
        relation = _relation(row)
        if any(relation.key == other.key for other in found):
            row.wrong(Code.RELATION_TWICE, who=str(relation.who))
        found.append(relation)
    return tuple(found)


def _relation(entry: Entry) -> Relation:
    fields = Fields(entry, required=RELATION, optional=RELATION_MORE)
    rows = fields.rows("cells")
    cells = [row.choice(Cell) for row in rows]
    of = fields.choice("of", Of)
    for place, row in enumerate(rows):
        if cells[place] in cells[:place]:
            row.wrong(Code.TWICE, key=str(cells[place]))
    if not rows and of is not Of.ONE and "cells" in fields:
        fields["cells"].wrong(Code.NO_CELLS)
    ordered = tuple(cell for cell in Cell if cell in cells)
    return Relation(fields.choice("who", Who), ordered, of, str(fields.choice("origin", Origin)))


def parse_standard(document: Mapping[str, Any]) -> Standard:
    """Read the standard values, which are shipped and sound."""
    return Standard(
        half_lives={Judged(name): int(days) for name, days in document["half_lives"].items()},
        relations={
            process: {int(stage): tuple(_shipped(row) for row in rows) for stage, rows in stages.items()}
            for process, stages in document["relations"].items()
        },
    )


def _shipped(row: Mapping[str, Any]) -> Relation:
    return Relation(Who(row["who"]), tuple(Cell(cell) for cell in row["cells"]), Of(row["of"]), row["origin"])
