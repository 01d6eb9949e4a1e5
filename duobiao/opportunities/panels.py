"""What deals put into the pages of customers and of requests for approval."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from duobiao.approvals.models import ApprovalRequest
from duobiao.customers.models import Customer
from duobiao.identity import policy
from duobiao.identity.http import actor_of, company_of
from duobiao.kernel.days import local_day
from duobiao.opportunities.models import Opportunity, Outcome, RiskReport, Waiver
from duobiao.opportunities.queries.approval_requests import WAIVER
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.preview import preview_of_waiver
from duobiao.opportunities.queries.stages import stage_shorts
from duobiao.opportunities.signal_words import rule_title, sighting_words
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import item_waived_under
from duobiao.web.registry import Panel, register_panel

SHOWN = 15
REPORTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class DealLine:
    """One deal of a customer.

    Attributes:
        takes_part: The customer is only a participant of the project.
    """

    deal: Opportunity
    takes_part: bool


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report in words."""

    report: RiskReport
    title: str
    words: str


def register() -> None:
    """Register the panels once, at start."""
    register_panel(Panel("customer.main", 5, "opportunities.view", customer_deals))
    register_panel(Panel("approval.main", 10, None, waiver_preview))
    register_panel(Panel("playbook.main", 10, None, version_deals))
    register_panel(Panel("opportunity.strategy", 90, "opportunities.view", risk_reports))


def customer_deals(request: HttpRequest, customer: Customer) -> str:
    """Show the deals with a customer that the reader may see, open ones first."""
    actor = actor_of(request)
    rows = (
        Opportunity.objects.visible_to(actor)
        .filter(Q(customer=customer) | Q(participants__customer=customer))
        .select_related("owner")
        .distinct()
        .order_by("closed_on", "-created_at", "ref")
    )
    found = sorted(rows[: SHOWN + 1], key=lambda deal: not deal.is_open)
    context = {
        "customer": customer,
        "lines": [DealLine(deal, deal.customer_id != customer.pk) for deal in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "stage_count": lambda version_id: len(stage_shorts(version_id, get_language())),
        "may_open": policy.allows(actor, "opportunities.create"),
    }
    return render_to_string("opportunities/_customer_deals.html", context, request)


def waiver_preview(request: HttpRequest, approval: ApprovalRequest) -> str:
    """Show what a waiver that waits would change, to those who may see the deal."""
    if approval.matter != WAIVER or not approval.is_open:
        return ""
    seen = Opportunity.objects.visible_to(actor_of(request)).filter(waivers__ref=approval.subject_ref)
    waiver = Waiver.objects.filter(ref=approval.subject_ref).first()
    deal = seen.select_related("owner", "customer").first()
    today = local_day(timezone.now(), company_of(request).time_zone)
    if deal is None or waiver is None or waiver.expires_on < today:
        return ""
    item = item_waived_under(waiver.item, waiver.playbook_id, deal.playbook_id)
    if item is None:
        return ""
    preview = preview_of_waiver(explain(deal, today), item, today, waiver.expires_on)
    return render_to_string("opportunities/_waiver_preview.html", {"preview": preview}, request)


def version_deals(request: HttpRequest, version: PlaybookVersion) -> str:
    """Show how many deals the reader sees on a playbook version, and what can be done with them."""
    actor = actor_of(request)
    if not policy.allows(actor, "opportunities.view"):
        return ""
    rows = Opportunity.objects.visible_to(actor).filter(playbook=version).order_by()
    counts = dict(rows.values_list("outcome").annotate(n=Count("pk")).values_list("outcome", "n"))
    on_it = urlencode({"playbook": version.key, "version": version.version})
    context = {
        "open_count": counts.pop(Outcome.OPEN, 0),
        "closed_count": sum(counts.values()),
        "query": on_it,
        "may_migrate": policy.allows(actor, "opportunities.migrate"),
    }
    return render_to_string("opportunities/_version_deals.html", context, request)


def risk_reports(request: HttpRequest, deal: Opportunity) -> str:
    """Show what was reported of the risks of a deal, and what records showed, newest first."""
    rows = deal.risk_reports.select_related("reported_by").order_by("-happened_on", "-reported_at", "ref")
    lines = [
        ReportLine(row, rule_title(row.rule), sighting_words({"code": row.code, "seen": row.seen}))
        for row in rows[:REPORTS_SHOWN]
    ]
    may_report = policy.allows(actor_of(request), "opportunities.report_risk", deal)
    context = {"deal": deal, "reports": lines, "may_report": may_report}
    return render_to_string("opportunities/_risk_reports.html", context, request)
