"""How forms of needs are shown and answered."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from duobiao.engagement.queries.choices import contacts_of
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.needs.actions.common import WORK
from duobiao.needs.models import Need
from duobiao.needs.queries.trees import get_need
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import visible_deal
from duobiao.opportunities.views.forms import answer_form

FORM_METHODS = ["GET", "HEAD", "POST"]


def needs_url(deal: Opportunity) -> str:
    """Return the page of the needs of a deal."""
    return deal_url(deal.ref, "needs")


def open_deal(request: HttpRequest, ref: str) -> tuple[Opportunity, User]:
    """Return a deal on whose needs the reader may work, and the reader.

    Raises:
        NotFound: there is none, or the reader may not see it.
        NotAllowed: the reader may not work on it.
        DealClosed: it is closed.
    """
    deal = visible_deal(request, ref)
    actor = may_work(request, deal)
    return deal, actor


def may_work(request: HttpRequest, deal: Opportunity, verb: str = WORK, *, won_too: bool = False) -> User:
    """Return the reader, who must be allowed to work on the needs of a deal.

    Raises:
        NotAllowed: they may not.
        DealClosed: it is closed.
    """
    actor = actor_of(request)
    policy.require(actor, verb, deal)
    if not (won_too and deal.outcome == "WON"):
        require_open(deal)
    return actor


def workable_need(request: HttpRequest, ref: str, *, won_too: bool = False) -> tuple[Need, User]:
    """Return a need that the reader may work on, and the reader.

    Raises:
        NotFound, NotAllowed, DealClosed: as ``open_deal``.
    """
    need = get_need(ref=ref, user=actor_of(request))
    return need, may_work(request, need.opportunity, won_too=won_too)


def people_of(deal: Opportunity) -> Any:
    """Return the people of the companies of a deal, as forms offer them."""
    return contacts_of(deal.customer, deal)


def posted(request: HttpRequest) -> Any:
    """Return what was sent, or None."""
    return request.POST if request.method == "POST" else None


def answer(
    request: HttpRequest,
    form: Form,
    act: Callable[[], object],
    *,
    deal: Opportunity,
    to: str,
    title: str,
    label: str,
    toast: object,
    icon_name: str = "check",
    fragment: str = "form",
    **context: Any,
) -> HttpResponse:
    """Show a form about needs and answer it, see ``answer_form``.

    Args:
        fragment: Name of its fragment, without folder and ending.
    """
    held = {
        "deal": deal,
        "title": title,
        "label": label,
        "icon_name": icon_name,
        "about": "",
        "lead": "",
        "files": False,
        **context,
    }
    path = f"needs/_{fragment}.html"
    return answer_form(request, form, act, page="needs/form.html", fragment=path, to=to, context=held, toast=toast)
