"""Review meetings: the list, opening one, walking from deal to deal, its tasks, its end, its minutes."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import Unit, User
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.forms.tasks import TaskForm
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.next_actions import next_actions
from duobiao.opportunities.queries.risks import risk_lines
from duobiao.opportunities.queries.surroundings import around
from duobiao.opportunities.queries.tasks import task_people, tasks_of
from duobiao.opportunities.views.common import company_today, own_today
from duobiao.strategy.actions.hold_meeting import decide_task, end_meeting, note_deal, open_meeting
from duobiao.strategy.forms.meetings import EndMeetingForm, MeetingForm, NotesForm
from duobiao.strategy.models import MeetingDeal, ReviewMeeting
from duobiao.strategy.queries.meetings import Agenda, agenda_of, past_meetings
from duobiao.strategy.views.common import answer
from duobiao.web.api import found_or_404
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render

LEAD = "strategy.review_meeting"


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """List the meetings the reader may see."""
    actor = actor_of(request)
    context = {"meetings": list(past_meetings(actor)), "may_lead": policy.allows(actor, LEAD)}
    return render(request, "strategy/meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Open a meeting over a unit's or a seller's deals."""
    actor = actor_of(request)
    policy.require(actor, LEAD)
    owners = Opportunity.objects.visible_to(actor).open().order_by().values("owner_id")
    people = User.objects.filter(pk__in=owners).order_by("name", "pk")
    units = Unit.objects.filter(pk__in=people.order_by().values("unit_id")).order_by("name", "pk")
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        units=units,
        people=people,
        initial={"title": _("Review of %(day)s") % {"day": own_today(request).isoformat()}},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        meeting = open_meeting(**form.cleaned_data, actor=actor, now=timezone.now())
                        submission.result = f"/reviews/{meeting.ref}/"
                return done(request, to=submission.result or "strategy:meetings")
            except Refusal as refusal:
                status = refused(form, refusal)
    context = {"form": form, "here": request.get_full_path(), "back": "/reviews/", "title": _("Begin a review meeting")}
    context |= {"fragment": "strategy/_begin.html"}
    return page_or_fragment(
        request, page="strategy/meeting_form.html", fragment="strategy/_begin.html", context=context, status=status
    )


@require_safe
def meeting(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the deals of a meeting; after its end, its minutes."""
    held, actor = _meeting(request, ref), actor_of(request)
    agenda = agenda_of(held, actor, on=company_today(request))
    first = next((one for one in agenda.deals if one.row.noted_at is None), agenda.deals[0] if agenda.deals else None)
    context = {
        "meeting": held,
        "agenda": agenda,
        "first": first,
        "may_lead": policy.allows(actor, LEAD, held),
        "here": request.get_full_path(),
    }
    return page_or_fragment(request, page="strategy/meeting.html", fragment="strategy/_meeting.html", context=context)


@require_safe
def walk(request: HttpRequest, ref: str, deal: str) -> HttpResponse:
    """Show one deal of an open meeting with its changes; of a meeting that ended, its minutes."""
    row = _row(request, ref, deal)
    if not row.meeting.is_open:
        return done(request, to=f"/reviews/{row.meeting.ref}/#deal-{deal}")
    form = NotesForm(initial={"notes": row.notes, "version": row.version})
    return _walk(request, row, form)


@require_POST
def note(request: HttpRequest, ref: str, deal: str) -> HttpResponse:
    """Note what is said of a deal, then go to the next."""
    row, actor = _row(request, ref, deal), actor_of(request)
    policy.require(actor, LEAD, row.meeting)
    form, status = NotesForm(request.POST), 422
    if form.is_valid():
        try:
            note_deal(row=row, **form.cleaned_data, actor=actor, now=timezone.now())
            agenda = agenda_of(row.meeting, actor, on=company_today(request))
            return done(request, to=_places(agenda, deal).following)
        except Refusal as refusal:
            status = refused(form, refusal)
    return _walk(request, row, form, status=status)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a deal stands among those of its meeting, and where one goes from it."""

    place: int
    count: int
    previous: str
    following: str


def _places(agenda: Agenda, deal: str) -> Places:
    refs = [one.deal.ref for one in agenda.deals]
    place, home = refs.index(deal), f"/reviews/{agenda.meeting.ref}/"
    following = f"{home}deals/{refs[place + 1]}/" if place + 1 < len(refs) else home
    return Places(place + 1, len(refs), f"{home}deals/{refs[place - 1]}/" if place else "", following)


def _walk(request: HttpRequest, row: MeetingDeal, form: NotesForm, *, status: int = 200) -> HttpResponse:
    actor, on, deal = actor_of(request), company_today(request), row.opportunity
    agenda = agenda_of(row.meeting, actor, on=on)
    places = _places(agenda, deal.ref)
    surrounding = around(deal)
    context = {
        "meeting": row.meeting,
        "one": agenda.deals[places.place - 1],
        "deal": deal,
        "places": places,
        "form": form,
        "tasks": tasks_of(deal, actor, on=on),
        "risks": risk_lines(deal, surrounding.signals, on=on),
        "actions": next_actions(explain(deal, on), surrounding),
        "may_lead": policy.allows(actor, LEAD, row.meeting),
        "here": f"/reviews/{row.meeting.ref}/deals/{deal.ref}/",
    }
    page, fragment = "strategy/walk.html", "strategy/_walk.html"
    return page_or_fragment(request, page=page, fragment=fragment, context=context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def add_task(request: HttpRequest, ref: str, deal: str) -> HttpResponse:
    """Turn a decision into a task of the deal."""
    row, actor = _row(request, ref, deal), actor_of(request)
    policy.require(actor, LEAD, row.meeting)
    require_open(row.opportunity)
    people = task_people(row.opportunity, actor)
    given = request.POST if request.method == "POST" else None
    form = TaskForm(given, people=people, today=own_today(request), initial={"owner": row.opportunity.owner.ref})

    def act() -> None:
        decide_task(row=row, **form.values(), actor=actor, now=timezone.now())

    to = f"/reviews/{row.meeting.ref}/deals/{deal}/"
    context = {"deal": row.opportunity, "back": to, "task": None, "title": _("Decision of the meeting")}
    return answer(request, form, act, to=to, fragment="decision", context=context, toast=_("Task added"))


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """End a meeting; its minutes are kept."""
    held, actor = _meeting(request, ref), actor_of(request)
    policy.require(actor, LEAD, held)
    form = EndMeetingForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                end_meeting(meeting=held, summary=form.cleaned_data["summary"], actor=actor, now=timezone.now())
                return done(request, to=f"/reviews/{held.ref}/", toast=_("Minutes kept"))
            except Refusal as refusal:
                status = refused(form, refusal)
    back = f"/reviews/{held.ref}/"
    context = {"form": form, "here": request.get_full_path(), "back": back, "title": _("End the meeting")}
    context |= {"fragment": "strategy/_end.html"}
    return page_or_fragment(
        request, page="strategy/meeting_form.html", fragment="strategy/_end.html", context=context, status=status
    )


def _meeting(request: HttpRequest, ref: str) -> ReviewMeeting:
    rows = ReviewMeeting.objects.visible_to(actor_of(request)).select_related("led_by", "unit", "person")
    return found_or_404(rows.filter(ref=ref).first())


def _row(request: HttpRequest, ref: str, deal: str) -> MeetingDeal:
    held = _meeting(request, ref)
    deals = Opportunity.objects.visible_to(actor_of(request)).values("pk")
    rows = held.deals.filter(opportunity__ref=deal, opportunity__in=deals)
    return found_or_404(rows.select_related("meeting__led_by", "opportunity__owner", "opportunity__customer").first())
