"""Write a version of the strategy, and review the one in force."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.views.common import needs, own_today, visible_deal
from duobiao.strategy.actions.review_strategy import review_strategy
from duobiao.strategy.actions.write_strategy import write_strategy
from duobiao.strategy.forms.strategy import ReviewForm, StrategyForm
from duobiao.strategy.queries.strategies import TEXTS, latest_version
from duobiao.strategy.views.common import answer


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, ref: str) -> HttpResponse:
    """Write the next version, begun from the one before."""
    deal = visible_deal(request, ref)
    actor = needs(request, "strategy.plan", deal)
    require_open(deal)
    before = latest_version(deal)
    initial = {name: getattr(before, name) for name in TEXTS} if before is not None else {}
    form = StrategyForm(request.POST if request.method == "POST" else None, today=own_today(request), initial=initial)

    def act() -> None:
        write_strategy(
            opportunity=deal,
            texts=form.texts(),
            review_on=form.cleaned_data["review_on"],
            actor=actor,
            now=timezone.now(),
        )

    to = deal_url(deal.ref, "strategy")
    number = before.number + 1 if before is not None else 1
    context = {"deal": deal, "back": to, "number": number, "title": _("Strategy version %(n)d") % {"n": number}}
    return answer(request, form, act, to=to, fragment="write", context=context, toast=_("Strategy saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, ref: str) -> HttpResponse:
    """Review the version in force, then go on to the next one."""
    deal = visible_deal(request, ref)
    actor = needs(request, "strategy.plan", deal)
    version = latest_version(deal)
    if version is None:
        raise NotFound(_("There is no strategy yet. Write the first version."))
    form = ReviewForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        review_strategy(opportunity=deal, findings=form.cleaned_data, actor=actor, now=timezone.now())

    back = deal_url(deal.ref, "strategy")
    to = reverse("strategy:write_strategy", args=[deal.ref]) if deal.is_open else back
    context = {
        "deal": deal,
        "back": back,
        "version": version,
        "title": _("Review version %(n)d") % {"n": version.number},
    }
    return answer(
        request, form, act, to=to, fragment="review", context=context, toast=_("Review saved. Now the next version.")
    )
