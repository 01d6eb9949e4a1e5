"""Turn a lead into customer, contact and project."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.customers.actions.check_duplicates import DuplicateCustomer, check_duplicates
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Refusal
from duobiao.prospecting.actions.capture_lead import lead_page
from duobiao.prospecting.actions.convert_lead import convert_lead
from duobiao.prospecting.actions.keep_lead import require_open
from duobiao.prospecting.forms.convert import ConvertForm
from duobiao.prospecting.models import Lead
from duobiao.prospecting.queries.leads import candidates_for, get_lead
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment


@require_http_methods(["GET", "HEAD", "POST"])
def convert(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose among what was found, or make new records; a lead that is converted already leads to its page."""
    actor = actor_of(request)
    lead = get_lead(ref=ref, user=actor)
    require(actor, "prospecting.work", lead)
    if request.method != "POST":
        require_open(lead)
    found = candidates_for(lead, user=actor)
    posted = request.POST if request.method == "POST" else None
    form = ConvertForm(posted, lead=lead, found=found, currency=company_of(request).currency)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return done(request, to=_convert(request, form, lead, actor), toast=_("Lead converted"))
            except DuplicateCustomer as refusal:
                _keep_trace(lead, actor)
                form.add_error("customer", str(refusal.message))
                status = refusal.status
            except Refusal as refusal:
                status = refused(form, refusal)
    context = {
        "form": form,
        "lead": lead,
        "found": found,
        "ask_confirmation": status == DuplicateCustomer.status or bool(found.customers or found.units),
        "title": _("Convert the lead"),
        "back": lead_page(lead),
        "here": request.get_full_path(),
        "fragment": "prospecting/_convert.html",
    }
    return page_or_fragment(
        request, page="prospecting/form.html", fragment="prospecting/_convert.html", context=context, status=status
    )


def _convert(request: HttpRequest, form: ConvertForm, lead: Lead, actor: User) -> str:
    with once(request) as submission:
        if submission.first:
            done_lead = convert_lead(
                lead=lead, into=form.into(), version=form.cleaned_data["version"], actor=actor, now=timezone.now()
            )
            deal = done_lead.opportunity
            submission.result = (
                reverse("prospecting:lead", args=[lead.ref]) if deal is None else f"/opportunities/{deal.ref}/"
            )
    return submission.result


def _keep_trace(lead: Lead, actor: User) -> None:
    """Let the look-up of a hidden customer's name be kept outside the transaction that was just taken back.

    Raises:
        TooManyLookups: this person tried too many names.
    """
    with suppress(DuplicateCustomer):
        check_duplicates(name=lead.company, actor=actor, now=timezone.now())
