"""Review meetings: the list, opening one, walking from deal to deal, its tasks, its end, its minutes."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

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
from duobiao.strategy.queries.meetings import agenda_of, past_meetings
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


@require_http_methods(["GET", "HEAD", "POST"])
def walk(request: HttpRequest, ref: str, deal: str) -> HttpResponse:
    """Show one deal of an open meeting with its changes, and note what is said; then go to the next."""
    row, actor = _row(request, ref, deal), actor_of(request)
    held = row.meeting
    if request.method == "POST":
        policy.require(actor, LEAD, held)
    elif not held.is_open:
        return done(request, to=f"/reviews/{held.ref}/#deal-{deal}")
    agenda = agenda_of(held, actor, on=company_today(request))
    refs = [one.deal.ref for one in agenda.deals]
    place = refs.index(deal)
    given = request.POST if request.method == "POST" else None
    form = NotesForm(given, initial={"notes": row.notes, "version": row.version})
    after = f"/reviews/{held.ref}/deals/{refs[place + 1]}/" if place + 1 < len(refs) else f"/reviews/{held.ref}/"
    status = 200
    if given is not None:
        status = 422
        if form.is_valid():
            try:
                note_deal(row=row, **form.cleaned_data, actor=actor, now=timezone.now())
                return done(request, to=after)
            except Refusal as refusal:
                status = refused(form, refusal)
    on = company_today(request)
    surrounding = around(row.opportunity)
    context = {
        "meeting": held,
        "one": agenda.deals[place],
        "deal": row.opportunity,
        "place": place + 1,
        "count": len(refs),
        "previous": f"/reviews/{held.ref}/deals/{refs[place - 1]}/" if place else "",
        "following": after,
        "form": form,
        "tasks": tasks_of(row.opportunity, actor, on=on),
        "risks": risk_lines(row.opportunity, surrounding.signals, on=on),
        "actions": next_actions(explain(row.opportunity, on), surrounding),
        "may_lead": policy.allows(actor, LEAD, held),
        "here": request.get_full_path(),
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
