"""Note whether the company really uses a form or tool of a playbook."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound
from duobiao.playbooks.events import ToolTicked
from duobiao.playbooks.models import PlaybookVersion, ToolTick
from duobiao.playbooks.queries import compiled_playbook
from duobiao.timeline.actions.record import record


@transaction.atomic
def tick_tool(*, playbook: PlaybookVersion, tool: str, used: bool, actor: User, now: datetime) -> None:
    """Tick a tool, or take the tick away; it holds for all versions of the playbook. Saying it again changes nothing.

    Raises:
        NotAllowed: the actor may not edit playbooks.
        NotFound: the playbook has no such tool.
    """
    policy.require(actor, "playbooks.edit")
    tools = {note.key for stage in compiled_playbook(playbook.pk).playbook.stages for note in stage.tools}
    if tool not in tools:
        raise NotFound(_("There is no such record."))
    row = {"playbook": playbook.key, "tool": tool}
    if used:
        _tick, changed = ToolTick.objects.get_or_create(**row, defaults={"ticked_at": now, "ticked_by": actor})
    else:
        changed = ToolTick.objects.filter(**row).delete()[0] > 0
    if changed:
        data = {"tool": tool, "used": used, "note": tool}
        record(ToolTicked(subject=playbook.subject, data=data), actor=actor, at=now)
