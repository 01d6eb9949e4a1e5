"""Settle a proposed pair: say that the two are no duplicates, or merge them with the facts chosen."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.duplicates.events import PairDismissed
from duobiao.duplicates.models import Merge, Pair, PairState
from duobiao.duplicates.registry import DuplicateKind
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, StaleVersion
from duobiao.timeline.actions.record import record
from duobiao.timeline.registry import subject_of


class PairSettled(Conflict):
    """Somebody settled this pair before (409)."""

    code = "pair_settled"


@transaction.atomic
def dismiss_pair(*, pair: Pair, kind: DuplicateKind, records: tuple[Any, Any], actor: User, now: datetime) -> Pair:
    """Say that two records are not the same one; they are not proposed again.

    Raises:
        NotAllowed: the actor may not merge one of them.
        PairSettled: it was merged or dismissed before.
    """
    for row in records:
        require(actor, kind.verb, row)
    held = Pair.objects.select_for_update().get(pk=pair.pk)
    if held.state != PairState.OPEN:
        raise PairSettled(_("This pair was settled before. Reload the list."))
    held.state, held.settled_at, held.settled_by = PairState.DISMISSED, now, actor
    held.save(update_fields=["state", "settled_at", "settled_by"])
    for one, other in (records, records[::-1]):
        subject = subject_of(Ref.of(one))
        chain = subject.chain(one) if subject is not None else one.ref
        record(PairDismissed(subject=Ref.of(one), chain=chain, data={"other": other.ref}), actor=actor, at=now)
    return held


@transaction.atomic
def merge_records(
    *,
    kind: DuplicateKind,
    keeper: Any,
    other: Any,
    take: Iterable[str],
    versions: tuple[int, int],
    actor: User,
    now: datetime,
) -> Merge:
    """Make one record out of two; facts of the keeper win but for those named, its gaps are filled.

    Args:
        take: Names of facts to take from the other one.
        versions: Of keeper and other, as the actor saw them.

    Raises:
        StaleVersion: somebody changed one of them since.
        NotAllowed: the actor may not merge one of them.
        Invalid: both are the same, or a fact is unknown.
        Conflict: one lies in the trash, is closed, or was merged before.
    """
    if keeper.pk == other.pk:
        raise Invalid(_("Choose two different entries."), fields={"other": _("the same entry")})
    keeper, other = kind.lock([keeper.pk, other.pk])
    if versions != (keeper.version, other.version):
        message = _("Somebody changed one of the entries meanwhile. Look at both again.")
        raise StaleVersion(message, details={"current": {"keeper": keeper.version, "other": other.version}})
    wanted = frozenset(take)
    known = {choice.name for choice in kind.choices(keeper, other)}
    if unknown := sorted(wanted - known):
        message = _("Choose one of: %(names)s.") % {"names": ", ".join(sorted(known))}
        raise Invalid(message, fields={"take": f"{unknown[0]}: {message}"})
    kind.merge(keeper, other, wanted, actor, now)
    return Merge.objects.get(record_kind=kind.key, other=other.ref, undone_at=None)
