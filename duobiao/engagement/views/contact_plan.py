"""The contact plan: everybody to be spoken to, and the form for one person."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.customers.queries.contacts import get_contact
from duobiao.engagement.actions.plan_contact import end_contact_plan, plan_contact
from duobiao.engagement.forms.cycle import ContactPlanForm
from duobiao.engagement.queries.cycles import cycles_seen, lines, running_cycle
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.views.common import company_today
from duobiao.web.api import PageQuery, page_of
from duobiao.web.components import Tab
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render

CHANGED = "contact-plan-changed"
ROWS = 50


@require_safe
def contact_plan(request: HttpRequest) -> HttpResponse:
    """List who is to be spoken to, the longest overdue first: of the reader's customers, or of all they see."""
    actor = actor_of(request)
    policy.require(actor, "customers.view")
    on = company_today(request)
    everybody = request.GET.get("whose") == "all"
    rows = cycles_seen(actor, mine=not everybody)
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(rows, page=query, sort="due_on")
    address = reverse("engagement:contact_plan")
    whose = {"whose": "all"} if everybody else {}
    context = {
        "lines": lines(page.items, on=on),
        "late": rows.filter(due_on__lt=on).count(),
        "total": rows.count(),
        "tabs": [
            Tab(pgettext("customers", "mine"), address, current=not everybody),
            Tab(pgettext("customers", "all I see"), f"{address}?whose=all", current=everybody),
        ],
        "everybody": everybody,
        "next": f"{address}?{urlencode({**whose, 'cursor': page.next})}" if page.next else "",
        "first": f"{address}?{urlencode(whose)}" if query.cursor else "",
        "may_plan": policy.allows(actor, "engagement.plan_visit"),
    }
    return render(request, "engagement/contact_plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, ref: str) -> HttpResponse:
    """Set how often one person is spoken to."""
    actor = actor_of(request)
    contact = get_contact(ref=ref, user=actor)
    policy.require(actor, "engagement.plan_visit", contact)
    cycle = running_cycle(contact)
    form = ContactPlanForm(request.POST if request.method == "POST" else None, cycle=cycle)
    back, status = reverse("customers:customer", args=[contact.customer.ref]), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        plan_contact(
                            contact=contact,
                            every_days=form.cleaned_data["every_days"],
                            aim=form.cleaned_data["aim"],
                            version=form.cleaned_data["version"],
                            actor=actor,
                            now=timezone.now(),
                        )
                return done(request, to=back, fires=CHANGED, toast=_("Contact plan kept"))
            except Refusal as refusal:
                status = refused(form, refusal)
    context = {"form": form, "contact": contact, "cycle": cycle, "back": back}
    return page_or_fragment(
        request,
        page="engagement/plan_contact.html",
        fragment="engagement/_plan_contact.html",
        context=context,
        status=status,
    )


@require_POST
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """End the plan of one person."""
    actor = actor_of(request)
    contact = get_contact(ref=ref, user=actor)
    end_contact_plan(contact=contact, actor=actor, now=timezone.now())
    back = reverse("customers:customer", args=[contact.customer.ref])
    return done(request, to=back, fires=CHANGED, toast=_("Contact plan ended"))
