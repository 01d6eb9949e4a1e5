"""Needs: the page of one, and the forms that note, change, move, rank, verify and answer it."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.engagement.models import Call
from duobiao.engagement.queries.records import get_call, get_visit
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import NotFound
from duobiao.needs.actions.answer_need import answer_need
from duobiao.needs.actions.common import DECIDE, WORK, fault
from duobiao.needs.actions.keep_need import change_need, move_need, note_need, remove_need
from duobiao.needs.actions.rank_need import rank_need
from duobiao.needs.actions.take_over import take_over
from duobiao.needs.actions.verify_need import Shown, verify_need
from duobiao.needs.actions.voice_need import voice_need
from duobiao.needs.domain.priorities import answer as judged
from duobiao.needs.domain.priorities import pain_of
from duobiao.needs.domain.steps import VerifyStep, next_of
from duobiao.needs.forms.fields import NONE
from duobiao.needs.forms.needs import AnswerForm, MoveForm, NeedForm, RankForm, RemoveForm, VerifyForm, VoiceForm
from duobiao.needs.models import Need, SpinQuestion
from duobiao.needs.queries.deciding import deciding_people
from duobiao.needs.queries.matrix import modules_of
from duobiao.needs.queries.records import need_shown
from duobiao.needs.queries.trees import get_need, live_needs, parents_for, ranked
from duobiao.needs.queries.words import VERIFY_STEPS
from duobiao.needs.views.common import FORM_METHODS, answer, needs_url, open_deal, people_of, posted, workable_need
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import DEAL_CHANGED, own_today
from duobiao.web.http import back_to, done, render


def page_of(need: Need) -> str:
    """Return the page of a need."""
    return reverse("needs:need", args=[need.ref])


@require_safe
def need_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a need with its steps, rankings, stances, answers and changes."""
    actor = actor_of(request)
    need = get_need(ref=ref, user=actor)
    deal = need.opportunity
    may = policy.allows(actor, WORK, deal)
    context = {
        "need": need,
        "deal": deal,
        "shown": need_shown(need),
        "answer": judged(ranked(need)),
        "pain": pain_of(need.pain),
        "next_step": next_of(need.verified_step, VerifyStep),
        "steps": VERIFY_STEPS,
        "back": needs_url(deal),
        "may_work": may and deal.is_open,
        "may_change": may and deal.outcome in ("OPEN", "WON"),
        "may_decide": policy.allows(actor, DECIDE, deal),
    }
    return render(request, "needs/need.html", context)


@require_http_methods(FORM_METHODS)
def new_need(request: HttpRequest, ref: str) -> HttpResponse:
    """Note a need; ``?parent=`` puts it below another, ``?question=`` begins with an answer."""
    deal, actor = open_deal(request, ref)
    needs = live_needs(deal)
    parent = next((need for need in needs if need.ref == request.GET.get("parent")), None)
    question = _question(deal, request.GET.get("question", ""))
    form = NeedForm(
        posted(request), contacts=people_of(deal), currency=deal.currency, begun=_begun(request, parent, question)
    )

    def act() -> None:
        made = note_need(opportunity=deal, parent=parent, said=form.said(), actor=actor, now=timezone.now())
        if question is not None:
            SpinQuestion.objects.filter(pk=question.pk).update(need=made)

    return answer(
        request, form, act, deal=deal, to=needs_url(deal), title=_("Note a need"), label=_("Note the need"),
        icon_name="list-tree", toast=_("Need noted"), fragment="need_form", parent=parent,
    )  # fmt: skip


def _question(deal: Opportunity, ref: str) -> SpinQuestion | None:
    if not ref:
        return None
    rows = SpinQuestion.objects.filter(sheet__opportunity=deal, ref=ref).exclude(answer="")
    return rows.select_related("sheet__contact").first()


def _begun(request: HttpRequest, parent: Need | None, question: SpinQuestion | None) -> dict[str, Any]:
    deeper = {"SURFACE": "DEEP", "DEEP": "HIDDEN", "HIDDEN": "HIDDEN"}
    found: dict[str, Any] = {
        "level": parent.level if parent is not None else "",
        "layer": deeper[parent.layer] if parent is not None else "SURFACE",
        "said_on": own_today(request),
        "inaction_per": "MONTH",
    }
    if question is not None:
        contact = question.sheet.contact
        found |= {"words": question.answer, "said_on": question.answered_on, "channel": "MEETING"}
        found["said_by"] = contact.ref if contact is not None else ""
    return found


@require_POST
def take_problem(request: HttpRequest, ref: str) -> HttpResponse:
    """Make a need of the problem of a call or visit, named by ``source``."""
    deal, actor = open_deal(request, ref)
    kind, _colon, record_ref = request.POST.get("source", "").partition(":")
    record: Any = None
    with suppress(NotFound):
        record = (get_call if kind == Call.kind else get_visit)(ref=record_ref, user=actor)
    if record is None:
        raise fault("source", _("There is no such record, or you may not see it."))
    take_over(opportunity=deal, record=record, actor=actor, now=timezone.now())
    return done(request, to=needs_url(deal), fires=DEAL_CHANGED, toast=_("Need noted"), stay=True)


@require_http_methods(FORM_METHODS)
def edit_need(request: HttpRequest, ref: str) -> HttpResponse:
    """Change what is known of a need."""
    need, actor = workable_need(request, ref)
    deal = need.opportunity
    form = NeedForm(posted(request), contacts=people_of(deal), currency=deal.currency, need=need)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        change_need(need=need, version=version, said=form.said(), actor=actor, now=timezone.now())

    return answer(
        request, form, act, deal=deal, to=back_to(request, page_of(need)), title=_("Change the need"),
        label=_("Save the need"), toast=_("Need saved"), fragment="need_form", parent=need.parent, need=need,
    )  # fmt: skip


@require_http_methods(FORM_METHODS)
def move(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a need elsewhere in the tree."""
    need, actor = workable_need(request, ref)
    others = [row for row in live_needs(need.opportunity) if row.pk != need.pk]
    by_ref = {row.ref: row for row in others}
    initial = {"parent": need.parent.ref if need.parent is not None else "", "version": need.version}
    form = MoveForm(posted(request), offered=parents_for(others), initial=initial)

    def act() -> None:
        held = form.cleaned_data
        move_need(
            need=need,
            version=held["version"] or 0,
            parent=by_ref.get(held["parent"]),
            before=by_ref.get(held["before"]),
            actor=actor,
            now=timezone.now(),
        )

    return answer(
        request, form, act, deal=need.opportunity, to=needs_url(need.opportunity), title=_("Move the need"),
        label=_("Move it here"), icon_name="list-tree", toast=_("Need moved"), about=need.text,
    )  # fmt: skip


@require_http_methods(FORM_METHODS)
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a need off the tree."""
    need, actor = workable_need(request, ref)
    form = RemoveForm(posted(request), initial={"version": need.version})

    def act() -> None:
        held = form.cleaned_data
        version, reason = held["version"] or 0, held["reason"]
        remove_need(need=need, version=version, reason=reason, actor=actor, now=timezone.now())

    return answer(
        request, form, act, deal=need.opportunity, to=needs_url(need.opportunity), title=_("Take the need off"),
        label=_("Take it off"), icon_name="trash", toast=_("Need taken off"), about=need.text,
    )  # fmt: skip


@require_http_methods(FORM_METHODS)
def rank(request: HttpRequest, ref: str) -> HttpResponse:
    """Give a need a priority, or another one."""
    need, actor = workable_need(request, ref)
    form = RankForm(posted(request), initial={"priority": need.priority, "version": need.version})

    def act() -> None:
        held = form.cleaned_data
        version = held["version"] or 0
        rank_need(
            need=need, version=version, priority=held["priority"], reason=held["reason"], actor=actor, now=timezone.now()
        )  # fmt: skip

    return answer(
        request, form, act, deal=need.opportunity, to=page_of(need), title=_("Rank the need"), label=_("Rank it"),
        icon_name="arrows-sort", toast=_("Need ranked"), about=need.text,
    )  # fmt: skip


@require_http_methods(FORM_METHODS)
def verify(request: HttpRequest, ref: str) -> HttpResponse:
    """Do the next step of verification."""
    need, actor = workable_need(request, ref)
    step = next_of(need.verified_step, VerifyStep) or VerifyStep.CONSENSUS
    usual, contacts = need.owner_contact or need.said_by, people_of(need.opportunity)
    if step == VerifyStep.CONSENSUS:
        deciding = deciding_people(need.opportunity, on=own_today(request))
        contacts = [contact for contact in contacts if contact.pk in deciding]
    initial = {"version": need.version, "done_on": own_today(request), "contact": usual.ref if usual else ""}
    form = VerifyForm(posted(request), contacts=contacts, initial=initial)
    if step == VerifyStep.CONSENSUS:
        form.fields["contact"].help_text = _(
            "Who decides, influences or keeps the gate on the decision chain; the yes of others is noted as their stance."
        )
    form.fields["note"].label = str(VERIFY_STEPS[step].field)
    if step != VerifyStep.BENEFIT:
        del form.fields["kpi"]

    def act() -> None:
        held = form.cleaned_data
        shown = Shown(held["note"], held.get("kpi", ""), form.person("contact"), held["channel"], held["done_on"])
        version = held["version"] or 0
        verify_need(need=need, version=version, step=step, shown=shown, actor=actor, now=timezone.now())

    words = VERIFY_STEPS[step]
    return answer(
        request, form, act, deal=need.opportunity, to=page_of(need),
        title=_("Step %(n)d: %(title)s") % {"n": step, "title": words.title}, label=_("Step done"),
        icon_name="checklist", toast=_("Step noted"), about=need.text, lead=words.guidance,
    )  # fmt: skip


@require_http_methods(FORM_METHODS)
def voice(request: HttpRequest, ref: str) -> HttpResponse:
    """Note how a person stands to a need; ``?contact=`` begins with one."""
    need, actor = workable_need(request, ref)
    held = {row.contact.ref: row for row in need.voices.select_related("contact")}
    chosen = request.GET.get("contact", "")
    before = held.get(chosen)
    initial = {"contact": chosen, "voice": before.voice if before else NONE, "note": before.note if before else ""}
    form = VoiceForm(posted(request), contacts=people_of(need.opportunity), initial=initial)

    def act() -> None:
        contact = form.person("contact")
        if contact is not None:
            given = form.cleaned_data
            voice_need(
                need=need, contact=contact, voice="" if given["voice"] == NONE else given["voice"], note=given["note"], actor=actor, now=timezone.now()
            )  # fmt: skip

    return answer(
        request, form, act, deal=need.opportunity, to=back_to(request, page_of(need)), title=_("Who wants it?"),
        label=_("Note the stance"), icon_name="users", toast=_("Stance noted"), about=need.text,
    )  # fmt: skip


@require_http_methods(FORM_METHODS)
def solution(request: HttpRequest, ref: str) -> HttpResponse:
    """Note how the solution answers a need, and which of its modules do."""
    need, actor = workable_need(request, ref)
    modules = modules_of(need.opportunity)
    initial = {"fit": need.fit, "note": need.fit_note, "version": need.version}
    initial |= {f"module_{row.module.ref}": row.fit for row in need.modules.select_related("module")}
    form = AnswerForm(posted(request), modules=modules, initial=initial)

    def act() -> None:
        held = form.cleaned_data
        answer_need(
            need=need,
            version=held["version"] or 0,
            fit=held["fit"],
            note=held["note"],
            modules=form.answers(),
            actor=actor,
            now=timezone.now(),
        )

    return answer(
        request, form, act, deal=need.opportunity, to=back_to(request, page_of(need)), title=_("How is it met?"),
        label=_("Note the answer"), icon_name="puzzle", toast=_("Answer noted"), about=need.text,
    )  # fmt: skip
