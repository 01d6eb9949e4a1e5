"""Issues of customers: all the reader sees, one, and the forms that raise, change and solve it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.customers.actions.solve_issues import edit_issue, raise_issue, solve_issue
from duobiao.customers.forms.issues import IssueForm, SolutionForm
from duobiao.customers.forms.origin import own_today
from duobiao.customers.models import Issue
from duobiao.customers.queries.customers import get_customer
from duobiao.customers.queries.issues import issues_seen, lines
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.refusals import Refusal
from duobiao.web.api import PageQuery, found_or_404, page_of
from duobiao.web.components import Tab
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render

CHANGED = "issues-changed"
ROWS = 50
WHICH = ("mine", "all", "solved")


@require_safe
def issues(request: HttpRequest) -> HttpResponse:
    """List open issues, the earliest due first: those the reader is to solve, or all; or those that were solved."""
    actor = actor_of(request)
    require(actor, "customers.view")
    asked = request.GET.get("which", "")
    which = asked if asked in WHICH else WHICH[0]
    rows = issues_seen(actor, mine=which == "mine", solved=which == "solved")
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(rows, page=query, sort="-due_on" if which == "solved" else "due_on")
    address = reverse("customers:issues")
    names = {
        "mine": pgettext("issues", "Mine"),
        "all": pgettext("issues", "All open"),
        "solved": pgettext("issues", "Solved"),
    }
    context = {
        "lines": lines(page.items, on=own_today(request)),
        "which": which,
        "tabs": [Tab(label, f"{address}?which={key}", current=key == which) for key, label in names.items()],
        "next": f"{address}?{urlencode({'which': which, 'cursor': page.next})}" if page.next else "",
        "first": f"{address}?which={which}" if query.cursor else "",
    }
    return render(request, "customers/issues.html", context)


@require_safe
def issue(request: HttpRequest, ref: str) -> HttpResponse:
    """Show an issue."""
    held = _issue(request, ref)
    context = {
        "issue": held,
        "customer": held.customer,
        "line": lines([held], on=own_today(request))[0],
        "may_edit": allows(actor_of(request), "customers.edit", held),
    }
    return page_or_fragment(request, page="customers/issue.html", fragment="customers/_issue.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, ref: str) -> HttpResponse:
    """Raise an issue."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, "customers.edit", customer)
    form = IssueForm(request.POST if request.method == "POST" else None, customer=customer, actor=actor)

    def act() -> None:
        raise_issue(customer=customer, values=form.values(), actor=actor, now=timezone.now())

    context = {
        "customer": customer,
        "issue": None,
        "here": reverse("customers:raise_issue", args=[ref]),
        "back": reverse("customers:customer", args=[ref]),
    }
    return _answer(request, form, act, "_issue_form", context, toast=_("Issue noted"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change an open issue."""
    actor, held = actor_of(request), _issue(request, ref)
    require(actor, "customers.edit", held)
    posted = request.POST if request.method == "POST" else None
    form = IssueForm(posted, customer=held.customer, actor=actor, issue=held)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        edit_issue(issue=held, version=version, values=form.values(), actor=actor, now=timezone.now())

    context = {
        "customer": held.customer,
        "issue": held,
        "here": reverse("customers:edit_issue", args=[ref]),
        "back": reverse("customers:issue", args=[ref]),
    }
    return _answer(request, form, act, "_issue_form", context, toast=_("Issue changed"))


@require_http_methods(["GET", "HEAD", "POST"])
def solve(request: HttpRequest, ref: str) -> HttpResponse:
    """Note what solved an issue."""
    actor, held = actor_of(request), _issue(request, ref)
    require(actor, "customers.edit", held)
    form = SolutionForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        solve_issue(issue=held, solution=form.cleaned_data["solution"], actor=actor, now=timezone.now())

    context = {
        "customer": held.customer,
        "issue": held,
        "here": reverse("customers:solve_issue", args=[ref]),
        "back": reverse("customers:issue", args=[ref]),
    }
    return _answer(request, form, act, "_solve_issue", context, toast=_("Issue solved"))


def _issue(request: HttpRequest, ref: str) -> Issue:
    rows = Issue.objects.visible_to(actor_of(request))
    related = rows.select_related("customer__owner", "owner", "contact", "raised_by", "solved_by")
    return found_or_404(related.filter(ref=ref).first())


def _answer(
    request: HttpRequest, form: Form, act: Callable[[], None], fragment: str, context: dict[str, Any], *, toast: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        act()
                return done(request, to=context["back"], fires=CHANGED, toast=toast)
            except Refusal as refusal:
                status = refused(form, refusal)
    found = {**context, "form": form, "fragment": f"customers/{fragment}.html"}
    return page_or_fragment(
        request,
        page="customers/issue_form.html",
        fragment=f"customers/{fragment}.html",
        context=found,
        status=status,
    )
