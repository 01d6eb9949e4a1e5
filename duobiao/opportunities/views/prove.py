"""Record evidence for an item, with what it would change shown before saving."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.customers.models import Contact
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of, company_of
from duobiao.kernel.refusals import NotFound, Refusal
from duobiao.opportunities.actions.confirm_evidence import Outcomes, confirm_all
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.domain.links import deal_url, stage_url
from duobiao.opportunities.forms.proofs import ProofForm, until_of
from duobiao.opportunities.models import Grade, Opportunity, Outcome
from duobiao.opportunities.queries.explain import Explained, ItemLine, explain
from duobiao.opportunities.queries.gates import OPEN, gate_item
from duobiao.opportunities.queries.ladder import Ladder, ladder
from duobiao.opportunities.queries.marks import marks_for, resets_for
from duobiao.opportunities.queries.people import contacts_of
from duobiao.opportunities.queries.preview import Preview, preview_of, saved_words
from duobiao.opportunities.queries.what_if import compare, draft_fact, what_if
from duobiao.opportunities.views.common import (
    EVIDENCE_CHANGED,
    attach_all,
    company_today,
    keep_uploads,
    offered_documents,
    own_today,
    show_form,
    visible_deal,
)
from duobiao.playbooks.domain.model import METHOD_KEY, Until, Verdict
from duobiao.playbooks.queries import catalogue, text_of
from duobiao.web.forms import once
from duobiao.web.http import back_to, done, is_fragment_request, render


@dataclass(frozen=True, slots=True)
class Topic:
    """What a form is about.

    Attributes:
        keys: Evidence that may be recorded, as (key, title).
        line: The item it was opened for.
        extra: What its template needs besides.
    """

    deal: Opportunity
    explained: Explained
    title: str
    keys: list[tuple[str, str]]
    line: ItemLine | None = None
    template: str = "proof"
    extra: dict[str, Any] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, ref: str) -> HttpResponse:
    """Record a proof; ``?item=`` offers what would do for an item, ``?key=`` one kind of evidence."""
    deal, explained = _open_deal(request, ref)
    item, key = request.GET.get("item", ""), request.GET.get("key", "")
    if not item and not key:
        return _choose(request, deal, explained)
    line = next((row for row in explained.items if row.item == item), None) if item else _line_for(explained, key)
    if line is not None and not line.accepts and not key:
        return HttpResponseRedirect(deal_url(deal.ref, "purchase-method"))
    if key:
        if key not in catalogue():
            raise NotFound(_("There is no evidence of this name."))
        keys = [(key, text_of(catalogue()[key].title, get_language()))]
    elif line is not None:
        keys = [(accept.evidence, accept.title) for accept in line.accepts]
    else:
        raise NotFound(_("This playbook has no such item."))
    title = line.title if line is not None and len(keys) > 1 else keys[0][1]
    return _answer(request, Topic(deal, explained, _("Add evidence: %(title)s") % {"title": title}, keys, line))


@require_http_methods(["GET", "HEAD", "POST"])
def purchase_method(request: HttpRequest, ref: str) -> HttpResponse:
    """Record which purchase method the buyer uses."""
    deal, explained = _open_deal(request, ref)
    keys = [(METHOD_KEY, text_of(catalogue()[METHOD_KEY].title, get_language()))]
    return _answer(request, Topic(deal, explained, _("Purchase method"), keys, _line_for(explained, METHOD_KEY)))


@require_http_methods(["GET", "HEAD", "POST"])
def buyer(request: HttpRequest, ref: str) -> HttpResponse:
    """Record an act of the buyer: what shows a stage, what throws the buyer back, a rival chosen."""
    deal, explained = _open_deal(request, ref)
    every = request.GET.get("all") == "1"
    groups, resets = marks_for(explained, every=every), resets_for(explained)
    keys = {choice.key: choice.title for group in groups for choice in group.marks}
    keys |= {choice.key: choice.title for choice in resets}
    chosen = request.POST.get("key") or request.GET.get("key", "")
    extra = {"groups": groups, "resets": resets, "every": every, "chosen": chosen if chosen in keys else ""}
    extra["present"] = explained.assessment.buyer_stage
    return _answer(
        request, Topic(deal, explained, _("Note a buyer's act"), list(keys.items()), template="buyer", extra=extra)
    )


def _choose(request: HttpRequest, deal: Opportunity, explained: Explained) -> HttpResponse:
    """Offer what is open in the present stage, and the buyer's acts."""
    stage = explained.focus
    lines = [line for line in explained.of(stage) if line.verdict in OPEN]
    behind = [line for line in explained.items if line.verdict is Verdict.WAIVED and line.stage_number < stage]
    rows = [gate_item(line, explained, may_prove=True, with_stage=line.stage_number < stage) for line in behind + lines]
    context = {"deal": deal, "items": rows, "stage": stage, "stage_url": stage_url(deal.ref, stage)}
    return show_form(request, "proof_choice", {**context, "back": deal_url(deal.ref)})


def _open_deal(request: HttpRequest, ref: str) -> tuple[Opportunity, Explained]:
    deal = visible_deal(request, ref)
    policy.require(actor_of(request), "opportunities.prove", deal)
    if deal.outcome in (Outcome.LOST, Outcome.GIVEN_UP):
        raise DealClosed(_("This deal is closed. A manager can reopen it before more is proved."))
    return deal, explain(deal, company_today(request))


def _line_for(explained: Explained, key: str) -> ItemLine | None:
    """Return the item a kind of evidence is for: one that still needs it before one that does not."""
    lines = [line for line in explained.items if any(accept.evidence == key for accept in line.accepts)]
    return min(lines, key=lambda line: (line.counts, not line.gates), default=None)


def _answer(request: HttpRequest, topic: Topic) -> HttpResponse:
    if request.method != "POST":
        return _show(request, topic, _form(request, topic))
    if "preview" in request.POST and is_fragment_request(request):
        return render(request, "opportunities/_proof_preview.html", _weighed(request, topic))
    form, refusal = _form(request, topic, request.POST), None
    if "preview" not in request.POST and form.is_valid():
        try:
            return _save(request, topic, form)
        except Refusal as error:
            refusal = error
    sent = request.POST.copy()
    for document in keep_uploads(request):
        sent.appendlist("documents", document.ref)
    form = _form(request, topic, sent)
    status = 200 if "preview" in request.POST else refused(form, refusal) if refusal is not None else 422
    return _show(request, topic, form, sent=sent, status=status)


def _save(request: HttpRequest, topic: Topic, form: ProofForm) -> HttpResponse:
    actor, deal, words = actor_of(request), topic.deal, ""
    with once(request) as submission:
        if submission.first:
            uploads = [document.ref for document in keep_uploads(request)]
            documents = attach_all(request, deal, [*form.cleaned_data["documents"], *uploads])
            draft = form.draft(documents)
            outcomes = confirm_all(opportunity=deal, drafts=[draft], actor=actor, now=timezone.now())
            words = _words(topic.explained, outcomes)
            submission.result = back_to(request, deal_url(deal.ref))
    return done(request, to=submission.result or deal_url(deal.ref), fires=EVIDENCE_CHANGED, toast=words)


def _words(explained: Explained, outcomes: Outcomes) -> str:
    kept = outcomes.confirmed[0]
    if outcomes.assessment is None:
        return _("The same evidence is here already")
    change = compare(explained.compiled, explained.assessment, outcomes.assessment)
    return saved_words(explained, change, lowered=kept.lowered, grade=kept.proof.grade)


def _form(request: HttpRequest, topic: Topic, given: QueryDict | None = None) -> ProofForm:
    return ProofForm(
        given,
        request.FILES if given is not None else None,
        keys=topic.keys,
        until=_until(topic),
        documents=offered_documents(request, topic.deal, given),
        contacts=contacts_of(topic.deal, actor_of(request)),
        today=own_today(request),
        initial={"method": topic.deal.purchase_method, "key": _first_key(topic)},
    )


def _show(
    request: HttpRequest, topic: Topic, form: ProofForm, *, sent: QueryDict | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "deal": topic.deal,
        "title": topic.title,
        "line": topic.line,
        "back": deal_url(topic.deal.ref),
        "hint": _evidence_hint(topic),
        **_weighed(request, topic, sent),
        **topic.extra,
    }
    return show_form(request, topic.template, context, status=status)


def _evidence_hint(topic: Topic) -> str:
    if len(topic.keys) != 1:
        return ""
    return text_of(catalogue()[topic.keys[0][0]].hint, get_language())


def _weighed(request: HttpRequest, topic: Topic, sent: QueryDict | None = None) -> dict[str, Any]:
    """Return ladder and preview for what a form holds at this moment, right or not."""
    given = sent if sent is not None else request.POST
    keys = dict(topic.keys)
    key = given.get("key", "") or _first_key(topic)
    if key not in keys:
        return {"ladder": None, "preview": None, "deal": topic.deal}
    files = len(given.getlist("documents")) + len(given.getlist("uploads")) + len(request.FILES.getlist("uploads"))
    reached = ladder(
        key,
        files=files,
        by_buyer="by_buyer" in given,
        words=bool(given.get("quote", "").strip()),
        person=bool(given.get("contact") and given.get("channel")),
        second_person_required=company_of(request).second_person_verifies,
    )
    return {"ladder": reached, "preview": _preview(request, topic, key, reached, given), "deal": topic.deal}


def _preview(request: HttpRequest, topic: Topic, key: str, reached: Ladder, given: QueryDict) -> Preview:
    nobody = Contact.objects.none()
    form = ProofForm(
        given, keys=topic.keys, until=_until(topic), documents=[], contacts=nobody, today=own_today(request)
    )
    form.is_valid()
    held = form.cleaned_data
    today = company_today(request)
    happened = min(held.get("happened_on") or own_today(request), own_today(request))
    fact = draft_fact(
        topic.deal,
        key,
        int(reached.grade),
        on=happened,
        known_on=today,
        valid_until=form.last_day(key, held.get("budget_year"), held.get("valid_until")),
        method=held.get("method", "") if key == METHOD_KEY else "",
    )
    line = topic.line or _line_for(topic.explained, key)
    change = what_if(topic.explained, proofs=[fact])
    return preview_of(topic.explained, change, line=line, grade=Grade(reached.grade))


def _first_key(topic: Topic) -> str:
    """Return what is chosen beforehand: what was asked for, else the usual evidence of an item."""
    if topic.line is not None or len(topic.keys) == 1:
        return topic.keys[0][0]
    return str(topic.extra.get("chosen", ""))


def _until(topic: Topic) -> dict[str, Until]:
    items = topic.explained.compiled.playbook.items
    return until_of(accept for item in items for accept in item.accepts)
