"""Change the plain fields of a deal; two people at once are shown both versions."""

from datetime import datetime
from typing import Any

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity.forms import refused
from duobiao.identity.models import User
from duobiao.kernel.refusals import Refusal, StaleVersion
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.forms.create_opportunity import UNITS
from duobiao.opportunities.forms.deal import MOMENT, EditForm, initial_of
from duobiao.opportunities.models import FieldChange, Opportunity, Product
from duobiao.opportunities.views.common import DEAL_CHANGED, needs, show_form, visible_deal
from duobiao.web.components import ConflictField, ConflictView
from duobiao.web.forms import once
from duobiao.web.http import done

COMPARED = ("name", "amount", "expected_close_on", "bid_deadline_at", "product", "source", "description")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the fields of a deal and save them; a stale version shows both sides with a choice for each."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.edit", deal)
    if request.method != "POST":
        return _show(request, deal, EditForm(deal=deal))
    form, status = EditForm(_chosen(request.POST, deal), deal=deal), 422
    if form.is_valid():
        try:
            return _save(request, deal, form, actor)
        except StaleVersion:
            return _conflict(request, visible_deal(request, ref), actor)
        except Refusal as refusal:
            status = refused(form, refusal)
    return _show(request, deal, form, status=status)


def _save(request: HttpRequest, deal: Opportunity, form: EditForm, actor: User) -> HttpResponse:
    with once(request) as submission:
        if submission.first:
            version = form.cleaned_data["version"]
            edit_opportunity(opportunity=deal, version=version, values=form.values(), actor=actor, now=timezone.now())
            submission.result = deal_url(deal.ref)
    return done(request, to=submission.result or deal_url(deal.ref), fires=DEAL_CHANGED, toast=_("Deal saved"))


def _show(
    request: HttpRequest, deal: Opportunity, form: EditForm, *, view: ConflictView | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "deal": deal, "back": deal_url(deal.ref), "conflict": view}
    return show_form(request, "edit", context, status=status)


def _conflict(request: HttpRequest, deal: Opportunity, actor: User) -> HttpResponse:
    """Show what I typed beside what is stored now; the form carries the new version."""
    sent = request.POST.copy()
    sent["version"] = str(deal.version)
    mine, theirs = EditForm(sent, deal=deal), EditForm(deal=deal)
    last = (
        FieldChange.objects.filter(opportunity=deal)
        .exclude(actor=actor)
        .order_by("-at", "-pk")
        .select_related("actor")
        .first()
    )
    fields = tuple(
        ConflictField(
            name=name, label=mine[name].label, mine=_shown(mine[name], mine), theirs=_shown(theirs[name], theirs)
        )
        for name in COMPARED
        if _shown(mine[name], mine) != _shown(theirs[name], theirs)
    )
    who = str(last.actor) if last is not None and last.actor is not None else _("somebody else")
    view = ConflictView(who=who, at=last.at if last is not None else None, fields=fields)
    return _show(request, deal, mine, view=view, status=409)


def _shown(bound: BoundField, form: EditForm) -> str:
    """Return a value as people compare it."""
    value: Any = bound.value()
    if bound.name == "amount" and value:
        return f"{value} {dict(UNITS).get(form['unit'].value(), '')}".strip()
    if bound.name == "product" and value:
        return str(Product.objects.filter(ref=value).first() or value)
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime(MOMENT)
    return "" if value is None else str(value)


def _chosen(given: QueryDict, deal: Opportunity) -> QueryDict:
    """Put theirs in place of mine where the person chose so."""
    sent = given.copy()
    stored = initial_of(deal)
    for name in COMPARED:
        if sent.get(f"keep_{name}") != "theirs":
            continue
        value = stored[name]
        if isinstance(value, datetime):
            value = timezone.localtime(value).strftime(MOMENT)
        sent[name] = "" if value is None else str(value)
        if name == "amount":
            sent["unit"], sent["currency"] = str(stored["unit"]), str(stored["currency"])
    return sent
