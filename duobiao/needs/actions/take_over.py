"""Make a need of the problem that a call or visit recorded, in one step."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.engagement.models import Call, NeedKind, Visit
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.needs.actions.common import fault
from duobiao.needs.actions.keep_need import Said, note_need
from duobiao.needs.models import Need
from duobiao.opportunities.models import Channel, Opportunity

LONGEST = 300


class TakenOver(Conflict):
    """A need was made of this record already (409)."""

    code = "taken_over"


@transaction.atomic
def take_over(*, opportunity: Opportunity, record: Call | Visit, actor: User, now: datetime) -> Need:
    """Make a need of what a call or visit recorded: the customer's words, who said them and when, explicit or hidden.

    A hidden problem becomes a hidden need; where it stands in the tree is settled later.

    Raises:
        NotAllowed, DealClosed, TreeFull: as ``note_need``.
        TakenOver: it was done before.
        Invalid: the record is of another deal, or holds no problem.
    """
    if record.opportunity_id != opportunity.pk:
        raise fault("source", _("This record belongs to another project."))
    words = record.words if isinstance(record, Call) else record.problem
    if not record.problem.strip():
        raise fault("source", _("This record holds no problem of the customer."))
    if Need.objects.live().filter(opportunity=opportunity, source_ref=record.ref).exists():
        raise TakenOver(_("A need was made of this record already."))
    hidden = isinstance(record, Call) and record.need_kind == NeedKind.HIDDEN
    values: dict[str, Any] = {
        "text": " ".join(record.problem.split())[:LONGEST],
        "level": "HIDDEN" if hidden else "SURFACE",
        "layer": "HIDDEN" if hidden else "SURFACE",
        "words": words,
    }
    values |= _from_call(record) if isinstance(record, Call) else _from_visit(record)
    said = Said(values, source=Ref.of(record))
    return note_need(opportunity=opportunity, parent=None, said=said, actor=actor, now=now)


def _from_call(call: Call) -> dict[str, Any]:
    return {
        "need_kind": call.need_kind,
        "said_by": call.contact,
        "said_on": call.called_on,
        "channel": Channel.PHONE,
    }


def _from_visit(visit: Visit) -> dict[str, Any]:
    met = list(visit.met.order_by("pk")[:2])
    usual = visit.confirmed_by or visit.handler_met or (met[0] if len(met) == 1 else None)
    return {
        "need_kind": NeedKind.EXPLICIT,
        "said_by": usual,
        "said_on": visit.held_on,
        "channel": Channel.MEETING if visit.face_to_face else Channel.PHONE,
        "impact": visit.impact,
        "wanted_by": visit.wanted_by[:120],
    }
