"""Assessments of a customer: score it, see how it came there; customers ranked by an assessment."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.customers.actions.assess_customer import assess_customer
from duobiao.customers.forms.assessments import AssessmentForm
from duobiao.customers.forms.origin import own_today
from duobiao.customers.queries.assessments import class_marks, in_words, latest_scores, ranking, scored
from duobiao.customers.queries.customers import get_customer
from duobiao.customers.queries.schemes import EVALUATION, class_title, find_scheme, schemes_in_force, words
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.refusals import Refusal
from duobiao.web.api import PageQuery, page_of
from duobiao.web.components import Tab
from duobiao.web.forms import once
from duobiao.web.http import back_to, done, page_or_fragment, render

CHANGED = "customer-assessed"
ROWS = 50
SELECTION = "selection"


@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the form of a scheme with the scores of last time, or keep a new assessment."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, "customers.edit", customer)
    key = request.GET.get("scheme", EVALUATION)[:40]
    found = find_scheme(key)
    posted = request.POST if request.method == "POST" else None
    form = AssessmentForm(posted, scheme=found.scheme, today=own_today(request), before=latest_scores(customer, key))
    back, status = back_to(request, reverse("customers:customer", args=[ref])), 200
    if posted is not None:
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        assess_customer(
                            customer=customer,
                            scheme=key,
                            scores=form.scores(),
                            notes=form.notes(),
                            note=form.cleaned_data["note"],
                            assessed_on=form.cleaned_data["assessed_on"],
                            actor=actor,
                            now=timezone.now(),
                        )
                return done(request, to=back, fires=CHANGED, toast=_("Assessment kept"))
            except Refusal as refusal:
                status = refused(form, refusal)
    context = {
        "customer": customer,
        "form": form,
        "key": key,
        "found": found,
        "title": words(found.scheme.title),
        "back": back,
    }
    return page_or_fragment(
        request, page="customers/assess.html", fragment="customers/_assess.html", context=context, status=status
    )


@require_safe
def assessments(request: HttpRequest, ref: str) -> HttpResponse:
    """Show how a customer was assessed by one scheme: trend, criteria, every assessment."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    key = request.GET.get("scheme", EVALUATION)[:40]
    found = find_scheme(key)
    address = reverse("customers:assessments", args=[ref])
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(scored(customer, scheme=key), page=query, sort="-assessed_on")
    context = {
        "customer": customer,
        "key": key,
        "scheme": found.scheme,
        "title": words(found.scheme.title),
        "purpose": words(found.scheme.purpose),
        "history": in_words(page.items),
        "next": f"{address}?{urlencode({'scheme': key, 'cursor': page.next})}" if page.next else "",
        "first": f"{address}?{urlencode({'scheme': key})}" if query.cursor else "",
        "tabs": [
            Tab(words(row.scheme.title), f"{address}?{urlencode({'scheme': name})}", current=name == key)
            for name, row in schemes_in_force().items()
        ],
        "may_edit": allows(actor, "customers.edit", customer),
    }
    return render(request, "customers/assessments.html", context)


@require_safe
def rank(request: HttpRequest) -> HttpResponse:
    """List the assessed customers that the person may see, the highest score first."""
    actor = actor_of(request)
    require(actor, "customers.view")
    schemes = schemes_in_force()
    asked = request.GET.get("scheme", SELECTION)
    key = asked if asked in schemes else SELECTION
    rows = ranking(actor, key)
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(rows, page=query, sort="-score_hundredths")
    address = reverse("customers:ranking")
    marks = class_marks([row.customer for row in page.items])
    context = {
        "rows": [(row, class_title(schemes, key, row.class_key), marks.get(row.customer_id)) for row in page.items],
        "key": key,
        "title": words(schemes[key].scheme.title),
        "purpose": words(schemes[key].scheme.purpose),
        "weights": [(words(row.title), row.weight) for row in schemes[key].scheme.criteria],
        "tabs": [
            Tab(words(row.scheme.title), f"{address}?{urlencode({'scheme': name})}", current=name == key)
            for name, row in schemes.items()
        ],
        "next": f"{address}?{urlencode({'scheme': key, 'cursor': page.next})}" if page.next else "",
        "first": f"{address}?{urlencode({'scheme': key})}" if query.cursor else "",
        "has_classes": bool(schemes[key].scheme.classes),
    }
    return render(request, "customers/ranking.html", context)
