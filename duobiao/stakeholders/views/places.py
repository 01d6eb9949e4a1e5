"""Move people within a picture of the chain, and let it place them itself again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.views.common import needs, visible_deal
from duobiao.stakeholders.actions.place_person import arrange_anew, place_person
from duobiao.stakeholders.actions.take import MAP
from duobiao.stakeholders.forms.places import LayoutForm, PlaceForm
from duobiao.stakeholders.views.common import chain_url, writable
from duobiao.web.http import back_to, done

PLACED = "chain-placed"
"""Fired when somebody was moved; only the picture refreshes."""


@require_POST
def place(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep where somebody was moved to."""
    person = writable(request, ref)
    held = _checked(PlaceForm(request.POST))
    place_person(person=person, **held, actor=actor_of(request), now=timezone.now())
    return done(request, to=chain_url(person.opportunity), fires=PLACED, stay=True)


@require_POST
def arrange(request: HttpRequest, ref: str) -> HttpResponse:
    """Let the picture place everybody itself."""
    deal = visible_deal(request, ref)
    actor = needs(request, MAP, deal)
    arrange_anew(opportunity=deal, **_checked(LayoutForm(request.POST)), actor=actor)
    to = back_to(request, chain_url(deal))
    return done(request, to=to, fires=PLACED, toast=_("Everybody placed anew"), stay=True)


def _checked(form: LayoutForm) -> dict[str, Any]:
    if not form.is_valid():
        raise Invalid(_("There is no such place."), fields={name: str(rows[0]) for name, rows in form.errors.items()})
    return form.cleaned_data
