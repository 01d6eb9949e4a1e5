"""Say which accepted improvements a draft takes up."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.playbooks.actions.save_draft import DraftEnded
from duobiao.playbooks.events import ImprovementAttached
from duobiao.playbooks.models import ImprovementNote, PlaybookDraft
from duobiao.playbooks.queries.drafts import attachable_notes
from duobiao.timeline.actions.record import record


class NoteNotForThisDraft(Conflict):
    """The note is open, rejected, done, with another draft, or about another playbook."""

    code = "note_not_for_this_draft"


@transaction.atomic
def attach_note(
    *, draft: PlaybookDraft, note: ImprovementNote, attached: bool, actor: User, now: datetime
) -> ImprovementNote:
    """Put an accepted note to a draft, or take it away; publishing the draft marks it as done.

    Raises:
        NotAllowed: the actor may not edit playbooks.
        DraftEnded: the draft was published or discarded.
        NoteNotForThisDraft: it is not among the accepted notes that wait.
    """
    policy.require(actor, "playbooks.edit")
    held = PlaybookDraft.objects.select_for_update(of=("self",)).select_related("base").get(pk=draft.pk)
    if not held.is_open:
        raise DraftEnded(_("This draft was published or discarded. Clone the playbook to begin another."))
    found = ImprovementNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if found.pk not in {row.pk for row in attachable_notes(held)}:
        raise NoteNotForThisDraft(_("Only accepted improvements of this playbook that no version has can be taken up."))
    if (found.draft_id == held.pk) == attached:
        return found
    found.draft = held if attached else None
    found.version += 1
    found.save(update_fields=["draft", "version"])
    data = {"draft": held.ref, "attached": attached, "note": found.title}
    record(ImprovementAttached(subject=Ref.of(found), data=data), actor=actor, at=now)
    return found
