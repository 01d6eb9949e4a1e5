"""Revoke links to the requirements that wait for an answer, because the text behind them changed."""

from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.needs.models import RequirementPaper
from duobiao.opportunities.actions.end_confirmations import RELATED, end
from duobiao.opportunities.models import Confirmation, Opportunity


def revoke_waiting(deal: Opportunity, *, actor: User, now: datetime) -> int:
    """End the links of the requirements of a deal that nobody answered; returns how many.

    What the customer confirmed stays: it was so on that day.
    """
    rows = Confirmation.objects.filter(opportunity=deal, source_kind=RequirementPaper.kind, answer="", ended_at=None)
    waiting = list(rows.select_related(*RELATED).order_by("pk"))
    end(waiting, reason=_("the requirements changed"), actor=actor, now=now)
    return len(waiting)
