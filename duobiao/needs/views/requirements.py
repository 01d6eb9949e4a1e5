"""Coverage matrices, modules, versions of the requirements with their confirmation, changes of confirmed needs."""

from typing import Any

from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.documents.queries import get_document
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Refusal
from duobiao.needs.actions.change_requests import decide_change, raise_change
from duobiao.needs.actions.common import DECIDE, WORK
from duobiao.needs.actions.complete_analysis import complete_analysis
from duobiao.needs.actions.confirm_requirements import (
    record_requirement_confirmation,
    request_requirement_confirmation,
    revoke_requirement_link,
)
from duobiao.needs.actions.keep_module import add_module, remove_module
from duobiao.needs.forms.needs import ChangeForm, DecisionForm, ModuleForm
from duobiao.needs.forms.talking import AskForm, OtherWayForm
from duobiao.needs.models import RequirementPaper, SolutionModule
from duobiao.needs.queries.matrix import matrix_of
from duobiao.needs.queries.papers import (
    TITLES,
    facts_of_line,
    get_paper,
    is_current,
    papers_of,
    requirement_paper,
    words_title,
)
from duobiao.needs.queries.records import get_change
from duobiao.needs.views.common import (
    FORM_METHODS,
    answer,
    may_work,
    needs_url,
    open_deal,
    people_of,
    posted,
    workable_need,
)
from duobiao.needs.views.needs import page_of
from duobiao.opportunities.actions.verify_confirmation import verify_confirmation
from duobiao.opportunities.models import Product
from duobiao.opportunities.queries.confirmations import confirmation_of, confirmations_of, unverified_of
from duobiao.opportunities.views.common import DEAL_CHANGED, keep_uploads, offered_documents, own_today, visible_deal
from duobiao.opportunities.views.confirmation_links import show_link
from duobiao.web.api import found_or_404
from duobiao.web.http import done, render
from duobiao.web.papers import paper_response

MOST_PRODUCTS = 200


@require_safe
def matrix(request: HttpRequest, ref: str) -> HttpResponse:
    """Show who wants which need, and which module answers it."""
    deal = visible_deal(request, ref)
    context = {
        "deal": deal,
        "matrix": matrix_of(deal),
        "back": needs_url(deal),
        "here": request.path,
        "may_work": policy.allows(actor_of(request), WORK, deal) and deal.is_open,
    }
    return render(request, "needs/matrix.html", context)


@require_http_methods(FORM_METHODS)
def new_module(request: HttpRequest, ref: str) -> HttpResponse:
    """Add a module to the solution."""
    deal, actor = open_deal(request, ref)
    products = {row.ref: row for row in Product.objects.filter(is_active=True).order_by("name", "pk")[:MOST_PRODUCTS]}
    form = ModuleForm(posted(request), products=[(key, row.name) for key, row in products.items()])

    def act() -> None:
        held = form.cleaned_data
        product = products.get(held["product"])
        add_module(opportunity=deal, name=held["name"], product=product, actor=actor, now=timezone.now())

    return answer(
        request, form, act, deal=deal, to=reverse("needs:matrix", args=[deal.ref]), title=_("Module of the solution"),
        label=_("Add the module"), icon_name="puzzle", toast=_("Module added"),
    )  # fmt: skip


@require_POST
def drop_module(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a module out of the solution."""
    actor = actor_of(request)
    rows = SolutionModule.objects.visible_to(actor).live().select_related("opportunity__owner", "opportunity__customer")
    module = found_or_404(rows.filter(ref=ref).first())
    remove_module(module=module, actor=actor, now=timezone.now())
    to = reverse("needs:matrix", args=[module.opportunity.ref])
    return done(request, to=to, fires=DEAL_CHANGED, toast=_("Module taken out"), stay=True)


@require_safe
def requirements(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the versions of the requirements of a deal."""
    deal = visible_deal(request, ref)
    may = policy.allows(actor_of(request), WORK, deal) and deal.is_open
    context = {"deal": deal, "papers": papers_of(deal.pk), "back": needs_url(deal), "may_work": may}
    return render(request, "needs/requirements.html", context)


@require_http_methods(FORM_METHODS)
def complete(request: HttpRequest, ref: str) -> HttpResponse:
    """Complete the requirement analysis."""
    deal, actor = open_deal(request, ref)
    form = Form(posted(request))

    def act() -> str:
        paper = complete_analysis(opportunity=deal, actor=actor, now=timezone.now())
        return reverse("needs:requirement_paper", args=[paper.ref])

    return answer(
        request, form, act, deal=deal, to=needs_url(deal), title=_("Complete the analysis"),
        label=_("Complete the analysis"), icon_name="file-check", toast=_("Analysis completed"),
        lead=_("All needs as they stand now become a version that the customer can confirm. Every need has a priority, and every P0 and P1 stands on the customer's own words."),
    )  # fmt: skip


@require_safe
def requirement_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a version of the requirements, and what the customer said to it."""
    actor, now = actor_of(request), timezone.now()
    paper = get_paper(ref=ref, user=actor)
    deal = paper.opportunity
    rows = confirmations_of(Ref.of(paper))
    unverified = {proof.source_ref for proof in unverified_of(*rows)}
    shown = [(line, words_title(line, ""), facts_of_line(line)) for line in paper.lines]
    groups = [(str(TITLES[key]), [row for row in shown if row[0].get("priority") == key]) for key in TITLES]
    context = {
        "paper": paper,
        "deal": deal,
        "groups": [(title, lines) for title, lines in groups if lines],
        "confirmations": [(row, row.standing(now), row.ref in unverified) for row in rows],
        "current": is_current(paper),
        "back": needs_url(deal),
        "may_work": policy.allows(actor, WORK, deal) and deal.is_open,
        "may_verify": policy.allows(actor, "opportunities.verify", deal),
        "me": actor.pk,
    }
    return render(request, "needs/requirement.html", context)


@require_safe
def requirement_file(request: HttpRequest, ref: str) -> FileResponse:
    """Hand out the confirmation of the requirements as a Word file."""
    paper = get_paper(ref=ref, user=actor_of(request))
    return paper_response(*requirement_paper(paper, now=timezone.now()))


@never_cache
@require_http_methods(FORM_METHODS)
def ask_confirmation(request: HttpRequest, ref: str) -> HttpResponse:
    """Make a link for the customer; it is shown on the answer, and never again."""
    paper, actor = _paper(request, ref)
    form = AskForm(posted(request), contacts=people_of(paper.opportunity))
    here, status = _page(paper), 200
    if request.method == "POST":
        status = 422
        contact = form.person("contact") if form.is_valid() else None
        if contact is not None:
            try:
                asked = request_requirement_confirmation(
                    paper=paper, contact=contact, days=form.cleaned_data["days"], actor=actor, now=timezone.now()
                )
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return show_link(
                    request, asked, send_mail=form.cleaned_data["send_mail"], nav="opportunities",
                    about=paper.opportunity.name, back=here, back_label=_("To the requirements"),
                )  # fmt: skip
    context = {"form": form, "deal": paper.opportunity, "paper": paper, "back": here, "here": request.path}
    return render(request, "needs/ask.html", context, status=status)


@require_http_methods(FORM_METHODS)
def other_way(request: HttpRequest, ref: str) -> HttpResponse:
    """Record a confirmation that came by paper, mail, chat or platform."""
    paper, actor = _paper(request, ref)
    sent = request.POST.copy() if request.method == "POST" else None
    if sent is not None:
        for document in keep_uploads(request):
            sent.appendlist("documents", document.ref)
    offered = offered_documents(request, paper.opportunity, sent)
    initial = {"confirmed_on": own_today(request)}
    form = OtherWayForm(sent, contacts=people_of(paper.opportunity), documents=offered, initial=initial)

    def act() -> None:
        held, contact = form.cleaned_data, form.person("contact")
        if contact is not None:
            record_requirement_confirmation(
                paper=paper,
                contact=contact,
                way=held["way"],
                on=held["confirmed_on"],
                documents=[get_document(ref=one, user=actor) for one in held["documents"]],
                remark=held["remark"],
                actor=actor,
                now=timezone.now(),
            )

    return answer(
        request, form, act, deal=paper.opportunity, to=_page(paper), title=_("Confirmed in another way"),
        label=_("Record the confirmation"), icon_name="file-check", toast=_("Confirmation recorded"),
        lead=_("It counts at once and is marked as not verified until a second person has looked at the file."),
        files=True,
    )  # fmt: skip


@require_POST
def revoke(request: HttpRequest, ref: str, confirmation: str) -> HttpResponse:
    """Revoke a link that was not answered."""
    paper, actor = _paper(request, ref)
    row = confirmation_of(Ref.of(paper), confirmation)
    revoke_requirement_link(paper=paper, confirmation=row, actor=actor, now=timezone.now())
    return done(request, to=_page(paper), toast=_("The link leads nowhere now"))


@require_POST
def verify_paper(request: HttpRequest, ref: str, confirmation: str) -> HttpResponse:
    """Stand for a confirmation that somebody else recorded."""
    actor = actor_of(request)
    paper = get_paper(ref=ref, user=actor)
    policy.require(actor, "opportunities.verify", paper.opportunity)
    row = confirmation_of(Ref.of(paper), confirmation)
    verify_confirmation(confirmation=row, actor=actor, now=timezone.now())
    return done(request, to=_page(paper), toast=_("Confirmation verified"))


@require_http_methods(FORM_METHODS)
def new_change(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask for a change of a confirmed need."""
    need, actor = workable_need(request, ref, won_too=True)
    deal = need.opportunity
    form = ChangeForm(posted(request), contacts=people_of(deal), currency=deal.currency, initial={"text": need.text})

    def act() -> None:
        held = form.cleaned_data
        raise_change(
            need=need,
            values={name: held[name] for name in ("text", "reason", "impact", "days")},
            asked_by=form.person("asked_by"),
            cost=form.amount(),
            actor=actor,
            now=timezone.now(),
        )

    return answer(
        request, form, act, deal=deal, to=page_of(need), title=_("Change of a confirmed need"),
        label=_("Ask for the change"), icon_name="git-pull-request", toast=_("Change asked for"), about=need.text,
    )  # fmt: skip


@require_http_methods(FORM_METHODS)
def decide(request: HttpRequest, ref: str) -> HttpResponse:
    """Accept or reject a change."""
    change = get_change(ref=ref, user=actor_of(request))
    actor = may_work(request, change.opportunity, DECIDE, won_too=True)
    form = DecisionForm(posted(request), initial={"version": change.version})

    def act() -> None:
        held = form.cleaned_data
        accepted = held["decision"] == "accept"
        version = held["version"] or 0
        decide_change(
            change=change, version=version, accepted=accepted, reason=held["reason"], actor=actor, now=timezone.now()
        )  # fmt: skip

    said: dict[str, Any] = {"about": f"{change.need.text} → {change.text}", "lead": change.impact}
    return answer(
        request, form, act, deal=change.opportunity, to=page_of(change.need), title=_("Decide the change"),
        label=_("Decide"), icon_name="gavel", toast=_("Change decided"), **said,
    )  # fmt: skip


def _paper(request: HttpRequest, ref: str) -> tuple[RequirementPaper, Any]:
    paper = get_paper(ref=ref, user=actor_of(request))
    return paper, may_work(request, paper.opportunity)


def _page(paper: RequirementPaper) -> str:
    return reverse("needs:requirement_paper", args=[paper.ref])
