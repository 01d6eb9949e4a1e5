"""A rival with its battle card."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.competition.actions.keep_rival import VERB
from duobiao.competition.actions.keep_statement import change_statement, note_statement, remove_statement
from duobiao.competition.actions.merge_rivals import VERB as MERGE
from duobiao.competition.forms.fields import until
from duobiao.competition.forms.rivals import StatementForm, begun_from_statement
from duobiao.competition.models import CardStatement, Section
from duobiao.competition.queries.cards import VIEW, card_shown, get_rival
from duobiao.competition.queries.settings import settings
from duobiao.competition.views.common import answer
from duobiao.competition.views.rivals import RIVAL_CHANGED
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.opportunities.views.common import own_today
from duobiao.timeline.queries import entries_for
from duobiao.web.api import found_or_404
from duobiao.web.http import done, page_or_fragment

HISTORY_ROWS = 15


@require_safe
def card(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the card: statements by section, results, deals, what happened."""
    actor = actor_of(request)
    rival = get_rival(ref=ref, user=actor)
    if rival.ref != ref:
        return redirect("competition:rival", rival.ref)
    context = {
        "shown": card_shown(rival, actor, on=own_today(request)),
        "rival": rival,
        "days": settings().card_days,
        "may_write": allows(actor, VERB),
        "may_merge": allows(actor, MERGE),
        "entries": entries_for(chain=rival.ref, limit=HISTORY_ROWS),
    }
    return page_or_fragment(request, page="competition/rival.html", fragment="competition/_card.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a statement on the card."""
    actor = actor_of(request)
    rival = get_rival(ref=ref, user=actor)
    require(actor, VERB)
    begun = {"section": request.GET.get("section", Section.STRENGTH)}
    form = StatementForm(request.POST if request.method == "POST" else None, initial=begun)
    until(form, "noted_on", today=own_today(request))

    def act() -> None:
        note_statement(rival=rival, said=form.said(), actor=actor, now=timezone.now())

    context = {
        "title": _("Note on the battle card"),
        "label": _("Note it"),
        "icon_name": "pencil-plus",
        "about": rival.name,
    }
    to = f"/rivals/{rival.ref}/"
    return answer(request, form, act, to=to, context=context, toast=_("Noted down"), fires=RIVAL_CHANGED)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a statement, or confirm it with a new day."""
    row = _statement(request, ref)
    actor = actor_of(request)
    require(actor, VERB)
    form = StatementForm(request.POST if request.method == "POST" else None, initial=begun_from_statement(row))
    form.fields["noted_on"].widget.attrs["max"] = own_today(request).isoformat()

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        change_statement(statement=row, version=version, said=form.said(), actor=actor, now=timezone.now())

    context = {
        "title": _("Change the statement"),
        "label": _("Save the statement"),
        "icon_name": "check",
        "about": row.rival.name,
    }
    to = f"/rivals/{row.rival.ref}/"
    return answer(request, form, act, to=to, context=context, toast=_("Statement saved"), fires=RIVAL_CHANGED)


@require_POST
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a statement off the card."""
    row = _statement(request, ref)
    given = request.POST.get("version", "")
    version = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else row.version
    remove_statement(statement=row, version=version, actor=actor_of(request), now=timezone.now())
    return done(request, to=f"/rivals/{row.rival.ref}/", fires=RIVAL_CHANGED, toast=_("Taken off"), stay=True)


def _statement(request: HttpRequest, ref: str) -> CardStatement:
    require(actor_of(request), VIEW)
    rows = CardStatement.objects.filter(ref=ref, removed_at=None).select_related("rival")
    return found_or_404(rows.first())
