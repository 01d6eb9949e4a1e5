"""The timeline of a deal: a stage change stands in one row with the evidence that caused it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.opportunities import events
from duobiao.opportunities.domain.links import proof_url
from duobiao.opportunities.events.migration import PlaybookMoved
from duobiao.opportunities.models import Grade
from duobiao.playbooks.domain.compile import Compiled
from duobiao.playbooks.queries import text_of
from duobiao.timeline.queries import TimelineRow, entries_for
from duobiao.workbench.queries.deal_history import ran_out

FILTERS = ("", "buyer", "stage", "evidence")
EVIDENCE = (events.ProofConfirmed.name, events.ProofRetracted.name, events.ProofVerified.name)
WAIVERS = (events.WaiverAsked.name, events.WaiverDecided.name)
STAGE = (
    events.StageChanged.name,
    PlaybookMoved.name,
    events.WaiverDecided.name,
    events.OpportunityClosed.name,
    events.OpportunityReopened.name,
)
LOOKED_AT = 4
"""What a row is about is told by its detail, so that more rows are read than shown."""
RECORDS = ("call:", "visit:", "confirmation:")
"""Records that stand in the timeline themselves; what they prove is counted in their own row."""


@dataclass(frozen=True, slots=True)
class DealEntry:
    """One row of a deal's timeline."""

    at: datetime
    sequence: int
    title: str
    detail: str
    icon: str
    tone: str
    url: str = ""


def deal_entries(
    ref: str, compiled: Compiled, *, only: str = "", limit: int = 8, before: tuple[datetime, int] | None = None
) -> tuple[list[DealEntry], tuple[datetime, int] | None]:
    """Return the newest rows of a deal and where the next page begins; two queries.

    Args:
        only: ``buyer``, ``stage``, ``evidence`` or "" for all.
        before: Where the page before ended.
    """
    kinds = {"evidence": EVIDENCE, "stage": STAGE, "buyer": (*EVIDENCE, events.StageChanged.name)}.get(only)
    read = (limit + 1) * LOOKED_AT
    rows = found = entries_for(chain=ref, kinds=kinds, before=before, limit=read)
    if only == "buyer":
        rows = [row for row in rows if _is_buyers(row, compiled)]
    elif only == "stage":
        rows = [row for row in rows if row.event != events.StageChanged.name or _moved_us(row)]
    shown = _joined(rows, compiled, apart=only == "evidence", alone=bool(only))
    if len(shown) > limit:
        return shown[:limit], (shown[limit - 1].at, shown[limit - 1].sequence)
    return shown, (found[-1].at, found[-1].sequence) if len(found) == read else None


def _joined(rows: Sequence[TimelineRow], compiled: Compiled, *, apart: bool, alone: bool) -> list[DealEntry]:
    """Fold evidence into the stage change it caused, and into the call or visit that supplied it.

    Args:
        apart: Leave evidence of a stage change in a row of its own; ``alone`` that of calls and visits.
    """
    caused = {
        row.data.get("cause_ref"): row for row in rows if row.event == events.StageChanged.name and not row.erased
    }
    found, done = [], set()
    for row in rows:
        if row.event == events.ProofConfirmed.name:
            supplied = str(row.data.get("source", "")).startswith(RECORDS)
            if (not apart and row.subject.ref in caused) or (supplied and not alone):
                continue
        if row.event == events.StageChanged.name and not apart and not row.erased:
            proof = next((r for r in rows if r.event in EVIDENCE and r.subject.ref == row.data.get("cause_ref")), None)
            if proof is not None and row.data.get("cause") == proof.event and row.sequence not in done:
                done.add(row.sequence)
                found.append(_moved(row, proof, compiled))
                continue
        found.append(_plain(row, compiled))
    return found


def _title(row: TimelineRow, compiled: Compiled) -> str:
    """Name the item of a waiver by its title instead of its key."""
    key = row.data.get("item")
    if row.event not in WAIVERS or key not in compiled.by_key:
        return row.title
    named = _("“%(item)s”") % {"item": text_of(compiled.by_key[key].item.title, get_language())}
    return row.title.replace(key, named, 1)


def _plain(row: TimelineRow, compiled: Compiled) -> DealEntry:
    about_proof = row.event in EVIDENCE and row.subject.kind == "proof"
    buyers = about_proof and row.data.get("key") in compiled.marks
    grade = _grade(row.data) if row.event == events.ProofConfirmed.name else ""
    parts = [_lost(row, compiled), row.detail, grade, row.actor]
    return DealEntry(
        at=row.at,
        sequence=row.sequence,
        title=_title(row, compiled),
        detail=" · ".join(part for part in parts if part),
        icon="speakerphone" if buyers and row.event == events.ProofConfirmed.name else row.icon,
        tone="b" if buyers and row.tone == "ok" else {"ours": "o", "plain": ""}.get(row.tone, row.tone),
        url=proof_url(row.subject.ref) if about_proof else "",
    )


def _lost(row: TimelineRow, compiled: Compiled) -> str:
    """Name what ran out where only time moved the deal."""
    keys = [key for key in row.data.get("lost", ()) if key in compiled.by_key]
    return ran_out([text_of(compiled.by_key[key].item.title, get_language()) for key in keys]) if keys else ""


def _moved(change: TimelineRow, proof: TimelineRow, compiled: Compiled) -> DealEntry:
    evidence = _plain(proof, compiled)
    ours = _moved_us(change)
    words = _("%(moved)s: %(evidence)s") % {"moved": change.title, "evidence": evidence.title}
    parts = [proof.detail, change.detail if ours else "", proof.actor]
    return DealEntry(
        at=change.at,
        sequence=change.sequence,
        title=words,
        detail=" · ".join(part for part in parts if part),
        icon="stairs" if ours else "speakerphone",
        tone="o" if ours else "b",
        url=evidence.url,
    )


def _moved_us(row: TimelineRow) -> bool:
    before, after = row.data.get("before", {}), row.data.get("after", {})
    return any(before.get(name) != after.get(name) for name in ("stage", "completed", "rate"))


def _is_buyers(row: TimelineRow, compiled: Compiled) -> bool:
    if row.event == events.StageChanged.name:
        before, after = row.data.get("before", {}), row.data.get("after", {})
        return bool(before.get("buyer") != after.get("buyer"))
    return row.data.get("key") in compiled.marks or row.data.get("key") in compiled.resets


def _grade(data: dict[str, Any]) -> str:
    grade = data.get("grade")
    return str(Grade(grade).label) if grade in Grade.values else ""
