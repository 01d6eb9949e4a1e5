"""Say something through a robot."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duobiao.identity.sealing import unseal
from duobiao.push.actions.post_json import post_json
from duobiao.push.domain.robots import Mention, Message, posted, refusal_of
from duobiao.push.models import PushSettings, Robot


def say(robot: Robot, title: str, detail: str, url: str, mentions: Sequence[Mention], *, now: datetime) -> str:
    """Post one message; return "" or why the robot did not take it, without secrets.

    Raises:
        Unreachable: nothing took the message.
    """
    address = unseal(robot.address)
    if not address:
        return _("the address of the robot can no longer be read; enter it again")
    with translation.override(robot.language):
        link = pgettext("link", "Open")
    message = Message(title, detail, link_back(url), link, mentions)
    out = posted(robot.kind, address, unseal(robot.secret), message, at=now)
    return refusal_of(post_json(out.address, out.body))


def link_back(url: str) -> str:
    """Return the whole address of a page; "" where the address of this installation is not known."""
    base = PushSettings.load().base_url
    return f"{base}{url}" if base and url.startswith("/") else ""
