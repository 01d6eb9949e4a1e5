"""Record a visit in three steps, seeing what it proves; correct the record."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from duobiao.engagement.actions.call_checks import company_zone, zone_for
from duobiao.engagement.actions.correct_visit import correct_visit
from duobiao.engagement.actions.keep_promises import PROMISED_WORKDAYS
from duobiao.engagement.actions.plan_visit import Planned
from duobiao.engagement.actions.record_visit import log_visit, record_visit
from duobiao.engagement.actions.values import PEOPLE_FIELDS, RECORD_FIELDS
from duobiao.engagement.domain.visits import judge_visit
from duobiao.engagement.forms.visit import RecordForm, record_initial
from duobiao.engagement.models import Visit, VisitStatus
from duobiao.engagement.queries.choices import contacts_of
from duobiao.engagement.queries.outlook import outlook
from duobiao.engagement.queries.pack import shown_by
from duobiao.engagement.queries.records import get_visit, planned_with
from duobiao.engagement.queries.survey import record_values, sheet_of
from duobiao.engagement.views.call_page import Concern, concern_of
from duobiao.engagement.views.log_call import pick
from duobiao.engagement.views.plan_visit import back_of, query_of, version_of
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.domain.links import deal_url, supply_url
from duobiao.playbooks.domain.vocabulary import Supplier
from duobiao.web.forms import once
from duobiao.web.http import done, render

VISIT_STAGE = 2
STEP_OF = {
    "engagement.visit_held": "step-met",
    "needs.": "step-survey",
    "procurement.": "step-survey",
    "stakeholders.": "step-survey",
    "competition.": "step-survey",
    "engagement.strengths_introduced": "step-met",
    "engagement.cases_presented": "step-met",
    "engagement.trends_introduced": "step-met",
    "solutions.": "step-met",
    "engagement.initial_solution": "step-next",
}


@require_http_methods(["GET", "HEAD", "POST"])
def new_record(request: HttpRequest) -> HttpResponse:
    """Record a visit that nobody planned."""
    actor = actor_of(request)
    concern = concern_of(request, actor)
    policy.require(actor, "engagement.plan_visit", concern.subject if concern else None)
    if concern is None:
        return pick(request, actor, page="engagement:log_visit", title=_("Whom did you visit?"))
    return _page(request, actor, concern, visit=None)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, ref: str) -> HttpResponse:
    """Record a planned visit, or correct the record."""
    actor = actor_of(request)
    visit = get_visit(ref=ref, user=actor)
    policy.require(actor, "engagement.plan_visit", visit.opportunity or visit.customer)
    return _page(request, actor, Concern(visit.customer, visit.opportunity), visit=visit)


def _page(request: HttpRequest, actor: User, concern: Concern, *, visit: Visit | None) -> HttpResponse:
    now = timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = _form(concern, visit, actor, now, posted=posted)
    if "preview" in request.POST:
        context = _preview(form, concern, visit, actor, now)
        return render(request, "engagement/_visit_preview.html", context)
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            try:
                return _save(request, concern, form, visit=visit, actor=actor, now=now)
            except Refusal as refusal:
                status = refused(form, refusal)
    seen = form if form.is_bound else _form(concern, visit, actor, now, posted=_as_posted(form))
    context = {
        "form": form,
        "concern": concern,
        "visit": visit,
        "action": request.get_full_path(),
        "back": reverse("engagement:visit", args=[visit.ref]) if visit else back_of(concern),
        "draft_key": f"visit-{(visit or concern.subject).ref}",
        "plan_url": f"{reverse('engagement:plan_visit')}?{query_of(concern)}",
        "promised_days": PROMISED_WORKDAYS if concern.opportunity else 0,
        "planned": [] if visit else planned_with(concern.subject, actor),
        "version": (version_of(request) if posted else visit.version) if visit else 0,
        **_preview(seen, concern, visit, actor, now),
    }
    return render(request, "engagement/record_visit.html", context, status=status)


def _form(concern: Concern, visit: Visit | None, actor: User, now: datetime, *, posted: Any) -> RecordForm:
    today = local_day(now, zone_for(actor))
    initial: dict[str, Any] = {"held_on": today}
    if visit is not None and visit.status is VisitStatus.HELD:
        initial = record_initial(visit)
    elif visit is not None:
        planned = local_day(visit.planned_at, zone_for(actor))
        met = [contact.ref for contact in visit.contacts.all()]
        initial = {
            "held_on": min(planned, today),
            "met": met,
            "purposes_met": [],
            **record_values(sheet_of(visit)),
            **shown_by(visit),
        }
    contacts = contacts_of(concern.customer, concern.opportunity)
    return RecordForm(posted, contacts=contacts, initial=initial, planned=visit is not None)


def _as_posted(form: RecordForm) -> dict[str, object]:
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}


def _preview(form: RecordForm, concern: Concern, visit: Visit | None, actor: User, now: datetime) -> dict[str, Any]:
    form.is_valid()
    draft = _draft(form, concern, visit)
    today = local_day(now, zone_for(actor))
    draft.held_on = min(form.cleaned_data.get("held_on") or today, today)
    findings = judge_visit(draft.facts(zone=company_zone()))
    found = outlook(findings, opportunity=concern.opportunity, on=today, least_stage=VISIT_STAGE)
    return {"outlook": found, "supply": {row.item: _url(row, concern) for row in found.missing}}


def _draft(form: RecordForm, concern: Concern, visit: Visit | None) -> Visit:
    """Return the visit as it would be, unsaved."""
    held = form.cleaned_data
    draft = Visit(customer=concern.customer, opportunity=concern.opportunity, planned_at=timezone.now())
    if visit is not None:
        for name in ("planned_at", "place", "topic", "agreed_with", "agreed_with_handler", "agreed_on"):
            setattr(draft, name, getattr(visit, name))
    for name in (*RECORD_FIELDS, "place", "topic"):
        if name in held and name not in PEOPLE_FIELDS:
            setattr(draft, name, held[name])
    for name in PEOPLE_FIELDS:
        setattr(draft, name, form.person(name))
    found = draft.found_handler if draft.handler_facts.strip() else None
    handlers = [person for person in form.met_people if person.is_handler or person == found]
    draft.handler_met = handlers[0] if handlers else None
    return draft


def _url(row: Any, concern: Concern) -> str:
    if row.supplied_by == Supplier.VISIT:
        return next((f"#{step}" for start, step in STEP_OF.items() if row.evidence.startswith(start)), "#step-met")
    if concern.opportunity is None:
        return ""
    deal = concern.opportunity
    return supply_url(deal.ref, supplied_by=row.supplied_by, key=row.evidence, item=row.item)


def _save(
    request: HttpRequest, concern: Concern, form: RecordForm, *, visit: Visit | None, actor: User, now: datetime
) -> HttpResponse:
    toast = _("Visit saved")
    with once(request) as submission:
        if submission.first:
            saved = _run(request, concern, form, visit=visit, actor=actor, now=now)
            toast = _saved_words(saved)
            deal = saved.visit.opportunity
            submission.result = deal_url(deal.ref) if deal else reverse("engagement:visit", args=[saved.visit.ref])
    return done(request, to=submission.result, toast=toast)


def _run(
    request: HttpRequest, concern: Concern, form: RecordForm, *, visit: Visit | None, actor: User, now: datetime
) -> Planned:
    values, met = form.values(), form.met_people
    if visit is None:
        deal = concern.opportunity
        return log_visit(customer=concern.customer, opportunity=deal, values=values, met=met, actor=actor, now=now)
    version = version_of(request)
    if visit.status is VisitStatus.HELD:
        return correct_visit(visit=visit, version=version, values=values, met=met, actor=actor, now=now)
    return record_visit(visit=visit, version=version, values=values, met=met, actor=actor, now=now)


def _saved_words(saved: Planned) -> str:
    count = len({row.proof.key for row in saved.confirmed})
    if not count:
        return _("Visit saved; it proves nothing yet")
    return ngettext("Visit saved; it proves %(count)d fact", "Visit saved; it proves %(count)d facts", count) % {
        "count": count
    }
