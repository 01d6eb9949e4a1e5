"""The page of a customer."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from duobiao.customers.models import Customer
from duobiao.customers.queries.customers import get_customer, keeper_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows
from duobiao.web.http import render


@require_safe
def customer(request: HttpRequest, ref: str) -> HttpResponse:
    """Compose the page from the panels of its slots; the reference of a merged customer leads to the kept one."""
    actor = actor_of(request)
    if (keeper := keeper_of(ref=ref, user=actor)) is not None:
        return HttpResponseRedirect(reverse("customers:customer", args=[keeper.ref]))
    held = get_customer(ref=ref, user=actor)
    context = {
        "customer": held,
        "parent": Customer.objects.visible_to(actor).filter(pk=held.parent_id).first() if held.parent_id else None,
        "may_edit": allows(actor, "customers.edit", held),
        "may_merge": allows(actor, "customers.merge", held),
        "may_trash": allows(actor, "customers.trash", held),
    }
    return render(request, "customers/customer.html", context)
