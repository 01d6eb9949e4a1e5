"""Runs that move deals between playbooks: all of them, how far one is, what became of each deal, taking it back."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.actions.revert_migration import revert_migration
from duobiao.opportunities.models import MigratedDeal, MigrationRun
from duobiao.opportunities.queries.migrations import (
    VERB,
    NamedItem,
    Standing,
    counts_of,
    deals_of_runs,
    may_revert,
    named_items,
    runs_seen_by,
    standing,
)
from duobiao.playbooks.queries import version_title
from duobiao.web.api import found_or_404
from duobiao.web.http import done, render

PAGE_ROWS = 50
SHOWN_RUNS = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One deal of a run; places are None where it did not move."""

    row: MigratedDeal
    before: Standing | None
    after: Standing | None
    lost: list[NamedItem]
    gained: list[NamedItem]


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """List all runs, newest first."""
    actor = actor_of(request)
    policy.require(actor, VERB)
    rows = runs_seen_by(actor).order_by("-created_at", "-pk")[:SHOWN_RUNS]
    context = {"runs": [(run, version_title(run.target)) for run in rows]}
    return render(request, "opportunities/migrations.html", context)


@require_safe
def run(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a run: how far it is, and what became of each deal the reader may see."""
    return _page(request, _run(request, ref))


@require_safe
def progress(request: HttpRequest, ref: str) -> HttpResponse:
    """Say how far it is; when it has come to its end, the page is loaded anew."""
    found = _run(request, ref)
    context = {"run": found, "counts": counts_of(found, actor_of(request))}
    response = render(request, "opportunities/_migration_progress.html", context)
    if not found.is_busy:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def revert(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a run back."""
    found = _run(request, ref)
    try:
        revert_migration(run=found, actor=actor_of(request), now=timezone.now())
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        return _page(request, found, refusal=refusal, status=refusal.status)
    return done(request, to=reverse("opportunities:migration", args=[found.ref]), toast=_("It is being taken back"))


def _run(request: HttpRequest, ref: str) -> MigrationRun:
    policy.require(actor_of(request), "opportunities.view")
    return found_or_404(runs_seen_by(actor_of(request)).filter(ref=ref).first())


def _page(
    request: HttpRequest, found: MigrationRun, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows = deals_of_runs(actor).filter(run=found).select_related("opportunity__owner", "before")
    page = Paginator(rows.order_by("reason", "opportunity__name", "pk"), PAGE_ROWS).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "run": found,
        "title": version_title(found.target),
        "counts": counts_of(found, actor),
        "page": page,
        "lines": [_line(row, found) for row in page],
        "may_migrate": policy.allows(actor, VERB),
        "reversible": found.reversible(now) and may_revert(found, actor),
        "refusal": refusal,
    }
    return render(request, "opportunities/migration.html", context, status=status)


def _line(row: MigratedDeal, found: MigrationRun) -> Line:
    if row.before_id is None:
        return Line(row, None, None, [], [])
    return Line(
        row=row,
        before=standing(row.place_before, row.before_id),
        after=standing(row.place_after, found.target_id),
        lost=named_items(row.lost, row.before_id),
        gained=named_items(row.gained, found.target_id),
    )
