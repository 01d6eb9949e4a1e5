"""Find records by the ids and names that files use."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from duobiao.customers.models import Admission, Contact, Customer, Erasure
from duobiao.engagement.models import Call, Visit
from duobiao.identity.models import Unit, User
from duobiao.integrations.domain.targets import Target
from duobiao.integrations.domain.values import Unfit
from duobiao.integrations.models import ImportedRecord
from duobiao.integrations.queries.scratch import SEVERAL, Notes
from duobiao.opportunities.models import DealTask, Opportunity, Product
from duobiao.prospecting.models import Lead
from duobiao.timeline.models import Comment

MODELS: dict[Target, type[models.Model]] = {
    Target.UNITS: Unit,
    Target.USERS: User,
    Target.CUSTOMERS: Customer,
    Target.CONTACTS: Contact,
    Target.ADMISSIONS: Admission,
    Target.PRODUCTS: Product,
    Target.OPPORTUNITIES: Opportunity,
    Target.LEADS: Lead,
    Target.CALLS: Call,
    Target.VISITS: Visit,
    Target.NOTES: Comment,
    Target.TASKS: DealTask,
}
WITH_EXTERNAL_ID = (Target.CUSTOMERS, Target.CONTACTS, Target.PRODUCTS, Target.OPPORTUNITIES, Target.LEADS)
MERGEABLE = (Target.CUSTOMERS, Target.CONTACTS)
PENDING = 0
"""Stands for a record that a dry run would have created."""
NAMED = (Target.UNITS, Target.USERS, Target.CUSTOMERS, Target.PRODUCTS)
"""What other rows may refer to by name while it comes in."""
CHUNK = 2_000


@dataclass(slots=True)
class Known:
    """A record that came in before: its key and what its row said then (None: it came in another way).

    Attributes:
        erased: Its person asked to be erased, or its words named somebody who did; such rows are left out.
    """

    object_id: int
    values: dict[str, Any] | None
    erased: bool = False


@dataclass(slots=True)
class References:
    """The records that rows name: by id those of the rows at hand, by name all of a kind, on disk, once asked for.

    Attributes:
        dry_run: Remember what would have been created; else the database knows it.
    """

    source: str
    dry_run: bool = False
    _known: dict[Target, dict[str, Known | None]] = field(default_factory=dict)
    _names: set[tuple[Target, str]] = field(default_factory=set)
    _found: dict[tuple[Target, str], dict[str, int | None]] = field(default_factory=dict)
    _notes: Notes = field(default_factory=Notes)

    def let_go(self) -> None:
        """Drop the records of the rows before."""
        self._known.clear()
        self._found.clear()

    def look_up(self, target: Target, keys: Collection[str], *, by: str = "external_id") -> None:
        """Look many records up at once; those held already are not asked for again."""
        held = self._held(target, by)
        wanted = [key for key in dict.fromkeys(keys) if key not in held]
        if not wanted:
            return
        if by == "external_id":
            found: Mapping[str, Any] = self._load(target, wanted)
        else:
            self._read_names(target, by)
            found = self._notes.keys(_place(target, by), wanted)
        held.update({key: found.get(key) for key in wanted})

    def known(self, target: Target, external_id: str) -> Known | None:
        """Return the record of this source that has an external id."""
        self.look_up(target, [external_id])
        return self._known[target][external_id]

    def remember(self, target: Target, rows: Iterable[tuple[str, int, dict[str, Any]]]) -> None:
        """Take note of records that were created just now, or would have been: id there, key here, what was said."""
        held = self._held(target, "external_id")
        rows = list(rows)
        held.update({external_id: Known(pk, said) for external_id, pk, said in rows})
        if self.dry_run:
            self._notes.add_coming(target.value, ((external_id, said) for external_id, _pk, said in rows))
        for by in [by for named, by in self._names if named is target and target in NAMED]:
            self._notes.add_names(_place(target, by), [(str(said[by]), pk) for _id, pk, said in rows if said.get(by)])
            self._found.pop((target, by), None)

    def find(self, target: Target, key: str, *, by: str) -> int:
        """Return the key of the record that a cell names.

        Raises:
            Unfit: there is none, or several have this name.
        """
        if by == "external_id":
            known = self.known(target, key)
            if known is None:
                raise Unfit("not_found", cell=key[:60])
            return known.object_id
        self.look_up(target, [key], by=by)
        found = self._found[target, by][key]
        if found is None:
            raise Unfit("not_found", cell=key[:60])
        if found == SEVERAL:
            raise Unfit("ambiguous", cell=key[:60])
        return found

    def forget(self) -> None:
        """Read everything anew: another process wrote meanwhile."""
        self.let_go()
        self._names.clear()
        self._notes.drop_names()

    def _held(self, target: Target, by: str) -> dict[str, Any]:
        if by == "external_id":
            return self._known.setdefault(target, {})
        return self._found.setdefault((target, by), {})

    def _load(self, target: Target, ids: Collection[str]) -> dict[str, Known]:
        keys = [key for key in ids if "\x00" not in key]  # PostgreSQL holds no such text
        rows = ImportedRecord.objects.filter(source=self.source, target=target, external_id__in=keys)
        found = {
            external_id: Known(object_id, values, erased)
            for external_id, object_id, values, erased in rows.values_list(
                "external_id", "object_id", "values", "erased"
            )
        }
        if target in WITH_EXTERNAL_ID and (left := [key for key in keys if key and key not in found]):
            held = MODELS[target]._default_manager.filter(external_source=self.source).exclude(external_id="")
            for external_id, pk in held.filter(external_id__in=left).values_list("external_id", "pk"):
                found[external_id] = Known(pk, None)
        if target in MERGEABLE:
            _follow_merges(target, found.values())
        if target is Target.CONTACTS and found:
            _mark_erased(found.values())
        if self.dry_run and (left := [key for key in ids if key not in found]):
            found |= {key: Known(PENDING, said) for key, said in self._notes.coming(target.value, left).items()}
        return found

    def _read_names(self, target: Target, by: str) -> None:
        """Write all names of a kind down, those that a dry run would have brought in too."""
        if (target, by) in self._names:
            return
        rows = MODELS[target]._default_manager.all()
        if target in MERGEABLE:
            rows = rows.filter(trashed_at=None, merged_into=None)
        named = rows.values_list(_column(target, by), "pk").order_by().iterator(chunk_size=CHUNK)
        self._notes.add_names(_place(target, by), named)
        if self.dry_run and target in NAMED:
            self._notes.add_names(_place(target, by), list(self._coming(target, by)))
        self._names.add((target, by))

    def _coming(self, target: Target, by: str) -> Iterator[tuple[str, int]]:
        for said in self._notes.everything_coming(target.value):
            if said.get(by):
                yield str(said[by]), PENDING


def _place(target: Target, by: str) -> str:
    return f"{target.value}.{by}"


def _column(target: Target, name: str) -> str:
    columns = {item.name for item in MODELS[target]._meta.fields}
    return name if name in columns else "name"


def _follow_merges(target: Target, found: Collection[Known]) -> None:
    """Let records that were merged away lead to the one that was kept."""
    merged = MODELS[target]._default_manager.exclude(merged_into=None)
    kept: dict[int, int] = {}
    asked: set[int] = set()
    ahead = {known.object_id for known in found}
    while ahead:
        asked |= ahead
        step = dict(merged.filter(pk__in=ahead).values_list("pk", "merged_into_id"))
        kept |= step
        ahead = set(step.values()) - asked
    for known in found:
        seen: set[int] = set()
        while known.object_id in kept and known.object_id not in seen:
            seen.add(known.object_id)
            known.object_id = kept[known.object_id]


def _mark_erased(found: Collection[Known]) -> None:
    keys = {known.object_id for known in found}
    gone = set(Erasure.objects.filter(contact_id__in=keys).values_list("contact_id", flat=True))
    for known in found:
        known.erased = known.erased or known.object_id in gone
