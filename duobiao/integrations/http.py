"""What pages and the API answer to a calendar program."""

from http import HTTPStatus
from typing import cast

from allauth.core.internal.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from duobiao.identity.secret_links import may_try, note_failure
from duobiao.integrations.actions.calendar_feeds import note_use
from duobiao.integrations.queries.feeds import feed_file, live_feed
from duobiao.kernel.days import local_day


def feed_response(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the file of a feed; an address that does not work, or no longer, is told nothing more."""
    if not may_try(request):
        return cast("HttpResponse", respond_429(request))
    feed = live_feed(token)
    if feed is None:
        note_failure(request, what="calendar", why="unknown or ended")
        return HttpResponse(status=HTTPStatus.NOT_FOUND, content_type="text/plain; charset=utf-8")
    now = timezone.now()
    note_use(feed, today=local_day(now))
    content = feed_file(feed, base=request.build_absolute_uri("/")[:-1], now=now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="duobiao.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return response


def feed_address(request: HttpRequest, token: str) -> str:
    """Return the address a program subscribes to."""
    return f"{request.build_absolute_uri(reverse('integrations:calendar_feed'))}?token={token}"
