"""Make one rival out of two entries of the same company, and bring both into step when they are parted again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from duobiao.competition.actions.index_rivals import index_rivals
from duobiao.competition.actions.join_places import join_places, point_tasks
from duobiao.competition.actions.keep_rival import name_key
from duobiao.competition.actions.keep_statement import recount
from duobiao.competition.actions.landscape import derive_gaps, settle
from duobiao.competition.events import RivalMergedAway, RivalsMerged
from duobiao.competition.models import CardStatement, DealRival, Landscape, Rival, RivalName
from duobiao.duplicates.actions.remember import remembered, repoint
from duobiao.duplicates.queries.sides import fill_gaps
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.lock import lock_deals
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record
from duobiao.timeline.models import Comment

VERB = "competition.merge"
RIVAL_FACTS = ("name", "site", "region", "industries", "note", "is_active")
RIVAL_STAYS = frozenset(("competition.Rival.merged_into",))


def lock_rivals(keys: Iterable[int]) -> list[Rival]:
    """Return rivals in the order of ``keys``, merged ones too; the deals they are on are locked first, then they by key."""
    wanted = list(keys)
    deals = Opportunity.objects.filter(rivals__rival__in=wanted).values_list("pk", flat=True)
    lock_deals(sorted(set(deals)))
    found = {row.pk: row for row in Rival.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    return [found[key] for key in wanted]


@transaction.atomic
def merge_rivals(
    *, keeper: Rival, other: Rival, actor: User, now: datetime, take: frozenset[str] = frozenset()
) -> Rival:
    """Move names, battle card and places on deals of ``other`` to ``keeper``; the other's name becomes an alias.

    On a deal that has both, scores, barriers, contacts, moves and answers come together.

    Args:
        take: Names of facts to take from the other one all the same.

    Raises:
        NotAllowed: the actor may not merge rivals.
        Invalid: both are the same.
        Conflict: one was merged before.
    """
    if keeper.pk == other.pk:
        raise Invalid(_("Choose two different rivals."), fields={"merge": _("the same rival")})
    keeper, other = lock_rivals([keeper.pk, other.pk])
    require(actor, VERB, keeper)
    if keeper.merged_into_id is not None or other.merged_into_id is not None:
        raise Conflict(_("One of these rivals was merged into another one before."))
    with remembered(keeper=keeper, other=other, actor=actor, now=now):
        _merge(keeper, other, take)
        repoint(keeper, other, stays=RIVAL_STAYS)
        recount(keeper)
        record(RivalMergedAway(subject=Ref.of(other), data={"keeper": keeper.ref}), actor=actor, at=now)
        data = {"merged": other.ref, "merged_name": other.name}
        record(RivalsMerged(subject=Ref.of(keeper), merged=Ref.of(other), data=data), actor=actor, at=now)
    _settle_places([keeper], actor, now)
    index_rivals([keeper, other], now=now)
    return keeper


def settle_rivals(keeper: Rival, other: Rival, actor: User, now: datetime) -> None:
    """After a merge was undone: give each its own name again, and derive what follows from cards and places."""
    for rival in (keeper, other):
        _keep_own_name(rival)
        recount(rival)
    point_tasks(list(DealRival.objects.filter(rival__in=(keeper, other)).values_list("pk", flat=True)))
    _settle_places([keeper, other], actor, now)
    index_rivals([keeper, other], now=now)


def _merge(keeper: Rival, other: Rival, take: frozenset[str]) -> None:
    name = keeper.name
    fill_gaps(keeper, other, RIVAL_FACTS, take=take)
    keeper.version += 1
    keeper.save()
    RivalName.objects.filter(rival=other).update(rival=keeper, is_main=False)
    if keeper.name != name:
        RivalName.objects.filter(rival=keeper, is_main=True).update(is_main=False)
        RivalName.objects.filter(rival=keeper, key=name_key(keeper.name)).update(is_main=True)
    Rival.objects.filter(merged_into=other).update(merged_into=keeper)
    CardStatement.objects.filter(rival=other).update(rival=keeper)
    there = {row.opportunity_id: row for row in DealRival.objects.filter(rival=keeper)}
    for row in DealRival.objects.filter(rival=other, opportunity__in=there).order_by("pk"):
        join_places(there[row.opportunity_id], row)
    DealRival.objects.filter(rival=other).update(rival=keeper)
    Comment.objects.filter(subject_kind=Rival.kind, subject_ref=other.ref).update(subject_ref=keeper.ref)
    other.merged_into = keeper
    other.version += 1
    other.save(update_fields=["merged_into", "version"])


def _keep_own_name(rival: Rival) -> None:
    """Give a rival the name it goes by, which may have become an alias of the other one meanwhile."""
    if rival.names.filter(is_main=True).exists():
        return
    key = name_key(rival.name)
    if not RivalName.objects.filter(key=key).update(rival=rival, is_main=True):
        RivalName.objects.create(rival=rival, name=rival.name, key=key, is_main=True)


def _settle_places(rivals: list[Rival], actor: User, now: datetime) -> None:
    """Compare anew on all deals they are on; on open ones the ledger follows."""
    rows = Landscape.objects.filter(Q(opportunity__rivals__rival__in=rivals)).select_related("opportunity").distinct()
    for landscape in rows.order_by("pk"):
        if landscape.opportunity.is_open:
            settle(landscape, reason=_("two entries of a rival became one, or were parted"), actor=actor, now=now)
        else:
            derive_gaps(landscape)
