"""What the routers of deals share: finding the deal, the people and the papers a body names."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from duobiao.customers.models import Contact, Customer
from duobiao.documents.models import Document
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Opportunity, Product

RELATED = ("customer", "owner", "product", "playbook")


def today(request: HttpRequest) -> date:
    """Return the day where the person sits."""
    return own_day(actor_of(request), timezone.now())


def deal_of(request: HttpRequest, ref: str) -> Opportunity:
    """Find a deal the person may see.

    Raises:
        NotFound: there is none of this reference that they may see.
    """
    deal = Opportunity.objects.visible_to(actor_of(request)).select_related(*RELATED).filter(ref=ref).first()
    if deal is None:
        raise NotFound(_("There is no such record."))
    return deal


def customer_named(request: HttpRequest, ref: str, *, field: str = "customer") -> Customer:
    """Find the customer a body names.

    Raises:
        Invalid: the person sees no customer of this reference.
    """
    customer = Customer.objects.visible_to(actor_of(request)).filter(ref=ref).first()
    if customer is None:
        raise Invalid(_("There is no such customer."), fields={field: _("not found")})
    return customer


def contact_named(request: HttpRequest, ref: str | None) -> Contact | None:
    """Find the contact a body names.

    Raises:
        Invalid: the person sees no contact of this reference.
    """
    if not ref:
        return None
    contact = Contact.objects.visible_to(actor_of(request)).filter(ref=ref).first()
    if contact is None:
        raise Invalid(_("There is no such contact."), fields={"contact": _("not found")})
    return contact


def documents_named(request: HttpRequest, refs: list[str]) -> list[Document]:
    """Find the documents a body names: the person's own uploads.

    Raises:
        Invalid: one of them is not there.
    """
    found = list(Document.objects.filter(ref__in=refs, uploaded_by=actor_of(request)))
    if len(found) != len(set(refs)):
        raise Invalid(_("There is no such document."), fields={"documents": _("not found")})
    return found


def product_named(ref: str | None) -> Product | None:
    """Find the product a body names.

    Raises:
        Invalid: there is none of this reference.
    """
    if not ref:
        return None
    product = Product.objects.filter(ref=ref).first()
    if product is None:
        raise Invalid(_("There is no such product."), fields={"product": _("not found")})
    return product
