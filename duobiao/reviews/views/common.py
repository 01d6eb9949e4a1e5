"""What the forms of reviews share."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.views.common import EVIDENCE_CHANGED
from duobiao.reviews.models import GateReview
from duobiao.reviews.queries.reviews import find_review
from duobiao.web.api import found_or_404
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment


def visible_review(request: HttpRequest, ref: str) -> GateReview:
    """Return a review the reader may see.

    Raises:
        NotFound: there is none, or the reader may not see it.
    """
    return found_or_404(find_review(actor_of(request), ref))


def answer(
    request: HttpRequest,
    form: Form,
    act: Callable[[], object],
    *,
    to: str,
    fragment: str,
    context: Mapping[str, Any],
    toast: object,
) -> HttpResponse:
    """Show a form; when it is sent, act once and go on to ``to``, or show it again with the reasons.

    Args:
        act: Calls the action with what the form holds; a string it returns is where to go instead.
        fragment: Name of its fragment, without folder and ending.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        found = act()
                        submission.result = found if isinstance(found, str) else to
                return done(request, to=submission.result or to, fires=EVIDENCE_CHANGED, toast=toast)
            except Refusal as refusal:
                status = refused(form, refusal)
    path = f"reviews/_{fragment}.html"
    held = {"here": request.get_full_path(), "form": form, **context, "fragment": path}
    return page_or_fragment(request, page="reviews/form.html", fragment=path, context=held, status=status)
