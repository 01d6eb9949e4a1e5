"""How a form is shown and answered: as a dialog or as a page, once for a double click, again with the reasons."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from duobiao.identity.forms import refused
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.views.common import DEAL_CHANGED
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment


def answer_form(
    request: HttpRequest,
    form: Form,
    act: Callable[[], object],
    *,
    page: str,
    fragment: str,
    to: str,
    context: Mapping[str, Any],
    toast: object,
    fires: str = DEAL_CHANGED,
) -> HttpResponse:
    """Show a form; when it is sent, act once and go on to ``to``, or show it again with the reasons.

    A form that asks for something under another name than the action says so by ``name_of``.

    Args:
        act: Calls the action with what the form holds; may return the address to go on to instead.
        page, fragment: Templates; the page includes ``fragment``.
        context: With ``title`` and what else the fragment needs; ``back`` is ``to`` unless given.
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
                return done(request, to=submission.result or to, fires=fires, toast=toast)
            except Refusal as refusal:
                if (name_of := getattr(form, "name_of", None)) is not None:
                    refusal.fields = {name_of(name): reason for name, reason in refusal.fields.items()}
                status = refused(form, refusal)
    held = {"here": request.get_full_path(), "form": form, "back": to, **context, "fragment": fragment}
    return page_or_fragment(request, page=page, fragment=fragment, context=held, status=status)
