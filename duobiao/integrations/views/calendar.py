"""Calendar feeds: the file that programs read by a secret address, and the page where a person makes and ends them."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of, open_to_all
from duobiao.integrations.actions.calendar_feeds import make_calendar_feed, revoke_calendar_feed
from duobiao.integrations.http import feed_address, feed_response
from duobiao.integrations.models import CalendarFeed
from duobiao.integrations.queries.feeds import feeds_of
from duobiao.kernel.refusals import NotFound, Refusal
from duobiao.opportunities.models import Opportunity
from duobiao.web.api import found_or_404
from duobiao.web.http import done, render


@open_to_all
@require_safe
@conditional_page
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Answer a calendar program; nothing but the status where its address does not work."""
    try:
        return feed_response(request, request.GET.get("token", ""))
    except Refusal as refusal:
        return HttpResponse(status=refusal.status, content_type="text/plain; charset=utf-8")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """List the own subscriptions; make one, whose address is shown on the answer and never again."""
    actor = actor_of(request)
    policy.require(actor, "integrations.calendar")
    deal = _deal(request)
    link, refused, status = "", None, 200
    if request.method == "POST":
        try:
            made = make_calendar_feed(actor=actor, opportunity=deal, now=timezone.now())
            link = feed_address(request, made.token)
        except Refusal as refusal:
            refused, status = refusal, refusal.status
    context = {
        "refused": refused,
        "feeds": feeds_of(actor),
        "deal": deal,
        "link": link,
        "here": request.get_full_path(),
    }
    return render(request, "integrations/feeds.html", context, status=status)


@require_POST
def revoke_feed(request: HttpRequest, ref: str) -> HttpResponse:
    """End a subscription."""
    actor = actor_of(request)
    feed = found_or_404(CalendarFeed.objects.filter(user=actor, ref=ref).select_related("user").first())
    revoke_calendar_feed(feed=feed, actor=actor, now=timezone.now())
    return done(request, to="integrations:calendar_feeds", toast=_("Subscription ended"))


def _deal(request: HttpRequest) -> Opportunity | None:
    ref = request.GET.get("opportunity", "")
    if not ref:
        return None
    rows = Opportunity.objects.visible_to(actor_of(request)).select_related("owner")
    if (found := rows.filter(ref=ref).first()) is None:
        raise NotFound(_("There is no such deal, or you may not see it."))
    return found
