"""Score both sides on the dimensions, and set what these weigh."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.competition.actions.score_offer import score_offer, set_weights
from duobiao.competition.forms.deal import ScoreForm, WeightsForm
from duobiao.competition.models import DealRival
from duobiao.competition.queries.landscape import competition_url, landscape_shown
from duobiao.competition.queries.scores import score_rows, split
from duobiao.competition.views.common import about, about_deal, answer, of_deal, rival_of_deal
from duobiao.identity.http import actor_of
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import own_today, visible_deal


@require_http_methods(["GET", "HEAD", "POST"])
def score_ours(request: HttpRequest, ref: str) -> HttpResponse:
    """Score our own offer."""
    deal = visible_deal(request, ref)
    of_deal(request, deal)
    return _score(request, deal, None)


@require_http_methods(["GET", "HEAD", "POST"])
def score_theirs(request: HttpRequest, ref: str) -> HttpResponse:
    """Score what a rival offers."""
    row = rival_of_deal(request, ref)
    return _score(request, row.opportunity, row)


@require_http_methods(["GET", "HEAD", "POST"])
def weights(request: HttpRequest, ref: str) -> HttpResponse:
    """Set what the dimensions weigh for this customer."""
    deal, actor = visible_deal(request, ref), actor_of(request)
    of_deal(request, deal)
    shown = landscape_shown(deal, actor, on=own_today(request))
    form = WeightsForm(
        request.POST if request.method == "POST" else None, initial={**shown.weights, "version": shown.version}
    )

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        set_weights(opportunity=deal, version=version, weights=form.weights(), actor=actor, now=timezone.now())

    context = about_deal(deal, title=_("What counts for this customer"), label=_("Save the weights"), icon_name="scale")
    to = competition_url(deal.ref)
    return answer(request, form, act, to=to, context=context, toast=_("Weights saved"), fragment="weights")


def _score(request: HttpRequest, deal: Opportunity, row: DealRival | None) -> HttpResponse:
    actor = actor_of(request)
    form = ScoreForm(
        request.POST if request.method == "POST" else None, today=own_today(request), initial=_begun(deal, row)
    )

    def act() -> None:
        held = form.cleaned_data
        score_offer(
            opportunity=deal,
            row=row,
            scores=form.scores(),
            on=held["on"],
            source=held["source"],
            actor=actor,
            now=timezone.now(),
        )

    words = {"label": _("Save the scores"), "icon_name": "chart-radar"}
    if row is None:
        context = about_deal(deal, title=_("Score our offer"), **words)
    else:
        context = about(row, title=_("Score what it offers"), **words)
    to = competition_url(deal.ref)
    return answer(request, form, act, to=to, context=context, toast=_("Scores saved"), fragment="scores")


def _begun(deal: Opportunity, row: DealRival | None) -> dict[str, str]:
    """Return the present scores of a side."""
    landscape = getattr(deal, "landscape", None) if row is None else None
    rows = score_rows([landscape.pk] if landscape is not None else [], [row.pk] if row is not None else [])
    ours, theirs = split(rows)
    held = ours if row is None else theirs.get(row.pk, {})
    return {key: str(score) for key, score in held.items()}
