"""Part two records that were merged: everything goes back, but for what was changed since."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from duobiao.duplicates.actions.remember import tell_owners
from duobiao.duplicates.domain.changes import Change, take_back
from duobiao.duplicates.events import MergeUndone, Parted
from duobiao.duplicates.models import Merge, Pair, PairState
from duobiao.duplicates.queries.surroundings import row_of
from duobiao.duplicates.registry import DuplicateKind, kind_of
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, NotFound
from duobiao.timeline.actions.record import record
from duobiao.timeline.registry import subject_of


class TooLateToUndo(Conflict):
    """The merge was undone before, or its 30 days are over (409)."""

    code = "too_late_to_undo"


class MergedFurther(Conflict):
    """What came of the merge was itself merged, or thrown away (409)."""

    code = "merged_further"


@dataclass(slots=True)
class Undone:
    """What an undoing could not take back.

    Attributes:
        facts: Names of facts of the two records that somebody changed since.
        rows: How many rows that hang on them were changed or removed since.
    """

    facts: list[str] = field(default_factory=list)
    rows: int = 0

    @property
    def kept(self) -> int:
        """How many values stay as they are."""
        return len(self.facts) + self.rows


@transaction.atomic
def undo_merge(*, merge: Merge, actor: User, now: datetime) -> Undone:
    """Let the other record stand for itself again and give each what it had; what was changed since stays.

    Raises:
        NotAllowed: the actor may not merge one of them.
        TooLateToUndo: it was undone before, or more than 30 days ago.
        MergedFurther: the keeper went into another one, or lies in the trash.
    """
    kind = kind_of(merge.record_kind)
    if kind is None:
        raise NotFound(_("There is no such merge."))
    keys = dict(kind.model._base_manager.filter(ref__in=[merge.keeper, merge.other]).values_list("ref", "pk"))
    keeper, other = kind.lock([keys[merge.keeper], keys[merge.other]])
    require(actor, kind.verb, keeper)
    require(actor, kind.verb, other)
    held = Merge.objects.select_for_update().get(pk=merge.pk)
    _require_undoable(held, kind, keeper, other, now)
    undone = _restore(held, kind, [keeper, other])
    held.undone_at, held.undone_by = now, actor
    held.save(update_fields=["undone_at", "undone_by"])
    held.memory.delete()
    first, second = sorted((held.keeper, held.other))
    Pair.objects.filter(record_kind=kind.key, first=first, second=second).update(
        state=PairState.DISMISSED, settled_at=now, settled_by=actor
    )
    keeper.refresh_from_db()
    other.refresh_from_db()
    kind.settle(keeper, other, actor, now)
    _record((keeper, other), undone, kind=kind.key, actor=actor, now=now)
    tell_owners((keeper, other), event=MergeUndone.name, actor=actor, now=now, kept=undone.kept)
    return undone


def _require_undoable(merge: Merge, kind: DuplicateKind, keeper: Any, other: Any, now: datetime) -> None:
    if not merge.is_undoable(now) or not hasattr(merge, "memory"):
        raise TooLateToUndo(_("A merge can be undone once, and within 30 days."))
    if other.merged_into_id != keeper.pk or not kind.live().filter(pk=keeper.pk).exists():
        message = _("The entry that was kept was itself merged or thrown away. Undo that first.")
        raise MergedFurther(message)


def _restore(merge: Merge, kind: DuplicateKind, records: list[Any]) -> Undone:
    undone = Undone()
    own = {(kind.model._meta.label, record.pk) for record in records}
    waiting = [Change.read(written) for written in merge.memory.changes]
    for _round in range(2):
        waiting = [change for change in waiting if not _one(change, kind, own, undone)]
    undone.rows += len(waiting)
    return undone


def _one(change: Change, kind: DuplicateKind, own: set[tuple[str, Any]], undone: Undone) -> bool:
    """Take one change back; False when a constraint forbids it as things stand."""
    model = apps.get_model(change.model)
    try:
        with transaction.atomic():
            if change.before is None:
                _drop_added(model, change, kind)
            elif change.after is None:
                _bring_back(model, change.before)
            else:
                is_own = (change.model, change.key) in own
                _set_back(model, change.without(kind.derived) if is_own else change, is_own=is_own, undone=undone)
    except IntegrityError:
        return False
    return True


def _drop_added(model: type[models.Model], change: Change, kind: DuplicateKind) -> None:
    if model._meta.auto_created or change.model in kind.drops:
        model._base_manager.filter(pk=change.key).delete()


def _bring_back(model: type[models.Model], before: dict[str, Any]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    values = {name: fields[name].to_python(value) for name, value in before.items() if name in fields}
    if not model._base_manager.filter(pk=values[_key_column(model)]).exists():
        model._base_manager.bulk_create([model(**values)])


def _set_back(model: type[models.Model], change: Change, *, is_own: bool, undone: Undone) -> None:
    held = model._base_manager.filter(pk=change.key).first()
    if held is None:
        undone.rows += 1
        return
    same, changed = take_back(change, row_of(held))
    fields = {field.attname: field for field in model._meta.concrete_fields}
    values = {name: fields[name].to_python(value) for name, value in same.items() if name in fields}
    if "version" in fields:
        values["version"] = models.F("version") + 1
    if values:
        model._base_manager.filter(pk=change.key).update(**values)
    if is_own:
        undone.facts += [str(fields[name].verbose_name) for name in changed if name in fields]
    else:
        undone.rows += bool(changed)


def _key_column(model: type[models.Model]) -> str:
    key = model._meta.pk
    return key.attname if key is not None else "id"


def _record(records: tuple[Any, Any], undone: Undone, *, kind: str, actor: User, now: datetime) -> None:
    keeper, other = records
    subject = subject_of(Ref.of(keeper))
    chains = [subject.chain(row) if subject is not None else row.ref for row in (keeper, other)]
    record(Parted(subject=Ref.of(other), chain=chains[1], data={"keeper": keeper.ref}), actor=actor, at=now)
    event = MergeUndone(
        subject=Ref.of(keeper),
        parted=Ref.of(other),
        chain=chains[0],
        data={"parted": other.ref, "kept": undone.kept, "kind": kind},
    )
    record(event, actor=actor, at=now)
