"""Change how far a verb reaches for a role, or go back to what was shipped."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.events import ROLES_CHAIN, GrantChanged
from duobiao.identity.models import Role, RoleGrant, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, StaleVersion
from duobiao.timeline.actions.record import record


class WouldLockOut(Conflict):
    """Administrators must keep the rights with which they run the installation."""

    code = "would_lock_out"


@transaction.atomic
def change_role_grant(
    *, role: str, verb: str, scope: str | None, seen: str | None = None, actor: User, now: datetime
) -> None:
    """Set the scope of one role and verb.

    Args:
        scope: The new reach; None goes back to the shipped one.
        seen: The reach the actor saw, where known.

    Raises:
        NotAllowed: ``actor`` may not change roles.
        Invalid: unknown role, verb or reach, or a reach that makes no sense for the verb.
        WouldLockOut: it would take a right of administration from administrators.
        StaleVersion: somebody changed the reach meanwhile.
    """
    policy.require(actor, "identity.roles")
    shipped = policy.shipped_grants()
    if role not in shipped or verb not in shipped[role]:
        raise Invalid(_("There is no such role or right."), fields={"verb": _("unknown")})
    wanted = shipped[role][verb] if scope is None else scope
    if wanted not in policy.scopes_offered(verb):
        raise Invalid(_("This reach makes no sense here."), fields={"scope": _("Choose one of those offered.")})
    if role == Role.ADMINISTRATOR and verb.startswith("identity.") and wanted != shipped[role][verb]:
        raise WouldLockOut(_("Administrators keep the rights of administration."))
    held = {(grant.role, grant.verb): grant for grant in RoleGrant.objects.select_for_update().filter(role=role)}
    grant = held.get((role, verb))
    before = policy.Scope(grant.scope) if grant is not None else shipped[role][verb]
    if seen is not None and seen != before:
        raise StaleVersion(_("Somebody else changed this right meanwhile."), details={"current": {"scope": before}})
    if wanted == before:
        return
    if grant is not None and wanted == shipped[role][verb]:
        grant.delete()
    else:
        RoleGrant.objects.update_or_create(role=role, verb=verb, defaults={"scope": wanted})
    data = {"role": role, "verb": verb, "before": str(before), "after": str(wanted)}
    record(GrantChanged(subject=Ref("role", role), chain=ROLES_CHAIN, data=data), actor=actor, at=now)
