"""Revoke an API token."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.events import TokenRevoked
from duobiao.identity.models import ApiToken, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.timeline.actions.record import record


class AlreadyRevoked(Conflict):
    """The token is dead already."""

    code = "already_revoked"


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: User, now: datetime) -> None:
    """End a token at once.

    Raises:
        NotAllowed: it is somebody else's, and ``actor`` may not manage people.
        AlreadyRevoked: it was revoked before.
    """
    policy.require(actor, "identity.tokens" if token.user_id == actor.pk else "identity.users")
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        raise AlreadyRevoked(_("This token was revoked before."))
    token.revoked_at = now
    event = TokenRevoked(subject=Ref.of(token.user), data={"note": token.name, "token": token.ref})
    record(event, actor=actor, at=now)
