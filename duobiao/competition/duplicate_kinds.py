"""How rivals are compared, shown side by side, merged and parted; registered with duplicates."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.competition.actions.merge_rivals import (
    RIVAL_FACTS,
    RIVAL_STAYS,
    VERB,
    lock_rivals,
    merge_rivals,
    settle_rivals,
)
from duobiao.competition.domain.likeness import rival_keys, rival_likeness
from duobiao.competition.models import Barrier, CounterAction, Reach, Rival, RivalMove, RivalName, RivalScore
from duobiao.competition.queries.cards import VIEW
from duobiao.competition.queries.likely import rival_signs
from duobiao.customers.domain import likeness
from duobiao.duplicates.queries.sides import facts_side_by_side
from duobiao.duplicates.registry import DuplicateKind, register_further, register_kind
from duobiao.identity.models import User
from duobiao.identity.policy import allows
from duobiao.opportunities.models import Opportunity

REASONS = {
    likeness.NAME: _("same name"),
    likeness.SPELLING: _("same name in another script, width or punctuation"),
    likeness.FORM: _("same name but for the legal form"),
    likeness.PLACE: _("same name but for the place"),
    likeness.SOUND: _("names sound the same (pinyin)"),
    likeness.NEAR: _("names nearly the same"),
    likeness.DOMAIN: _("same web site"),
}


def _seen_by(user: User) -> QuerySet[Any]:
    return Rival.objects.live() if allows(user, VIEW) else Rival.objects.none()


def _merge(keeper: Any, other: Any, take: frozenset[str], actor: Any, now: datetime) -> None:
    merge_rivals(keeper=keeper, other=other, take=take, actor=actor, now=now)


def _lines(rows: Iterable[Any]) -> dict[str, str]:
    found = {row.pk: row for row in rows}
    aliases: dict[int, list[str]] = {key: [] for key in found}
    names = RivalName.objects.filter(rival__in=found, is_main=False).order_by("pk")
    for key, name in names.values_list("rival_id", "name"):
        aliases[key].append(name)
    return {
        row.ref: " · ".join(filter(None, [*aliases[key], row.region, row.industries])) for key, row in found.items()
    }


def register() -> None:
    """Let duplicates of rivals be found and merged, and merges remember what hangs on places of rivals."""
    for part in (RivalScore, Barrier, Reach, RivalMove, CounterAction):
        register_further(Rival, part, through="deal_rival__rival")
        register_further(Opportunity, part, through="deal_rival__opportunity")
    register_further(Opportunity, RivalScore, through="landscape__opportunity")
    register_kind(
        DuplicateKind(
            key=Rival.kind,
            title=pgettext_lazy("navigation", "Rivals"),
            icon="swords",
            order=50,
            view=VIEW,
            verb=VERB,
            model=Rival,
            live=Rival.objects.live,
            seen_by=_seen_by,
            load=lambda refs: Rival.objects.filter(ref__in=list(refs)),
            signs=rival_signs,
            keys=rival_keys,
            compare=rival_likeness,
            reasons=REASONS,
            headline=_lines,
            choices=lambda first, second: facts_side_by_side(first, second, RIVAL_FACTS),
            name="name",
            lock=lock_rivals,
            merge=_merge,
            settle=settle_rivals,
            url=lambda ref: reverse("competition:rival", args=[ref]),
            owner=lambda _rival: None,
            stays=RIVAL_STAYS,
            derived=frozenset(("card_on",)),
        )
    )
