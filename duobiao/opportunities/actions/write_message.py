"""Write what we say to a department in a stage of a deal, and what shows it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.models import Function
from duobiao.documents.models import Document
from duobiao.documents.queries import documents_of
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, StaleVersion
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.events.messages import ValueMessageWritten
from duobiao.opportunities.models import Opportunity, ValueMessage
from duobiao.playbooks.queries import compiled_playbook
from duobiao.timeline.actions.record import record

LONGEST_MESSAGE, LONGEST_PROOF = 500, 300


@transaction.atomic
def write_message(
    *,
    opportunity: Opportunity,
    stage: str,
    function: str,
    message: str,
    proof: str,
    document: Document | None,
    version: int,
    actor: User,
    now: datetime,
) -> ValueMessage:
    """Write a message, change it, or take it back by leaving it empty.

    Args:
        document: A file of the deal that shows it.
        version: What the actor saw; 0 where nothing was written.

    Raises:
        NotAllowed: the actor may not work on this deal.
        DealClosed: it is closed.
        Invalid: a value cannot be accepted.
        StaleVersion: somebody changed it meanwhile.
    """
    policy.require(actor, "opportunities.prove", opportunity)
    deal = lock(opportunity)
    require_open(deal)
    message, proof = message.strip(), proof.strip()
    _check(deal, {"stage": stage, "function": function, "message": message, "proof": proof}, document)
    held = ValueMessage.objects.filter(opportunity=deal, stage=stage, function=function).first()
    if version != (held.version if held else 0):
        words = _("Somebody else changed this message meanwhile. Look at it again.")
        raise StaleVersion(words, details={"current": {"version": held.version if held else 0}})
    row = held or ValueMessage(opportunity=deal, stage=stage, function=function, version=0)
    before = row.message
    row.message, row.proof, row.document = message, proof if message else "", document if message else None
    row.written_at, row.written_by = now, actor
    row.version += 1
    row.save()
    data = {"stage": stage, "function": function, "before": before, "message": message, "proof": row.proof}
    record(ValueMessageWritten(subject=Ref.of(deal), chain=deal.ref, data=data), actor=actor, at=now)
    return row


def _check(deal: Opportunity, given: Mapping[str, str], document: Document | None) -> None:
    faults: dict[str, str] = {}
    stages = [row.key for row in compiled_playbook(deal.playbook_id).playbook.stages]
    if given["stage"] not in stages:
        faults["stage"] = _("Choose one of: %(names)s.") % {"names": ", ".join(stages)}
    if given["function"] not in Function.values:
        faults["function"] = _("Choose one of: %(names)s.") % {"names": ", ".join(Function.values)}
    for name, longest in (("message", LONGEST_MESSAGE), ("proof", LONGEST_PROOF)):
        if len(given[name]) > longest:
            faults[name] = _("At most %(n)d characters.") % {"n": longest}
    if document is not None and document.ref not in {row.ref for row in documents_of(Ref.of(deal))}:
        faults["document"] = _("This file does not hang on the deal.")
    if faults:
        raise Invalid(next(iter(faults.values())), fields=faults)
