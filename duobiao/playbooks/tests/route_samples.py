"""Records for the route matrix."""

from django.utils import timezone

from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from tests.support.routes import World


def shipped(_world: World) -> dict[str, str]:
    """Put the shipped playbooks in place."""
    version = ship_playbooks(now=timezone.now())[0]
    return {"key": version.key, "version": str(version.version)}


SAMPLES = {"shipped": shipped}
