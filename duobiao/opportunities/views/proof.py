"""One proof: what it says, what it proves, who verified it; retract it, verify it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.actions.retract_proof import AlreadyRetracted, retract_proof
from duobiao.opportunities.actions.verify_proof import verify_proof
from duobiao.opportunities.domain.links import deal_url, proof_url, stage_url
from duobiao.opportunities.forms.deal import ReasonForm
from duobiao.opportunities.models import Opportunity, Proof
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.gates import gate_item
from duobiao.opportunities.queries.preview import preview_of
from duobiao.opportunities.queries.what_if import what_if
from duobiao.opportunities.views.common import (
    EVIDENCE_CHANGED,
    answer_form,
    company_today,
    needs,
    show_form,
)
from duobiao.playbooks.queries import catalogue, text_of
from duobiao.web.api import found_or_404
from duobiao.web.http import done


@require_safe
def proof(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a proof with the items it serves, and why it moved nothing where it did not."""
    row, deal = _proof(request, ref)
    actor, language = actor_of(request), get_language()
    explained = explain(deal, company_today(request))
    lines = [line for line in explained.items if any(accept.evidence == row.key for accept in line.accepts)]
    evidence = catalogue().get(row.key)
    mark = explained.compiled.marks.get(row.key)
    reset = explained.compiled.resets.get(row.key)
    context = {
        "proof": row,
        "deal": deal,
        "back": deal_url(deal.ref),
        "title": text_of(evidence.title, language) if evidence else row.key,
        "hint": text_of(evidence.hint, language) if evidence else "",
        "items": [
            (gate_item(line, explained, may_prove=False, with_stage=True), stage_url(deal.ref, line.stage_number))
            for line in lines
        ],
        "mark": mark,
        "reset": reset,
        "settles": explained.compiled.playbook.settlements.get(row.key, 0),
        "documents": list(row.documents.order_by("pk")),
        "retraction": _retraction(row),
        "verified_by": row.verified_by.filter(retracted_on=None).select_related("recorded_by").first(),
        "may_retract": row.is_live and policy.allows(actor, "opportunities.retract", deal),
        "may_verify": row.is_live
        and row.is_unverified
        and row.recorded_by_id != actor.pk
        and policy.allows(actor, "opportunities.verify", deal),
    }
    return show_form(request, "proof_detail", context)


@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a proof back with a reason; what falls with it is shown first."""
    row, deal = _proof(request, ref)
    actor = needs(request, "opportunities.retract", deal)
    if not row.is_live:
        raise AlreadyRetracted(_("This evidence has already been retracted."))
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        retract_proof(proof=row, actor=actor, now=timezone.now(), **form.cleaned_data)

    explained = explain(deal, company_today(request))
    gone = {row.ref, *row.verified_by.filter(retracted_on=None).values_list("ref", flat=True)}
    evidence = catalogue().get(row.key)
    context = {
        "proof": row,
        "deal": deal,
        "back": proof_url(row.ref),
        "title": text_of(evidence.title, get_language()) if evidence else row.key,
        "preview": preview_of(explained, what_if(explained, without=gone)),
    }
    return answer_form(
        request, form, act, to=deal_url(deal.ref), fragment="retract", context=context, fires=EVIDENCE_CHANGED,
        toast=_("Evidence retracted"),
    )  # fmt: skip


@require_POST
def verify(request: HttpRequest, ref: str) -> HttpResponse:
    """Stand for a claimed buyer confirmation as a second person."""
    row, deal = _proof(request, ref)
    actor = needs(request, "opportunities.verify", deal)
    verify_proof(proof=row, actor=actor, now=timezone.now())
    return done(request, to=deal_url(deal.ref), fires=EVIDENCE_CHANGED, toast=_("Evidence verified"))


def _proof(request: HttpRequest, ref: str) -> tuple[Proof, Opportunity]:
    seen = Opportunity.objects.visible_to(actor_of(request))
    rows = Proof.objects.filter(ref=ref, opportunity__in=seen.values("pk"))
    row = found_or_404(
        rows.select_related(
            "opportunity__owner", "opportunity__customer", "recorded_by", "contact__customer", "verifies__recorded_by"
        ).first()
    )
    return row, row.opportunity


def _retraction(row: Proof) -> object:
    return None if row.is_live else row.retraction
