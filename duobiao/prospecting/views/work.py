"""What a person does with a lead: check, drop, take up again, take from a pool, give back, assign."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.people_picker import offer_people
from duobiao.identity.policy import people_within, require, scope_of
from duobiao.prospecting.actions.capture_lead import lead_page
from duobiao.prospecting.actions.claim_lead import assign_lead, claim_lead, return_lead
from duobiao.prospecting.actions.edit_lead import QUESTIONS, check_lead, discard_lead, reopen_lead
from duobiao.prospecting.actions.keep_lead import require_open
from duobiao.prospecting.forms.leads import AssignForm, CheckForm, DiscardForm, ReturnForm
from duobiao.prospecting.models import Lead
from duobiao.prospecting.queries.leads import get_lead, pools_offered
from duobiao.prospecting.views.common import answer
from duobiao.web.forms import once
from duobiao.web.http import back_to, done

ASSIGN = "prospecting.assign"
WORK = "prospecting.work"


def _lead(request: HttpRequest, ref: str, verb: str) -> tuple[Lead, User]:
    """Return a visible, open lead on which the actor holds a right; a free one is anybody's who may assign."""
    actor = actor_of(request)
    held = get_lead(ref=ref, user=actor)
    require(actor, verb, None if verb == ASSIGN and held.is_free else held)
    require_open(held)
    return held, actor


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, ref: str) -> HttpResponse:
    """Answer the three questions."""
    held, actor = _lead(request, ref, WORK)
    initial = {name: getattr(held, name) for name in (*QUESTIONS, "check_note", "version")}
    form = CheckForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> None:
        values = form.cleaned_data
        answers = {name: values[name] for name in QUESTIONS}
        check_lead(
            lead=held,
            version=values["version"],
            answers=answers,
            note=values["check_note"],
            actor=actor,
            now=timezone.now(),
        )

    context = {"title": _("Check the lead"), "back": lead_page(held), "lead": held}
    return answer(request, form, act, to=lead_page(held), fragment="check", context=context, toast=_("Check saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, ref: str) -> HttpResponse:
    """Drop a lead for a reason."""
    held, actor = _lead(request, ref, WORK)
    form = DiscardForm(request.POST if request.method == "POST" else None, initial={"version": held.version})

    def act() -> None:
        discard_lead(lead=held, **form.cleaned_data, actor=actor, now=timezone.now())

    context = {"title": _("Discard the lead"), "back": lead_page(held), "lead": held}
    return answer(
        request, form, act, to=lead_page(held), fragment="discard", context=context, toast=_("Lead discarded")
    )


@require_POST
def reopen(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a discarded lead up again."""
    actor = actor_of(request)
    held = get_lead(ref=ref, user=actor)
    with once(request) as submission:
        if submission.first:
            reopen_lead(lead=held, actor=actor, now=timezone.now())
    return done(request, to=lead_page(held), toast=_("Lead taken up again"))


@require_POST
def claim(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a lead from its pool."""
    actor = actor_of(request)
    held = get_lead(ref=ref, user=actor)
    with once(request) as submission:
        if submission.first:
            claim_lead(lead=held, actor=actor, now=timezone.now())
    return done(request, to=back_to(request, lead_page(held)), toast=_("The lead is yours"))


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, ref: str) -> HttpResponse:
    """Give a lead back to its pool."""
    held, actor = _lead(request, ref, WORK)
    form = ReturnForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        return_lead(lead=held, note=form.cleaned_data["note"], actor=actor, now=timezone.now())
        return _seen(held, actor)

    context = {"title": _("Give back to the pool"), "back": lead_page(held), "lead": held}
    return answer(
        request, form, act, to=lead_page(held), fragment="return", context=context, toast=_("Lead given back")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, ref: str) -> HttpResponse:
    """Give a lead to a person or a pool."""
    held, actor = _lead(request, ref, ASSIGN)
    form = _assign_form(request, held, actor)

    def act() -> str:
        owner, pool = form.chosen()
        version = form.cleaned_data["version"] or 0
        assign_lead(lead=held, version=version, owner=owner, pool=pool, actor=actor, now=timezone.now())
        return _seen(held, actor)

    context = {"title": _("Assign the lead"), "back": lead_page(held), "lead": held}
    return answer(request, form, act, to=lead_page(held), fragment="assign", context=context, toast=_("Lead assigned"))


@require_safe
def people(request: HttpRequest, ref: str) -> HttpResponse:
    """Offer people to assign to while their name is typed."""
    held, actor = _lead(request, ref, ASSIGN)
    return offer_people(request, _assign_form(request, held, actor))


def _assign_form(request: HttpRequest, held: Lead, actor: User) -> AssignForm:
    keys = people_within(actor, scope_of(actor, ASSIGN)).values("pk")
    reach = User.objects.active().filter(pk__in=keys)
    people = reach if held.owner_id is None else reach.exclude(pk=held.owner_id)
    posted = request.POST if request.method == "POST" else None
    return AssignForm(posted, people=people, pools=pools_offered(actor), initial={"version": held.version})


def _seen(held: Lead, actor: User) -> str:
    """Return the page of a lead, or the list where the actor no longer sees it."""
    return lead_page(held) if Lead.objects.visible_to(actor).filter(pk=held.pk).exists() else "/leads/"
