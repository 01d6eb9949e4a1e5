"""What the fragments of the timeline need."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from duobiao.kernel.refs import Ref
from duobiao.timeline.queries import comments_for
from duobiao.web import registry


def comments_context(request: HttpRequest, subject: Ref, *, draft: str = "", error: str = "") -> dict[str, Any]:
    """Return what ``timeline/_comments.html`` needs; the caller checked that the reader may see the record."""
    return {
        "comments": comments_for(subject),
        "comments_url": reverse("timeline:comments", args=[subject.kind, subject.ref]),
        "mention_url": f"{reverse('timeline:mentionable')}?kind={subject.kind}&ref={subject.ref}",
        "may_comment": registry.allowed(request.user, "timeline.comment"),
        "draft": draft,
        "error": error,
    }
