"""The daily look at registrations with manufacturers and their letters: who is told before one ends, what has ended."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from duobiao.customers.actions.last_days import end_after, farthest_warning, note_warning, tell_of_last_day
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.lock import lock
from duobiao.prospecting.actions.keep_letters import letter_url, letter_words
from duobiao.prospecting.actions.register_upstream import upstream_url, upstream_words
from duobiao.prospecting.models import Letter, Upstream, UpstreamMove, UpstreamState
from duobiao.prospecting.work_events import LetterNear, UpstreamExpired, UpstreamNear
from duobiao.timeline.actions.record import record

BATCH = 2000


def watch_manufacturers(*, on: date, now: datetime) -> tuple[int, int]:
    """Tell of protections and letters that end soon, end protections past their last day; return how many of each.

    Deals that are closed are left alone.
    """
    farthest = farthest_warning(on)
    granted = Upstream.objects.filter(state=UpstreamState.GRANTED, protected_until__lte=farthest)
    granted = granted.filter(opportunity__outcome="OPEN").select_related("opportunity", "manufacturer")
    letters = Letter.objects.filter(ended_at__isnull=True, valid_until__range=(on, farthest))
    warned = ended = 0
    for row in granted.order_by("protected_until", "pk")[:BATCH]:
        look: Callable[..., bool] = _end if row.protected_until is not None and row.protected_until < on else _warn
        done = look(row, on=on, now=now)
        ended += done and look is _end
        warned += done and look is _warn
    for letter in letters.order_by("valid_until", "pk")[:BATCH]:
        warned += _warn_of_letter(letter, on=on, now=now)
    return warned, ended


@transaction.atomic
def _warn(row: Upstream, *, on: date, now: datetime) -> bool:
    held = _locked(row)
    if held.state != UpstreamState.GRANTED or not note_warning(held, held.protected_until, on=on):
        return False
    _tell(held, UpstreamNear.name, now=now)
    return True


@transaction.atomic
def _end(row: Upstream, *, on: date, now: datetime) -> bool:
    held = _locked(row)
    granted = held.state == UpstreamState.GRANTED
    if not granted or not end_after(held, held.protected_until, UpstreamState.EXPIRED, on=on):
        return False
    UpstreamMove.objects.create(upstream=held, state=held.state, happened_on=held.since_on, noted_at=now)
    event = UpstreamExpired(subject=Ref.of(held), chain=held.opportunity.ref, data=upstream_words(held))
    record(event, actor=None, at=now)
    _tell(held, UpstreamExpired.name, now=now)
    return True


@transaction.atomic
def _warn_of_letter(letter: Letter, *, on: date, now: datetime) -> bool:
    rows = Letter.objects.select_for_update(of=("self",)).filter(pk=letter.pk, ended_at__isnull=True)
    held = rows.select_related("manufacturer", "opportunity__owner", "responsible").first()
    if held is None or not note_warning(held, held.valid_until, on=on):
        return False
    people = [held.responsible, *([held.opportunity.owner] if held.opportunity is not None else [])]
    tell_of_last_day(people, LetterNear.name, url=letter_url(held.ref), data=letter_words(held), now=now)
    return True


def _locked(row: Upstream) -> Upstream:
    deal = lock(row.opportunity)
    held = Upstream.objects.select_related("manufacturer", "responsible").get(pk=row.pk)
    held.opportunity = deal
    return held


def _tell(row: Upstream, event: str, *, now: datetime) -> None:
    people = (row.opportunity.owner, row.responsible)
    tell_of_last_day(people, event, url=upstream_url(row.ref), data=upstream_words(row), now=now)
