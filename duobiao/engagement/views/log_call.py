"""Log a telephone call in three steps, seeing what it proves while it is typed."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from duobiao.engagement.actions.log_call import Logged, log_call
from duobiao.engagement.forms.call import CallForm
from duobiao.engagement.queries.choices import targets
from duobiao.engagement.views.call_page import Concern, build_form, called_of, concern_of, preview, preview_of
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.domain.links import deal_url
from duobiao.web.forms import once
from duobiao.web.http import done, render

LONGEST_SEARCH = 80


@require_http_methods(["GET", "HEAD", "POST"])
def new_call(request: HttpRequest) -> HttpResponse:
    """Show the form; with ``preview`` answer what saving would prove; else save."""
    actor = actor_of(request)
    concern = concern_of(request, actor)
    policy.require(actor, "engagement.log_call", concern.subject if concern else None)
    if concern is None:
        return pick(request, actor, page="engagement:log_call", title=_("Whom do you call?"))
    now = timezone.now()
    if request.method != "POST":
        return _page(request, concern, build_form(concern, actor, now=now), actor)
    form = build_form(concern, actor, posted=request.POST, now=now)
    if "preview" in request.POST:
        return preview(request, form, actor, concern)
    status = 422
    if form.is_valid():
        try:
            return _save(request, concern, form, actor)
        except Refusal as refusal:
            status = refused(form, refusal)
    return _page(request, concern, form, actor, status=status)


def pick(request: HttpRequest, actor: User, *, page: str, title: str) -> HttpResponse:
    """Let the person choose a deal or a customer first."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    context = {"found": targets(actor, text), "text": text, "here": reverse(page), "title": title}
    return render(request, "engagement/pick.html", context)


def _save(request: HttpRequest, concern: Concern, form: CallForm, actor: User) -> HttpResponse:
    now = timezone.now()
    toast = _("Call saved")
    with once(request) as submission:
        if submission.first:
            logged = log_call(
                customer=concern.customer,
                contact=form.called,
                values=form.values(now=now),
                opportunity=form.deal,
                deal=form.new_deal,
                meeting_contacts=form.meeting_with,
                actor=actor,
                now=now,
            )
            toast = saved_words(logged)
            deal = logged.call.opportunity
            submission.result = deal_url(deal.ref) if deal else reverse("engagement:call", args=[logged.call.ref])
    return done(request, to=submission.result, toast=toast)


def saved_words(logged: Logged) -> str:
    """Say in one line what saving the call brought."""
    count = len({row.proof.key for row in logged.confirmed})
    if logged.visit is not None and not logged.call.was_handler:
        return _("Call saved. The contact is not the handler, so it cannot prove an appointment")
    if not count:
        return _("Call saved; it proves nothing yet")
    return ngettext("Call saved; it proves %(count)d fact", "Call saved; it proves %(count)d facts", count) % {
        "count": count
    }


def _page(request: HttpRequest, concern: Concern, form: CallForm, actor: User, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    seen = form if form.is_bound else build_form(concern, actor, posted=_as_posted(form), now=now)
    called = called_of(form, concern)
    context = {
        "form": form,
        "concern": concern,
        "called": called,
        "chosen": called if called.on_file else None,
        "began": now,
        "action": request.get_full_path(),
        "back": deal_url(concern.opportunity.ref)
        if concern.opportunity
        else reverse("customers:customer", args=[concern.customer.ref]),
        "draft_key": f"call-{(concern.opportunity or concern.customer).ref}",
        **preview_of(seen, actor, now=now),
    }
    return render(request, "engagement/log_call.html", context, status=status)


def _as_posted(form: CallForm) -> dict[str, object]:
    """Return the initial values as if they were posted, to judge the form before anything is typed."""
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}
