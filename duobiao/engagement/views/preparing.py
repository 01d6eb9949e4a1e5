"""The survey sheet of a visit, versions of the draft suggestion, and how the customer purchases."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.documents.queries import get_document
from duobiao.engagement.actions.fill_survey import fill_survey
from duobiao.engagement.actions.record_process import record_process
from duobiao.engagement.actions.submit_draft import answer_draft, submit_draft, withdraw_draft
from duobiao.engagement.domain.drafts import lacking_parts
from duobiao.engagement.forms.preparing import AnswerForm, DraftForm, ProcessForm, SurveyForm, process_initial
from duobiao.engagement.forms.reason import ReasonForm
from duobiao.engagement.queries.choices import contacts_of
from duobiao.engagement.queries.drafts import PART_WORDS, drafts_of, get_deal, get_draft, process_of, processes_of
from duobiao.engagement.queries.records import get_visit
from duobiao.engagement.queries.survey import sheet_of
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.views.common import keep_uploads, offered_documents, own_today
from duobiao.web.forms import once
from duobiao.web.http import done, render

RIGHT = "engagement.plan_visit"
FORM_METHODS = ["GET", "HEAD", "POST"]


def _answer(
    request: HttpRequest, form: Form, act: Callable[[], str], *, to: str, template: str, context: Mapping[str, Any]
) -> HttpResponse:
    """Run a posted form; ``act`` does it and returns the words to say."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                toast = ""
                with once(request) as submission:
                    if submission.first:
                        toast = act()
                return done(request, to=to, toast=toast)
            except Refusal as refusal:
                status = refused(form, refusal)
    return render(request, template, {"form": form, "back": to, **context}, status=status)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_http_methods(FORM_METHODS)
def survey(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose the aims of a visit and note the answers."""
    actor = actor_of(request)
    visit = get_visit(ref=ref, user=actor)
    policy.require(actor, RIGHT, visit.opportunity or visit.customer)
    sheet = sheet_of(visit)
    contacts = contacts_of(visit.customer, visit.opportunity)
    form = SurveyForm(_posted(request), contacts=contacts, sheet=sheet, initial={"version": visit.version})

    def act() -> str:
        held = form.cleaned_data
        fill_survey(
            visit=visit,
            version=held["version"],
            aims=held["aims"],
            answers=form.answers,
            told_by=form.person("told_by"),
            actor=actor,
            now=timezone.now(),
        )
        return _("Survey sheet saved")

    chosen = request.POST.getlist("aims") if request.method == "POST" else [aim.key for aim in sheet if aim.chosen]
    context = {"visit": visit, "sheet": sheet, "chosen": chosen}
    to = reverse("engagement:visit", args=[visit.ref])
    return _answer(request, form, act, to=to, template="engagement/survey.html", context=context)


@require_safe
def drafts(request: HttpRequest, ref: str) -> HttpResponse:
    """Show every version of the draft: who received it when, the file, and what they said."""
    actor = actor_of(request)
    deal = get_deal(ref=ref, user=actor)
    rows = list(drafts_of(deal))
    live = next((row for row in rows if row.withdrawn_at is None), None)
    context = {
        "deal": deal,
        "deal_url": deal_url(deal.ref),
        "rows": [(row, [str(PART_WORDS[part]) for part in row.parts if part in PART_WORDS]) for row in rows],
        "lacking": [str(PART_WORDS[part]) for part in lacking_parts(live.parts)] if live is not None else [],
        "may_change": policy.allows(actor, RIGHT, deal),
    }
    return render(request, "engagement/drafts.html", context)


@require_http_methods(FORM_METHODS)
def new_draft(request: HttpRequest, ref: str) -> HttpResponse:
    """Record a version that the customer received."""
    actor = actor_of(request)
    deal = get_deal(ref=ref, user=actor)
    policy.require(actor, RIGHT, deal)
    last = drafts_of(deal).filter(withdrawn_at__isnull=True).first()
    sent = request.POST.copy() if request.method == "POST" else None
    if sent is not None:
        for document in keep_uploads(request)[:1]:
            sent["documents"] = document.ref
    initial = {
        "handed_on": own_today(request),
        "title": last.title if last is not None else _("%(name)s: draft suggestion") % {"name": deal.name[:180]},
        "parts": last.parts if last is not None else [],
        "received_by": last.received_by.ref if last is not None else "",
    }
    form = DraftForm(
        sent,
        contacts=contacts_of(deal.customer, deal),
        documents=offered_documents(request, deal, sent),
        initial=initial,
    )

    def act() -> str:
        made = submit_draft(
            opportunity=deal,
            document=get_document(ref=form.cleaned_data["documents"], user=actor),
            received_by=form.people[form.cleaned_data["received_by"]],
            values=form.values(),
            actor=actor,
            now=timezone.now(),
        )
        return _("Version %(n)s recorded") % {"n": made.number}

    to = reverse("engagement:drafts", args=[deal.ref])
    return _answer(request, form, act, to=to, template="engagement/new_draft.html", context={"deal": deal})


@require_http_methods(FORM_METHODS)
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """Note what the customer said to a version."""
    actor = actor_of(request)
    draft = get_draft(ref=ref, user=actor)
    deal = draft.opportunity
    policy.require(actor, RIGHT, deal)
    initial = {
        "version": draft.version,
        "remark": draft.remark,
        "said_by": (draft.remark_by or draft.received_by).ref,
        "channel": draft.remark_channel,
        "said_on": draft.remarked_on or own_today(request),
    }
    form = AnswerForm(_posted(request), contacts=contacts_of(deal.customer, deal), initial=initial)

    def act() -> str:
        held = form.cleaned_data
        answer_draft(
            draft=draft,
            version=held["version"],
            remark=held["remark"],
            said_by=form.people[held["said_by"]],
            channel=held["channel"],
            said_on=held["said_on"],
            actor=actor,
            now=timezone.now(),
        )
        return _("Remark noted; it counts as reported by the customer")

    to = reverse("engagement:drafts", args=[deal.ref])
    context = {"deal": deal, "draft": draft, "title": _("What did they say to %(draft)s?") % {"draft": draft}}
    return _answer(request, form, act, to=to, template="engagement/answer_draft.html", context=context)


@require_http_methods(FORM_METHODS)
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    """Take back a version that was recorded wrongly."""
    actor = actor_of(request)
    draft = get_draft(ref=ref, user=actor)
    policy.require(actor, RIGHT, draft.opportunity)
    form = ReasonForm(_posted(request), initial={"version": draft.version})

    def act() -> str:
        withdraw_draft(draft=draft, actor=actor, now=timezone.now(), **form.cleaned_data)
        return _("Version taken back, with what it proved")

    to = reverse("engagement:drafts", args=[draft.opportunity.ref])
    context = {"draft": draft, "deal": draft.opportunity, "title": _("Take back %(draft)s") % {"draft": draft}}
    return _answer(request, form, act, to=to, template="engagement/withdraw_draft.html", context=context)


@require_safe
def process(request: HttpRequest, ref: str) -> HttpResponse:
    """Show how the customer purchases, and the earlier versions."""
    actor = actor_of(request)
    deal = get_deal(ref=ref, user=actor)
    versions = list(processes_of(deal))
    held = versions[0] if versions else None
    context = {
        "deal": deal,
        "deal_url": deal_url(deal.ref),
        "process": held,
        "steps": list(held.steps.order_by("number")) if held is not None else [],
        "duties": list(held.duties.select_related("contact").order_by("pk")) if held is not None else [],
        "versions": versions,
        "may_change": policy.allows(actor, RIGHT, deal),
    }
    return render(request, "engagement/process.html", context)


@require_http_methods(FORM_METHODS)
def edit_process(request: HttpRequest, ref: str) -> HttpResponse:
    """Record how the customer purchases, as the next version."""
    actor = actor_of(request)
    deal = get_deal(ref=ref, user=actor)
    policy.require(actor, RIGHT, deal)
    held = process_of(deal)
    initial = {"number": 0, "told_on": own_today(request)}
    initial |= process_initial(held) if held is not None else _usual()
    form = ProcessForm(_posted(request), contacts=contacts_of(deal.customer, deal), initial=initial)

    def act() -> str:
        number, now = form.cleaned_data["number"], timezone.now()
        kept = record_process(opportunity=deal, number=number, process=form.process, actor=actor, now=now)
        words = ngettext("proves %(num)s fact", "proves %(num)s facts", kept.proved) % {"num": kept.proved}
        return _("Process recorded; %(proves)s") % {"proves": words}

    to = reverse("engagement:process", args=[deal.ref])
    return _answer(request, form, act, to=to, template="engagement/edit_process.html", context={"deal": deal})


def _usual() -> dict[str, str]:
    """Return the steps that most companies have, to begin with."""
    steps = (
        _("need raised"), _("feasibility and budget"), _("project set up"), _("technical standard"),
        _("tender or inquiry"), _("evaluation"), _("contract review"), _("signature"),
    )  # fmt: skip
    return {f"what_{number}": step for number, step in enumerate(steps, start=1)}
