"""Rivals and their battle cards: statements by section with their age, and what became of deals against them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.competition.models import CardStatement, DealRival, Rival, RivalName, Section
from duobiao.competition.queries.advice import is_old
from duobiao.competition.queries.settings import settings
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.domain.calibration import wilson_percent
from duobiao.opportunities.models import Opportunity, Outcome

MOST_DEALS = 20
VIEW = "competition.view"


@dataclass(frozen=True, slots=True)
class Results:
    """What became of closed deals on which a rival was in the race until the end, those of the whole company.

    Attributes:
        low, high: Wilson's 95% interval of the share won, in percent; None without closed deals.
    """

    won: int = 0
    lost: int = 0

    @property
    def decided(self) -> int:
        """How many were won or lost."""
        return self.won + self.lost

    @property
    def share(self) -> int | None:
        """Share won in whole percent."""
        return round(100 * self.won / self.decided) if self.decided else None

    @property
    def low(self) -> float | None:
        """Lower bound."""
        return wilson_percent(self.won, self.decided)[0] if self.decided else None

    @property
    def high(self) -> float | None:
        """Upper bound."""
        return wilson_percent(self.won, self.decided)[1] if self.decided else None


@dataclass(frozen=True, slots=True)
class StatementShown:
    """A statement; ``old`` where it should be looked at again."""

    row: CardStatement
    old: bool


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section of a battle card."""

    key: str
    title: str
    statements: tuple[StatementShown, ...]


@dataclass(frozen=True, slots=True)
class CardShown:
    """A rival with its battle card.

    Attributes:
        deals: Deals the reader may see on which it is or was, open ones first, at most ``MOST_DEALS``.
    """

    rival: Rival
    aliases: tuple[str, ...]
    sections: tuple[SectionShown, ...]
    results: Results
    deals: tuple[DealRival, ...]
    old: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on the card."""
        return not any(part.statements for part in self.sections)


@dataclass(frozen=True, slots=True)
class RivalLine:
    """A rival in one line.

    Attributes:
        open: Open deals the reader may see on which it is in the race.
        statements: How many stand on its card.
    """

    rival: Rival
    aliases: tuple[str, ...]
    open: int
    statements: int
    old: bool
    results: Results


def get_rival(*, ref: str, user: User) -> Rival:
    """Return a rival; for one that was merged, the one it went into.

    Raises:
        NotAllowed: the person may not see rivals.
        NotFound: there is none of this reference.
    """
    require(user, VIEW)
    found = Rival.objects.filter(ref=ref).select_related("merged_into").first()
    if found is None:
        raise NotFound(_("There is no such rival."))
    return found.merged_into or found


def rivals_like(text: str, *, retired: bool = False) -> "QuerySet[Rival]":
    """Return rivals whose names, region or industries contain every word; those out of use only if asked for."""
    rows = Rival.objects.live()
    rows = rows if retired else rows.filter(is_active=True)
    for word in text.replace("\x00", "").split():
        named = Q(names__name__icontains=word) | Q(region__icontains=word) | Q(industries__icontains=word)
        rows = rows.filter(pk__in=Rival.objects.filter(named).values("pk"))
    return rows


def lines_of(rivals: Sequence[Rival], reader: User, *, on: date) -> list[RivalLine]:
    """Return rivals in one line each; four queries for any number."""
    keys = [row.pk for row in rivals]
    names: dict[int, list[str]] = {key: [] for key in keys}
    for key, name in _aliases(keys):
        names[key].append(name)
    seen = Opportunity.objects.visible_to(reader).open().values("pk")
    racing = DealRival.objects.filter(rival__in=keys, left_on=None, opportunity__in=seen)
    counts = dict(racing.order_by().values_list("rival_id").annotate(Count("pk")))
    cards = CardStatement.objects.filter(rival__in=keys, removed_at=None)
    statements = dict(cards.order_by().values_list("rival_id").annotate(Count("pk")))
    results = results_of(keys)
    days = settings().card_days
    return [
        RivalLine(
            rival=row,
            aliases=tuple(names[row.pk]),
            open=counts.get(row.pk, 0),
            statements=statements.get(row.pk, 0),
            old=is_old(row.card_on, on, days),
            results=results.get(row.pk, Results()),
        )
        for row in rivals
    ]


def results_of(rivals: Sequence[int]) -> dict[int, Results]:
    """Return what became of the company's closed deals against some rivals; one query.

    Deals whose outcome an import claims without the contract are left out.
    """
    rows = DealRival.objects.filter(
        rival__in=rivals,
        left_on=None,
        opportunity__outcome__in=(Outcome.WON, Outcome.LOST),
        opportunity__outcome_unproved=False,
        opportunity__merged_into=None,
    )
    found: dict[int, Counter[str]] = {}
    for key, outcome in rows.values_list("rival_id", "opportunity__outcome"):
        found.setdefault(key, Counter())[outcome] += 1
    return {key: Results(counts[Outcome.WON], counts[Outcome.LOST]) for key, counts in found.items()}


def card_shown(rival: Rival, reader: User, *, on: date) -> CardShown:
    """Return a rival with its battle card; four queries."""
    rows = [
        StatementShown(row, is_old(row.noted_on, on, settings().card_days))
        for row in rival.statements.filter(removed_at=None).select_related("author").order_by("noted_on", "pk")
    ]
    rows.sort(key=lambda held: (held.row.noted_on, held.row.pk), reverse=True)
    seen = Opportunity.objects.visible_to(reader).values("pk")
    deals = DealRival.objects.filter(rival=rival, opportunity__in=seen)
    deals = deals.select_related("opportunity__customer", "opportunity__owner")
    ordered = sorted(deals, key=lambda row: (not row.opportunity.is_open, row.left_on is not None, -row.pk))
    return CardShown(
        rival=rival,
        aliases=tuple(name for _key, name in _aliases([rival.pk])),
        sections=tuple(
            SectionShown(part.value, str(part.label), tuple(held for held in rows if held.row.section == part))
            for part in Section
        ),
        results=results_of([rival.pk]).get(rival.pk, Results()),
        deals=tuple(ordered[:MOST_DEALS]),
        old=sum(held.old for held in rows),
    )


def _aliases(keys: Sequence[int]) -> list[tuple[int, str]]:
    rows = RivalName.objects.filter(rival__in=keys, is_main=False).order_by("pk")
    return list(rows.values_list("rival_id", "name"))
