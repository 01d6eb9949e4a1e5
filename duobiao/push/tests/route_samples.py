"""Records of pushing for the route matrix."""

from django.utils import timezone

from duobiao.identity.sealing import seal
from duobiao.push.models import Delivery, Robot
from tests.support.routes import Sample, World


def _robot() -> Robot:
    """A robot whose address leads nowhere, so that trying it fails at once."""
    address = seal("https://127.0.0.1/robot")
    return Robot.objects.create(kind="WECOM", name="群", address=address, host="127.0.0.1", topics=["TASKS"])


def robot(world: World) -> dict[str, str]:
    """A robot."""
    del world
    return {"ref": _robot().ref}


def failed_delivery(world: World) -> dict[str, str]:
    """A delivery that was given up."""
    now = timezone.now()
    fields = {"event": "opportunities.task_due", "url": "/", "happened_at": now, "due_at": now, "state": "FAILED"}
    return {"ref": Delivery.objects.create(key=world.owner.ref, robot=_robot(), **fields).ref}


SAMPLES: dict[str, Sample] = {"robot": robot, "failed_delivery": failed_delivery}
