"""Note every night what stands at the top of each open deal's list, and what became of what was suggested."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from duobiao.identity.models import CompanySettings
from duobiao.kernel.days import local_day
from duobiao.opportunities.actions.decide_suggestion import row_values
from duobiao.opportunities.models import Opportunity, Proof, Suggestion, SuggestionKind
from duobiao.opportunities.queries.explain import explain_many
from duobiao.opportunities.queries.next_actions import NextAction, all_actions
from duobiao.opportunities.queries.surroundings import around_many

SHOWN = 3
BATCH = 200
SETTLED_BY_CLOSING = (SuggestionKind.CLOSE, SuggestionKind.GIVE_UP)
ANSWERED_BY_RECORDS = (SuggestionKind.RISK, SuggestionKind.ADVICE)
"""Kinds that leave the list because what they were about is no longer so."""
CHANGING = ("arrived_on", "after_days", "gone_on")


def note_suggestions(*, now: datetime) -> int:
    """Note the first three of every open deal; returns how many deals. Safe to repeat and to interrupt."""
    zone = CompanySettings.load().time_zone
    on = local_day(now, zone)
    live = Suggestion.objects.filter(arrived_on=None, gone_on=None).exclude(opportunity__outcome="OPEN")
    closed = list(Opportunity.objects.filter(pk__in=live.values("opportunity_id")).values_list("pk", flat=True))
    keys = [*closed, *Opportunity.objects.open().order_by("pk").values_list("pk", flat=True)]
    for start in range(0, len(keys), BATCH):
        _note(keys[start : start + BATCH], on, zone)
    return len(keys) - len(closed)


@transaction.atomic
def _note(keys: Sequence[int], on: date, zone: str) -> None:
    rows = Opportunity.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    deals = list(rows.select_related("owner", "customer"))
    arounds = around_many(deals)
    held: dict[int, list[Suggestion]] = defaultdict(list)
    for row in Suggestion.objects.filter(opportunity__in=keys, arrived_on=None, gone_on=None):
        held[row.opportunity_id].append(row)
    recorded = _recorded(held, zone)
    added: list[Suggestion] = []
    changed: list[Suggestion] = []
    for explained in explain_many(deals, on):
        deal = explained.opportunity
        actions = all_actions(explained, arounds[deal.pk])
        ended = list(_ended(held[deal.pk], actions, deal, recorded[deal.pk], on))
        changed += ended
        live = {row.key for row in held[deal.pk]} - {row.key for row in ended}
        shown = [action for action in actions if not action.hidden][:SHOWN]
        added += [
            Suggestion(opportunity=deal, key=action.key, **row_values(action, deal, on))
            for action in shown
            if action.key not in live
        ]
    Suggestion.objects.bulk_update(changed, CHANGING, batch_size=BATCH)
    Suggestion.objects.bulk_create(added, batch_size=BATCH)


def _recorded(held: dict[int, list[Suggestion]], zone: str) -> dict[int, list[tuple[str, date]]]:
    """Return what was recorded on deals with live suggestions: evidence key and day, the earliest first."""
    found: dict[int, list[tuple[str, date]]] = defaultdict(list)
    first = min((row.first_on for rows in held.values() for row in rows), default=None)
    if first is None:
        return found
    proofs = Proof.objects.filter(
        opportunity__in=list(held), retracted_on=None, recorded_at__date__gte=first - timedelta(days=1)
    )
    for pk, key, at in proofs.order_by("recorded_at", "pk").values_list("opportunity_id", "key", "recorded_at"):
        found[pk].append((key, local_day(at, zone)))
    return found


def _ended(
    held: Iterable[Suggestion],
    actions: Sequence[NextAction],
    deal: Opportunity,
    recorded: Sequence[tuple[str, date]],
    on: date,
) -> Iterable[Suggestion]:
    """Yield the suggestions that a record has shown, or that left the list without one."""
    stand = {action.key for action in actions}
    for row in held:
        wanted = set(row.evidence)
        arrived = next((day for key, day in recorded if key in wanted and day >= row.first_on), None)
        if arrived is None and row.key not in stand:
            answered = row.what in ANSWERED_BY_RECORDS and deal.is_open
            arrived = on if answered or (row.what in SETTLED_BY_CLOSING and not deal.is_open) else None
        if arrived is not None:
            row.arrived_on, row.after_days = arrived, (arrived - row.first_on).days
            yield row
        elif row.key not in stand:
            row.gone_on = on
            yield row
