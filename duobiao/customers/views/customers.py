"""The list of customers."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.customers.queries.assessments import class_marks, classes_offered
from duobiao.customers.queries.lists import (
    Completeness,
    CustomerFilter,
    customers_matching,
    industries_seen,
    owners_seen,
    trashed_contacts,
    trashed_customers,
)
from duobiao.customers.queries.schemes import EVALUATION, schemes_in_force
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows
from duobiao.web.api import PageQuery, page_of
from duobiao.web.http import page_or_fragment

SORTS = ("name", "touched_at", "created_at", "profile_items")
COMPLETENESS: tuple[Completeness, ...] = ("", "complete", "open", "empty")
ROWS = 50


@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """List the customers the person may see, searched, filtered and sorted."""
    actor = actor_of(request)
    wanted = _wanted(request)
    sort = _sort(request)
    rows = customers_matching(wanted, user=actor).select_related("owner", "owner__unit")
    page = page_of(rows, page=PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS), sort=sort)
    context = {
        "rows": page.items,
        "marks": class_marks(page.items),
        "classes": classes_offered(schemes_in_force(), EVALUATION),
        "next": _address(wanted, sort, cursor=page.next) if page.next else "",
        "first": _address(wanted, sort) if request.GET.get("cursor") else "",
        "total": rows.count(),
        "wanted": wanted,
        "sort": sort,
        "sort_urls": {name: _address(wanted, f"-{name}" if sort == name else name) for name in SORTS},
        "mine": _address(replace(wanted, owner_ref="" if wanted.owner_ref == "me" else "me"), sort),
        "industries": industries_seen(actor),
        "owners": owners_seen(actor),
        "may_create": allows(actor, "customers.create"),
        "trash": trashed_customers(actor).count() + trashed_contacts(actor).count(),
    }
    return page_or_fragment(
        request, page="customers/customers.html", fragment="customers/_customer_list.html", context=context
    )


def _wanted(request: HttpRequest) -> CustomerFilter:
    given = request.GET
    completeness = given.get("completeness", "")
    return CustomerFilter(
        text=given.get("q", "")[:200],
        industry=given.get("industry", "")[:60],
        owner_ref=given.get("owner", "")[:16],
        completeness=next((known for known in COMPLETENESS if known == completeness), ""),
        class_key=given.get("class", "")[:40],
        is_key_account=True if given.get("key_account") == "1" else None,
    )


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "-touched_at")
    return asked if asked.removeprefix("-") in SORTS else "-touched_at"


def _address(wanted: CustomerFilter, sort: str, *, cursor: str | None = None) -> str:
    values = {
        "q": wanted.text,
        "industry": wanted.industry,
        "owner": wanted.owner_ref,
        "completeness": wanted.completeness,
        "class": wanted.class_key,
        "key_account": "1" if wanted.is_key_account else "",
        "sort": sort,
        "cursor": cursor or "",
    }
    return "?" + urlencode({name: value for name, value in values.items() if value})
