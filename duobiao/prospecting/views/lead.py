"""The page of a lead, and its facts."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.customers.forms.conflicts import conflict_view, kept_values, version_sent
from duobiao.customers.forms.facts import show_refusal
from duobiao.customers.models import Contact, Customer
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import User
from duobiao.identity.policy import allows, require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotFound, Refusal, StaleVersion
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.actions.capture_lead import lead_page
from duobiao.prospecting.actions.claim_lead import is_open_to
from duobiao.prospecting.actions.edit_lead import edit_lead
from duobiao.prospecting.forms.leads import LeadForm
from duobiao.prospecting.models import Lead
from duobiao.prospecting.queries.leads import candidates_for, get_lead, goes_back_on, is_soon, known_regions
from duobiao.timeline.panels import comments_panel
from duobiao.timeline.queries import entries_for
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render

TIMELINE_ROWS = 30


@require_safe
def lead(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a lead: facts, check, what may be the same, what became of it, comments, history; a merged one leads to the kept one."""
    actor = actor_of(request)
    try:
        held = get_lead(ref=ref, user=actor)
    except NotFound:
        if (kept := Lead.objects.visible_to(actor).filter(merged_from__ref=ref).first()) is None:
            raise
        return HttpResponseRedirect(lead_page(kept))
    zone = company_of(request).time_zone
    back_on = goes_back_on(held, zone=zone)
    context = {
        "lead": held,
        "found": candidates_for(held, user=actor) if held.is_open else None,
        "became": _visible_results(held, actor),
        "back_on": back_on,
        "back_soon": is_soon(back_on, on=local_day(timezone.now(), zone)),
        "may": _rights(held, actor),
        "follow_ups": list(held.follow_ups.select_related("owner").order_by("-due_on", "-pk")[:TIMELINE_ROWS]),
        "on": local_day(timezone.now(), zone),
        "comments": comments_panel(request, Ref.of(held)),
        "entries": entries_for(subject=Ref.of(held), limit=TIMELINE_ROWS),
    }
    return render(request, "prospecting/lead.html", context)


def _rights(held: Lead, actor: User) -> dict[str, bool]:
    work = allows(actor, "prospecting.work", held)
    takes = held.is_open and held.is_free and held.pool is not None and allows(actor, "prospecting.claim")
    return {
        "work": work and held.is_open,
        "finish": work,
        "reopen": work and held.state == "DISCARDED",
        "claim": takes and held.pool is not None and is_open_to(held.pool, actor),
        "merge": held.is_open and allows(actor, "prospecting.merge", held),
        "give_back": work and held.is_open and held.pool is not None and not held.is_free,
        "assign": held.is_open and allows(actor, "prospecting.assign", None if held.is_free else held),
    }


def _visible_results(held: Lead, actor: User) -> list[tuple[str, str, str]]:
    """Return label, name and address of what a lead became; name and address only where the reader may see it."""
    customers = Customer.objects.visible_to(actor).filter(pk__in=[held.customer_id])
    contacts = Contact.objects.visible_to(actor).filter(pk__in=[held.contact_id])
    deals = Opportunity.objects.visible_to(actor).filter(pk__in=[held.opportunity_id])
    rows = [
        (_("Customer"), held.customer_id, customers.first(), "customers"),
        (_("Contact"), held.contact_id, contacts.first(), "contacts"),
        (_("Project"), held.opportunity_id, deals.first(), "opportunities"),
    ]
    return [
        (label, str(row) if row is not None else "", f"/{folder}/{row.ref}/" if row is not None else "")
        for label, key, row, folder in rows
        if key is not None
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change facts of a lead; after a conflict both versions stand side by side."""
    actor = actor_of(request)
    held = get_lead(ref=ref, user=actor)
    require(actor, "prospecting.work", held)
    form = LeadForm(request.POST if request.method == "POST" else None, lead=held)
    status, conflict, version = 200, None, held.version
    if request.method == "POST":
        version, status = version_sent(request.POST), 422
        if form.is_valid():
            values = kept_values(form.changed(), request.POST)
            try:
                with once(request) as submission:
                    if submission.first:
                        edit_lead(lead=held, version=version, values=values, actor=actor, now=timezone.now())
                return done(request, to=lead_page(held), toast=_("Saved"))
            except StaleVersion as refusal:
                status, version = refusal.status, refusal.details["version"]
                conflict = conflict_view(form, values, refusal, subject=Ref.of(held))
            except Refusal as refusal:
                status = show_refusal(form, refusal)
    context = {
        "form": form,
        "lead": held,
        "version": version,
        "conflict": conflict,
        "regions": known_regions(actor),
        "title": _("Edit %(name)s") % {"name": held.company},
        "back": lead_page(held),
        "here": request.get_full_path(),
        "fragment": "prospecting/_edit.html",
    }
    return page_or_fragment(
        request, page="prospecting/form.html", fragment="prospecting/_edit.html", context=context, status=status
    )
