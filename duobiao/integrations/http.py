"""What pages and the API answer to a calendar program."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duobiao.identity.secret_links import TooManyAttempts, may_try, note_failure
from duobiao.integrations.actions.calendar_feeds import note_use
from duobiao.integrations.queries.feeds import feed_file, live_feed
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import NotFound


def feed_response(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the file of a feed.

    Raises:
        TooManyAttempts: addresses that do not work were tried from here.
        NotFound: this one does not work, or no longer; nothing more is told.
    """
    if not may_try(request):
        raise TooManyAttempts(_("Too many attempts from here. Wait a few minutes, then try again."))
    feed = live_feed(token)
    if feed is None:
        note_failure(request, what="calendar", why="unknown or ended")
        raise NotFound(_("There is no such record."))
    now = timezone.now()
    note_use(feed, today=local_day(now))
    content = feed_file(feed, base=request.build_absolute_uri("/")[:-1], now=now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="duobiao.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return response


def feed_address(request: HttpRequest, token: str) -> str:
    """Return the address a program subscribes to."""
    return f"{request.build_absolute_uri(reverse('integrations:calendar_feed'))}?token={token}"
