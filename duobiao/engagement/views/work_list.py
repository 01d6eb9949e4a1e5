"""Work through a calling list: whom to call now, what to say, and one key for what became of it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.customers.actions.check_duplicates import DuplicateCustomer
from duobiao.customers.domain.phones import dial_address
from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.actions.record_outcome import Recorded, Said, record_outcome
from duobiao.engagement.forms.call import NEW
from duobiao.engagement.forms.call_list import OutcomeForm
from duobiao.engagement.forms.parts import NONE
from duobiao.engagement.models import CallList, CallListEntry, CallOutcome
from duobiao.engagement.queries.call_lists import get_call_list, get_entry, next_call_back, next_entry, progress_of
from duobiao.engagement.queries.choices import contacts_of, deals_of, meeting_slots
from duobiao.engagement.queries.script import script_for
from duobiao.engagement.views.log_call import saved_words
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Conflict, NotFound, Refusal, StaleVersion
from duobiao.web.forms import once
from duobiao.web.http import is_fragment_request, page_or_fragment

ICONS = {
    CallOutcome.MEETING: "calendar-check",
    CallOutcome.INTERESTED: "star",
    CallOutcome.REACHED: "phone-check",
    CallOutcome.NOT_INTERESTED: "thumb-down",
    CallOutcome.CALL_BACK: "clock",
    CallOutcome.NO_ANSWER: "phone-off",
    CallOutcome.WRONG_NUMBER: "alert-circle",
    CallOutcome.SKIPPED: "player-skip-forward",
}
NEEDS = {CallOutcome.MEETING: "meeting_slot", CallOutcome.CALL_BACK: "call_back_at"}


@dataclass(frozen=True, slots=True)
class Key:
    """One button: its number on the keyboard, and the field that it needs."""

    number: int
    value: str
    label: str
    icon: str
    needs: str


def keys() -> list[Key]:
    """Return the buttons in the order of their numbers."""
    return [
        Key(number, row.value, str(row.label), ICONS[row], NEEDS.get(row, ""))
        for number, row in enumerate(CallOutcome, start=1)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest, ref: str) -> HttpResponse:
    """Show whom to call; record what became of it and show the next one."""
    actor = actor_of(request)
    calls = get_call_list(ref=ref, user=actor)
    policy.require(actor, "engagement.log_call", calls)
    now = timezone.now()
    if request.method != "POST":
        return _page(request, calls, _chosen(request, calls, actor, now), actor, now=now)
    try:
        entry = get_entry(calls=calls, ref=request.POST.get("entry", ""), user=actor)
    except NotFound as refusal:
        return _next(request, calls, actor, toast=str(refusal.message), tone="warn")
    form = _form(entry, actor, now, posted=request.POST)
    status = 422
    if form.is_valid():
        try:
            return _record(request, entry, form, actor, now)
        except StaleVersion as refusal:
            status = refused(form, refusal)
        except DuplicateCustomer as refusal:
            status = refused(form, refusal)
            form.add_error(None, _("Open the lead and say which company it is; then note the outcome here."))
        except Conflict as refusal:
            return _next(request, calls, actor, toast=str(refusal.message), tone="warn")
        except Refusal as refusal:
            status = refused(form, refusal)
    return _page(request, calls, entry, actor, now=now, form=form, status=status)


def _chosen(request: HttpRequest, calls: CallList, actor: User, now: datetime) -> CallListEntry | None:
    if wanted := request.GET.get("entry", ""):
        try:
            entry = get_entry(calls=calls, ref=wanted, user=actor)
        except NotFound:
            entry = None
        if entry is not None and entry.settled_at is None and not entry.objecting:
            return entry
    return next_entry(calls, actor, now=now) if calls.closed_at is None else None


def _form(entry: CallListEntry, actor: User, now: datetime, *, posted: Any = None) -> OutcomeForm:
    contacts = contacts_of(entry.customer, None) if entry.customer is not None else []
    deals = deals_of(entry.customer, actor) if entry.customer is not None else []
    lead = entry.lead
    initial = {
        "contact": entry.contact.ref if entry.contact is not None else NEW,
        "new_name": lead.contact_name if lead is not None else "",
        "new_position": lead.position if lead is not None else "",
        "new_mobile": lead.mobile if lead is not None else "",
        "opportunity": deals[0].ref if len(deals) == 1 else NONE,
        "purposes": entry.list.purposes,
        "version": entry.version,
    }
    slots = meeting_slots(now, zone_for(actor))
    return OutcomeForm(posted, initial=initial, contacts=contacts, deals=deals, slots=slots, may_open=False)


def _record(request: HttpRequest, entry: CallListEntry, form: OutcomeForm, actor: User, now: datetime) -> HttpResponse:
    toast = ""
    with once(request) as submission:
        if submission.first:
            recorded = record_outcome(
                entry=entry,
                version=form.cleaned_data["version"],
                outcome=form.cleaned_data["outcome"],
                call_back_at=form.cleaned_data["call_back_at"],
                said=Said(
                    values=form.values(now=now),
                    contact=form.called,
                    opportunity=form.deal,
                    meeting_contacts=form.meeting_with,
                ),
                actor=actor,
                now=now,
            )
            toast = _words(recorded)
    return _next(request, entry.list, actor, toast=toast)


def _words(recorded: Recorded) -> str:
    entry = recorded.entry
    said = f"{entry.name}: {entry.get_outcome_display()}"
    return f"{said} · {saved_words(recorded.logged)}" if recorded.logged is not None else said


def _next(request: HttpRequest, calls: CallList, actor: User, *, toast: str, tone: str = "ok") -> HttpResponse:
    here = reverse("engagement:work_list", args=[calls.ref])
    if not is_fragment_request(request):
        (messages.success if tone == "ok" else messages.warning)(request, toast)
        return HttpResponseRedirect(here, status=303)
    now = timezone.now()
    answer = _page(request, calls, next_entry(calls, actor, now=now), actor, now=now)
    if toast:
        answer["HX-Trigger"] = json.dumps({"toast": {"text": toast, "tone": tone}})
    return answer


def _page(
    request: HttpRequest,
    calls: CallList,
    entry: CallListEntry | None,
    actor: User,
    *,
    now: datetime,
    form: OutcomeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"calls": calls, "entry": entry, "progress": progress_of([calls])[calls.pk]}
    if entry is None:
        context["call_back"] = next_call_back(calls, actor)
    else:
        slots = meeting_slots(now, zone_for(actor))
        context |= {
            "form": form or _form(entry, actor, now),
            "script": script_for(caller=actor, name=entry.name, contact=entry.contact, lead=entry.lead, slots=slots),
            "keys": keys(),
            "number": entry.phone,
            "address": dial_address(entry.phone) if entry.phone else "",
        }
    return page_or_fragment(
        request, page="engagement/work_list.html", fragment="engagement/_work_list.html", context=context, status=status
    )
