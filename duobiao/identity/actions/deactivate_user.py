"""Close the account of a person who leaves, and hand over what they own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.actions import keep_version
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import ApiToken, Role, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.timeline.actions.record import record

COACHING_ROLES = (Role.COACH, Role.MANAGER)


class LastAdministrator(Conflict):
    """Somebody must stay who can run the installation."""

    code = "last_administrator"


class AlreadyClosed(Conflict):
    """The account is closed already."""

    code = "already_closed"


@transaction.atomic
def deactivate_user(*, user: User, successor: User | None = None, version: int, actor: User, now: datetime) -> None:
    """Close an account at once: sessions, tokens and unused links end with this transaction.

    Capabilities above hand customers and deals to ``successor`` when they hear ``UserDeactivated``; they refuse if
    there is something to hand over and nobody to take it.

    Raises:
        NotAllowed: ``actor`` may not manage people.
        AlreadyClosed, LastAdministrator, Invalid, StaleVersion.
    """
    policy.require(actor, "identity.users")
    if not user.is_active:
        raise AlreadyClosed(_("This account is closed already."))
    if user.pk == actor.pk:
        raise Invalid(_("You cannot close your own account. Ask another administrator."))
    require_other_administrator(user)
    if successor is not None and (successor.pk == user.pk or not successor.is_active):
        raise Invalid(_("Choose somebody else who can work."), fields={"successor": _("cannot take over")})
    user.set_unusable_password()
    keep_version.write(user, {"is_active": False, "password": user.password}, version=version)
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    _pass_on_learners(user, successor if successor is not None and successor.role in COACHING_ROLES else None)
    event = UserDeactivated(
        subject=Ref.of(user),
        successor=Ref.of(successor) if successor is not None else None,
        data={"successor": successor.ref, "successor_name": str(successor)} if successor is not None else {},
    )
    record(event, actor=actor, at=now)


def _pass_on_learners(leaving: User, coach: User | None) -> None:
    learners = User.objects.filter(coach=leaving)
    if coach is not None:
        learners.filter(pk=coach.pk).update(coach=None)
        learners = learners.exclude(pk=coach.pk)
    learners.update(coach=coach)


def require_other_administrator(user: User) -> None:
    """Refuse to lose the last administrator; the rows are locked so that two cannot leave at once.

    Raises:
        LastAdministrator: ``user`` is the only one.
    """
    if user.role != Role.ADMINISTRATOR:
        return
    administrators = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True)
    if not [pk for pk in administrators.values_list("pk", flat=True) if pk != user.pk]:
        raise LastAdministrator(_("This is the last administrator. Name another one first."))
