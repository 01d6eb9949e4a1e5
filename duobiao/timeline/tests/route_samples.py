"""Records of the timeline for the route matrix."""

from duobiao.timeline.models import Notification
from tests.support.routes import Sample, World


def notification(world: World) -> dict[str, str]:
    """A line in the owner's bell."""
    row = Notification.objects.create(user=world.owner, at=world.now, event="timeline.mentioned", url="/")
    return {"ref": row.ref}


def commented(world: World) -> dict[str, str]:
    """The account of the owner, as something to comment on: only administrators see it."""
    return {"kind": "user", "ref": world.owner.ref}


SAMPLES: dict[str, Sample] = {"notification": notification, "commented": commented}
