"""Moving deals between playbook versions: look first, let a worker do it, take it back within a day."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from duobiao.identity.api_support import PageOut, PageQuery, StrictSchema, page_of
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.opportunities.actions.migrate_deals import LONGEST_REASON, MOST_DEALS, migrate_deals, require_movable
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.actions.revert_migration import revert_migration
from duobiao.opportunities.models import MigratedDeal, MigrationRun, Opportunity
from duobiao.opportunities.queries.migration import Foreseen, foresee, totals_of
from duobiao.opportunities.queries.migrations import VERB, Counts, counts_of, counts_of_all, deals_of_runs, runs_seen_by
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import get_version

router = Router()


class ChosenDealIn(StrictSchema):
    """A deal to move."""

    ref: str = Field(max_length=40)
    version: int | None = Field(
        None, ge=1, le=2**31 - 1, description="The deal's `version` you saw; a deal changed since is left out."
    )


class MigrationIn(StrictSchema):
    """Deals, and the playbook version they move to."""

    deals: list[ChosenDealIn] = Field(min_length=1, max_length=MOST_DEALS)
    playbook: str = Field(max_length=60)
    playbook_version: int | None = Field(None, ge=1, le=2**31 - 1, description="Without it the newest.")
    reason: str = Field("", max_length=LONGEST_REASON)


class PlaceOut(Schema):
    """Where a deal stands."""

    stage_number: int
    state: str
    completed_stage: int
    rate_percent: int
    buyer_stage_number: int

    @classmethod
    def of(cls, place: dict[str, Any]) -> "PlaceOut":
        """Build from a place as runs keep it."""
        return cls(
            stage_number=place["stage"],
            state=place["state"],
            completed_stage=place["completed"],
            rate_percent=place["rate"],
            buyer_stage_number=place["buyer"],
        )


class ForeseenOut(Schema):
    """What would become of a deal. left_out: CLOSED, STALE or SAME, else null. Items by key."""

    ref: str
    left_out: str | None
    before: PlaceOut
    after: PlaceOut
    expected_stage: int = Field(description="Stage that goes with the buyer's stage of the present one.")
    items_lost: list[str]
    items_gained: list[str]
    waivers_lost: list[str]


class MigrationPreviewOut(Schema):
    """What would become of all deals; nothing was written."""

    playbook: str
    moved: int
    left_out: int
    rate_up: int
    rate_down: int
    weighted_minor_before: int
    weighted_minor_after: int
    deals: list[ForeseenOut]


class MigrationOut(Schema):
    """A run, with the deals of it that you may see. state: QUEUED, RUNNING, DONE, REVERTING or REVERTED."""

    ref: str
    playbook: str
    reason: str
    state: str
    total: int
    waiting: int
    moved: int
    left_out: int
    returned: int
    kept: int
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    reversible_until: datetime | None
    reverted_by: str | None
    reverted_at: datetime | None

    @classmethod
    def of(cls, run: MigrationRun, counts: Counts) -> "MigrationOut":
        """Build from a run with target and people loaded, and the counts of its deals."""
        return cls(
            ref=run.ref,
            playbook=run.target.ref,
            reason=run.reason,
            state=run.state,
            total=counts.total,
            waiting=counts.waiting,
            moved=counts.moved,
            left_out=counts.left_out,
            returned=counts.returned,
            kept=counts.kept,
            created_at=run.created_at,
            created_by=run.actor.ref,
            finished_at=run.finished_at,
            reversible_until=run.reversible_until,
            reverted_by=run.reverted_by.ref if run.reverted_by else None,
            reverted_at=run.reverted_at,
        )


class MigratedDealOut(Schema):
    """A deal of a run. state: WAITING, MOVED, LEFT_OUT, RETURNED or KEPT; reason: why not, else null."""

    ref: str
    state: str
    reason: str | None
    from_playbook: str | None
    before: PlaceOut | None
    after: PlaceOut | None
    items_lost: list[str]
    items_gained: list[str]
    waivers_lost: list[str]

    @classmethod
    def of(cls, row: MigratedDeal) -> "MigratedDealOut":
        """Build from a row with its deal and version loaded."""
        return cls(
            ref=row.opportunity.ref,
            state=row.state,
            reason=row.reason or None,
            from_playbook=row.before.ref if row.before else None,
            before=PlaceOut.of(row.place_before) if row.place_before else None,
            after=PlaceOut.of(row.place_after) if row.place_after else None,
            items_lost=row.lost,
            items_gained=row.gained,
            waivers_lost=row.waivers_lost,
        )


def _target(payload: MigrationIn) -> PlaybookVersion:
    found = get_version(payload.playbook, payload.playbook_version)
    if found is None:
        field = "playbook" if payload.playbook_version is None else "playbook_version"
        raise Invalid(_("There is no such playbook version."), fields={field: _("not found")})
    return found


def _chosen(request: HttpRequest, payload: MigrationIn) -> list[tuple[Opportunity, int]]:
    """Return the deals, each with the version that was seen, in their order.

    Raises:
        Invalid: a deal is not there, or the person may not see it.
    """
    seen = {row.ref: row.version for row in payload.deals}
    rows = Opportunity.objects.visible_to(actor_of(request)).filter(ref__in=list(seen))
    found = {deal.ref: deal for deal in rows.select_related("playbook")}
    if missing := [ref for ref in seen if ref not in found]:
        message = _("There is no such deal: %(refs)s") % {"refs": ", ".join(missing[:5])}
        raise Invalid(message, fields={"deals": message})
    return [(found[ref], version or found[ref].version) for ref, version in seen.items()]


def _run(request: HttpRequest, ref: str) -> MigrationRun:
    actor = actor_of(request)
    require(actor, "opportunities.view")
    run = runs_seen_by(actor).filter(ref=ref).first()
    if run is None:
        raise NotFound(_("There is no such record."))
    return run


@router.post(
    "/migrations/preview",
    response=MigrationPreviewOut,
    operation_id="preview_migration",
    summary="Look at a migration",
)
def post_preview(request: HttpRequest, payload: MigrationIn) -> MigrationPreviewOut:
    """Judge deals by another playbook version, with the evidence they have today; nothing is written."""
    require(actor_of(request), VERB)
    target, chosen = _target(payload), _chosen(request, payload)
    require_movable([deal for deal, _seen in chosen], actor_of(request))
    rows = foresee(chosen, target, today=company_day(timezone.now()))
    totals = totals_of(rows, currency=company_of(request).currency)
    return MigrationPreviewOut(
        playbook=target.ref,
        moved=totals.moved,
        left_out=totals.chosen - totals.moved,
        rate_up=totals.up,
        rate_down=totals.down,
        weighted_minor_before=totals.weighted_before,
        weighted_minor_after=totals.weighted_after,
        deals=[_foreseen(row) for row in rows],
    )


def _foreseen(row: Foreseen) -> ForeseenOut:
    return ForeseenOut(
        ref=row.deal.ref,
        left_out=row.reason or None,
        before=PlaceOut.of(row.before),
        after=PlaceOut.of(row.after),
        expected_stage=row.expected,
        items_lost=list(row.lost),
        items_gained=list(row.gained),
        waivers_lost=list(row.waivers_lost),
    )


@router.post(
    "/migrations", response={202: MigrationOut}, operation_id="migrate_deals", summary="Move deals to a playbook"
)
def post_migration(request: HttpRequest, payload: MigrationIn) -> Status[MigrationOut]:
    """Queue the move; a worker carries it out. Deals that cannot move are left out, each with its reason."""
    actor = actor_of(request)
    require(actor, VERB)
    run = migrate_deals(
        chosen=_chosen(request, payload),
        target=_target(payload),
        reason=payload.reason,
        actor=actor,
        now=timezone.now(),
    )
    return Status(202, MigrationOut.of(run, counts_of(run, actor)))


@router.get("/migrations", response=PageOut[MigrationOut], operation_id="list_migrations", summary="List migrations")
def list_migrations(request: HttpRequest, query: Query[PageQuery]) -> PageOut[MigrationOut]:
    """List the runs you may see, newest first."""
    actor = actor_of(request)
    require(actor, VERB)
    page = page_of(runs_seen_by(actor), page=query, sort="-created_at")
    counts = counts_of_all(page.items, actor)
    return PageOut(items=[MigrationOut.of(run, counts[run.pk]) for run in page.items], next=page.next)


@router.get("/migrations/{ref}", response=MigrationOut, operation_id="get_migration", summary="Read a migration")
def get_migration(request: HttpRequest, ref: str) -> MigrationOut:
    """Read how far a run is."""
    return MigrationOut.of(run := _run(request, ref), counts_of(run, actor_of(request)))


@router.get(
    "/migrations/{ref}/deals",
    response=PageOut[MigratedDealOut],
    operation_id="list_migrated_deals",
    summary="List the deals of a migration",
)
def list_migrated_deals(request: HttpRequest, ref: str, query: Query[PageQuery]) -> PageOut[MigratedDealOut]:
    """List what became of each deal of a run that you may see."""
    run = _run(request, ref)
    rows = deals_of_runs(actor_of(request)).filter(run=run).select_related("opportunity", "before")
    page = page_of(rows, page=query)
    return PageOut(items=[MigratedDealOut.of(row) for row in page.items], next=page.next)


@router.post(
    "/migrations/{ref}/revert",
    response={202: MigrationOut},
    operation_id="revert_migration",
    summary="Take a migration back",
)
def post_revert(request: HttpRequest, ref: str) -> Status[MigrationOut]:
    """Put every deal back that was not moved or closed since; possible within a day."""
    actor = actor_of(request)
    run = revert_migration(run=_run(request, ref), actor=actor, now=timezone.now())
    return Status(202, MigrationOut.of(run, counts_of(run, actor)))
