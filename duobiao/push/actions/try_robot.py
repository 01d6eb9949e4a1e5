"""Try a robot: say one sentence, and tell the administrator what came of it."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.push.actions.post_json import Unreachable
from duobiao.push.actions.save_robot import VERB
from duobiao.push.actions.say import say
from duobiao.push.events import RobotTested
from duobiao.push.models import Robot
from duobiao.timeline.actions.record import record


class RobotSilent(Conflict):
    """The robot did not take the message."""

    code = "robot_silent"


def try_robot(*, robot: Robot, actor: User, now: datetime) -> None:
    """Let a robot say that it is connected.

    Raises:
        NotAllowed: ``actor`` may not keep robots.
        RobotSilent: it did not take the message; the text says why.
    """
    policy.require(actor, VERB)
    with translation.override(robot.language):
        title, detail = _("Duobiao is connected"), _("%(who)s tried this robot.") % {"who": actor.name}
    try:
        why = say(robot, title, detail, "/notifications/", (), now=now)
    except Unreachable as error:
        why = str(error)
    with transaction.atomic():
        data = {"robot": robot.name, "note": why}
        record(RobotTested(subject=Ref("robot", robot.ref), data=data), actor=actor, at=now)
    if why:
        raise RobotSilent(_("The robot did not take the message: %(why)s") % {"why": why})
