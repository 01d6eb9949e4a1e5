"""Lead to the first thing that is not known yet of a deal's customer or of its handler, to its assessment or an admission."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from duobiao.customers.queries.page import ring_shown
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.views.common import visible_deal


@require_safe
def fill_profile(request: HttpRequest, ref: str, who: str) -> HttpResponse:
    """Go to the field of the customer's form, or of the handler's, that is still empty; to the evaluation form, or to that of an admission."""
    deal = visible_deal(request, ref)
    if who == "assessment":
        return HttpResponseRedirect(
            f"{reverse('customers:assess', args=[deal.customer.ref])}?{urlencode({'next': deal_url(ref)})}"
        )
    if who == "admission":
        return HttpResponseRedirect(reverse("customers:add_admission", args=[deal.customer.ref]))
    ring = ring_shown(deal.customer)
    items = ring.contact if who == "handler" else ring.customer
    missing = next((item.url for item in items if not item.known), "")
    return HttpResponseRedirect(missing or reverse("customers:customer", args=[deal.customer.ref]))
