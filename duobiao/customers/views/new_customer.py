"""Enter a customer: three fields."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.customers.actions.check_duplicates import DuplicateCustomer, check_duplicates
from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.create_customer import create_customer
from duobiao.customers.forms.customer import QuickCustomerForm
from duobiao.customers.forms.facts import show_refusal
from duobiao.customers.queries.lists import industries_seen
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Refusal
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment


@require_http_methods(["GET", "HEAD", "POST"])
def new_customer(request: HttpRequest) -> HttpResponse:
    """Show the three fields, or enter the customer and open its page."""
    actor = actor_of(request)
    require(actor, "customers.create")
    form = QuickCustomerForm(request.POST if request.method == "POST" else None)
    status, duplicate = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return done(request, to=_enter(request, form), toast=_("Customer entered"))
            except DuplicateCustomer as refusal:
                duplicate, status = refusal, refusal.status
                _keep_trace(request, form)
            except Refusal as refusal:
                status = show_refusal(form, refusal)
    context = {"form": form, "duplicate": duplicate, "industries": industries_seen(actor)}
    return page_or_fragment(
        request,
        page="customers/new_customer.html",
        fragment="customers/_new_customer.html",
        context=context,
        status=status,
    )


def _enter(request: HttpRequest, form: QuickCustomerForm) -> str:
    actor, now, values = actor_of(request), timezone.now(), form.cleaned_data
    with once(request) as submission:
        if submission.first:
            customer = create_customer(
                name=values["name"],
                actor=actor,
                now=now,
                values={"industry": values["industry"]},
                duplicate_confirmed=values["confirmed"],
            )
            if values["handler"]:
                create_contact(
                    customer=customer, name=values["handler"], actor=actor, now=now, values={"is_handler": True}
                )
            submission.result = reverse("customers:customer", args=[customer.ref])
    return submission.result


def _keep_trace(request: HttpRequest, form: QuickCustomerForm) -> None:
    """Let the look-up be kept outside the transaction that was just taken back.

    Raises:
        TooManyLookups: this person tried too many names.
    """
    with suppress(DuplicateCustomer):
        check_duplicates(name=form.cleaned_data["name"], actor=actor_of(request), now=timezone.now())
