"""What the timeline puts into pages of others: the bell, and comments on a record."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from duobiao.kernel.refs import Ref
from duobiao.timeline.fragments import comments_context
from duobiao.timeline.queries import unread_count
from duobiao.web.registry import TopTool


def bell(request: HttpRequest) -> TopTool | None:
    """Return the bell with its unread count."""
    if not request.user.is_authenticated:
        return None
    count = unread_count(request.user)
    label = _("Notifications, %(count)s unread") % {"count": count} if count else _("Notifications")
    return TopTool(label=label, icon="bell", url=reverse("timeline:notifications"), count=count)


def comments_panel(request: HttpRequest, subject: Ref) -> str:
    """Render the comments on a record for a panel; the caller checked that the reader may see it."""
    return render_to_string("timeline/_comments.html", comments_context(request, subject), request=request)
