"""Tables of playbooks, by the names people know them by."""

from django.utils.translation import gettext_lazy as _

from duobiao.identity.policy import allows
from duobiao.playbooks.models import ImprovementNote, PlaybookDraft, PlaybookVersion, ToolTick
from duobiao.web.tables import Table, leave_out, register_tables

NOTES = "playbooks.note"


def register() -> None:
    """Name the tables."""
    register_tables(
        Table(
            "playbooks",
            PlaybookVersion,
            _("Playbooks"),
            rows=lambda _user: PlaybookVersion.objects.all(),
            left_out=("digest",),
        ),
        Table(
            "playbook_notes",
            ImprovementNote,
            _("Notes on playbooks"),
            rows=lambda user: ImprovementNote.objects.all() if allows(user, NOTES) else ImprovementNote.objects.none(),
        ),
        Table("tool_ticks", ToolTick, _("Tools in use"), rows=lambda _user: ToolTick.objects.all()),
    )
    leave_out("work in progress of the editors; what is published is exported", PlaybookDraft)
