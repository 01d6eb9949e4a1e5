"""Find records by the ids and names that files use."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from duobiao.customers.models import Contact, Customer, Erasure
from duobiao.engagement.models import Call, Visit
from duobiao.identity.models import Unit, User
from duobiao.integrations.domain.values import Unfit
from duobiao.integrations.models import ImportedRecord
from duobiao.integrations.schemas import Target
from duobiao.opportunities.models import DealTask, Opportunity, Product
from duobiao.prospecting.models import Lead
from duobiao.timeline.models import Comment

MODELS: dict[Target, type[models.Model]] = {
    Target.UNITS: Unit,
    Target.USERS: User,
    Target.CUSTOMERS: Customer,
    Target.CONTACTS: Contact,
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
SEVERAL = -1


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
    """All records of one source by id, and all records by name, read when first asked for."""

    source: str
    _known: dict[Target, dict[str, Known]] = field(default_factory=dict)
    _names: dict[tuple[Target, str], dict[str, int]] = field(default_factory=dict)

    def known(self, target: Target) -> dict[str, Known]:
        """Return the records of this source by external id."""
        if target not in self._known:
            self._known[target] = self._load(target)
        return self._known[target]

    def remember(self, target: Target, external_id: str, object_id: int, values: dict[str, Any]) -> None:
        """Take note of a record that was created just now, or would have been."""
        self.known(target)[external_id] = Known(object_id, values)
        if target in (Target.UNITS, Target.USERS, Target.CUSTOMERS, Target.PRODUCTS):
            for name in ("name", "code", "username", "email"):
                names = self._names.get((target, name))
                if names is not None and values.get(name):
                    names[str(values[name])] = object_id if names.get(values[name], object_id) == object_id else SEVERAL

    def find(self, target: Target, key: str, *, by: str) -> int:
        """Return the key of the record that a cell names.

        Raises:
            Unfit: there is none, or several have this name.
        """
        if by == "external_id":
            known = self.known(target).get(key)
            if known is None:
                raise Unfit("not_found", cell=key[:60])
            return known.object_id
        found = self._by_name(target, by).get(key)
        if found is None:
            raise Unfit("not_found", cell=key[:60])
        if found == SEVERAL:
            raise Unfit("ambiguous", cell=key[:60])
        return found

    def forget(self) -> None:
        """Read everything anew: another process wrote meanwhile."""
        self._known.clear()
        self._names.clear()

    def _load(self, target: Target) -> dict[str, Known]:
        rows = ImportedRecord.objects.filter(source=self.source, target=target)
        found = {
            external_id: Known(object_id, values, erased)
            for external_id, object_id, values, erased in rows.values_list(
                "external_id", "object_id", "values", "erased"
            )
        }
        if target in WITH_EXTERNAL_ID:
            held = MODELS[target]._default_manager.filter(external_source=self.source).exclude(external_id="")
            for external_id, pk in held.values_list("external_id", "pk"):
                found.setdefault(external_id, Known(pk, None))
        if target in MERGEABLE:
            _follow_merges(target, found.values())
        if target is Target.CONTACTS:
            gone = set(Erasure.objects.values_list("contact_id", flat=True))
            for known in found.values():
                known.erased = known.erased or known.object_id in gone
        return found

    def _by_name(self, target: Target, name: str) -> dict[str, int]:
        if (target, name) not in self._names:
            rows = MODELS[target]._default_manager.all()
            if target in MERGEABLE:
                rows = rows.filter(trashed_at=None, merged_into=None)
            found: dict[str, int] = {}
            for text, pk in rows.values_list(_column(target, name), "pk"):
                found[text] = SEVERAL if text in found else pk
            self._names[target, name] = found
        return self._names[target, name]


def _column(target: Target, name: str) -> str:
    columns = {item.name for item in MODELS[target]._meta.fields}
    return name if name in columns else "name"


def _follow_merges(target: Target, found: Iterable[Known]) -> None:
    """Let records that were merged away lead to the one that was kept."""
    rows = MODELS[target]._default_manager.exclude(merged_into=None)
    kept = dict(rows.values_list("pk", "merged_into_id"))
    for known in found:
        seen: set[int] = set()
        while known.object_id in kept and known.object_id not in seen:
            seen.add(known.object_id)
            known.object_id = kept[known.object_id]
