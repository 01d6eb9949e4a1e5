"""Make a link with which a person sets a new password; works without mail."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.events import PasswordLinkMade
from duobiao.identity.models import User
from duobiao.identity.password_links import password_path
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.timeline.actions.record import record


class AccountClosed(Conflict):
    """The account is closed; reopen it first."""

    code = "account_closed"


@transaction.atomic
def make_password_link(*, user: User, actor: User, now: datetime) -> str:
    """Return the path of the link; the present password works until the link is used.

    Raises:
        NotAllowed: ``actor`` may not manage people.
        AccountClosed: ``user`` cannot work.
    """
    policy.require(actor, "identity.users")
    if not user.is_active:
        raise AccountClosed(_("This account is closed. Reopen it first."))
    record(PasswordLinkMade(subject=Ref.of(user)), actor=actor, at=now)
    return password_path(user)
