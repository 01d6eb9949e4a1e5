"""How forms of this capability are shown and answered."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from duobiao.identity.forms import refused
from duobiao.kernel.refusals import Refusal
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment

LEAD_CHANGED = "lead-changed"
"""Fired when a lead changed."""


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
        act: Calls the action with what the form holds; may return the address to go on to instead.
        fragment: Name of its fragment, without folder and ending.
        context: With ``title``, ``back`` and ``crumbs`` of the page around it.
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
                return done(request, to=submission.result or to, toast=toast)
            except Refusal as refusal:
                status = refused(form, refusal)
    path = f"prospecting/_{fragment}.html"
    held = {"here": request.get_full_path(), "form": form, **context, "fragment": path}
    return page_or_fragment(request, page="prospecting/form.html", fragment=path, context=held, status=status)
