"""The latest scores of a deal: ours and those of its rivals."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.models import Q

from duobiao.competition.models import DealRival, Landscape, RivalScore
from duobiao.competition.queries.settings import settings

Scores = dict[str, int]


def score_rows(landscapes: Collection[int], rivals: Collection[int]) -> list[RivalScore]:
    """Return all scores of landscapes and rivals, the latest last; one query."""
    rows = RivalScore.objects.filter(Q(landscape__in=landscapes) | Q(deal_rival__in=rivals))
    return list(rows.select_related("author").order_by("on", "at", "pk"))


def latest_scores(landscape: Landscape, rivals: Sequence[DealRival]) -> tuple[Scores, dict[int, Scores]]:
    """Return our latest scores by dimension, and those of each rival by its key; one query."""
    return split(score_rows([landscape.pk], [row.pk for row in rivals]))


def split(rows: Iterable[RivalScore]) -> tuple[Scores, dict[int, Scores]]:
    """Return ours and theirs of one landscape, from rows with the latest last."""
    ours: Scores = {}
    theirs: dict[int, Scores] = defaultdict(dict)
    for row in rows:
        if row.deal_rival_id is None:
            ours[row.dimension] = row.score
        else:
            theirs[row.deal_rival_id][row.dimension] = row.score
    return ours, theirs


def rated_core(landscape: Landscape, rivals: Sequence[DealRival]) -> dict[int, date]:
    """Return the day of the latest score of each rival that is rated on all five dimensions, as we are."""
    rows = score_rows([landscape.pk], [row.pk for row in rivals])
    ours, theirs = split(rows)
    core = set(settings().core)
    if not core <= ours.keys():
        return {}
    our_day = max(row.on for row in rows if row.deal_rival_id is None)
    days: dict[int, date] = {}
    for row in rows:
        if row.deal_rival_id is not None:
            days[row.deal_rival_id] = max(row.on, days.get(row.deal_rival_id, our_day))
    return {key: days[key] for key, scores in theirs.items() if core <= scores.keys()}
