"""Merge two entries of the same customer, or of the same contact."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.contacts import get_contact
from duobiao.customers.queries.customers import get_customer
from duobiao.customers.queries.merging import contact_candidates, customer_candidates
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid
from duobiao.web.http import done, page_or_fragment


@require_http_methods(["GET", "HEAD", "POST"])
def merge_customer(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose another customer; then both stand side by side."""
    actor = actor_of(request)
    keeper = get_customer(ref=ref, user=actor)
    require(actor, "customers.merge", keeper)
    url = reverse("customers:customer", args=[ref])
    if request.method == "POST":
        other = get_customer(ref=_chosen(request), user=actor)
        return done(request, to=_side_by_side(Customer.kind, ref, other.ref))
    question = request.GET.get("q", "")[:200]
    found = customer_candidates(keeper, text=question, user=actor)
    candidates = [
        (row.ref, row.name, " · ".join(filter(None, [row.industry, row.region, str(row.owner)]))) for row in found
    ]
    return _show(request, keeper.name, url, question, candidates)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_contact(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose another contact of the same customer; then both stand side by side."""
    actor = actor_of(request)
    keeper = get_contact(ref=ref, user=actor)
    require(actor, "customers.merge", keeper)
    url = reverse("customers:contact", args=[ref])
    if request.method == "POST":
        other = get_contact(ref=_chosen(request), user=actor)
        return done(request, to=_side_by_side(Contact.kind, ref, other.ref))
    question = request.GET.get("q", "")[:200]
    found = contact_candidates(keeper, text=question)
    candidates = [
        (row.ref, row.name, " · ".join(filter(None, [row.department, row.position, row.mobile]))) for row in found
    ]
    return _show(request, keeper.name, url, question, candidates)


def _chosen(request: HttpRequest) -> str:
    if not (chosen := request.POST.get("other", "")):
        raise Invalid(_("Choose the entry that goes into this one."), fields={"other": _("Choose one.")})
    return chosen


def _side_by_side(kind: str, keeper: str, other: str) -> str:
    return reverse("duplicates:side_by_side", args=[kind, keeper, other])


def _show(
    request: HttpRequest, name: str, back: str, question: str, candidates: list[tuple[str, str, str]]
) -> HttpResponse:
    context: dict[str, Any] = {"name": name, "back": back, "question": question, "candidates": candidates}
    context["here"] = request.path
    return page_or_fragment(request, page="customers/merge.html", fragment="customers/_merge.html", context=context)
