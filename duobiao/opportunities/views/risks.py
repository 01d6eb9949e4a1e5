"""Report a risk by hand, and take a report back."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity.http import actor_of
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.actions.report_risk import report_risk, reportable_rules, retract_report
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.forms.deal import ReasonForm
from duobiao.opportunities.forms.risks import RiskReportForm
from duobiao.opportunities.models import Opportunity, RiskReport
from duobiao.opportunities.signal_words import rule_title
from duobiao.opportunities.views.common import answer_form, needs, own_today, visible_deal
from duobiao.web.api import found_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """Report what was seen; ``?rule=`` chooses the risk beforehand."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.report_risk", deal)
    require_open(deal)
    rule = request.GET.get("rule", "")
    form = RiskReportForm(
        request.POST if request.method == "POST" else None,
        today=own_today(request),
        initial={"rule": rule if rule in reportable_rules() else ""},
    )

    def act() -> None:
        report_risk(opportunity=deal, sight=form.sight(), actor=actor, now=timezone.now())

    to = deal_url(deal.ref, "strategy")
    context = {"deal": deal, "back": to, "title": _("Report a risk")}
    return answer_form(request, form, act, to=to, fragment="risk_report", context=context, toast=_("Risk reported"))


@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a report back, with a reason."""
    deals = Opportunity.objects.visible_to(actor_of(request))
    rows = RiskReport.objects.filter(ref=ref, opportunity__in=deals.values("pk"))
    held = found_or_404(rows.select_related("opportunity__owner", "opportunity__customer").first())
    deal = held.opportunity
    actor = needs(request, "opportunities.report_risk", deal)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        retract_report(report=held, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    to = deal_url(deal.ref, "strategy")
    context = {"deal": deal, "back": to, "report": held, "title": rule_title(held.rule)}
    return answer_form(
        request, form, act, to=to, fragment="retract_report", context=context, toast=_("Report retracted")
    )
