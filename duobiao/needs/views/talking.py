"""Objections with their five steps, the library, SPIN sheets, and the use of methods of asking."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotAllowed, NotFound, Refusal
from duobiao.needs.actions.common import WORK
from duobiao.needs.actions.keep_library import KEEP
from duobiao.needs.actions.keep_objection import Said, answer_objection, change_objection, raise_objection
from duobiao.needs.actions.note_method import note_method
from duobiao.needs.actions.plan_spin import Question, answer_spin, plan_spin
from duobiao.needs.domain.steps import ObjectionStep, next_of
from duobiao.needs.forms.talking import MethodForm, ObjectionForm, ObjectionStepForm, SpinForm
from duobiao.needs.models import DealObjection, Need, SpinLetter, SpinSheet
from duobiao.needs.queries.bank import bank_questions
from duobiao.needs.queries.library import library, method_tallies, methods, tactics
from duobiao.needs.queries.records import get_objection, get_sheet, mix_of_sheet
from duobiao.needs.queries.trees import live_needs, parents_for
from duobiao.needs.queries.words import OBJECTION_STEPS
from duobiao.needs.views.common import FORM_METHODS, answer, may_work, needs_url, open_deal, people_of, posted
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import own_today
from duobiao.web.forms import once
from duobiao.web.http import done, render

LIBRARY = "knowledge.view"


def _page(objection: DealObjection) -> str:
    return reverse("needs:objection", args=[objection.ref])


def _needs(deal: Opportunity) -> tuple[dict[str, Need], list[tuple[str, str]]]:
    needs = live_needs(deal)
    return {need.ref: need for need in needs}, parents_for(needs)


@require_safe
def objection_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Show an objection with what was said and done."""
    actor = actor_of(request)
    objection = get_objection(ref=ref, user=actor)
    deal = objection.opportunity
    tactic = tactics().get(objection.tactic)
    context = {
        "objection": objection,
        "deal": deal,
        "done": {row.step: row for row in objection.steps.all()},
        "steps": OBJECTION_STEPS,
        "next_step": next_of(objection.step, ObjectionStep),
        "tactic": tactic,
        "offered": [row for row in library(actor) if row.type == objection.type],
        "back": needs_url(deal),
        "may_work": policy.allows(actor, WORK, deal) and deal.is_open,
    }
    return render(request, "needs/objection.html", context)


@require_http_methods(FORM_METHODS)
def new_objection(request: HttpRequest, ref: str) -> HttpResponse:
    """Note what somebody at the customer objects to."""
    deal, actor = open_deal(request, ref)
    by_ref, offered = _needs(deal)
    initial = {"raised_on": own_today(request), "need": request.GET.get("need", "")}
    form = ObjectionForm(posted(request), contacts=people_of(deal), needs=offered, initial=initial)

    def act() -> None:
        held = form.cleaned_data
        values = {
            "type": held["type"],
            "text": held["text"],
            "contact": form.person("contact"),
            "raised_on": held["raised_on"],
            "need": by_ref.get(held["need"]),
        }
        raise_objection(opportunity=deal, values=values, actor=actor, now=timezone.now())

    return answer(
        request, form, act, deal=deal, to=f"{needs_url(deal)}#objections", title=_("Note an objection"),
        label=_("Note what they object to"), icon_name="message-x", toast=_("What they object to is noted"),
    )  # fmt: skip


@require_http_methods(FORM_METHODS)
def edit_objection(request: HttpRequest, ref: str) -> HttpResponse:
    """Correct an objection."""
    objection, actor = _workable(request, ref)
    by_ref, offered = _needs(objection.opportunity)
    initial = {
        "type": objection.type,
        "text": objection.text,
        "contact": objection.contact.ref,
        "raised_on": objection.raised_on,
        "need": objection.need.ref if objection.need is not None else "",
        "version": objection.version,
    }
    form = ObjectionForm(posted(request), contacts=people_of(objection.opportunity), needs=offered, initial=initial)

    def act() -> None:
        held = form.cleaned_data
        values = {name: held[name] for name in ("type", "text", "raised_on")}
        values |= {"contact": form.person("contact"), "need": by_ref.get(held["need"])}
        version = held["version"] or 0
        change_objection(objection=objection, version=version, values=values, actor=actor, now=timezone.now())

    return answer(
        request, form, act, deal=objection.opportunity, to=_page(objection), title=_("Correct the objection"),
        label=_("Save the objection"), toast=_("Objection saved"),
    )  # fmt: skip


@require_http_methods(FORM_METHODS)
def step(request: HttpRequest, ref: str) -> HttpResponse:
    """Do the next of the five steps."""
    objection, actor = _workable(request, ref)
    number = next_of(objection.step, ObjectionStep) or ObjectionStep.CONFIRM
    last = number == ObjectionStep.CONFIRM
    contact = objection.contact.ref if last else ""
    initial = {
        "version": objection.version, "done_on": own_today(request), "tactic": objection.tactic, "contact": contact
    }  # fmt: skip
    offered = [(row.key, row.words) for row in tactics().values() if row.type == objection.type]
    people = people_of(objection.opportunity)
    form = ObjectionStepForm(posted(request), contacts=people, tactics=offered, initial=initial)
    for name in ("contact", "channel") if not last else ():
        del form.fields[name]
    if number != ObjectionStep.RESOLVE:
        del form.fields["tactic"]

    def act() -> None:
        held = form.cleaned_data
        said = Said(
            held["note"], form.person("contact"), held.get("channel", ""), held["done_on"], held.get("tactic", "")
        )  # fmt: skip
        version = held["version"] or 0
        answer_objection(
            objection=objection, version=version, step=number, said=said, actor=actor, now=timezone.now()
        )  # fmt: skip

    words = OBJECTION_STEPS[number]
    return answer(
        request, form, act, deal=objection.opportunity, to=_page(objection),
        title=_("Step %(n)d: %(title)s") % {"n": number, "title": words.title}, label=_("Step done"),
        icon_name="message-check", toast=_("Step noted"), about=objection.text, lead=words.guidance,
    )  # fmt: skip


@require_safe
def objection_library(request: HttpRequest) -> HttpResponse:
    """Show objections by type with tactics, and methods of asking, with what came of them."""
    actor = actor_of(request)
    policy.require(actor, LIBRARY)
    tallies = method_tallies(actor)
    may_keep = policy.allows(actor, KEEP)
    context = {
        "may_keep": may_keep,
        "types": library(actor),
        "methods": [(row, tallies[row.key]) for row in methods().values()],
    }
    return render(request, "needs/library.html", context)


@require_http_methods(FORM_METHODS)
def new_spin(request: HttpRequest, ref: str) -> HttpResponse:
    """Put questions together for a conversation."""
    deal, actor = open_deal(request, ref)
    bank = bank_questions(deal.customer.industry)
    form = SpinForm(posted(request), contacts=people_of(deal), bank=bank, initial={"letter": "I"})

    def act() -> str:
        held = form.cleaned_data
        own = [Question(held["letter"], held["text"])] if held["text"] else []
        sheet = plan_spin(
            opportunity=deal,
            title=held["title"],
            contact=form.person("contact"),
            chosen=held["chosen"],
            own=own,
            actor=actor,
            now=timezone.now(),
        )
        return reverse("needs:spin_sheet", args=[sheet.ref])

    return answer(
        request, form, act, deal=deal, to=needs_url(deal), title=_("Plan the questions"), label=_("Make the sheet"),
        icon_name="message-2-question", toast=_("Questions planned"), fragment="spin_form",
    )  # fmt: skip


@require_safe
def spin_sheet(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the questions of a conversation, with a form for the answers."""
    return _sheet(request, get_sheet(ref=ref, user=actor_of(request)))


@require_POST
def save_answers(request: HttpRequest, ref: str) -> HttpResponse:
    """Note the answers, and a question that came up."""
    sheet = get_sheet(ref=ref, user=actor_of(request))
    actor = may_work(request, sheet.opportunity)
    here = reverse("needs:spin_sheet", args=[sheet.ref])
    try:
        with once(request) as submission:
            if submission.first:
                _note_answers(request, sheet, actor)
                submission.result = here
    except Refusal as refusal:
        if isinstance(refusal, NotFound | NotAllowed):
            raise
        return _sheet(request, sheet, refusal)
    return done(request, to=here, toast=_("Answers noted"))


def _sheet(request: HttpRequest, sheet: SpinSheet, refusal: Refusal | None = None) -> HttpResponse:
    deal = sheet.opportunity
    questions = sorted(sheet.questions.all(), key=lambda row: (row.position, row.pk))
    kinds = SpinLetter.choices
    context = {
        "sheet": sheet,
        "deal": deal,
        "groups": [(str(label), letter, [row for row in questions if row.letter == letter]) for letter, label in kinds],
        "given": {row.ref: request.POST.get(f"answer_{row.ref}", row.answer) for row in questions},
        "mix": mix_of_sheet(sheet),
        "letters": kinds,
        "refusal": refusal,
        "back": needs_url(deal),
        "may_work": policy.allows(actor_of(request), WORK, deal) and deal.is_open,
    }
    return render(request, "needs/spin_sheet.html", context, status=refusal.status if refusal is not None else 200)


def _note_answers(request: HttpRequest, sheet: SpinSheet, actor: User) -> None:
    known = [row.ref for row in sheet.questions.all()]
    sent = {ref: request.POST[f"answer_{ref}"] for ref in known if f"answer_{ref}" in request.POST}
    text = request.POST.get("text", "")
    added = Question(request.POST.get("letter", ""), text) if text.strip() else None
    version = request.POST.get("version", "")
    answer_spin(
        sheet=sheet, version=int(version) if version.isdecimal() else 0, answers=sent, added=added, actor=actor,
        now=timezone.now(),
    )  # fmt: skip


@require_http_methods(FORM_METHODS)
def use_method(request: HttpRequest, ref: str, method: str) -> HttpResponse:
    """Note that a method of asking was used, and what it brought."""
    deal, actor = open_deal(request, ref)
    known = methods().get(method)
    if known is None:
        raise NotFound(_("There is no such method."))
    by_ref, offered = _needs(deal)
    initial = {"used_on": own_today(request), "need": request.GET.get("need", "")}
    form = MethodForm(posted(request), contacts=people_of(deal), needs=offered, initial=initial)

    def act() -> None:
        held = form.cleaned_data
        note_method(
            opportunity=deal,
            method=method,
            need=by_ref.get(held["need"]),
            contact=form.person("contact"),
            values={name: held[name] for name in ("effect", "note", "used_on")},
            actor=actor,
            now=timezone.now(),
        )

    return answer(
        request, form, act, deal=deal, to=needs_url(deal), title=known.words, label=_("Note what it brought"),
        icon_name="bulb", toast=_("Noted"), lead=known.saying,
    )  # fmt: skip


def _workable(request: HttpRequest, ref: str) -> tuple[DealObjection, User]:
    objection = get_objection(ref=ref, user=actor_of(request))
    return objection, may_work(request, objection.opportunity)
