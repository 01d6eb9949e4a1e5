"""How a deal got where it is: every change of place with its cause, of amount and day, every waiver."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.events import EVENT_TYPES
from duobiao.opportunities.actions.reassess import DAY_PASSED
from duobiao.opportunities.events import ProofConfirmed, ProofRetracted, WaiverDecided, evidence_title
from duobiao.opportunities.events.migration import PlaybookMoved
from duobiao.opportunities.models import FieldChange, Opportunity, StageChange
from duobiao.opportunities.queries.ledger import WaiverRow, ledgers
from duobiao.playbooks.domain.model import Text
from duobiao.playbooks.queries import compiled_playbook, text_of
from duobiao.web.formats import money

FIELDS = {
    "name": gettext_lazy("Project name"),
    "amount_minor": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "expected_close_on": gettext_lazy("Expected signature"),
    "bid_deadline_at": gettext_lazy("Bid deadline"),
    "owner": gettext_lazy("Owner"),
    "product": gettext_lazy("Product"),
    "source": gettext_lazy("Source"),
    "description": gettext_lazy("Description"),
}
LONGEST_SHOWN = 60
WIDTH, HEIGHT, EDGE = 560, 120, 14


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One change of place in words."""

    at: datetime
    moved: str
    rates: str
    cause: str
    cause_url: str
    actor: str
    backward: bool
    buyer_only: bool


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One change of a plain field."""

    at: datetime
    field: str
    before: str
    after: str
    actor: str


@dataclass(frozen=True, slots=True)
class Point:
    """A corner of the amount's line, in units of the picture."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """A waiver of the deal with its state."""

    ref: str
    item: str
    title: str
    reason: str
    asked_by: str
    approver: str
    expires_on: date
    state: str
    running: bool
    pending: bool


@dataclass(frozen=True, slots=True)
class AmountLine:
    """The amount over time as a stepped line."""

    points: tuple[Point, ...]
    path: str
    width: int = WIDTH
    height: int = HEIGHT


def place_rows(opportunity: Opportunity) -> list[PlaceRow]:
    """Return the changes of place, newest first; one query."""
    rows = StageChange.objects.filter(opportunity=opportunity).select_related("actor").order_by("-sequence")
    return [_place(row, _items(row.playbook_id or opportunity.playbook_id)) for row in rows]


@lru_cache(maxsize=64)
def _items(version_id: int) -> dict[str, Text]:
    return {item.key: item.title for item in compiled_playbook(version_id).playbook.items}


def _place(row: StageChange, items: dict[str, Text]) -> PlaceRow:
    ours = (row.stage_before, row.completed_before) != (row.stage_after, row.completed_after)
    return PlaceRow(
        at=row.at,
        moved=_moved(row, ours=ours),
        rates=f"{row.rate_before}% → {row.rate_after}%" if row.rate_before != row.rate_after else "",
        cause=cause_words(row.cause, row.cause_text, items),
        cause_url=f"/proofs/{row.cause_ref}/" if row.cause == ProofConfirmed.name else "",
        actor=str(row.actor) if row.actor is not None else "",
        backward=row.is_backward or (not ours and (row.buyer_after < row.buyer_before or _lost_rate_only(row))),
        buyer_only=not ours and row.buyer_before != row.buyer_after,
    )


def _lost_rate_only(row: StageChange) -> bool:
    return row.buyer_after == row.buyer_before and row.rate_after < row.rate_before


def _moved(row: StageChange, *, ours: bool) -> str:
    if not ours:
        if row.buyer_before != row.buyer_after:
            return _("buyer %(before)d → %(after)d") % {"before": row.buyer_before, "after": row.buyer_after}
        return _("success rate")
    before, after = _standing(row.stage_before, row.completed_before), _standing(row.stage_after, row.completed_after)
    return f"{before} → {after}"


def _standing(stage: int, completed: int) -> str:
    if stage == 0:
        return _("before stage 1")
    if completed == stage:
        return _("stage %(n)d completed") % {"n": stage}
    return _("in stage %(n)d") % {"n": stage}


def cause_words(cause: str, text: dict[str, Any], items: dict[str, Text]) -> str:
    """Say what caused a change."""
    if cause == DAY_PASSED:
        return ran_out([text_of(items[key], get_language()) for key in text.get("lost", ()) if key in items])
    if cause == ProofConfirmed.name:
        return recorded(evidence_title(text.get("key", "")), text.get("others", 0))
    if cause == ProofRetracted.name:
        words = _("retracted: %(evidence)s (%(reason)s)")
        return words % {"evidence": evidence_title(text.get("key", "")), "reason": text.get("reason", "")}
    if cause == WaiverDecided.name:
        key = text.get("item", "")
        return _("waiver: %(item)s") % {"item": text_of(items[key], get_language()) if key in items else key}
    if cause == PlaybookMoved.name:
        return PlaybookMoved.describe(text)[0]
    kind = EVENT_TYPES.get(cause)
    return str(kind.title) if kind is not None else cause


def recorded(title: str, others: int) -> str:
    """Name what was recorded; the first stands for several."""
    if not others:
        return _("recorded: %(evidence)s") % {"evidence": title}
    words = ngettext("recorded: %(evidence)s and %(num)d more", "recorded: %(evidence)s and %(num)d more", others)
    return words % {"evidence": title, "num": others}


def ran_out(titles: list[str]) -> str:
    """Name the items that time took away; the first stands for several."""
    if not titles:
        return _("time passed: evidence or a waiver ran out")
    if len(titles) == 1:
        return _("ran out: %(item)s") % {"item": titles[0]}
    others = len(titles) - 1
    words = ngettext("ran out: %(item)s and %(num)d more", "ran out: %(item)s and %(num)d more", others)
    return words % {"item": titles[0], "num": others}


def field_rows(opportunity: Opportunity) -> list[FieldRow]:
    """Return the changes of plain fields, newest first; two queries."""
    rows = list(FieldChange.objects.filter(opportunity=opportunity).select_related("actor").order_by("-at", "-pk"))
    refs = {value for row in rows if row.field == "owner" for value in (row.before, row.after)}
    names = dict(User.objects.filter(ref__in=refs).values_list("ref", "name")) if refs else {}
    return [
        FieldRow(
            at=row.at,
            field=str(FIELDS.get(row.field, row.field)),
            before=_value(row.field, row.before, opportunity.currency, names),
            after=_value(row.field, row.after, opportunity.currency, names),
            actor=str(row.actor) if row.actor is not None else "",
        )
        for row in rows
    ]


def _value(field: str, value: object, currency: str, names: dict[str, str]) -> str:
    if value in (None, ""):
        return "–"
    if field == "amount_minor" and isinstance(value, int):
        return money(value, currency)
    if field == "owner":
        return names.get(str(value), str(value))
    if field == "bid_deadline_at":
        return str(value)[:16].replace("T", " ")
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def amount_line(opportunity: Opportunity, now: datetime) -> AmountLine | None:
    """Draw how the amount changed; None where it never did. One query."""
    rows = FieldChange.objects.filter(opportunity=opportunity, field="amount_minor").order_by("at", "pk")
    changes = [(row.at, row.before, row.after) for row in rows]
    if not changes:
        return None
    steps = [(opportunity.created_at, changes[0][1] or 0), *((at, after or 0) for at, _before, after in changes)]
    return _drawn(steps, now, opportunity.currency)


def _drawn(steps: Sequence[tuple[datetime, int]], now: datetime, currency: str) -> AmountLine:
    first, last = steps[0][0], max(now, steps[-1][0])
    span = max((last - first).total_seconds(), 1)
    highest = max(1, *(value for _at, value in steps))

    def x(at: datetime) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (at - first).total_seconds() / span, 1)

    def y(value: int) -> float:
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / highest, 1)

    points = tuple(Point(x(at), y(value), money(value, currency)) for at, value in steps)
    path = f"M{points[0].x} {points[0].y}"
    for point in points[1:]:
        path += f" H{point.x} V{point.y}"
    return AmountLine(points, f"{path} H{x(last)}")


def waiver_lines(opportunity: Opportunity, on: date, language: str | None) -> list[WaiverLine]:
    """Return all waivers of a deal, newest first."""
    rows = reversed(ledgers([opportunity])[opportunity.pk].waivers)
    return [_waiver(row, text_of(_items(row.given_under)[row.given], language), on) for row in rows]


def _waiver(row: WaiverRow, title: str, on: date) -> WaiverLine:
    pending = row.approved_on is None and row.ended_on is None
    running = row.approved_on is not None and row.ended_on is None and row.expires_on >= on
    if pending:
        state = pgettext("waiver", "waits for a decision")
    elif running and not row.item:
        state = pgettext("waiver", "not asked for by this playbook")
    elif running:
        state = pgettext("waiver", "in force")
    elif row.approved_on is None:
        state = pgettext("waiver", "refused or taken back")
    elif row.ended_on is not None:
        state = pgettext("waiver", "ended early")
    else:
        state = pgettext("waiver", "ran out")
    return WaiverLine(
        row.ref,
        row.item or row.given,
        title,
        row.reason,
        row.asked_by,
        row.approver,
        row.expires_on,
        state,
        running,
        pending,
    )
