"""How forms about rivals are shown and answered, and how their records are found."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from duobiao.competition.models import DealRival
from duobiao.competition.queries.landscape import competition_url
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import DEAL_CHANGED
from duobiao.opportunities.views.forms import answer_form
from duobiao.web.api import found_or_404

ASSESS = "competition.assess"


def answer(
    request: HttpRequest,
    form: Form,
    act: Callable[[], object],
    *,
    to: str,
    context: Mapping[str, Any],
    toast: object,
    fragment: str = "plain",
    fires: str = DEAL_CHANGED,
) -> HttpResponse:
    """Show a form about rivals and answer it, see ``answer_form``.

    Args:
        context: With ``title``, ``label``, ``icon_name`` and ``back`` of the page around it.
        fragment: Name of its fragment, without folder and ending.
    """
    return answer_form(
        request,
        form,
        act,
        page="competition/form.html",
        fragment=f"competition/_{fragment}.html",
        to=to,
        context={"deal": None, "about": "", **context},
        toast=toast,
        fires=fires,
    )


def of_deal(request: HttpRequest, deal: Opportunity) -> None:
    """Refuse where the reader may not assess the rivals of a deal, or it is closed.

    Raises:
        NotAllowed, DealClosed: as said.
    """
    require(actor_of(request), ASSESS, deal)
    require_open(deal)


def rival_of_deal(request: HttpRequest, ref: str) -> DealRival:
    """Return a rival of an open deal that the reader may write about.

    Raises:
        NotFound: there is none on a deal the reader may see.
        NotAllowed, DealClosed: as ``of_deal``.
    """
    row: DealRival = part_of_deal(request, DealRival, ref, "")
    of_deal(request, row.opportunity)
    return row


def part_of_deal(request: HttpRequest, model: Any, ref: str, path: str) -> Any:
    """Return a record that hangs on a rival of a deal the reader may see.

    Args:
        path: From the record to the rival of the deal, "" for itself.

    Raises:
        NotFound: there is none.
    """
    begin = f"{path}__" if path else ""
    seen = Opportunity.objects.visible_to(actor_of(request)).values("pk")
    related = [f"{begin}rival", f"{begin}opportunity__owner", f"{begin}opportunity__customer"]
    rows = model.objects.filter(ref=ref, **{f"{begin}opportunity__in": seen})
    return found_or_404(rows.select_related(*related).first())


def about(row: DealRival, **more: Any) -> dict[str, Any]:
    """Return what a form about a rival of a deal shows around itself."""
    deal = row.opportunity
    return {"deal": deal, "about": f"{row.rival.name} · {deal.name}", "back": competition_url(deal.ref), **more}


def about_deal(deal: Opportunity, **more: Any) -> dict[str, Any]:
    """Return what a form about the rivals of a deal shows around itself."""
    return {"deal": deal, "about": deal.name, "back": competition_url(deal.ref), **more}
