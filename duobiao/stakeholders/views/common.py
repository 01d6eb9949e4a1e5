"""How forms of chains are shown and answered."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound, Refusal
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import DEAL_CHANGED
from duobiao.stakeholders.actions.take import MAP, RELATED
from duobiao.stakeholders.models import DealPerson
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment

PAGE: Final = "decision-chain"


def chain_url(deal: Opportunity) -> str:
    """Return the page of a chain."""
    return deal_url(deal.ref, PAGE)


def person_url(person: DealPerson) -> str:
    """Return the page of a person."""
    return f"/deal-people/{person.ref}/"


def find_person(request: HttpRequest, ref: str) -> DealPerson:
    """Return a person of a chain the reader may see.

    Raises:
        NotFound: there is none.
    """
    rows = DealPerson.objects.visible_to(actor_of(request)).present().select_related(*RELATED)
    if (person := rows.filter(ref=ref).first()) is None:
        raise NotFound(_("There is no such record, or you may not see it."))
    return person


def writable(request: HttpRequest, ref: str) -> DealPerson:
    """Return a person whose chain the reader may write.

    Raises:
        NotFound: there is none.
        NotAllowed: the reader may see it, but not write it.
    """
    person = find_person(request, ref)
    require(actor_of(request), MAP, person.opportunity)
    return person


def others_on(person: DealPerson) -> Any:
    """Return the others of the same chain who are there."""
    rows = people_on(person.opportunity)
    return rows.exclude(pk=person.pk)


def day_in(text: str) -> date | None:
    """Return a day that an address names; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def people_on(deal: Opportunity) -> Any:
    """Return the people of a chain who are there, by name."""
    rows = DealPerson.objects.present().filter(opportunity=deal, left_on=None, contact__trashed_at=None)
    return rows.select_related("contact__customer").order_by("contact__name", "pk")


def answer(
    request: HttpRequest,
    form: Any,
    act: Callable[[], object],
    *,
    to: str,
    fragment: str,
    context: Mapping[str, Any],
    toast: object,
) -> HttpResponse:
    """Show a form; when it is sent, act once and go on to ``to``, or show it again with the reasons.

    Args:
        fragment: Name of its fragment, without folder and ending.
        context: With ``title``, ``back`` and ``deal``.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        act()
                return done(request, to=to, fires=DEAL_CHANGED, toast=toast)
            except Refusal as refusal:
                name_of = getattr(form, "name_of", None)
                if name_of is not None:
                    refusal.fields = {name_of(name): reason for name, reason in refusal.fields.items()}
                status = refused(form, refusal)
    path = f"stakeholders/_{fragment}.html"
    held = {"here": request.get_full_path(), "form": form, **context, "fragment": path}
    return page_or_fragment(request, page="stakeholders/form.html", fragment=path, context=held, status=status)
