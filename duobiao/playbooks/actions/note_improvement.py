"""Note what the next version of a playbook could do better."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.playbooks.events import ImprovementNoted
from duobiao.playbooks.models import ImprovementNote, PlaybookVersion
from duobiao.timeline.actions.record import record

MOST_FIGURES = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that led to a note.

    Attributes:
        figure, value: In words.
        url: Page of ours that shows it, from the root; "" without one.
    """

    figure: str
    value: str
    url: str = ""


@transaction.atomic
def note_improvement(
    *,
    playbook: PlaybookVersion,
    title: str,
    text: str,
    actor: User,
    now: datetime,
    evidence: Sequence[Figure] = (),
) -> ImprovementNote:
    """Add an improvement note to a version of a playbook.

    Raises:
        NotAllowed: the actor may not note improvements.
        Invalid: no title, too many figures, or an address that leads elsewhere.
    """
    policy.require(actor, "playbooks.note")
    title = title.strip()
    if not title:
        raise Invalid(_("Give the improvement a title."), fields={"title": _("is missing")})
    if len(evidence) > MOST_FIGURES:
        message = _("At most %(n)d figures fit.") % {"n": MOST_FIGURES}
        raise Invalid(message, fields={"evidence": _("too many")})
    if any(row.url and not _is_ours(row.url) for row in evidence):
        message = _("Addresses begin with / and lead to a page of this system.")
        raise Invalid(message, fields={"evidence": _("leads elsewhere")})
    note = ImprovementNote.objects.create(
        playbook=playbook,
        title=title,
        text=text.strip(),
        evidence=[asdict(row) for row in evidence],
        created_at=now,
        created_by=actor,
    )
    data = {"playbook": playbook.ref, "title": note.title, "note": note.title}
    record(ImprovementNoted(subject=Ref.of(note), data=data), actor=actor, at=now)
    return note


def _is_ours(url: str) -> bool:
    return url.startswith("/") and not url.startswith(("//", "/\\"))
