"""Tell the deal and the contact plan whom a call or a visit spoke to, so that a single thread shows."""

from datetime import datetime

from duobiao.engagement.actions.plan_contact import follow_spoken
from duobiao.engagement.models import Call, CallResult, Visit
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.note_conversations import note_conversations


def note_call(call: Call, *, actor: User, now: datetime) -> None:
    """Note the contact of a call in which we spoke."""
    follow_spoken(call.customer)
    spoke = call.is_live and call.result == CallResult.SPOKE
    note_conversations(
        opportunity=call.opportunity,
        source=Ref.of(call),
        contacts=[call.contact_id] if spoke else [],
        on=call.called_on,
        actor=actor,
        now=now,
    )


def note_visit(visit: Visit, *, actor: User, now: datetime) -> None:
    """Note everybody of the customer who took part in a visit that was held."""
    follow_spoken(visit.customer)
    held = visit.held_on is not None and visit.cancelled_at is None
    note_conversations(
        opportunity=visit.opportunity,
        source=Ref.of(visit),
        contacts=visit.met.values_list("pk", flat=True) if held else [],
        on=visit.held_on,
        actor=actor,
        now=now,
    )
