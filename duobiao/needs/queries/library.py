"""The library: methods of asking and tactics against objections, with what came of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from duobiao.identity.models import User
from duobiao.needs.domain.asking import Tally, uses, wins
from duobiao.needs.models import DealObjection, LibraryKind, LibraryVersion, MethodUse, ObjectionType
from duobiao.needs.queries.bank import read
from duobiao.needs.queries.kept import written
from duobiao.opportunities.domain.calibration import wilson_percent
from duobiao.web.texts import in_language


@dataclass(frozen=True, slots=True)
class Method:
    """A method of asking.

    Attributes:
        way: GUIDE or STIMULATE.
        gaps: Which gaps it fills.
    """

    key: str
    way: str
    title: Mapping[str, str]
    script: Mapping[str, str]
    gaps: tuple[str, ...]

    @property
    def words(self) -> str:
        """Its name in the reader's language."""
        return in_language(self.title, get_language())

    @property
    def saying(self) -> str:
        """What one may say, in the reader's language."""
        return in_language(self.script, get_language())


@dataclass(frozen=True, slots=True)
class Tactic:
    """A way to answer objections of one type."""

    key: str
    type: str
    title: Mapping[str, str]
    how: Mapping[str, str]
    origin: str

    @property
    def words(self) -> str:
        """Its name in the reader's language."""
        return in_language(self.title, get_language())

    @property
    def doing(self) -> str:
        """What to do, in the reader's language."""
        return in_language(self.how, get_language())


@dataclass(frozen=True, slots=True)
class Record:
    """A tactic with what came of it.

    Attributes:
        closed: How many objections it answered that the customer confirmed, of all it was used on.
        won: Won deals among the decided ones in which it was used, each deal once.
        low, high: Wilson's 95% interval in percent; None where no share is told.
    """

    tactic: Tactic
    closed: Tally
    won: Tally
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class TypeShown:
    """One type of objections with its tactics, those that won most often first."""

    type: ObjectionType
    sign: str
    raised: int
    closed: int
    tactics: tuple[Record, ...]


@lru_cache(maxsize=1)
def methods() -> dict[str, Method]:
    """Return the methods of asking by key."""
    return {
        row["key"]: Method(row["key"], row["way"], row["title"], row["script"], tuple(row["gaps"]))
        for row in read("methods")["methods"]
    }


def tactics() -> dict[str, Tactic]:
    """Return the tactics by key: the shipped ones, and what the company wrote instead or besides; one query."""
    kept = written(LibraryKind.TACTIC)
    found = {key: tactic for key, tactic in shipped_tactics().items() if key not in kept}
    return found | {key: written_tactic(row) for key, row in kept.items() if not row.removed}


def written_tactic(row: LibraryVersion) -> Tactic:
    """Return a tactic as the company wrote it; in the language it was written in."""
    return Tactic(row.key, row.slot, {"zh-Hans": row.text, "en": row.text}, {"zh-Hans": row.how, "en": row.how}, "own")


@lru_cache(maxsize=1)
def shipped_tactics() -> dict[str, Tactic]:
    """Return the shipped tactics by key."""
    return {
        row["key"]: Tactic(row["key"], row["type"], row["title"], row["how"], row["origin"])
        for row in read("tactics")["tactics"]
    }


def method_tallies(user: User) -> dict[str, Tally]:
    """Return how often each method worked on the deals a person sees, by key; one query."""
    effects: dict[str, list[str]] = defaultdict(list)
    for method, effect in MethodUse.objects.visible_to(user).values_list("method", "effect"):
        effects[method].append(effect)
    return {key: uses(effects[key]) for key in methods()}


def library(user: User) -> list[TypeShown]:
    """Return the library with what came of each tactic on the deals a person sees; two queries."""
    rows = DealObjection.objects.visible_to(user).filter(opportunity__merged_into=None)
    found = list(rows.values_list("type", "tactic", "step", "opportunity_id", "opportunity__outcome"))
    known = list(tactics().values())
    signs = {row["key"]: row["sign"] for row in read("tactics")["types"]}
    shown = []
    for kind in ObjectionType:
        own = [row for row in found if row[0] == kind]
        records = [
            _record(tactic, [row for row in found if row[1] == tactic.key]) for tactic in known if tactic.type == kind
        ]
        records.sort(key=lambda row: (-row.won.good, -row.closed.good))
        sign = in_language(signs[kind.value], get_language())
        shown.append(TypeShown(kind, sign, len(own), sum(row[2] == 5 for row in own), tuple(records)))
    return shown


def _record(tactic: Tactic, rows: list[tuple[str, str, int, int, str]]) -> Record:
    deals = {row[3]: row[4] for row in rows}
    won = wins(deals.values())
    low, high = wilson_percent(won.good, won.total) if won.percent is not None else (None, None)
    return Record(tactic, Tally(sum(row[2] == 5 for row in rows), len(rows), 1), won, low, high)
