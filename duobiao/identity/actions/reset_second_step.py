"""Take away the second step of somebody who lost phone, key and recovery codes."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.events import SecondStepReset
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.timeline.actions.record import record


class NoSecondStep(Conflict):
    """There is nothing to take away."""

    code = "no_second_step"


@transaction.atomic
def reset_second_step(*, user: User, actor: User, now: datetime) -> None:
    """Remove every authenticator, key and recovery code; the password stays, and signing in asks for nothing more.

    Raises:
        NotAllowed: ``actor`` may not manage people.
        Invalid: ``actor`` is the person; the own second step is changed on the profile page, where the step is asked for.
        NoSecondStep: signing in as ``user`` asks for the password alone.
    """
    policy.require(actor, "identity.users")
    if user.pk == actor.pk:
        raise Invalid(_("You cannot take away your own second step here. Change it on your profile page."))
    held = Authenticator.objects.filter(user=user)
    if not held.exists():
        raise NoSecondStep(_("This person signs in with the password alone."))
    held.delete()
    record(SecondStepReset(subject=Ref.of(user)), actor=actor, at=now)
