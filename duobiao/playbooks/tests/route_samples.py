"""Records for the route matrix."""

from django.utils import timezone

from duobiao.playbooks.actions.decide_improvement import decide_improvement
from duobiao.playbooks.actions.note_improvement import note_improvement
from duobiao.playbooks.actions.open_draft import clone_playbook
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.models import ImprovementNote, PlaybookDraft, PlaybookVersion
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
    places = {"stage": "1", "name": "success", "place": "0"}
    return {**parts, **places, "ref": _draft_of(playbook.key, world), "note": note.ref, "tool": "1.T1"}


def _draft_of(key: str, world: World) -> str:
    shipped(world)
    playbook = PlaybookVersion.objects.get(key=key, version=1)
    if held := PlaybookDraft.objects.filter(key=key, published=None).first():
        return held.ref
    actor = world.actors["administrator"]
    return clone_playbook(playbook=playbook, key=key, actor=actor, now=timezone.now()).ref


def own_track(world: World) -> dict[str, str]:
    """A draft that writes the buyer's track itself; a stage of the buyer."""
    return {"ref": _draft_of("project-sales-8", world), "stage": "1"}


def track_row(world: World) -> dict[str, str]:
    """Such a draft, and what throws the buyer back."""
    return {**own_track(world), "stage": "0", "name": "resets", "place": "0"}


def taken_over(world: World) -> dict[str, str]:
    """A draft that takes the buyer's track of a shipped playbook over."""
    return {"ref": _draft_of("key-account-6", world)}


def short_track(world: World) -> dict[str, str]:
    """A draft whose buyer's track lacks a stage."""
    parts = own_track(world)
    held = PlaybookDraft.objects.get(ref=parts["ref"])
    held.document["buyer_stages"].pop()
    held.save(update_fields=["document"])
    return parts


SAMPLES = {
    "own_track": own_track,
    "shipped": shipped,
    "improvement": improvement,
    "draft": draft,
    "track_row": track_row,
    "taken_over": taken_over,
    "short_track": short_track,
}
