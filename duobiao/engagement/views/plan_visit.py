"""Plan a visit, change the plan, move it, cancel it."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.actions.cancel_visit import cancel_visit
from duobiao.engagement.actions.correct_visit import correct_visit
from duobiao.engagement.actions.move_visit import move_visit
from duobiao.engagement.actions.plan_visit import plan_visit
from duobiao.engagement.actions.values import EARLIEST, LATEST_YEARS
from duobiao.engagement.forms.parts import NONE
from duobiao.engagement.forms.reason import ReasonForm
from duobiao.engagement.forms.visit import MoveForm, PlanForm, plan_initial
from duobiao.engagement.models import Visit, VisitPurpose
from duobiao.engagement.queries.choices import colleagues_of, contacts_of, deals_of, meeting_slots
from duobiao.engagement.queries.records import get_visit, live_proofs
from duobiao.engagement.views.call_page import Concern, concern_of
from duobiao.engagement.views.log_call import pick
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Refusal
from duobiao.web.forms import once
from duobiao.web.http import back_to, done, page_or_fragment, render


@require_http_methods(["GET", "HEAD", "POST"])
def new_visit(request: HttpRequest) -> HttpResponse:
    """Plan a visit."""
    actor = actor_of(request)
    concern = concern_of(request, actor)
    policy.require(actor, "engagement.plan_visit", concern.subject if concern else None)
    if concern is None:
        return pick(request, actor, page="engagement:plan_visit", title=_("Whom do you visit?"))
    now = timezone.now()
    wanted = {"purposes": [name for name in request.GET.getlist("purpose") if name in VisitPurpose.values]}
    form = _form(concern, actor, now, posted=request.POST if request.method == "POST" else None, initial=wanted)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _plan(request, concern, form, actor, now)
            except Refusal as refusal:
                status = refused(form, refusal)
    context = {
        "form": form,
        "concern": concern,
        "action": request.get_full_path(),
        "back": back_of(concern),
        "record_url": f"{reverse('engagement:log_visit')}?{query_of(concern)}",
    }
    return render(request, "engagement/plan_visit.html", context, status=status)


def back_of(concern: Concern) -> str:
    """Return the page above a form."""
    if concern.opportunity is not None:
        return f"/opportunities/{concern.opportunity.ref}/"
    return reverse("customers:customer", args=[concern.customer.ref])


def query_of(concern: Concern) -> str:
    """Return the query that names what a form is about."""
    deal = concern.opportunity
    return f"opportunity={deal.ref}" if deal else f"customer={concern.customer.ref}"


def _form(concern: Concern, actor: User, now: datetime, *, posted: Any = None, **extra: Any) -> PlanForm:
    deals = deals_of(concern.customer, actor)
    if concern.opportunity is not None and concern.opportunity not in deals:
        deals.insert(0, concern.opportunity)
    chosen = concern.opportunity or (deals[0] if len(deals) == 1 else None)
    initial = {
        "planned_at": meeting_slots(now, zone_for(actor))[1],
        "opportunity": chosen.ref if chosen else NONE,
        "contacts": [concern.contact.ref] if concern.contact else [],
        **extra.pop("initial", {}),
    }
    return PlanForm(
        posted,
        contacts=contacts_of(concern.customer, concern.opportunity),
        colleagues=colleagues_of(concern.opportunity, actor),
        deals=deals,
        initial=initial,
        **extra,
    )


def _plan(request: HttpRequest, concern: Concern, form: PlanForm, actor: User, now: datetime) -> HttpResponse:
    with once(request) as submission:
        if submission.first:
            planned = plan_visit(
                customer=concern.customer,
                opportunity=form.deal or concern.opportunity,
                values=form.values(),
                agreed=form.agreement,
                contacts=form.persons("contacts"),
                our_people=form.invited,
                actor=actor,
                now=now,
            )
            submission.result = reverse("engagement:visit", args=[planned.visit.ref])
    return done(request, to=submission.result, toast=_("Visit planned"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_visit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change the plan of a visit, all but its time."""
    actor = actor_of(request)
    visit = get_visit(ref=ref, user=actor)
    concern = _allowed(visit, actor)
    now = timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = _form(concern, actor, now, posted=posted, initial=plan_initial(visit), changing=True)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                correct_visit(
                    visit=visit,
                    version=version_of(request),
                    values=form.values(),
                    contacts=form.persons("contacts"),
                    our_people=[*form.invited, *visit.our_people.filter(pk=actor.pk)],
                    actor=actor,
                    now=now,
                )
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to=reverse("engagement:visit", args=[ref]), toast=_("Plan changed"))
    context = {
        "form": form,
        "visit": visit,
        "concern": concern,
        "action": request.path,
        "back": reverse("engagement:visit", args=[ref]),
        "version": visit.version if posted is None else version_of(request),
    }
    return render(request, "engagement/plan_visit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def reschedule(request: HttpRequest, ref: str) -> HttpResponse:
    """Give a visit another time; ``?to=`` proposes a day, at the same hour."""
    actor = actor_of(request)
    visit = get_visit(ref=ref, user=actor)
    concern = _allowed(visit, actor)
    initial = {
        "planned_at": _proposed(visit, request.GET.get("to", "")),
        "place": visit.place,
        "version": visit.version,
        "agreed_with": visit.agreed_with.ref if visit.agreed_with else NONE,
    }
    contacts = contacts_of(concern.customer, concern.opportunity)
    form = MoveForm(request.POST if request.method == "POST" else None, contacts=contacts, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _move(request, visit, form, actor)
            except Refusal as refusal:
                status = refused(form, refusal)
    back = back_to(request, reverse("engagement:visit", args=[ref]))
    context = {"form": form, "visit": visit, "back": back}
    return page_or_fragment(
        request,
        page="engagement/move_visit.html",
        fragment="engagement/_move_visit.html",
        context=context,
        status=status,
    )


def _proposed(visit: Visit, day: str) -> datetime:
    """Return the time on another day, in the reader's zone; the present one where no day is named."""
    held = timezone.localtime(visit.planned_at)
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        return held
    if wanted < EARLIEST or wanted.year > held.year + LATEST_YEARS:
        return held
    return timezone.make_aware(datetime.combine(wanted, held.time()))


def _move(request: HttpRequest, visit: Visit, form: MoveForm, actor: User) -> HttpResponse:
    held = form.cleaned_data
    move_visit(
        visit=visit,
        version=held["version"],
        at=held["planned_at"],
        place=held["place"],
        reason=held["reason"],
        agreed=form.agreement,
        actor=actor,
        now=timezone.now(),
    )
    to = back_to(request, reverse("engagement:visit", args=[visit.ref]))
    return done(request, to=to, toast=_("Visit moved"))


@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, ref: str) -> HttpResponse:
    """Cancel a visit, or withdraw the record of one that did not take place."""
    actor = actor_of(request)
    visit = get_visit(ref=ref, user=actor)
    _allowed(visit, actor)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"version": visit.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                cancel_visit(visit=visit, actor=actor, now=timezone.now(), **form.cleaned_data)
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to=reverse("engagement:visit", args=[ref]), toast=_("Visit cancelled"))
    context = {
        "form": form,
        "visit": visit,
        "count": len({proof.key for proof in live_proofs(visit)}),
        "back": reverse("engagement:visit", args=[ref]),
    }
    return page_or_fragment(
        request,
        page="engagement/cancel_visit.html",
        fragment="engagement/_cancel_visit.html",
        context=context,
        status=status,
    )


def _allowed(visit: Visit, actor: User) -> Concern:
    policy.require(actor, "engagement.plan_visit", visit.opportunity or visit.customer)
    return Concern(visit.customer, visit.opportunity)


def version_of(request: HttpRequest) -> int:
    """Return the version the form was made from; 0, which never matches, where it is damaged."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
