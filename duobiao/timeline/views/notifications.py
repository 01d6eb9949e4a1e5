"""The bell in full: what concerns me, newest first."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from duobiao.timeline.actions.mark_read import mark_read
from duobiao.timeline.models import Notification
from duobiao.timeline.people import signed_in
from duobiao.timeline.queries import notices, unread_count
from duobiao.web.api import found_or_404
from duobiao.web.http import done, page_or_fragment


@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """List the lines; ``?unread=1`` leaves out what was read."""
    user = signed_in(request)
    unread_only = request.GET.get("unread") == "1"
    context = {
        "notices": notices(user, unread_only=unread_only),
        "unread": unread_count(user),
        "unread_only": unread_only,
    }
    return page_or_fragment(
        request, page="timeline/notifications.html", fragment="timeline/_notifications.html", context=context
    )


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    mark_read(actor=signed_in(request), now=timezone.now())
    return done(request, to="timeline:notifications", toast=_("All read"))


@require_POST
def open_notification(request: HttpRequest, ref: str) -> HttpResponse:
    """Mark one line as read and go where it leads."""
    user = signed_in(request)
    row = found_or_404(Notification.objects.filter(user_id=user.pk, ref=ref).first())
    mark_read(actor=user, now=timezone.now(), ref=ref)
    return done(request, to=row.url or "timeline:notifications")
