"""Make a pool and change it: its limits, its members, when leads come back to it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import json_changes, set_values
from duobiao.identity.models import Role, Unit, User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, StaleVersion
from duobiao.prospecting.events import PoolChanged, PoolCreated
from duobiao.prospecting.models import Content, Pool, PoolMember
from duobiao.timeline.actions.record import record

POOL_FIELDS: Final = (
    "name",
    "description",
    "most_open",
    "most_per_day",
    "recycle_days",
    "warn_days",
    "content",
    "keeper",
    "deal_stage",
    "contract_days",
    "is_active",
)
Member = tuple[Unit | None, str]
MOST_MEMBERS = 100


@transaction.atomic
def create_pool(*, values: Mapping[str, Any], members: Iterable[Member], actor: User, now: datetime) -> Pool:
    """Make a pool.

    Args:
        members: Unit and role each; None and "" for any.

    Raises:
        NotAllowed: the actor may not maintain pools.
        Invalid: a value cannot be accepted.
    """
    require(actor, "prospecting.pools")
    pool = Pool(created_at=now)
    _set(pool, values)
    pool.save(force_insert=True)
    said = _set_members(pool, members)
    data = {"note": pool.name, "members": said}
    record(PoolCreated(subject=Ref.of(pool), data=data), actor=actor, at=now)
    return pool


@transaction.atomic
def edit_pool(
    *,
    pool: Pool,
    version: int,
    values: Mapping[str, Any],
    members: Iterable[Member] | None,
    actor: User,
    now: datetime,
) -> Pool:
    """Change a pool; ``members`` None keeps them.

    Raises:
        NotAllowed: the actor may not maintain pools.
        StaleVersion: somebody changed it meanwhile.
        Invalid: a value cannot be accepted.
    """
    require(actor, "prospecting.pools")
    held = Pool.objects.select_for_update().get(pk=pool.pk)
    if held.version != version:
        message = _("Somebody changed this pool since you opened it. Reload and look at it again.")
        raise StaleVersion(message, details={"version": held.version})
    changes = _set(held, values)
    before = _said(held)
    after = before if members is None else _set_members(held, members)
    if not changes and before == after:
        return held
    held.version += 1
    held.save(update_fields=[*changes, "version"])
    said = {"members": [before, after]} if before != after else {}
    data = {"note": held.name, "changes": json_changes(changes) | said}
    record(PoolChanged(subject=Ref.of(held), data=data), actor=actor, at=now)
    return held


def _set(pool: Pool, values: Mapping[str, Any]) -> dict[str, Any]:
    changes = set_values(pool, values, allowed=POOL_FIELDS)
    faults: dict[str, object] = {}
    if not pool.name:
        faults["name"] = _("Name the pool.")
    elif Pool.objects.filter(name=pool.name).exclude(pk=pool.pk).exists():
        faults["name"] = _("Another pool has this name.")
    if pool.recycle_days is not None and pool.warn_days >= pool.recycle_days:
        faults["warn_days"] = _("Warn at most %(n)d days before: a lead comes back after %(days)d.") % {
            "n": pool.recycle_days - 1,
            "days": pool.recycle_days,
        }
    faults |= _content_faults(pool, changes)
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    try:
        pool.clean_fields(exclude=["created_at", "keeper"])
    except ValidationError as error:
        raise Invalid(
            _("Please correct the marked fields."),
            fields={name: " ".join(reasons) for name, reasons in error.message_dict.items()},
        ) from error
    return changes


def _content_faults(pool: Pool, changes: Mapping[str, Any]) -> dict[str, object]:
    if pool.pk is not None and "content" in changes:
        return {"content": _("What lies in a pool stays as it was made. Make another pool.")}
    if pool.content == Content.CUSTOMERS and (pool.keeper is None or not pool.keeper.is_active):
        return {"keeper": _("Name who keeps the customers while they lie free; somebody who works here.")}
    if pool.content == Content.LEADS and pool.keeper is not None:
        return {"keeper": _("Only a pool of customers has a keeper.")}
    return {}


def _set_members(pool: Pool, members: Iterable[Member]) -> list[str]:
    wanted = list(dict.fromkeys(members))
    if len(wanted) > MOST_MEMBERS or any(role and role not in Role.values for _unit, role in wanted):
        message = _("Name at most %(n)d members by unit, role, or both.") % {"n": MOST_MEMBERS}
        raise Invalid(message, fields={"members": message})
    pool.members.all().delete()
    PoolMember.objects.bulk_create(PoolMember(pool=pool, unit=unit, role=role) for unit, role in wanted)
    return _said(pool)


def _said(pool: Pool) -> list[str]:
    rows = pool.members.select_related("unit").order_by("unit__name", "role", "pk")
    return [f"{row.unit or '*'} {row.role}".strip() for row in rows]
