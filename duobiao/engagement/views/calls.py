"""Calls: the list, and one call with what it proves; correcting and withdrawing it."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.documents.panels import files_panel
from duobiao.engagement.actions.call_checks import company_zone
from duobiao.engagement.actions.correct_call import correct_call
from duobiao.engagement.actions.withdraw_call import withdraw_call
from duobiao.engagement.domain.calls import judge_call
from duobiao.engagement.forms.call import CallForm, initial_of, level_words
from duobiao.engagement.forms.reason import ReasonForm
from duobiao.engagement.models import Call, CallPurpose, Visit
from duobiao.engagement.queries.outlook import unproved_of
from duobiao.engagement.queries.records import call_list, get_call, live_proofs
from duobiao.engagement.queries.said import words_said
from duobiao.engagement.queries.wording import evidence_title
from duobiao.engagement.views.call_lists import talk_tabs
from duobiao.engagement.views.call_page import Concern, build_form, preview, preview_of
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Refusal, StaleVersion
from duobiao.opportunities.domain.links import deal_url
from duobiao.timeline.queries import entries_for
from duobiao.web.components import Tab
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render

PAGE_SIZE = 50
LONGEST_SEARCH = 80


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """List the calls the person may see, latest first."""
    actor = actor_of(request)
    policy.require(actor, "customers.view")
    team = request.GET.get("who") == "team"
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    page = Paginator(call_list(actor, mine=not team, text=text), PAGE_SIZE).get_page(request.GET.get("page"))
    here = reverse("engagement:calls")
    context = {
        "page": page,
        "text": text,
        "who": "team" if team else "mine",
        "sections": talk_tabs("calls"),
        "tabs": [
            Tab(pgettext("whose", "mine"), here, current=not team),
            Tab(pgettext("whose", "team"), f"{here}?who=team", current=team),
        ],
        "may_log": policy.allows(actor, "engagement.log_call"),
    }
    return page_or_fragment(
        request, page="engagement/calls.html", fragment="engagement/_call_list.html", context=context
    )


@require_safe
def call_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one call and what it proved."""
    actor = actor_of(request)
    call = get_call(ref=ref, user=actor)
    visit = Visit.objects.filter(call=call).first()
    proofs = live_proofs(call, visit)
    context = {
        "call": call,
        "visit": visit,
        "proofs": [(evidence_title(proof.key), proof) for proof in proofs],
        "unproved": unproved_of(judge_call(call.facts(zone=company_zone())), call.opportunity),
        "participants": list(call.meeting_contacts.order_by("name", "pk")),
        "purposes": purposes_of(call),
        "level": level_words(str(call.interest or "")) if call.interest else "",
        "files": files_panel(request, Ref.of(call)),
        "history": entries_for(subject=Ref.of(call)),
        "said": words_said(call, actor_of(request)),
        "may_correct": policy.allows(actor, "engagement.log_call", call.opportunity or call.customer),
        "deal_url": deal_url(call.opportunity.ref) if call.opportunity else "",
    }
    return render(request, "engagement/call.html", context)


def purposes_of(call: Call) -> list[tuple[str, bool]]:
    """Return what the call was for, and whether the record shows it was reached."""
    reached = {
        CallPurpose.BRAND: call.introduced_us,
        CallPurpose.INTEREST: (call.interest or 0) >= 3,
        CallPurpose.SCREENING: call.is_a_class is not None,
        CallPurpose.APPOINTMENT: call.meeting_at is not None,
    }
    return [(str(CallPurpose(name).label), reached[CallPurpose(name)]) for name in call.purposes]


@require_http_methods(["GET", "HEAD", "POST"])
def edit_call(request: HttpRequest, ref: str) -> HttpResponse:
    """Correct a call; what it proved follows."""
    actor = actor_of(request)
    call = get_call(ref=ref, user=actor)
    policy.require(actor, "engagement.log_call", call.opportunity or call.customer)
    concern = Concern(call.customer, call.opportunity, call.contact)
    now = timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = build_form(concern, actor, posted=posted, initial=initial_of(call), now=now, correcting=True)
    if "preview" in request.POST:
        return preview(request, form, actor)
    status, stale = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _correct(request, call, form, actor, now)
            except Refusal as refusal:
                stale = refusal if isinstance(refusal, StaleVersion) else None
                status = refused(form, refusal)
    version = call.version if stale or not posted else request.POST.get("version", "")
    return _edit_page(request, call, concern, form, actor, status=status, version=version)


def _correct(request: HttpRequest, call: Call, form: CallForm, actor: User, now: datetime) -> HttpResponse:
    with once(request) as submission:
        if submission.first:
            correct_call(
                call=call,
                version=_version(request),
                values=_changed(form, now),
                meeting_contacts=form.meeting_with,
                actor=actor,
                now=now,
            )
            submission.result = reverse("engagement:call", args=[call.ref])
    return done(request, to=submission.result, toast=_("Call corrected"))


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _changed(form: CallForm, now: datetime) -> dict[str, Any]:
    """Return the values, without those moments that the browser only rounded to the minute."""
    values = {**form.values(now=now), "contact": form.called, "opportunity": form.deal}
    changed = set(form.changed_data)
    if "started_at" not in changed:
        del values["started_at"]
    if not changed & {"started_at", "minutes"}:
        del values["ended_at"]
    if not changed & {"meeting_at", "meeting_slot"}:
        del values["meeting_at"]
    return values


def _edit_page(
    request: HttpRequest,
    call: Call,
    concern: Concern,
    form: CallForm,
    actor: User,
    *,
    status: int,
    version: object,
) -> HttpResponse:
    now = timezone.now()
    initial = initial_of(call)
    posted = request.POST if request.method == "POST" else {k: v for k, v in initial.items() if v not in (None, False)}
    seen = build_form(concern, actor, posted=posted, initial=initial, now=now, correcting=True)
    context = {
        "form": form,
        "call": call,
        "concern": concern,
        "chosen": call.contact,
        "version": version,
        "action": request.get_full_path(),
        "back": reverse("engagement:call", args=[call.ref]),
        **preview_of(seen, actor, now=now),
    }
    return render(request, "engagement/correct_call.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_call(request: HttpRequest, ref: str) -> HttpResponse:
    """Withdraw a call that was logged wrongly."""
    actor = actor_of(request)
    call = get_call(ref=ref, user=actor)
    policy.require(actor, "engagement.log_call", call.opportunity or call.customer)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"version": call.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                withdraw_call(call=call, actor=actor, now=timezone.now(), **form.cleaned_data)
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                to = deal_url(call.opportunity.ref) if call.opportunity else reverse("engagement:calls")
                return done(request, to=to, toast=_("Call withdrawn, with everything it proved"))
    count = len(live_proofs(call, Visit.objects.filter(call=call).first()))
    context = {"form": form, "call": call, "count": count, "back": reverse("engagement:call", args=[call.ref])}
    return page_or_fragment(
        request,
        page="engagement/withdraw_call.html",
        fragment="engagement/_withdraw_call.html",
        context=context,
        status=status,
    )
