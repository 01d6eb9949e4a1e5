"""What the routers of needs share: finding what a body names."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from duobiao.customers.models import Contact
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Invalid
from duobiao.needs.models import Need
from duobiao.opportunities.models import Opportunity


def person(request: HttpRequest, ref: str | None, *, field: str = "contact") -> Contact | None:
    """Find a contact that a body names.

    Raises:
        Invalid: the person sees no contact of this reference.
    """
    if not ref:
        return None
    found = Contact.objects.visible_to(actor_of(request)).filter(ref=ref).first()
    if found is None:
        raise Invalid(_("There is no such contact."), fields={field: _("not found")})
    return found


def needed_person(request: HttpRequest, ref: str, *, field: str = "contact") -> Contact:
    """Find a contact that a body must name.

    Raises:
        Invalid: the person sees no contact of this reference.
    """
    found = person(request, ref, field=field)
    if found is None:
        raise Invalid(_("There is no such contact."), fields={field: _("not found")})
    return found


def need_named(deal: Opportunity, ref: str | None, *, field: str) -> Need | None:
    """Find a need of a deal that a body names.

    Raises:
        Invalid: the deal has none of this reference.
    """
    if not ref:
        return None
    found: Need | None = Need.objects.live().filter(opportunity=deal, ref=ref).first()
    if found is None:
        raise Invalid(_("Choose a need of this project."), fields={field: _("not found")})
    return found


def people_in(request: HttpRequest, given: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return values with the contacts that some of them name."""
    return {name: person(request, value, field=name) if name in names else value for name, value in given.items()}
