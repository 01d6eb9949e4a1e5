"""The list of requests, and one request with what the reader may do."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.approvals.actions.refusals import NotAsked
from duobiao.approvals.forms.requests import AddForm, NoteForm, PersonForm, SendBackForm
from duobiao.approvals.models import ApprovalRequest
from duobiao.approvals.queries.approvers import barred
from duobiao.approvals.queries.detail import Detail, detail_of
from duobiao.approvals.queries.requests import MINE, find_request, requests_of, rows_for, with_present_step
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.people_picker import offer_people
from duobiao.kernel.refs import Ref
from duobiao.timeline.fragments import comments_context
from duobiao.web.api import PageQuery, found_or_404, page_of
from duobiao.web.components import Tab
from duobiao.web.http import is_fragment_request, page_or_fragment, render

SHOWN = 30


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """List requests: ``?mine=`` waiting, asked, decided, all."""
    actor = actor_of(request)
    policy.require(actor, "approvals.view")
    mine = request.GET.get("mine", "")
    mine = mine if mine in MINE else MINE[0]
    cursor = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=SHOWN)
    page = page_of(requests_of(actor, mine), page=cursor, sort="asked_at" if mine == "waiting" else "-asked_at")
    keys = [row.pk for row in page.items]
    loaded = {row.pk: row for row in with_present_step(ApprovalRequest.objects.filter(pk__in=keys))}
    context = {
        "rows": rows_for([loaded[key] for key in keys], actor),
        "mine": mine,
        "tabs": _tabs(actor, mine),
        "next": f"?mine={mine}&cursor={page.next}" if page.next else "",
    }
    return render(request, "approvals/requests.html", context)


@require_safe
def request_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one request."""
    held = visible_request(request, ref)
    return show_request(request, held)


@require_safe
def people(request: HttpRequest, ref: str) -> HttpResponse:
    """Offer colleagues to the form of ``?field=`` while a name is typed, if the reader may use it."""
    held = visible_request(request, ref)
    forms = _forms(held, detail_of(held, actor_of(request), now=timezone.now()), {})
    prefix = request.GET.get("field", "copy").partition("-")[0]
    form = forms.get(f"{prefix}_form")
    if form is None:
        raise NotAsked(_("You are not asked at this step."))
    return offer_people(request, form)


def visible_request(request: HttpRequest, ref: str) -> ApprovalRequest:
    """Return a request the reader may see.

    Raises:
        NotFound: there is none, or they may not.
    """
    return found_or_404(find_request(actor_of(request), ref))


def show_request(
    request: HttpRequest,
    held: ApprovalRequest,
    *,
    refused: str = "",
    sent: Mapping[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show one request, perhaps with why an act was refused.

    Args:
        sent: Forms as they were sent, by name, in the place of fresh ones.
    """
    actor = actor_of(request)
    detail = detail_of(held, actor, now=timezone.now())
    context: dict[str, Any] = {
        "row": held,
        "detail": detail,
        "refused": refused,
        "here": f"/approvals/{held.ref}/",
        **_forms(held, detail, sent or {}),
    }
    if not is_fragment_request(request):
        context |= comments_context(request, Ref.of(held))
    return page_or_fragment(
        request, page="approvals/request.html", fragment="approvals/_request.html", context=context, status=status
    )


def _forms(held: ApprovalRequest, detail: Detail, sent: Mapping[str, Form]) -> dict[str, Form]:
    """Return the forms that the reader may use."""
    first = {"step": detail.may.step}
    found: dict[str, Form] = {"note_form": NoteForm(initial=first)}
    if detail.may.decide:
        people = User.objects.active().exclude(pk__in=barred(held)).order_by("name", "pk")
        found |= {
            "back_form": SendBackForm(initial=first, back_to=detail.back_to, prefix="back"),
            "add_form": AddForm(initial=first, people=people, prefix="add"),
            "hand_form": PersonForm(initial=first, people=people, prefix="hand"),
        }
    if detail.may.copy:
        everybody = User.objects.active().order_by("name", "pk")
        found["copy_form"] = PersonForm(people=everybody, prefix="copy")
    return {name: sent.get(name, form) for name, form in found.items()}


def _tabs(actor: User, mine: str) -> list[Tab]:
    waiting = ApprovalRequest.objects.waiting_for(actor).count()
    names = {
        "waiting": _("Waiting for me"),
        "asked": _("Asked by me"),
        "decided": _("Decided by me"),
        "all": _("All"),
    }
    return [
        Tab(label, f"/approvals/?mine={key}", count=waiting if key == "waiting" else None, current=key == mine)
        for key, label in names.items()
    ]
