"""Rights of the timeline's own acts, asked of whoever decides rights above."""

from typing import Any

from django.utils.translation import gettext as _

from duobiao.kernel.refusals import NotAllowed
from duobiao.web import registry


def require(actor: Any, verb: str) -> None:
    """Refuse unless the actor may do ``verb`` somewhere.

    Raises:
        NotAllowed: the actor may not.
    """
    if not registry.allowed(actor, verb):
        raise NotAllowed(_("Your role does not allow this. Ask your manager or an administrator."))
