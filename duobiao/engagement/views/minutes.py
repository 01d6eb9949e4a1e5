"""The minutes of a visit: send them for confirmation, show the link once, record another way, revoke, verify."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.customers.models import Contact
from duobiao.documents.queries import get_document
from duobiao.engagement.actions.confirm_minutes import confirm_minutes, request_confirmation, revoke_link, usual_contact
from duobiao.engagement.forms.minutes import MinutesForm, OtherWayForm
from duobiao.engagement.models import Visit
from duobiao.engagement.queries.choices import contacts_of
from duobiao.engagement.queries.minutes import draft_minutes
from duobiao.engagement.queries.records import get_visit
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.actions.open_confirmation import Asked
from duobiao.opportunities.actions.verify_confirmation import verify_confirmation
from duobiao.opportunities.queries.confirmations import confirmation_of
from duobiao.opportunities.views.common import keep_uploads, offered_documents, own_today
from duobiao.opportunities.views.confirmation_links import show_link
from duobiao.web.forms import once
from duobiao.web.http import done, render


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: HttpRequest, ref: str) -> HttpResponse:
    """Make the minutes from the record and send them; the link is shown on the answer, and never again."""
    visit = _visit(request, ref)
    draft, people = draft_minutes(visit), _people(visit)
    usual = usual_contact(visit)
    initial = {"contact": usual.ref if usual else ""}
    posted = request.POST if request.method == "POST" else None
    form = MinutesForm(posted, contacts=people, draft=draft, initial=initial)
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            try:
                asked = request_confirmation(
                    visit=visit,
                    contact=form.person,
                    parts=form.parts,
                    days=form.cleaned_data["days"],
                    actor=actor_of(request),
                    now=timezone.now(),
                )
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return _show_link(request, visit, asked, send_mail=form.cleaned_data["send_mail"])
    context = {"form": form, "visit": visit, "back": _back(visit), "nobody": not people}
    return render(request, "engagement/minutes.html", context, status=status)


def _show_link(request: HttpRequest, visit: Visit, asked: Asked, *, send_mail: bool) -> HttpResponse:
    return show_link(
        request,
        asked,
        send_mail=send_mail,
        nav="engagement",
        about=visit.topic or visit.customer.label,
        back=_back(visit),
        back_label=_("To the visit"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def other_way(request: HttpRequest, ref: str) -> HttpResponse:
    """Record a confirmation that came by paper, mail, chat or platform."""
    visit = _visit(request, ref)
    draft = draft_minutes(visit)
    usual = usual_contact(visit)
    initial: dict[str, Any] = {
        "contact": usual.ref if usual else "",
        "confirmed_on": own_today(request),
        "covers": [str(part) for part in draft],
    }
    sent = request.POST.copy() if request.method == "POST" else None
    status, kept = 200, None
    if sent is not None:
        for document in keep_uploads(request):
            sent.appendlist("documents", document.ref)
        kept = sent.getlist("documents")
    offered = offered_documents(request, visit.opportunity, sent) if visit.opportunity and kept else []
    form = OtherWayForm(sent, contacts=_people(visit), draft=draft, documents=offered, initial=initial)
    if sent is not None:
        status = 422
        if form.is_valid():
            try:
                return _record(request, visit, form)
            except Refusal as refusal:
                status = refused(form, refusal)
    context = {"form": form, "visit": visit, "back": _back(visit), "offered": offered}
    return render(request, "engagement/other_way.html", context, status=status)


def _record(request: HttpRequest, visit: Visit, form: OtherWayForm) -> HttpResponse:
    actor, held = actor_of(request), form.cleaned_data
    with once(request) as submission:
        if submission.first:
            confirm_minutes(
                visit=visit,
                contact=form.person,
                way=held["way"],
                on=held["confirmed_on"],
                channel=held["channel"],
                covers=held["covers"],
                documents=[get_document(ref=ref, user=actor) for ref in held["documents"]],
                remark=held["remark"],
                actor=actor,
                now=timezone.now(),
            )
            submission.result = _back(visit)
    return done(request, to=submission.result, toast=_("Confirmation recorded"))


@require_POST
def revoke(request: HttpRequest, ref: str, confirmation: str) -> HttpResponse:
    """Revoke a link."""
    visit = _visit(request, ref)
    row = confirmation_of(Ref.of(visit), confirmation)
    revoke_link(visit=visit, confirmation=row, actor=actor_of(request), now=timezone.now())
    return done(request, to=_back(visit), toast=_("The link leads nowhere now"))


@require_POST
def verify(request: HttpRequest, ref: str, confirmation: str) -> HttpResponse:
    """Stand for a confirmation that somebody else recorded."""
    actor = actor_of(request)
    visit = get_visit(ref=ref, user=actor)
    policy.require(actor, "opportunities.verify", visit.opportunity)
    row = confirmation_of(Ref.of(visit), confirmation)
    verify_confirmation(confirmation=row, actor=actor, now=timezone.now())
    return done(request, to=_back(visit), toast=_("Confirmation verified"))


def _visit(request: HttpRequest, ref: str) -> Visit:
    actor = actor_of(request)
    visit = get_visit(ref=ref, user=actor)
    policy.require(actor, "engagement.plan_visit", visit.opportunity or visit.customer)
    return visit


def _people(visit: Visit) -> list[Contact]:
    """Return who may confirm, those who took part first."""
    met = set(visit.met.values_list("pk", flat=True))
    return sorted(contacts_of(visit.customer, visit.opportunity), key=lambda contact: contact.pk not in met)


def _back(visit: Visit) -> str:
    return f"{reverse('engagement:visit', args=[visit.ref])}#minutes"
