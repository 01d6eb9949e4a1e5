"""Records for the route matrix."""

from django.utils import timezone

from duobiao.playbooks.actions.decide_improvement import decide_improvement
from duobiao.playbooks.actions.note_improvement import note_improvement
from duobiao.playbooks.actions.open_draft import clone_playbook
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.models import ImprovementNote, PlaybookVersion
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


def draft(world: World) -> dict[str, str]:
    """A draft of the administrator, with its first item, its first tool and an accepted improvement."""
    parts = improvement(world)
    playbook = PlaybookVersion.objects.get(key=parts["key"], version=parts["version"])
    actor, now = world.actors["administrator"], timezone.now()
    note = ImprovementNote.objects.get(ref=parts["ref"])
    decide_improvement(note=note, version=1, taken=True, reason="", actor=actor, now=now)
    opened = clone_playbook(playbook=playbook, key=playbook.key, actor=actor, now=now)
    places = {"stage": "1", "name": "success", "place": "0"}
    return {**parts, **places, "ref": opened.ref, "note": note.ref, "tool": "1.T1"}


SAMPLES = {"shipped": shipped, "improvement": improvement, "draft": draft}
