"""Record a gate review that was held."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.approvals.queries.rights import first_asked, settles_alone
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.opportunities.views.common import company_today, needs, own_today
from duobiao.reviews.actions.checks import require_plan
from duobiao.reviews.actions.submit_gate_review import review_draft, submit_gate_review
from duobiao.reviews.forms.reviews import ROWS, RecordForm
from duobiao.reviews.models import GateReview
from duobiao.reviews.queries.gates import form_of, gate_title
from duobiao.reviews.queries.people import condition_owners, near_people
from duobiao.reviews.queries.reviews import checklist_of
from duobiao.reviews.views.common import answer, visible_review


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, ref: str) -> HttpResponse:
    """Record who took part, what was answered and decided, and the conditions."""
    review = visible_review(request, ref)
    deal = review.opportunity
    actor = needs(request, "reviews.plan", deal)
    require_plan(review)
    form = _form(request, review)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        submit_gate_review(review=review, version=version, held=form.values(), actor=actor, now=timezone.now())

    draft = review_draft(deal, review, actor=actor)
    alone = settles_alone(draft, actor)
    context = {
        "deal": deal,
        "back": f"/gate-reviews/{review.ref}/",
        "review": review,
        "title": gate_title(review.gate),
        "checklist": checklist_of(review, on=company_today(request)),
        "alone": alone,
        "asked": [] if alone else first_asked(draft, on=company_today(request)),
    }
    toast = _("Decision in force") if alone else _("Sent for approval")
    return answer(
        request, form, act, to=f"/gate-reviews/{review.ref}/", fragment="record", context=context, toast=toast
    )


def _form(request: HttpRequest, review: GateReview) -> RecordForm:
    deal, given = review.opportunity, request.POST if request.method == "POST" else None
    return RecordForm(
        given,
        gate=form_of(review.gate),
        owners=condition_owners(review),
        near=near_people(deal, review),
        everybody=User.objects.visible_to(actor_of(request)).active().order_by("name", "pk"),
        today=own_today(request),
        initial=_initial(review),
    )


def _initial(review: GateReview) -> dict[str, object]:
    """Return what is known: who was to take part, and what was recorded before it was taken back."""
    names = ("held_on", "decision", "reason", "minutes", "version")
    initial: dict[str, object] = {name: getattr(review, name) for name in names if getattr(review, name)}
    initial["people"] = [row.user.ref for row in review.attendees.all()]
    for key, row in review.replies.items():
        initial |= {f"reply_{key}": row["reply"], f"note_{key}": row["note"]}
    for row in review.conditions.select_related("owner").order_by("number")[:ROWS]:
        n = row.number
        initial |= {f"condition_{n}": row.text, f"owner_{n}": row.owner.ref, f"due_on_{n}": row.due_on}
    return initial
