"""Give a customer to another owner."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.customers.actions.handover_customer import handover_customer
from duobiao.customers.forms.customer import HandoverForm
from duobiao.customers.forms.facts import show_refusal
from duobiao.customers.models import Customer
from duobiao.customers.queries.customers import get_customer
from duobiao.identity.http import actor_of
from duobiao.identity.people_picker import offer_people
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Refusal
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose the new owner and hand over; who no longer sees the customer returns to the list.

    ``?field=`` offers people while one types.
    """
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, "customers.edit", customer)
    posted = request.POST if request.method == "POST" else None
    form = HandoverForm(posted, besides=customer.owner, initial={"version": customer.version})
    if "field" in request.GET:
        return offer_people(request, form)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        handover_customer(
                            customer=customer,
                            to=form.cleaned_data["to"],
                            actor=actor,
                            now=timezone.now(),
                            version=form.cleaned_data["version"],
                        )
                sees = Customer.objects.visible_to(actor).filter(pk=customer.pk).exists()
                to = reverse("customers:customer", args=[ref]) if sees else reverse("customers:list")
                return done(request, to=to, toast=_("Customer handed over"))
            except Refusal as refusal:
                status = show_refusal(form, refusal)
    return page_or_fragment(
        request,
        page="customers/handover.html",
        fragment="customers/_handover.html",
        context={"form": form, "customer": customer},
        status=status,
    )
