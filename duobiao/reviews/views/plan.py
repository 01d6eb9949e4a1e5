"""Plan a gate review, move it, call it off."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import needs, own_today, visible_deal
from duobiao.playbooks.domain.model import Gate
from duobiao.reviews.actions.checks import require_plan, require_reviewable
from duobiao.reviews.actions.plan_gate_review import (
    cancel_gate_review,
    change_gate_review,
    plan_gate_review,
)
from duobiao.reviews.forms.reviews import CancelForm, PlanForm
from duobiao.reviews.models import GateReview
from duobiao.reviews.queries.gates import gate_choices, gate_title
from duobiao.reviews.queries.people import near_people
from duobiao.reviews.views.common import answer, visible_review


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, ref: str) -> HttpResponse:
    """Plan a review; ``?gate=`` chooses the control point, ``?corrects=`` a review that it corrects."""
    deal = visible_deal(request, ref)
    actor = needs(request, "reviews.plan", deal)
    require_reviewable(deal, Gate.ATAC)
    corrects = _corrected(deal, request.GET.get("corrects", ""))
    gate = corrects.gate if corrects is not None else request.GET.get("gate", "")
    near = list(near_people(deal).values_list("ref", flat=True))
    form = _form(request, deal, {"gate": gate, "people": near})

    def act() -> str:
        held = form.cleaned_data
        review = plan_gate_review(
            opportunity=deal,
            gate=held["gate"],
            planned_on=held["planned_on"],
            people=form.chosen(),
            corrects=corrects,
            actor=actor,
            now=timezone.now(),
        )
        return f"/gate-reviews/{review.ref}/"

    to = deal_url(deal.ref, "gate-reviews")
    context = {
        "deal": deal,
        "back": to,
        "review": None,
        "corrects": corrects,
        "gates": gate_choices(deal),
        "title": _("Plan a gate review"),
    }
    return answer(request, form, act, to=to, fragment="plan", context=context, toast=_("Review planned"))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: str) -> HttpResponse:
    """Move a planned review, or change who takes part."""
    review = visible_review(request, ref)
    deal = review.opportunity
    actor = needs(request, "reviews.plan", deal)
    require_plan(review)
    people = [row.user.ref for row in review.attendees.all()]
    initial = {"gate": review.gate, "planned_on": review.planned_on, "people": people, "version": review.version}
    form = _form(request, deal, initial, review)
    form.fields["gate"].disabled = True

    def act() -> None:
        held = form.cleaned_data
        change_gate_review(
            review=review,
            version=held["version"] or 0,
            planned_on=held["planned_on"],
            people=form.chosen(),
            actor=actor,
            now=timezone.now(),
        )

    to = f"/gate-reviews/{review.ref}/"
    context = {"deal": deal, "back": to, "review": review, "corrects": None, "title": gate_title(review.gate)}
    return answer(request, form, act, to=to, fragment="plan", context=context, toast=_("Review saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, ref: str) -> HttpResponse:
    """Call a planned review off."""
    review = visible_review(request, ref)
    deal = review.opportunity
    actor = needs(request, "reviews.plan", deal)
    require_plan(review)
    form = CancelForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        cancel_gate_review(review=review, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    to = f"/gate-reviews/{review.ref}/"
    context = {"deal": deal, "back": to, "review": review, "title": gate_title(review.gate)}
    return answer(request, form, act, to=to, fragment="cancel", context=context, toast=_("Review called off"))


def _form(
    request: HttpRequest, deal: Opportunity, initial: dict[str, object], review: GateReview | None = None
) -> PlanForm:
    given = request.POST if request.method == "POST" else None
    near = near_people(deal, review)
    everybody = User.objects.visible_to(actor_of(request)).active().order_by("name", "pk")
    gates = gate_choices(deal)
    return PlanForm(given, gates=gates, near=near, everybody=everybody, today=own_today(request), initial=initial)


def _corrected(deal: Opportunity, ref: str) -> GateReview | None:
    return GateReview.objects.filter(opportunity=deal, ref=ref).first() if ref else None
