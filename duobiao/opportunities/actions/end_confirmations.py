"""End confirmations: a link is revoked, or the record that was confirmed has changed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import Cause, reassess
from duobiao.opportunities.actions.retract_proof import withdraw
from duobiao.opportunities.events import ProofRetracted
from duobiao.opportunities.events.confirmation import ConfirmationEnded
from duobiao.opportunities.models import Confirmation, Opportunity, Proof
from duobiao.timeline.actions.record import record

RELATED = ("opportunity", "customer", "contact")


class AnsweredBefore(Conflict):
    """The link was answered; what was answered stays."""

    code = "confirmation_answered"


@transaction.atomic
def drop_confirmations(*, source: Ref, reason: str, actor: User, now: datetime) -> list[Confirmation]:
    """End every confirmation of a record that changed, with all that it proved.

    The caller required its own right on the record.
    """
    rows = Confirmation.objects.filter(source_kind=source.kind, source_ref=source.ref, ended_at=None)
    held = list(rows.select_related(*RELATED).order_by("pk"))
    end(held, reason=reason, actor=actor, now=now)
    return held


@transaction.atomic
def revoke_confirmation(*, confirmation: Confirmation, actor: User, now: datetime) -> Confirmation:
    """End a link before it is answered; revoking it again changes nothing.

    The caller required its own right on the record.

    Raises:
        AnsweredBefore: it was answered.
    """
    if confirmation.opportunity is not None:
        lock(confirmation.opportunity)
    held = Confirmation.objects.select_related(*RELATED).get(pk=confirmation.pk)
    if held.answer:
        raise AnsweredBefore(_("This link was answered. Correct the record if the answer no longer fits."))
    if held.ended_at is None:
        end([held], reason=_("the link was revoked"), actor=actor, now=now)
    return held


def end(confirmations: Sequence[Confirmation], *, reason: str, actor: User, now: datetime) -> None:
    """End confirmations and take back what they proved; the caller is inside a transaction."""
    for row in confirmations:
        deal = lock(row.opportunity) if row.opportunity is not None else None
        row.ended_at, row.ended_by, row.end_reason = now, actor, reason[:300]
        row.save(update_fields=["ended_at", "ended_by", "end_reason"])
        data = {
            "confirmation": row.ref,
            "contact": row.contact.name,
            "reason": row.end_reason,
            "answered": bool(row.answer),
            "what": row.what,
        }
        source = Ref(row.source_kind, row.source_ref)
        record(ConfirmationEnded(subject=source, chain=row.chain, data=data), actor=actor, at=now)
        if deal is not None:
            _take_back(deal, row, reason=row.end_reason, actor=actor, now=now)


def _take_back(deal: Opportunity, confirmation: Confirmation, *, reason: str, actor: User, now: datetime) -> None:
    rows = Proof.objects.filter(opportunity=deal, retracted_on=None)
    own = list(rows.filter(source_kind=Confirmation.kind, source_ref=confirmation.ref).order_by("pk"))
    gone = [*own, *rows.filter(verifies__in=own).order_by("pk")]
    if not gone:
        return
    withdraw(deal, gone, reason=reason, actor=actor, now=now)
    keys = tuple(proof.key for proof in gone)
    cause = Cause(ProofRetracted.name, gone[0].ref, {"key": keys[0], "reason": reason}, keys=keys, spoke=True)
    reassess(deal, actor=actor, now=now, cause=cause)
