"""Add, change and remove group robots, and name the address that their links lead back to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import Unit, User
from duobiao.identity.sealing import seal
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, StaleVersion
from duobiao.push.actions.post_json import check_address
from duobiao.push.events import RobotRemoved, RobotSaved
from duobiao.push.models import PushSettings, Robot, RobotKind, Topic
from duobiao.timeline.actions.record import record

VERB = "push.robots"
LONGEST_NAME, LONGEST_SECRET = 60, 200


@dataclass(frozen=True, slots=True)
class RobotDraft:
    """What an administrator enters.

    Attributes:
        address, secret: "" keeps what is sealed; the secret only together with the address.
    """

    kind: str
    name: str
    address: str = ""
    secret: str = ""
    unit: Unit | None = None
    topics: Sequence[str] = ()
    language: str = settings.LANGUAGE_CODE
    is_active: bool = True


@transaction.atomic
def save_robot(
    *, robot: Robot | None, draft: RobotDraft, version: int, base_url: str, actor: User, now: datetime
) -> Robot:
    """Keep a robot; what is secret is sealed.

    Args:
        robot: None adds one.
        base_url: Address of this installation, kept where none is known yet.

    Raises:
        NotAllowed: ``actor`` may not keep robots.
        StaleVersion: somebody changed it meanwhile.
        Invalid: a field does not fit; the address is none that may be called.
    """
    policy.require(actor, VERB)
    held = Robot.objects.select_for_update(of=("self",)).get(pk=robot.pk) if robot is not None else Robot(version=0)
    if robot is not None and held.version != version:
        raise StaleVersion(_("Somebody else changed this robot meanwhile."), details={"version": held.version})
    address = draft.address.strip()
    host = _checked(draft, address, new=robot is None)
    held.kind, held.name, held.unit = draft.kind, draft.name.strip(), draft.unit
    held.topics, held.language, held.is_active = sorted(set(draft.topics)), draft.language, draft.is_active
    if address:
        held.address, held.host, held.secret = seal(address), host, seal(draft.secret.strip())
    held.version += 1
    held.save()
    _keep_base_url(base_url)
    data = {"robot": held.name, "kind": held.kind, "topics": held.topics, "address_changed": bool(address)}
    record(RobotSaved(subject=Ref("robot", held.ref), data=data), actor=actor, at=now)
    return held


@transaction.atomic
def remove_robot(*, robot: Robot, actor: User, now: datetime) -> None:
    """Take a robot away, with what it has not sent.

    Raises:
        NotAllowed: ``actor`` may not keep robots.
    """
    policy.require(actor, VERB)
    record(RobotRemoved(subject=Ref("robot", robot.ref), data={"robot": robot.name}), actor=actor, at=now)
    robot.delete()


def _checked(draft: RobotDraft, address: str, *, new: bool) -> str:
    faults: dict[str, str] = {}
    if draft.kind not in RobotKind.values:
        faults["kind"] = _("Choose one of: %(names)s.") % {"names": ", ".join(RobotKind.values)}
    if not 1 <= len(draft.name.strip()) <= LONGEST_NAME or "\x00" in draft.name:
        faults["name"] = _("Name it, in at most %(n)d characters.") % {"n": LONGEST_NAME}
    if not draft.topics or not set(draft.topics) <= set(Topic.values):
        faults["topics"] = _("Choose at least one of: %(names)s.") % {"names": ", ".join(Topic.values)}
    languages = dict(settings.LANGUAGES)
    if draft.language not in languages:
        faults["language"] = _("Choose one of: %(names)s.") % {"names": ", ".join(languages)}
    if len(draft.secret) > LONGEST_SECRET or (draft.secret.strip() and not address):
        faults["secret"] = _("Enter the secret together with the address, at most %(n)d characters.") % {
            "n": LONGEST_SECRET
        }
    host, fault = _host(address, new=new)
    if fault:
        faults["address"] = fault
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return host


def _host(address: str, *, new: bool) -> tuple[str, str]:
    """Return the host of an address, and what is wrong with it."""
    if not address:
        return "", _("Enter the whole https address that the chat shows for the robot.") if new else ""
    try:
        return check_address(address), ""
    except Invalid as refusal:
        return "", str(refusal.fields["address"])


def _keep_base_url(base_url: str) -> None:
    held = PushSettings.load()
    if not held.base_url:
        held.base_url = base_url.rstrip("/")[:200]
        held.save()
