"""Pools as pages show them: what lies in them, what the reader holds, what they may still take."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import NotFound
from duobiao.prospecting.models import OPEN_STATES, Claim, CustomerClaim, Lead, Pool, PooledCustomer

TWO_DAYS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One pool.

    Attributes:
        free: Open leads, or customers, that lie in it.
        held: Those of it that somebody has; ``mine`` the reader has.
        taken_today: Leads of it the reader took today.
        may_take: Whether the reader is a member.
    """

    pool: Pool
    members: list[str]
    free: int
    held: int
    mine: int
    taken_today: int
    may_take: bool


def pool_rows(user: User, *, now: datetime, all_pools: bool = False) -> list[PoolRow]:
    """Return the pools the person is a member of, or may see; a few queries for any number.

    Args:
        all_pools: Those out of use too, for who maintains them.
    """
    pools = Pool.objects.all() if all_pools else Pool.objects.active().visible_to(user)
    rows = list(pools.select_related("keeper").prefetch_related("members__unit").order_by("-is_active", "name", "pk"))
    keys = [pool.pk for pool in rows]
    mine = set(Pool.objects.of_member(user).filter(pk__in=keys).values_list("pk", flat=True))
    counts = {row["pool"]: row for row in _counts(keys, user)}
    taken = _taken_today(keys, user, now=now)
    nothing = {"free": 0, "held": 0, "own": 0}
    return [
        PoolRow(
            pool=pool,
            members=[str(member) for member in pool.members.all()],
            free=counts.get(pool.pk, nothing)["free"],
            held=counts.get(pool.pk, nothing)["held"],
            mine=counts.get(pool.pk, nothing)["own"],
            taken_today=taken.get(pool.pk, 0),
            may_take=pool.pk in mine and pool.is_active,
        )
        for pool in rows
    ]


def _counts(keys: list[int], user: User) -> list[dict[str, Any]]:
    rows = Lead.objects.filter(pool__in=keys, state__in=OPEN_STATES).values("pool")
    counted = rows.annotate(
        free=Count("pk", filter=Q(owner=None)),
        held=Count("pk", filter=~Q(owner=None)),
        own=Count("pk", filter=Q(owner=user)),
    )
    customers = PooledCustomer.objects.live().filter(pool__in=keys).values("pool")
    more = customers.annotate(
        free=Count("pk", filter=Q(holder=None)),
        held=Count("pk", filter=~Q(holder=None)),
        own=Count("pk", filter=Q(holder=user)),
    )
    return [dict(row) for row in (*counted.order_by("pool"), *more.order_by("pool"))]


def _taken_today(keys: list[int], user: User, *, now: datetime) -> dict[int, int]:
    zone = CompanySettings.load().time_zone
    today = local_day(now, zone)
    taken = {"pool__in": keys, "user": user, "taken": True, "began_at__gt": now - TWO_DAYS}
    leads = Claim.objects.filter(**taken).values_list("pool_id", "began_at")
    customers = CustomerClaim.objects.filter(**taken).values_list("pool_id", "began_at")
    found: dict[int, int] = {}
    for pool_id, at in leads.union(customers, all=True):
        found[pool_id] = found.get(pool_id, 0) + (local_day(at, zone) == today)
    return found


def get_pool(ref: str) -> Pool:
    """Return a pool, for who maintains them.

    Raises:
        NotFound: there is none.
    """
    found = Pool.objects.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such pool."))
    return found
