"""The seven channels of information about a customer: what was looked up, and guided questions to answer."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.customers.actions.file_answers import file_answers
from duobiao.customers.forms.channels import AnswersForm
from duobiao.customers.forms.facts import show_refusal
from duobiao.customers.forms.origin import own_today
from duobiao.customers.queries.customers import get_customer
from duobiao.customers.queries.facts import channels_shown, find_channel, known_answers, latest_answers
from duobiao.customers.queries.schemes import words
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.refusals import Refusal
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render


@require_safe
def channels(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the channels with what each has told so far."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    context = {
        "customer": customer,
        "channels": channels_shown(customer),
        "answers": latest_answers(customer),
        "may_edit": allows(actor, "customers.edit", customer),
    }
    return render(request, "customers/channels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, ref: str, channel: str) -> HttpResponse:
    """Show the questions of a channel with what is known, or file what was answered."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, "customers.edit", customer)
    found = find_channel(channel)
    posted = request.POST if request.method == "POST" else None
    form = AnswersForm(posted, channel=found, known=known_answers(customer, found), today=own_today(request))
    status, back = 200, reverse("customers:channels", args=[ref])
    if posted is not None:
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        file_answers(
                            customer=customer,
                            channel=channel,
                            answers=form.answers(),
                            origin=form.origin(),
                            actor=actor,
                            now=timezone.now(),
                        )
                return done(request, to=back, toast=_("Filed"))
            except Refusal as refusal:
                status = show_refusal(form, refusal)
    context = {
        "customer": customer,
        "form": form,
        "channel": found,
        "title": words(found.title),
        "where": words(found.where),
    }
    return page_or_fragment(
        request, page="customers/answers.html", fragment="customers/_answers.html", context=context, status=status
    )
