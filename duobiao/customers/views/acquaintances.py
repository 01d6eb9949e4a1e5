"""Note who knows a contact or an outsider, and take it back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.customers.actions.keep_network import note_acquaintance, remove_acquaintance
from duobiao.customers.forms.facts import show_refusal
from duobiao.customers.forms.network import AcquaintanceForm
from duobiao.customers.models import Contact, Outsider
from duobiao.customers.queries.contacts import get_contact
from duobiao.customers.queries.network import get_acquaintance, get_outsider, knower_named, people_found
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound, Refusal
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment


@require_http_methods(["GET", "HEAD", "POST"])
def known_contact(request: HttpRequest, ref: str) -> HttpResponse:
    """Note who knows a contact: search them, then say how well."""
    held = get_contact(ref=ref, user=actor_of(request))
    return _note(request, held, back=reverse("customers:introductions", args=[ref]))


@require_http_methods(["GET", "HEAD", "POST"])
def known_outsider(request: HttpRequest, ref: str) -> HttpResponse:
    """Note who knows an outsider: search them, then say how well."""
    held = get_outsider(ref=ref, user=actor_of(request))
    return _note(request, held, back=reverse("customers:outsider", args=[ref]))


@require_POST
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an acquaintance back."""
    actor = actor_of(request)
    tie = get_acquaintance(ref=ref, user=actor)
    remove_acquaintance(tie=tie, actor=actor, now=timezone.now())
    return done(request, to=_page_of(tie.known), toast=_("Taken back"))


def _page_of(known: Contact | Outsider) -> str:
    return reverse("customers:introductions" if isinstance(known, Contact) else "customers:outsider", args=[known.ref])


def _note(request: HttpRequest, known: Contact | Outsider, *, back: str) -> HttpResponse:
    actor, status = actor_of(request), 200
    require(actor, "customers.edit", known)
    posted = request.method == "POST"
    form = AcquaintanceForm(request.POST if posted else None)
    if posted:
        status = 422
        if form.is_valid():
            try:
                knower = _knower(form, actor)
                with once(request) as submission:
                    if submission.first:
                        note_acquaintance(
                            knower=knower, known=known, values=form.values(), actor=actor, now=timezone.now()
                        )
                return done(request, to=back, toast=_("Noted"))
            except Refusal as refusal:
                status = show_refusal(form, refusal)
    question = (request.POST if posted else request.GET).get("q", "")[:60]
    context: dict[str, Any] = {
        "form": form,
        "known": known,
        "question": question,
        "people": people_found(question, user=actor, besides=known),
        "chosen": request.POST.get("knower", ""),
        "here": request.path,
        "back": back,
    }
    return page_or_fragment(
        request,
        page="customers/known_by.html",
        fragment="customers/_note_known_by.html",
        context=context,
        status=status,
    )


def _knower(form: AcquaintanceForm, actor: Any) -> Any:
    try:
        return knower_named(form.cleaned_data["knower"], user=actor)
    except NotFound as error:
        message = _("Search for somebody and choose them.")
        raise _Unknown(message, fields={"knower": message}) from error


class _Unknown(Refusal):
    """Nobody was chosen who can be seen (422)."""

    code = "unknown_knower"
