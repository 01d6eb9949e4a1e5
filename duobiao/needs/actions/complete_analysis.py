"""Complete the requirement analysis: freeze the needs as a version that the customer can confirm."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.needs.actions.common import take_deal
from duobiao.needs.actions.follow_evidence import prove_analysis
from duobiao.needs.actions.revoke_waiting import revoke_waiting
from duobiao.needs.domain.proving import lacks_for_analysis
from duobiao.needs.events.needs import AnalysisCompleted
from duobiao.needs.models import RequirementPaper
from duobiao.needs.queries.papers import lines_of
from duobiao.needs.queries.trees import live_needs
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record


class AnalysisIncomplete(Conflict):
    """Needs are missing, not ranked, or assumed where they must be met (409)."""

    code = "analysis_incomplete"


@transaction.atomic
def complete_analysis(*, opportunity: Opportunity, actor: User, now: datetime) -> RequirementPaper:
    """Freeze the needs as the next version of the requirements; this proves that the analysis is completed.

    Links to an earlier version that wait for an answer no longer work.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``.
        AnalysisIncomplete: something is missing; the message says what.
    """
    deal = take_deal(opportunity, actor=actor)
    needs = live_needs(deal)
    if lacking := lacks_for_analysis(need.facts() for need in needs):
        words = {
            "empty": _("Note the needs first."),
            "unranked": _("Rank every need P0 to P3."),
            "assumed": _("Note the customer's own words or figures for every P0 and P1."),
        }
        raise AnalysisIncomplete(" ".join(words[name] for name in lacking), details={"lacking": lacking})
    last = RequirementPaper.objects.filter(opportunity=deal).aggregate(last=Max("number"))["last"] or 0
    revoke_waiting(deal, actor=actor, now=now)
    paper: RequirementPaper = RequirementPaper.objects.create(
        opportunity=deal,
        number=last + 1,
        lines=lines_of(needs),
        completed_on=own_day(actor, now),
        created_at=now,
        created_by=actor,
    )
    data = {"number": paper.number, "needs": len(needs), "p0": sum(need.priority == "P0" for need in needs)}
    record(AnalysisCompleted(subject=Ref.of(paper), chain=deal.ref, data=data), actor=actor, at=now)
    quote = _("Requirements V%(number)d: %(needs)d needs, %(p0)d of them P0") % data
    prove_analysis(paper, quote=quote, actor=actor, now=now)
    return paper
