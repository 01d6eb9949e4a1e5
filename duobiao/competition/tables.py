"""Tables of rivals and of the investment matrix, by the names people know them by."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.competition.models import (
    Barrier,
    CardStatement,
    CounterAction,
    DealRival,
    Judgement,
    Landscape,
    PursuitFigures,
    Reach,
    Rival,
    RivalMove,
    RivalName,
    RivalScore,
)
from duobiao.identity.models import User
from duobiao.identity.policy import allows
from duobiao.opportunities.models import Opportunity
from duobiao.web.tables import Table, register_tables

VIEW = "competition.view"
DEAL = ("deal_rival__opportunity",)


def rivals_seen_by(user: User) -> "QuerySet[Rival]":
    """Return the rivals of the company, for those who may see them."""
    return Rival.objects.live() if allows(user, VIEW) else Rival.objects.none()


def names_seen_by(user: User) -> "QuerySet[RivalName]":
    """Return the names they go by."""
    return RivalName.objects.all() if allows(user, VIEW) else RivalName.objects.none()


def statements_seen_by(user: User) -> "QuerySet[CardStatement]":
    """Return what stands, or stood, on battle cards."""
    return CardStatement.objects.all() if allows(user, VIEW) else CardStatement.objects.none()


def scores_seen_by(user: User) -> "QuerySet[RivalScore]":
    """Return the scores of both sides on the deals a person sees."""
    deals = Opportunity.objects.visible_to(user).values("pk")
    return RivalScore.objects.filter(Q(landscape__opportunity__in=deals) | Q(deal_rival__opportunity__in=deals))


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("rivals", Rival, pgettext_lazy("navigation", "Rivals"), rows=rivals_seen_by),
        Table("rival_names", RivalName, _("Names of rivals"), rows=names_seen_by, left_out=("key",)),
        Table("battle_cards", CardStatement, _("Battle cards"), rows=statements_seen_by),
        Table("competition_landscapes", Landscape, _("Comparison with rivals"), through=("opportunity",)),
        Table("deal_rivals", DealRival, _("Rivals of projects"), through=("opportunity",)),
        Table("rival_scores", RivalScore, _("Scores of offers"), rows=scores_seen_by),
        Table("competition_barriers", Barrier, _("Barriers"), through=DEAL),
        Table("rival_reaches", Reach, _("Whom rivals reach"), through=DEAL),
        Table("rival_moves", RivalMove, _("Moves of rivals"), through=DEAL),
        Table("counter_actions", CounterAction, _("Answers to rivals"), through=DEAL),
        Table("pursuit_figures", PursuitFigures, _("Cost and margin of pursuits"), through=("opportunity",)),
        Table("investment_judgements", Judgement, _("Judgements for the investment matrix"), through=("opportunity",)),
    )
