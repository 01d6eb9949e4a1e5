"""The customer form."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.customers.actions.edit_customer import edit_customer
from duobiao.customers.forms.conflicts import conflict_view, kept_values, version_sent
from duobiao.customers.forms.customer import CustomerForm
from duobiao.customers.forms.facts import show_refusal
from duobiao.customers.forms.origin import OriginForm, own_today
from duobiao.customers.queries.customers import get_customer, get_profile
from duobiao.customers.queries.lists import industries_seen
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Refusal, StaleVersion
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the form, unfolded at ``?at=field``, or save what was changed."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, "customers.edit", customer)
    posted = request.POST if request.method == "POST" else None
    form = CustomerForm(posted, customer=customer, profile=get_profile(customer), user=actor)
    origin = OriginForm(posted, today=own_today(request))
    status, conflict, version = 200, None, customer.version
    if request.method == "POST":
        version, status = version_sent(request.POST), 422
        if form.is_valid() and origin.is_valid():
            values = kept_values(form.changed(), request.POST)
            try:
                with once(request) as submission:
                    if submission.first:
                        edit_customer(
                            customer=customer,
                            version=version,
                            values=values,
                            origin=origin.origin(),
                            actor=actor,
                            now=timezone.now(),
                        )
                back = reverse("customers:customer", args=[ref])
                return done(request, to=back, fires="customer-changed", toast=_("Saved"))
            except StaleVersion as refusal:
                status, version = refusal.status, refusal.details["version"]
                conflict = conflict_view(form, values, refusal, subject=Ref.of(customer))
            except Refusal as refusal:
                status = show_refusal(origin if origin.concerns(refusal) else form, refusal)
    at = request.GET.get("at", "")
    context = {
        "form": form,
        "origin": origin,
        "customer": customer,
        "version": version,
        "conflict": conflict,
        "at": at if at in form.fields else "",
        "groups": list(form.groups(form.keys_of(at))),
        "industries": industries_seen(actor),
    }
    return page_or_fragment(
        request,
        page="customers/edit_customer.html",
        fragment="customers/_customer_form.html",
        context=context,
        status=status,
    )
