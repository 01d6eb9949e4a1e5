"""The lists of a stage of a draft, as the studio shows them; parts may be missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, pgettext

from duobiao.playbooks.domain.model import Gate, Grade, Until
from duobiao.playbooks.domain.people import Cell, Of, Who
from duobiao.playbooks.domain.shape import GROUP_NAMES, ROWS
from duobiao.playbooks.domain.vocabulary import Approver
from duobiao.playbooks.queries import text_of
from duobiao.playbooks.queries.comparison import evidence_title
from duobiao.playbooks.queries.drafts import Flaw
from duobiao.playbooks.queries.item_words import APPROVERS, GATES, LISTS, holds_words, supplier_words
from duobiao.playbooks.queries.people_words import PEOPLE, asked_words

LETTERS = dict(zip(GROUP_NAMES, "MSPRI", strict=True))


@dataclass(frozen=True, slots=True)
class RowLine:
    """An entry of a list.

    Attributes:
        place: Counted from 0.
        detail: What proves it and how long that holds, or what steers it.
        suppliers: Which records supply it, "" without evidence.
        grade: Least grade among what suffices, 0 where there is none.
        flaws: What is wrong with it.
    """

    place: int
    key: str
    title: str
    detail: str
    grade: int
    gates: bool
    fixed: bool
    share: str
    suppliers: str
    flaws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowList:
    """One list of a stage.

    Attributes:
        letter: Of the items in it; "" for other lists.
    """

    name: str
    title: str
    letter: str
    rows: tuple[RowLine, ...]
    flaws: tuple[str, ...]


def stage_lists(stage: Mapping[str, Any], number: int, flaws: Sequence[Flaw], *, all_gate: bool) -> list[RowList]:
    """Return all lists of a stage, the empty ones too.

    Args:
        all_gate: Every process condition gates, marked or not.
    """
    top = [flaw for flaw in flaws if flaw.place[:2] == ("stages", number - 1)]
    return [
        RowList(
            name=name,
            title=str(LISTS[name]),
            letter=LETTERS.get(name, ""),
            rows=tuple(_row(stage, name, place, top, all_gate=all_gate) for place in range(len(stage.get(name, [])))),
            flaws=tuple(flaw.message for flaw in top if flaw.place[2:] == (name,)),
        )
        for name in ROWS
    ]


def stage_flaws(number: int, flaws: Sequence[Flaw]) -> list[str]:
    """Return what is wrong with a stage itself, apart from its lists."""
    top = [flaw for flaw in flaws if flaw.place[:2] == ("stages", number - 1)]
    return [flaw.message for flaw in top if len(flaw.place) < 3 or flaw.place[2] not in ROWS]


def row_flaws(number: int, name: str, place: int, flaws: Sequence[Flaw]) -> list[str]:
    """Return what is wrong with one entry."""
    wanted = ("stages", number - 1, name, place)
    return [flaw.message for flaw in flaws if flaw.place[:4] == wanted]


def words_in(text: Any) -> str:
    """Return a text that may be incomplete in the reader's language, in the other one where that is missing."""
    held = text if isinstance(text, Mapping) else {}
    full = {"zh-Hans": held.get("zh-Hans") or held.get("en", ""), "en": held.get("en") or held.get("zh-Hans", "")}
    return text_of(full, get_language())


def _row(stage: Mapping[str, Any], name: str, place: int, flaws: Sequence[Flaw], *, all_gate: bool) -> RowLine:
    row = stage[name][place]
    if name == "relations":
        return _relation(row, place, flaws)
    proofs = row.get("accepts") or ([row] if "evidence" in row else [])
    return RowLine(
        place=place,
        key=str(row.get("item") if name in GROUP_NAMES else row.get("key")) or "–",
        title=words_in(row.get("title")) or "–",
        detail=_point(row) if name == "control_points" else _proofs(proofs, besides=words_in(row.get("title"))),
        grade=min((_grade(proof) for proof in proofs), default=0),
        gates=name == "process" and (all_gate or bool(row.get("gates"))),
        fixed=name == "control_points" and row.get("fixed", True),
        share=_share(stage[name], row) if name == "appraisal" else "",
        suppliers=_suppliers(proofs),
        flaws=tuple(flaw.message for flaw in flaws if flaw.place[2:4] == (name, place)),
    )


def _suppliers(proofs: Sequence[Mapping[str, Any]]) -> str:
    named = dict.fromkeys(supplier_words(str(proof.get("evidence", ""))) for proof in proofs)
    return pgettext("between keys", ", ").join(name for name in named if name)


def _relation(row: Mapping[str, Any], place: int, flaws: Sequence[Flaw]) -> RowLine:
    who, of = row.get("who"), row.get("of", Of.EACH)
    cells = [Cell(cell) for cell in row.get("cells", []) if cell in set(Cell)]
    return RowLine(
        place=place,
        key=str(place + 1),
        title=str(PEOPLE[Who(who)]) if who in set(Who) else str(who),
        detail=asked_words(Of(of), cells) if of in set(Of) else str(of),
        grade=0,
        gates=False,
        fixed=False,
        share="",
        suppliers="",
        flaws=tuple(flaw.message for flaw in flaws if flaw.place[2:4] == ("relations", place)),
    )


def _grade(proof: Mapping[str, Any]) -> int:
    name = str(proof.get("min_grade"))
    return int(Grade[name]) if name in Grade.__members__ else 0


def _proofs(proofs: Sequence[Mapping[str, Any]], *, besides: str) -> str:
    """Return what suffices and how long it holds; evidence that is called like the item is not named again."""
    comma = pgettext("between keys", ", ")
    titles = dict.fromkeys(evidence_title(str(proof.get("evidence", "–"))) for proof in proofs)
    named = comma.join(title for title in titles if title != besides)
    holds = comma.join(dict.fromkeys(_holds(proof) for proof in proofs))
    return " · ".join(words for words in (named, holds) if words)


def _holds(proof: Mapping[str, Any]) -> str:
    until = proof.get("valid_until")
    return holds_words(proof.get("valid_days"), Until(until) if until in set(Until) else None)


def _point(row: Mapping[str, Any]) -> str:
    kind, who = row.get("kind"), row.get("approver", Approver.MANAGER)
    words = [
        str(GATES[Gate(kind)]) if kind in set(Gate) else str(kind),
        str(APPROVERS[Approver(who)]) if who in set(Approver) else str(who),
        str(row.get("item", "")),
    ]
    return " · ".join(word for word in words if word)


def _share(rows: Sequence[Mapping[str, Any]], row: Mapping[str, Any]) -> str:
    total = sum(other.get("weight", 1) for other in rows)
    return f"{round(100 * row.get('weight', 1) / total)}%"
