"""File an authorisation letter of a manufacturer, change it, note that it no longer counts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import json_changes, set_values, stale
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.actions.register_upstream import (
    EARLIEST,
    LATEST,
    LONGEST_NOTE,
    VERB,
    manufacturer_named,
    sees_deal,
)
from duobiao.prospecting.models import Letter
from duobiao.prospecting.work_events import LetterChanged, LetterEnded, LetterFiled
from duobiao.timeline.actions.record import record

LETTER_FIELDS: Final = ("number", "covers", "valid_from", "valid_until", "responsible", "remarks")


class LetterIsOver(Conflict):
    """The letter was noted to count no longer, and stays as it was."""

    code = "letter_over"


@transaction.atomic
def file_letter(
    *,
    manufacturer: str,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
    deal: Opportunity | None = None,
) -> Letter:
    """File a letter, for one deal or a general one.

    Args:
        values: By field name, see ``LETTER_FIELDS``; the actor sees to it by default.

    Raises:
        NotAllowed: the actor may not register this deal, or deals at all.
        Invalid: a value cannot be accepted.
    """
    require(actor, VERB, deal)
    maker = manufacturer_named(manufacturer, now=now)
    row = Letter(manufacturer=maker, opportunity=deal, responsible=actor, created_at=now, created_by=actor)
    _set(row, {"covers": "", "valid_from": None, "valid_until": None, **values})
    row.save(force_insert=True)
    _record(LetterFiled, row, actor=actor, now=now)
    return row


@transaction.atomic
def edit_letter(*, letter: Letter, version: int, values: Mapping[str, Any], actor: User, now: datetime) -> Letter:
    """Change a letter.

    Raises:
        NotAllowed: it belongs to somebody beyond the actor's reach.
        StaleVersion: somebody changed it since.
        LetterIsOver: it no longer counts.
        Invalid: a value cannot be accepted.
    """
    held = _held(letter, version, values, actor)
    changes = _set(held, values)
    if not changes:
        return held
    if "valid_until" in changes:
        held.warned_days = None
    held.version += 1
    held.save()
    _record(LetterChanged, held, actor=actor, now=now, changes=json_changes(changes))
    return held


@transaction.atomic
def end_letter(*, letter: Letter, version: int, why: str, actor: User, now: datetime) -> Letter:
    """Note that a letter counts no longer before its last day: revoked, replaced.

    Raises:
        NotAllowed: it belongs to somebody beyond the actor's reach.
        StaleVersion: somebody changed it since.
        LetterIsOver: that was noted before.
        Invalid: the reason is missing or too long.
    """
    held = _held(letter, version, {}, actor)
    reason = why.replace("\x00", "").strip()
    if not 1 <= len(reason) <= LONGEST_NOTE:
        message = _("Say why, in at most %(n)d characters.") % {"n": LONGEST_NOTE}
        raise Invalid(message, fields={"reason": message})
    held.ended_at, held.ended_by, held.ended_why = now, actor, reason
    held.version += 1
    held.save(update_fields=["ended_at", "ended_by", "ended_why", "version"])
    _record(LetterEnded, held, actor=actor, now=now, note=reason)
    return held


def letter_url(ref: str) -> str:
    """Return the page of a letter."""
    return f"/authorisation-letters/{ref}/"


def letter_words(row: Letter) -> dict[str, Any]:
    """Return what events of a letter keep."""
    deal = row.opportunity.name if row.opportunity is not None else ""
    names = {"manufacturer": row.manufacturer.name, "deal": deal, "covers": row.covers, "ref": row.ref}
    return {**names, "until": row.valid_until.isoformat()}


def letter_chain(row: Letter) -> str:
    """Return the audit chain of a letter: that of its deal, where there is one."""
    return row.opportunity.ref if row.opportunity is not None else row.ref


def _held(letter: Letter, version: int, values: Mapping[str, Any], actor: User) -> Letter:
    rows = Letter.objects.select_for_update(of=("self",))
    held = rows.select_related("manufacturer", "opportunity__owner", "responsible").get(pk=letter.pk)
    require(actor, VERB, held)
    if held.version != version:
        names = [name for name in values if name in LETTER_FIELDS]
        raise stale({name: getattr(held, name) for name in names}, version=held.version)
    if held.ended_at is not None:
        raise LetterIsOver(_("This letter counts no longer; it stays as it was. File the new one."))
    return held


def _set(row: Letter, values: Mapping[str, Any]) -> Any:
    days = {name: values[name] for name in ("valid_from", "valid_until") if name in values}
    faults: dict[str, object] = {
        name: _("Give the day.")
        for name, value in days.items()
        if not isinstance(value, date) or not EARLIEST <= value <= LATEST
    }
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    changes = set_values(row, values, allowed=LETTER_FIELDS)
    if not row.covers:
        faults["covers"] = _("Say what the letter covers.")
    if row.valid_until < row.valid_from:
        faults["valid_until"] = _("The last day lies before the first day.")
    if "responsible" in values and not _may_see_to_it(row):
        faults["responsible"] = _("Choose somebody who works here and sees this project.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return changes


def _may_see_to_it(row: Letter) -> bool:
    if row.opportunity is not None:
        return sees_deal(row.responsible, row.opportunity)
    return isinstance(row.responsible, User) and row.responsible.is_active


def _record(event: Any, row: Letter, *, actor: User, now: datetime, **more: Any) -> None:
    data = letter_words(row) | {name: value for name, value in more.items() if value}
    record(event(subject=Ref.of(row), chain=letter_chain(row), data=data), actor=actor, at=now)
