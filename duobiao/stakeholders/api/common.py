"""What the routers of chains share: finding people, and the day that is asked about."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field

from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.actions.take import RELATED
from duobiao.stakeholders.models import DealPerson

Named = Annotated[str, Field(max_length=40, description="Reference of a person of the chain, or of their contact.")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="Of the record you saw.")]
EARLIEST = date(1990, 1, 1)


def person_of(request: HttpRequest, ref: str) -> DealPerson:
    """Find a person of a chain the reader may see.

    Raises:
        NotFound: there is none.
    """
    rows = DealPerson.objects.visible_to(actor_of(request)).present().select_related(*RELATED)
    person = rows.filter(ref=ref).first()
    if person is None:
        raise NotFound(_("There is no such record."))
    return person


def person_named(deal: Opportunity, ref: str, *, field: str) -> DealPerson:
    """Find the person of a chain a body names by their own reference or that of their contact.

    Raises:
        Invalid: nobody of this reference is on the chain.
    """
    rows = DealPerson.objects.present().filter(opportunity=deal).select_related(*RELATED)
    person = rows.filter(ref=ref).first() or rows.filter(contact__ref=ref).first()
    if person is None:
        message = _("Nobody of this reference is on the decision chain. Put the contact on it first.")
        raise Invalid(message, fields={field: message})
    return person


def asked_day(on: date | None) -> date:
    """Return the day that is asked about; today without one.

    Raises:
        Invalid: it has not come, or lies too far in the past.
    """
    today = company_day(timezone.now())
    if on is not None and not EARLIEST <= on <= today:
        message = _("Choose a day up to today (%(today)s).") % {"today": today.isoformat()}
        raise Invalid(message, fields={"on": message})
    return on or today
