"""Barriers, contacts and moves of a rival on a deal, and what we do against it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.competition.actions.keep_barrier import change_barrier, note_barrier, remove_barrier
from duobiao.competition.actions.keep_reach import note_reach, remove_reach
from duobiao.competition.actions.note_move import note_move, withdraw_move
from duobiao.competition.actions.plan_counter import plan_counter
from duobiao.competition.forms.deal import (
    BarrierForm,
    CounterForm,
    MoveForm,
    ReachForm,
    ReasonForm,
    begun_from_barrier,
)
from duobiao.competition.models import Barrier, DealRival, Reach, RivalMove
from duobiao.competition.queries.landscape import competition_url
from duobiao.competition.views.common import about, answer, of_deal, part_of_deal, rival_of_deal
from duobiao.customers.models import Contact
from duobiao.identity.http import actor_of
from duobiao.opportunities.queries.people import companies_of, contacts_of
from duobiao.opportunities.queries.tasks import task_people
from duobiao.opportunities.views.common import DEAL_CHANGED, own_today
from duobiao.web.http import done

OF_RIVAL = "deal_rival"


@require_http_methods(["GET", "HEAD", "POST"])
def add_barrier(request: HttpRequest, ref: str) -> HttpResponse:
    """Note a barrier."""
    row, actor = rival_of_deal(request, ref), actor_of(request)
    form = BarrierForm(request.POST if request.method == "POST" else None, today=own_today(request))

    def act() -> None:
        note_barrier(row=row, said=form.said(), actor=actor, now=timezone.now())

    context = about(row, title=_("What keeps us out"), label=_("Note the barrier"), icon_name="shield-lock")
    return answer(request, form, act, to=_page(row), context=context, toast=_("Barrier noted"))


@require_http_methods(["GET", "HEAD", "POST"])
def change_barrier_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a barrier."""
    barrier, actor = _part(request, Barrier, ref), actor_of(request)
    row = barrier.deal_rival
    form = BarrierForm(
        request.POST if request.method == "POST" else None,
        today=own_today(request),
        initial=begun_from_barrier(barrier),
    )

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        change_barrier(barrier=barrier, version=version, said=form.said(), actor=actor, now=timezone.now())

    context = about(row, title=_("Change the barrier"), label=_("Save the barrier"), icon_name="check")
    return answer(request, form, act, to=_page(row), context=context, toast=_("Barrier saved"))


@require_POST
def drop_barrier(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a barrier off."""
    barrier = _part(request, Barrier, ref)
    remove_barrier(barrier=barrier, version=barrier.version, actor=actor_of(request), now=timezone.now())
    return done(request, to=_page(barrier.deal_rival), fires=DEAL_CHANGED, toast=_("Barrier removed"), stay=True)


@require_http_methods(["GET", "HEAD", "POST"])
def add_reach(request: HttpRequest, ref: str) -> HttpResponse:
    """Note whom a rival reaches."""
    row, actor = rival_of_deal(request, ref), actor_of(request)
    deal = row.opportunity
    people = contacts_of(deal, actor)
    if deal.owner_id == actor.pk or deal.team.filter(user=actor).exists():
        people = Contact.objects.live().filter(customer__in=companies_of(deal).values("pk")).order_by("name", "pk")
    form = ReachForm(
        request.POST if request.method == "POST" else None,
        today=own_today(request),
        people=people,
    )

    def act() -> None:
        note_reach(row=row, said=form.said(), actor=actor, now=timezone.now())

    context = about(row, title=_("Whom it reaches"), label=_("Note it"), icon_name="network")
    return answer(request, form, act, to=_page(row), context=context, toast=_("Noted down"))


@require_POST
def drop_reach(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that a rival no longer reaches somebody."""
    reach = _part(request, Reach, ref)
    remove_reach(reach=reach, actor=actor_of(request), now=timezone.now())
    return done(request, to=_page(reach.deal_rival), fires=DEAL_CHANGED, toast=_("Removed"), stay=True)


@require_http_methods(["GET", "HEAD", "POST"])
def add_move(request: HttpRequest, ref: str) -> HttpResponse:
    """Note what a rival did."""
    row, actor = rival_of_deal(request, ref), actor_of(request)
    form = MoveForm(request.POST if request.method == "POST" else None, today=own_today(request))

    def act() -> None:
        note_move(row=row, **form.cleaned_data, actor=actor, now=timezone.now())

    context = about(row, title=_("Move of a rival"), label=_("Note the move"), icon_name="swords")
    return answer(request, form, act, to=_page(row), context=context, toast=_("Move noted"))


@require_http_methods(["GET", "HEAD", "POST"])
def take_move_back(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a move back that was noted by mistake."""
    move, actor = _part(request, RivalMove, ref), actor_of(request)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        withdraw_move(move=move, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    row = move.deal_rival
    context = about(row, title=_("Take the move back"), label=_("Take it back"), icon_name="arrow-back-up")
    return answer(request, form, act, to=_page(row), context=context, toast=_("Taken back"))


@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest, ref: str) -> HttpResponse:
    """Plan an answer to a rival."""
    row, actor = rival_of_deal(request, ref), actor_of(request)
    begun = {"owner": row.opportunity.owner.ref, "barrier": request.GET.get("barrier", "")}
    form = CounterForm(
        request.POST if request.method == "POST" else None,
        people=task_people(row.opportunity, actor),
        today=own_today(request),
        row=row,
        initial=begun,
    )

    def act() -> None:
        plan_counter(row=row, **form.values(), barrier=form.cleaned_data["barrier"], actor=actor, now=timezone.now())

    context = about(row, title=_("Answer to the rival"), label=_("Plan the answer"), icon_name="target-arrow")
    return answer(request, form, act, to=_page(row), context=context, toast=_("Task added"))


def _part(request: HttpRequest, model: type[Barrier | Reach | RivalMove], ref: str) -> Any:
    found = part_of_deal(request, model, ref, OF_RIVAL)
    of_deal(request, found.deal_rival.opportunity)
    return found


def _page(row: DealRival) -> str:
    return competition_url(row.opportunity.ref)
