"""Keep whom of the customer a call or a visit spoke to; called by the capabilities that log them."""

from collections.abc import Iterable
from datetime import date, datetime

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.judge_signals import judge_deal
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Conversation, Opportunity, Risk


def note_conversations(
    *,
    opportunity: Opportunity | None,
    source: Ref,
    contacts: Iterable[int],
    on: date | None,
    actor: User,
    now: datetime,
) -> None:
    """Let the conversations of one record be exactly these people on this day; nobody once it was withdrawn.

    Args:
        opportunity: The deal it belongs to now; None takes it off any.
        contacts: Keys of those who took part.
    """
    wanted = set(contacts) if opportunity is not None and on is not None else set()
    held = {
        (row.opportunity_id, row.contact_id, row.on): row.pk
        for row in Conversation.objects.filter(source_ref=source.ref)
    }
    rows = [(opportunity.pk, contact, on) for contact in sorted(wanted)] if opportunity is not None and on else []
    gone = [pk for key, pk in held.items() if key not in rows]
    if gone:
        Conversation.objects.filter(pk__in=gone).delete()
    Conversation.objects.bulk_create(
        Conversation(opportunity_id=deal, contact_id=contact, on=day, source_kind=source.kind, source_ref=source.ref)
        for deal, contact, day in rows
        if (deal, contact, day) not in held
    )
    concerned = {pk for pk, _contact, _on in [*held, *rows]}
    for deal in Opportunity.objects.open().filter(pk__in=concerned).exclude(risk=Risk.GREEN):
        judge_deal(lock(deal), actor=actor, now=now, on=company_day(now))
