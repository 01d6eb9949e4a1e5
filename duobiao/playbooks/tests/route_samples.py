"""Records for the route matrix."""

from django.utils import timezone

from duobiao.playbooks.actions.note_improvement import note_improvement
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.models import PlaybookVersion
from tests.support.routes import World


def shipped(_world: World) -> dict[str, str]:
    """Put the shipped playbooks in place."""
    version = ship_playbooks(now=timezone.now())[0]
    return {"key": version.key, "version": str(version.version)}


def improvement(world: World) -> dict[str, str]:
    """An open improvement note of the manager."""
    parts = shipped(world)
    playbook = PlaybookVersion.objects.get(key=parts["key"], version=parts["version"])
    actor = world.actors["manager"]
    note = note_improvement(playbook=playbook, title="早点拿到预算", text="", actor=actor, now=timezone.now())
    return {**parts, "ref": note.ref}


SAMPLES = {"shipped": shipped, "improvement": improvement}
