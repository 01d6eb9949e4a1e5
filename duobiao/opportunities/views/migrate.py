"""Move deals to another playbook: choose them, see what would happen to each, let a worker do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.identity import policy
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotAllowed, Refusal
from duobiao.opportunities.actions.migrate_deals import MOST_DEALS, migrate_deals
from duobiao.opportunities.forms.migration import MigrationForm
from duobiao.opportunities.models import MigratedDeal, Opportunity
from duobiao.opportunities.queries.filters import narrowed
from duobiao.opportunities.queries.migration import Difference, Foreseen, differences_to, foresee, totals_of
from duobiao.opportunities.queries.migrations import (
    VERB,
    NamedItem,
    Standing,
    movable_by,
    named_items,
    standing,
)
from duobiao.opportunities.queries.saved_views import read_state, views_of
from duobiao.opportunities.views.common import company_today
from duobiao.opportunities.views.pipeline_frame import layout_url
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import get_version, version_title
from duobiao.web.api import found_or_404
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One deal of the preview, in words.

    Attributes:
        reason: Why it would be left out.
        expected: Stage that goes with the buyer's stages, where the deal would stand earlier; "" elsewhere.
    """

    deal: Opportunity
    reason: str
    before: Standing
    after: Standing
    expected: str
    lost: list[NamedItem]
    gained: list[NamedItem]
    waivers: list[NamedItem]


@dataclass(frozen=True, slots=True)
class Apart:
    """The gating items in which a version differs from the target, in words."""

    title: str
    dropped: list[NamedItem]
    added: list[NamedItem]


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Ask where the chosen deals go; a list gives them by mark or by filter, an address by filter alone."""
    actor = actor_of(request)
    policy.require(actor, VERB)
    ticked = request.method == "POST" and "all" not in request.POST
    query = QueryDict(request.POST.get("query", "")[:4000]) if request.method == "POST" else request.GET
    state = read_state(query, views_of(actor))
    rows = movable_by(actor)
    if ticked:
        rows = rows.filter(ref__in=request.POST.getlist("ref")[:MOST_DEALS])
    else:
        rows = narrowed(rows, state.filters, user=actor, today=company_today(request))
    found = list(rows.select_related("playbook").order_by("name", "ref")[: MOST_DEALS + 1])
    words = state.query()
    context = {
        **_choice(found[:MOST_DEALS]),
        "more": len(found) > MOST_DEALS,
        "most": MOST_DEALS,
        "back": f"{layout_url('list')}{'?' if words else ''}{words}",
    }
    return page_or_fragment(
        request, page="opportunities/migrate.html", fragment="opportunities/_migrate.html", context=context
    )


def _choice(deals: Sequence[Opportunity]) -> dict[str, Any]:
    versions = {deal.playbook_id: deal.playbook for deal in deals}
    only = next(iter(versions.values())).ref if len(versions) == 1 else ""
    seen = " ".join(f"{deal.ref}:{deal.version}" for deal in deals)
    form = MigrationForm(initial={"deals": seen}, leaving=only)
    counts = {pk: sum(deal.playbook_id == pk for deal in deals) for pk in versions}
    return {
        "form": form,
        "count": len(deals),
        "from_versions": [(version_title(version), counts[pk]) for pk, version in versions.items()],
    }


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show what would become of each deal; nothing is written."""
    actor = actor_of(request)
    policy.require(actor, VERB)
    form = MigrationForm(request.POST)
    return _preview(request, actor, form, 200 if form.is_valid() else 422)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Queue the move."""
    actor = actor_of(request)
    policy.require(actor, VERB)
    form, status = MigrationForm(request.POST), 422
    if form.is_valid():
        target = _target(form)
        try:
            with once(request) as submission:
                if submission.first:
                    chosen, reason = _chosen(actor, form), form.cleaned_data["reason"]
                    run = migrate_deals(chosen=chosen, target=target, reason=reason, actor=actor, now=timezone.now())
                    submission.result = reverse("opportunities:migration", args=[run.ref])
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
        else:
            return done(request, to=submission.result or "opportunities:migrations")
    return _preview(request, actor, form, status)


def _target(form: MigrationForm) -> PlaybookVersion:
    key, _slash, number = form.cleaned_data["target"].partition("/")
    return found_or_404(get_version(key, int(number)))


def _chosen(actor: User, form: MigrationForm) -> list[tuple[Opportunity, int]]:
    """Return the deals that the person may move, with the version they saw, by name."""
    seen = dict(form.cleaned_data["deals"][:MOST_DEALS])
    rows = movable_by(actor).filter(ref__in=list(seen))
    found = rows.select_related("playbook", "owner", "customer").order_by("name", "ref")
    return [(deal, seen[deal.ref]) for deal in found]


def _preview(request: HttpRequest, actor: User, form: MigrationForm, status: int) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "back": layout_url("list"), "totals": None}
    if "deals" in form.cleaned_data and "target" in form.cleaned_data:
        context |= _foreseen(request, actor, form)
    return render(request, "opportunities/migration_preview.html", context, status=status)


def _foreseen(request: HttpRequest, actor: User, form: MigrationForm) -> dict[str, Any]:
    target, chosen = _target(form), _chosen(actor, form)
    found = sorted(foresee(chosen, target, today=company_today(request)), key=lambda row: bool(row.reason))
    asked = request.POST.get("page", "1")
    last = max(1, -(-len(found) // PAGE_ROWS))
    page = min(last, max(1, int(asked))) if asked.isdigit() and len(asked) < 6 else 1
    shown = found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    versions = {deal.playbook_id: deal.playbook for deal, _seen in chosen}
    return {
        "title": version_title(target),
        "target": target,
        "totals": totals_of(found, currency=company_of(request).currency),
        "reasons": dict(MigratedDeal.Reason.choices),
        "lines": [_line(row, target) for row in shown],
        "differences": [_apart(row, target) for row in differences_to(target, versions.values())],
        "deals_field": " ".join(f"{deal.ref}:{seen}" for deal, seen in chosen),
        "page": page,
        "last": last,
        "first_row": (page - 1) * PAGE_ROWS + 1,
    }


def _apart(row: Difference, target: PlaybookVersion) -> Apart:
    return Apart(
        version_title(row.before),
        named_items([item.key for item in row.dropped], row.before.pk),
        named_items([item.key for item in row.added], target.pk),
    )


def _line(row: Foreseen, target: PlaybookVersion) -> Line:
    own = row.deal.playbook_id
    after = target.pk if not row.reason else own
    expected = standing({**row.after, "stage": row.expected}, target.pk).stage if row.falls_back else ""
    reason = str(MigratedDeal.Reason(row.reason).label) if row.reason else ""
    return Line(
        deal=row.deal,
        reason=reason,
        before=standing(row.before, own),
        after=standing(row.after, after),
        expected=expected,
        lost=named_items(row.lost, own),
        gained=named_items(row.gained, target.pk),
        waivers=[NamedItem(key, _("waiver")) for key in row.waivers_lost],
    )
