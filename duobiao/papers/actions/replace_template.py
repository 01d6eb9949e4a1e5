"""Put a company template in the place of what holds, and go back to ours."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.documents.actions.drop_unused import drop_unused
from duobiao.documents.actions.store_upload import store_upload
from duobiao.identity import policy
from duobiao.identity.actions import keep_version
from duobiao.identity.events import COMPANY_CHAIN
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, StaleVersion
from duobiao.papers.actions.check_template import check_template
from duobiao.papers.events import TemplateReplaced, TemplateRestored
from duobiao.papers.models import PaperTemplate
from duobiao.timeline.actions.record import record
from duobiao.web.paper_kinds import PaperKind

VERB = "papers.templates"


@transaction.atomic
def replace_template(
    *, kind: PaperKind, name: str, content: bytes, version: int, actor: User, now: datetime
) -> PaperTemplate:
    """Lay papers of a kind out by a file from now on.

    Args:
        version: Of the template the actor saw; 0 where they saw ours.

    Raises:
        NotAllowed, BadTemplate, StaleVersion.
    """
    policy.require(actor, VERB)
    check_template(content, kind)
    held = (
        PaperTemplate.objects.select_related("document").select_for_update(of=("self",)).filter(paper=kind.key).first()
    )
    if (held.version if held else 0) != version:
        raise _stale(held)
    document = store_upload(name=name, chunks=[content], actor=actor, now=now)
    values = {"document": document, "placed_by": actor, "placed_at": now}
    if held is None:
        held = PaperTemplate.objects.create(paper=kind.key, **values)
        before = ""
    else:
        old = held.document
        keep_version.write(held, values, version=version)
        drop_unused([old])
        before = old.name
    _record(TemplateReplaced, kind, {"before": before, "after": document.name, "sha256": document.sha256}, actor, now)
    return held


@transaction.atomic
def restore_template(*, kind: PaperKind, version: int, actor: User, now: datetime) -> None:
    """Lay papers of a kind out by ours again.

    Raises:
        NotAllowed, StaleVersion.
        Conflict: ours holds already.
    """
    policy.require(actor, VERB)
    held = (
        PaperTemplate.objects.select_related("document").select_for_update(of=("self",)).filter(paper=kind.key).first()
    )
    if held is None:
        raise Conflict(_("The shipped template holds already."))
    if held.version != version:
        raise _stale(held)
    old = held.document
    held.delete()
    drop_unused([old])
    _record(TemplateRestored, kind, {"before": old.name, "after": ""}, actor, now)


def _record(
    event: type[TemplateReplaced | TemplateRestored], kind: PaperKind, told: dict[str, str], actor: User, now: datetime
) -> None:
    subject = Ref("company", "company")
    record(event(subject=subject, chain=COMPANY_CHAIN, data={"paper": kind.key, **told}), actor=actor, at=now)


def _stale(held: PaperTemplate | None) -> StaleVersion:
    current = {"version": str(held.version), "file": held.document.name} if held else {"version": "0"}
    message = _("Somebody else changed this template meanwhile. Look at it again before you replace it.")
    return StaleVersion(message, details={"current": current})
