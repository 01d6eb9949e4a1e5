"""Note what a rival did on a deal; it counts for the signal that rivals are more active. Take it back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.competition.actions.landscape import take
from duobiao.competition.events import MoveNoted, MoveWithdrawn
from duobiao.competition.models import DealRival, MoveKind, RivalMove
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.report_risk import Sight, withdraw_reports, write_report
from duobiao.opportunities.models import RiskReport
from duobiao.planning.actions.texts import Faults, checked_past, checked_text, refuse
from duobiao.timeline.actions.record import record

RULE = "rivals_active"
CODE = "RIVAL_MOVED"
LONGEST_TEXT, LONGEST_SOURCE = 500, 300


@transaction.atomic
def note_move(
    *, row: DealRival, sort: str, text: str, source: str, happened_on: date, actor: User, now: datetime
) -> RivalMove:
    """Note a move of a rival.

    Raises:
        NotAllowed, DealClosed: see ``landscape.take``.
        Invalid: a field does not fit.
    """
    deal = take(row.opportunity, actor=actor).opportunity
    faults: Faults = {}
    words = checked_text("text", text, longest=LONGEST_TEXT, faults=faults, required=True)
    told = checked_text("source", source, longest=LONGEST_SOURCE, faults=faults, required=True)
    if sort not in MoveKind.values:
        faults["sort"] = _("Choose one of: %(names)s.") % {"names": ", ".join(MoveKind.values)}
    checked_past("happened_on", happened_on, actor=actor, now=now, faults=faults)
    refuse(faults)
    made = RivalMove.objects.create(
        deal_rival=row, sort=sort, text=words, source=told, happened_on=happened_on, noted_at=now, author=actor
    )
    data = {"rival": row.rival.name, "sort": sort, "text": words, "source": told, "on": happened_on.isoformat()}
    record(MoveNoted(subject=Ref.of(made), chain=deal.ref, data=data), actor=actor, at=now)
    seen = f"{row.rival.name}: {words}"
    sight = Sight(rule=RULE, seen=seen, on=happened_on, said_by=told[:120], code=CODE, source=Ref.of(made))
    write_report(deal, sight, actor=actor, now=now)
    return made


@transaction.atomic
def withdraw_move(*, move: RivalMove, reason: str, actor: User, now: datetime) -> RivalMove:
    """Take a move back; it stays readable with the reason, and counts no more.

    Raises:
        NotAllowed, DealClosed: see ``landscape.take``.
        Conflict: it was taken back before.
        Invalid: no reason is given.
    """
    row = move.deal_rival
    deal = take(row.opportunity, actor=actor).opportunity
    held = RivalMove.objects.get(pk=move.pk)
    if held.withdrawn_at is not None:
        raise Conflict(_("This move was taken back before."))
    faults: Faults = {}
    why = checked_text("reason", reason, longest=LONGEST_SOURCE, faults=faults, required=True)
    refuse(faults)
    held.withdrawn_at, held.withdraw_reason = now, why
    held.save(update_fields=["withdrawn_at", "withdraw_reason"])
    data = {"rival": row.rival.name, "text": held.text, "why": why}
    record(MoveWithdrawn(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    reports = list(RiskReport.objects.filter(source_kind=RivalMove.kind, source_ref=held.ref, retracted_at=None))
    withdraw_reports(deal, reports, reason=why, actor=actor, now=now)
    return held
