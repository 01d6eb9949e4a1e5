"""Open a deal on one screen; its customer is found while typing, or entered with it."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.customers.actions.check_duplicates import DuplicateCustomer, check_duplicates
from duobiao.customers.actions.create_customer import create_customer
from duobiao.customers.models import Customer
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.actions.create_opportunity import create_opportunity
from duobiao.opportunities.forms.create_opportunity import NEW_CUSTOMER, DealForm
from duobiao.opportunities.queries.pickers import customer_named, customers_like
from duobiao.opportunities.queries.stages import offered_playbooks
from duobiao.playbooks.domain.classify import signs_of
from duobiao.playbooks.domain.model import Playbook
from duobiao.playbooks.queries import summary_words, text_of
from duobiao.playbooks.queries.process_words import Proposal, comparison, propose
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render

LONGEST_WORDS = 120


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form; open the deal and go to its room."""
    actor, company = actor_of(request), company_of(request)
    policy.require(actor, "opportunities.create")
    given = request.POST if request.method == "POST" else None
    asked = Customer.objects.visible_to(actor).filter(ref=request.GET.get("customer", "")).first()
    initial = {"customer": asked.ref, "customer_name": asked.name} if asked else {}
    playbooks = offered_playbooks()
    proposal = None
    if given is not None and "propose" in given:
        proposal = propose(signs_of(given.getlist("signs")))
        initial, given = _again(given, proposal, playbooks), None
    titles = [(playbook.key, text_of(playbook.title, get_language())) for playbook in playbooks]
    form = DealForm(given, actor=actor, company=company, playbooks=titles, initial=initial)
    status, duplicates = 200, None
    if given is not None and "find" not in given:
        status = 422
        if form.is_valid() and _customer_chosen(form, actor):
            try:
                return _open(request, form, actor)
            except Refusal as refusal:
                duplicates = refusal.details if isinstance(refusal, DuplicateCustomer) else None
                status = _refused(form, refusal)
    context = {
        "form": form,
        "duplicates": duplicates,
        "proposal": proposal,
        "playbook_chosen": dict(titles).get(str(form["playbook"].value() or ""), ""),
        "summaries": [
            (text_of(held.title, get_language()), words)
            for held in playbooks
            if (words := summary_words(held, get_language()))
        ],
        "comparison": comparison(),
        **_picker(form, actor),
    }
    return page_or_fragment(
        request, page="opportunities/new.html", fragment="opportunities/_new.html", context=context, status=status
    )


def _again(given: QueryDict, proposal: Proposal, playbooks: Sequence[Playbook]) -> dict[str, Any]:
    """Return what was typed so far, with the playbook that fits the proposed process."""
    typed = {name: given.get(name, "") for name in DealForm.base_fields}
    fits = next((playbook.key for playbook in playbooks if playbook.process is proposal.process), typed["playbook"])
    return {**typed, "signs": given.getlist("signs"), "playbook": fits}


@require_safe
def customer_options(request: HttpRequest) -> HttpResponse:
    """Offer customers while their name is typed."""
    actor = actor_of(request)
    policy.require(actor, "opportunities.create")
    text = _words(request.GET.get("customer_name", ""))
    context = _options(text, actor, picked=request.GET.get("customer", ""))
    return render(request, "opportunities/_customer_options.html", context)


def _open(request: HttpRequest, form: DealForm, actor: User) -> HttpResponse:
    now = timezone.now()
    held = form.cleaned_data
    name = _words(held["customer_name"])
    is_new = held["customer"] == NEW_CUSTOMER
    if is_new and not held["duplicate_confirmed"]:
        check_duplicates(name=name, actor=actor, now=now)
    with once(request) as submission:
        if submission.first:
            with transaction.atomic():
                customer = (
                    create_customer(name=name, actor=actor, now=now, owner=held["owner"], duplicate_confirmed=True)
                    if is_new
                    else Customer.objects.visible_to(actor).get(ref=held["customer"])
                )
                deal = create_opportunity(name=held["name"], customer=customer, actor=actor, now=now, **form.values())
            submission.result = f"/opportunities/{deal.ref}/"
    return done(request, to=submission.result, toast=_("Project opened"))


def _customer_chosen(form: DealForm, actor: User) -> bool:
    """Settle on a customer: the one picked, or the one visible customer of the name typed."""
    held = form.cleaned_data
    name = _words(held["customer_name"])
    if held["customer"] == NEW_CUSTOMER:
        if not name:
            form.add_error("customer_name", _("Type the name of the new customer."))
        return bool(name)
    visible = Customer.objects.visible_to(actor)
    if held["customer"] and visible.filter(ref=held["customer"]).exists():
        return True
    found = customer_named(name, user=actor) if name else None
    if found is not None:
        held["customer"] = found.ref
        return True
    words = _("Pick one of the customers, or enter a new one.") if name else _("Who is the customer?")
    form.add_error("customer_name", words)
    return False


def _refused(form: DealForm, refusal: Refusal) -> int:
    """Show a refusal at its fields; a fault of the new customer's name stands at its own."""
    if isinstance(refusal, DuplicateCustomer):
        form.add_error("customer_name", str(refusal.message))
        return refusal.status
    return refused(form, refusal)


def _picker(form: DealForm, actor: User) -> dict[str, Any]:
    text = _words(form["customer_name"].value() or "")
    return _options(text, actor, picked=str(form["customer"].value() or ""))


def _options(text: str, actor: User, *, picked: str) -> dict[str, Any]:
    options = customers_like(text, user=actor)
    if picked not in ("", NEW_CUSTOMER) and all(customer.ref != picked for customer in options):
        options = [*Customer.objects.visible_to(actor).filter(ref=picked), *options]
    return {
        "options": options,
        "typed": text,
        "picked": picked,
        "may_enter": bool(text) and policy.allows(actor, "customers.create"),
        "NEW": NEW_CUSTOMER,
    }


def _words(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:LONGEST_WORDS]
