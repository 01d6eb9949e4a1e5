"""Put locked deals on another playbook version, all of them at once: judgement, history, audit and signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Max

from duobiao.identity.models import User
from duobiao.kernel.events import Event
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.judge_signals import judge_held
from duobiao.opportunities.actions.reassess import snapshot
from duobiao.opportunities.actions.recompute_all import write_judged
from duobiao.opportunities.events import StageChanged
from duobiao.opportunities.events.migration import PlaybookMoved
from duobiao.opportunities.models import MigrationRun, Opportunity, PlaybookChange, StageChange
from duobiao.opportunities.queries.migration import exchanged
from duobiao.opportunities.queries.recompute import STORED, judge_under
from duobiao.playbooks.domain.correspond import same_stages, stage_through_buyer
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import compiled_playbook
from duobiao.timeline.actions.record import record_many


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one deal; the places are those of ``reassess.snapshot``."""

    deal: Opportunity
    before: PlaybookVersion
    place_before: dict[str, int | str]
    place_after: dict[str, int | str]
    claimed_before: int | None
    lost: tuple[str, ...]
    gained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """Who moves deals where, when, and in which run.

    Attributes:
        on: The company's day.
        reverses: It takes back what the run had done.
        claimed: Claimed stages to restore, by the deal's key; others are carried over through the buyer's stages.
    """

    target: PlaybookVersion
    run: MigrationRun
    actor: User
    now: datetime
    on: date
    reverses: bool
    claimed: dict[int, int | None]


def move_playbooks(deals: Sequence[Opportunity], move: Move) -> list[Moved]:
    """Move open deals, each on another version than the target; the number of queries does not depend on how many.

    The caller holds their locks, is inside a transaction, and has judged those whose ``reassess_on`` has come.
    """
    judged = judge_under(move.target.pk, [deal.pk for deal in deals], today=move.on)
    moved = [_moved(deal, dict(zip(STORED, judged[deal.pk], strict=True)), move) for deal in deals]
    _store(moved, judged, move)
    _renumber(moved, move)
    _keep_history(moved, move)
    record_many([event for row in moved for event in _events(row, move)], actor=move.actor, at=move.now)
    judge_held(deals, actor=move.actor, now=move.now, on=move.on)
    return moved


def _moved(deal: Opportunity, columns: dict[str, Any], move: Move) -> Moved:
    """Bring the deal's own columns up to date, and keep what it was."""
    before, place, words, claimed = deal.playbook, snapshot(deal), deal.words, deal.claimed_stage
    for name, value in columns.items():
        setattr(deal, name, value)
    source, target = compiled_playbook(before.pk).playbook, compiled_playbook(move.target.pk).playbook
    if deal.pk in move.claimed:
        deal.claimed_stage = move.claimed[deal.pk]
    elif claimed is not None:
        deal.claimed_stage = stage_through_buyer(claimed, source, target)
    after = snapshot(deal)
    if (place["stage"], place["state"]) != (after["stage"], after["state"]) or not same_stages(source, target):
        deal.stage_since = move.on
    deal.playbook, deal.playbook_since = move.target, move.on
    deal.version += 1
    return Moved(deal, before, place, after, claimed, *exchanged(before.pk, words, move.target.pk, deal.words))


def _store(moved: Sequence[Moved], judged: dict[int, list[Any]], move: Move) -> None:
    write_judged(list(judged.items()))
    rows = Opportunity.objects.filter(pk__in=[row.deal.pk for row in moved])
    rows.update(playbook=move.target, playbook_since=move.on, version=F("version") + 1)
    since = [row.deal.pk for row in moved if row.deal.stage_since == move.on]
    rows.filter(pk__in=since).update(stage_since=move.on)
    for stage in {row.deal.claimed_stage for row in moved if row.deal.claimed_stage != row.claimed_before}:
        changed = [row.deal.pk for row in moved if row.deal.claimed_stage == stage != row.claimed_before]
        rows.filter(pk__in=changed).update(claimed_stage=stage)


def _renumber(moved: Sequence[Moved], move: Move) -> None:
    """Mark the changes that other stages counted, and take the mark off those that the target's stages counted."""
    target = compiled_playbook(move.target.pk).playbook
    left = {row.before.pk for row in moved}
    for version_id in sorted(left):
        if same_stages(compiled_playbook(version_id).playbook, target):
            continue
        keys = [row.deal.pk for row in moved if row.before.pk == version_id]
        StageChange.objects.filter(opportunity_id__in=keys, playbook__isnull=True).update(playbook_id=version_id)
    marked = StageChange.objects.filter(
        opportunity_id__in=[row.deal.pk for row in moved], playbook__isnull=False
    ).exclude(cause=PlaybookMoved.name)
    known = marked.order_by().values_list("playbook_id", flat=True).distinct()
    alike = [pk for pk in known if pk is not None and same_stages(compiled_playbook(pk).playbook, target)]
    if alike:
        marked.filter(playbook_id__in=alike).update(playbook=None)


def _keep_history(moved: Sequence[Moved], move: Move) -> None:
    keys = [row.deal.pk for row in moved]
    changes = StageChange.objects.filter(opportunity_id__in=keys).order_by().values_list("opportunity_id")
    last = dict(changes.annotate(Max("sequence")))
    StageChange.objects.bulk_create(
        [
            StageChange(
                opportunity=row.deal,
                sequence=last.get(row.deal.pk, 0) + 1,
                at=move.now,
                on=move.on,
                cause=PlaybookMoved.name,
                cause_ref=move.run.ref,
                cause_text=_words(row, move),
                actor=move.actor,
                playbook=row.before,
                **{f"{name}_before": value for name, value in row.place_before.items()},
                **{f"{name}_after": value for name, value in row.place_after.items()},
            )
            for row in moved
            if row.place_before != row.place_after
        ],
        batch_size=500,
    )
    past = PlaybookChange.objects.filter(opportunity_id__in=keys).order_by().values_list("opportunity_id")
    numbers = dict(past.annotate(Max("sequence")))
    PlaybookChange.objects.bulk_create(
        [
            PlaybookChange(
                opportunity=row.deal,
                sequence=numbers.get(row.deal.pk, 0) + 1,
                at=move.now,
                on=move.on,
                before=row.before,
                after=move.target,
                run=move.run,
                reverses=move.reverses,
            )
            for row in moved
        ],
        batch_size=500,
    )


def _events(row: Moved, move: Move) -> list[Event]:
    subject, words = Ref.of(row.deal), _words(row, move)
    moved = PlaybookMoved(
        subject=subject, data={**words, "run": move.run.ref, "lost": list(row.lost), "gained": list(row.gained)}
    )
    if row.place_before == row.place_after:
        return [moved]
    places = {"before": row.place_before, "after": row.place_after}
    return [
        moved,
        StageChanged(subject=subject, data={**places, "cause": PlaybookMoved.name, "cause_ref": move.run.ref}),
    ]


def _words(row: Moved, move: Move) -> dict[str, Any]:
    return {
        "before": version_data(row.before),
        "after": version_data(move.target),
        "reverses": move.reverses,
        "reason": "" if move.reverses else move.run.reason,
    }


def version_data(version: PlaybookVersion) -> dict[str, Any]:
    """Return a version as events keep it."""
    title = compiled_playbook(version.pk).playbook.title
    return {"playbook": version.key, "version": version.version, "title": dict(title)}
