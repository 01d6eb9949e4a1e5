"""Exceptions (例外放行): ask for one, look at one, end one."""

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.approvals.queries.detail import may_do
from duobiao.approvals.queries.rights import settles_alone
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.actions.approval_drafts import waiver_draft
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.decide_waiver import end_waiver
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.domain.links import deal_url, stage_url
from duobiao.opportunities.forms.team import WaiverForm
from duobiao.opportunities.models import Opportunity, Waiver
from duobiao.opportunities.queries.approval_requests import WAIVER, request_about
from duobiao.opportunities.queries.explain import Explained, ItemLine, explain
from duobiao.opportunities.queries.preview import preview_of_waiver
from duobiao.opportunities.views.common import (
    EVIDENCE_CHANGED,
    answer_form,
    company_today,
    needs,
    show_form,
    visible_deal,
)
from duobiao.playbooks.queries import compiled_playbook, item_waived_under, text_of
from duobiao.web.api import found_or_404
from duobiao.web.http import done

LONGEST_NOTE = 500


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask for a waiver of ``?item=``; it is in force at once where the reader may decide."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.ask_waiver", deal)
    require_open(deal)
    today = company_today(request)
    explained = explain(deal, today)
    if not request.GET.get("item"):
        return HttpResponseRedirect(stage_url(deal.ref, explained.focus))
    line = _line(explained, request.GET.get("item", ""))
    form = WaiverForm(request.POST if request.method == "POST" else None, today=today)

    def act() -> None:
        ask_waiver(opportunity=deal, item=line.item, actor=actor, now=timezone.now(), **form.cleaned_data)

    at_once = settles_alone(waiver_draft(deal, item=line.item, reason="", expires_on=today, actor=actor), actor)
    to = deal_url(deal.ref)
    context = {
        "deal": deal,
        "back": to,
        "line": line,
        "at_once": at_once,
        "preview": preview_of_waiver(explained, line.item, today, form.fields["expires_on"].initial),
    }
    toast = _("Waiver in force") if at_once else _("Request sent")
    return answer_form(
        request, form, act, to=to, fragment="waiver_ask", context=context, fires=EVIDENCE_CHANGED, toast=toast
    )


@require_safe
def waiver(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a waiver, with a way to its request, and a button for those who may end it."""
    row, deal = _waiver(request, ref)
    actor, today = actor_of(request), company_today(request)
    explained = explain(deal, today)
    approval = request_about(WAIVER, row.ref)
    present = approval.visits.filter(left_at=None).first() if approval is not None else None
    slot = compiled_playbook(row.playbook_id).by_key[row.item]
    item = item_waived_under(row.item, row.playbook_id, deal.playbook_id)
    context = {
        "deal": deal,
        "back": deal_url(deal.ref, "history"),
        "waiver": row,
        "item": slot.item,
        "title": text_of(slot.item.title, get_language()),
        "carries_over": item is not None,
        "decisions": list(row.decisions.select_related("decided_by").order_by("decided_at", "pk")),
        "approval": approval,
        "may_decide": approval is not None and may_do(approval, present, actor).decide,
        "may_end": _may_end(row, today)
        and (row.asked_by_id == actor.pk or (not row.is_pending and policy.allows(actor, "opportunities.waive", deal))),
        "preview": preview_of_waiver(explained, item, today, row.expires_on) if item and row.is_pending else None,
        "today": today,
    }
    return show_form(request, "waiver", context)


@require_POST
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """End a waiver early, or take a request back."""
    row, deal = _waiver(request, ref)
    note = request.POST.get("note", "").strip()[:LONGEST_NOTE]
    end_waiver(waiver=row, note=note, actor=actor_of(request), now=timezone.now())
    return done(request, to=deal_url(deal.ref), fires=EVIDENCE_CHANGED, toast=_("Waiver ended"))


def _waiver(request: HttpRequest, ref: str) -> tuple[Waiver, Opportunity]:
    seen = Opportunity.objects.visible_to(actor_of(request))
    rows = Waiver.objects.filter(ref=ref, opportunity__in=seen.values("pk"))
    row = found_or_404(rows.select_related("opportunity__owner", "opportunity__customer", "asked_by").first())
    return row, row.opportunity


def _line(explained: Explained, item: str) -> ItemLine:
    line = next((row for row in explained.items if row.item == item), None)
    if line is None:
        raise NotFound(_("This playbook has no such item."))
    return line


def _may_end(row: Waiver, today: date) -> bool:
    return row.ended_on is None and (row.is_pending or row.expires_on >= today)
