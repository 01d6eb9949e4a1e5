"""Rivals on a deal: put one on it, change what is known, leave the race, come back."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.competition.actions.keep_rival import RivalFactsSaid, add_rival
from duobiao.competition.actions.place_rival import change_placing, note_back, note_left, place_rival
from duobiao.competition.forms.deal import LeftForm, PlacingForm, begun_from
from duobiao.competition.queries.landscape import competition_url
from duobiao.competition.views.common import about, about_deal, answer, of_deal, rival_of_deal
from duobiao.identity.http import actor_of
from duobiao.opportunities.views.common import DEAL_CHANGED, own_today, visible_deal
from duobiao.web.http import done


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a rival on a deal, a new one too."""
    deal, actor = visible_deal(request, ref), actor_of(request)
    of_deal(request, deal)
    form = PlacingForm(
        request.POST if request.method == "POST" else None,
        today=own_today(request),
        taken=list(deal.rivals.values_list("rival_id", flat=True)),
        initial={"rival": request.GET.get("rival", "")},
    )

    def act() -> None:
        held, now = form.cleaned_data, timezone.now()
        rival = held["rival"]
        if rival is None:
            said = RivalFactsSaid(held["new_rival"])
            rival = add_rival(said=said, actor=actor, now=now, distinct=held["distinct"])
        place_rival(opportunity=deal, rival=rival, placing=form.placing(), actor=actor, now=now)

    context = about_deal(deal, title=_("Rival of the project"), label=_("Record the rival"), icon_name="swords")
    to = competition_url(deal.ref)
    return answer(request, form, act, to=to, context=context, toast=_("Rival recorded"), fragment="placing")


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: str) -> HttpResponse:
    """Change what is known of a rival on a deal."""
    row, actor = rival_of_deal(request, ref), actor_of(request)
    form = PlacingForm(
        request.POST if request.method == "POST" else None, today=own_today(request), row=row, initial=begun_from(row)
    )

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        change_placing(row=row, version=version, placing=form.placing(), actor=actor, now=timezone.now())

    context = about(row, title=_("What is known of it here"), label=_("Save"), icon_name="check")
    to = competition_url(row.opportunity.ref)
    return answer(request, form, act, to=to, context=context, toast=_("Rival saved"), fragment="placing")


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that a rival left the race."""
    row, actor = rival_of_deal(request, ref), actor_of(request)
    form = LeftForm(
        request.POST if request.method == "POST" else None, today=own_today(request), initial={"version": row.version}
    )

    def act() -> None:
        held = form.cleaned_data
        note_left(
            row=row,
            version=held["version"] or 0,
            left_on=held["left_on"],
            reason=held["reason"],
            actor=actor,
            now=timezone.now(),
        )

    context = about(row, title=_("Out of the race"), label=_("Note that it left"), icon_name="flag-off")
    to = competition_url(row.opportunity.ref)
    return answer(request, form, act, to=to, context=context, toast=_("Noted down"))


@require_POST
def back(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that a rival is in the race again."""
    row = rival_of_deal(request, ref)
    note_back(row=row, version=row.version, actor=actor_of(request), now=timezone.now())
    to = competition_url(row.opportunity.ref)
    return done(request, to=to, fires=DEAL_CHANGED, toast=_("In the race again"), stay=True)
