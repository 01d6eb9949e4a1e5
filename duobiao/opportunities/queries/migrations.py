"""Runs that move deals between playbooks, as people see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.opportunities.models import MigratedDeal, MigrationRun, Opportunity, OpportunityQuerySet, State
from duobiao.opportunities.queries.stages import stage_shorts
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import compiled_playbook, text_of

VERB = "opportunities.migrate"
DealState = MigratedDeal.State


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a deal stands under a playbook, in words."""

    stage: str
    state: str
    rate: int


@dataclass(frozen=True, slots=True)
class NamedItem:
    """An item by key and title."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the deals of a run; ``waiting`` those its job still has to deal with."""

    waiting: int
    moved: int
    left_out: int
    returned: int
    kept: int

    @property
    def total(self) -> int:
        """How many there are."""
        return self.waiting + self.moved + self.left_out + self.returned + self.kept

    def done(self, run: MigrationRun) -> int:
        """How many its job has dealt with in its present direction."""
        if run.reverted_by_id is None:
            return self.total - self.waiting
        return self.returned + self.kept

    def of(self, run: MigrationRun) -> int:
        """How many its job has to deal with in its present direction."""
        return self.total if run.reverted_by_id is None else self.moved + self.returned + self.kept


def runs_seen_by(user: User) -> QuerySet[MigrationRun]:
    """Return the runs a person may see: all for those who may move any deal, else their own and those with deals they see."""
    rows = MigrationRun.objects.select_related("target", "actor", "reverted_by")
    if policy.scope_of(user, VERB) is policy.Scope.ALL:
        return rows
    return rows.filter(Q(actor=user) | Q(pk__in=deals_of_runs(user).values("run")))


def movable_by(user: User) -> OpportunityQuerySet:
    """Return the deals that a person sees and may move."""
    return Opportunity.objects.visible_to(user).within(user, VERB)


def may_revert(run: MigrationRun, user: User) -> bool:
    """Whether a person may take a run back: every deal that it moved is within their reach."""
    if not policy.allows(user, VERB):
        return False
    moved = run.deals.filter(state=DealState.MOVED)
    return not moved.exclude(opportunity__in=movable_by(user).order_by().values("pk")).exists()


def deals_of_runs(user: User) -> QuerySet[MigratedDeal]:
    """Return the deals of all runs that a person may see."""
    return MigratedDeal.objects.filter(opportunity__in=Opportunity.objects.visible_to(user).order_by().values("pk"))


def counts_of(run: MigrationRun, user: User) -> Counts:
    """Count the deals of a run that a person may see by what became of them; one query."""
    return counts_of_all([run], user)[run.pk]


def counts_of_all(runs: Sequence[MigrationRun], user: User) -> dict[int, Counts]:
    """Count the deals of several runs that a person may see, by the run's key; one query."""
    held = deals_of_runs(user).filter(run__in=runs).order_by()
    rows = held.values_list("run_id", "state").annotate(n=Count("pk"))
    found = {(run, state): n for run, state, n in rows}
    return {
        run.pk: Counts(
            waiting=found.get((run.pk, DealState.WAITING), 0),
            moved=found.get((run.pk, DealState.MOVED), 0),
            left_out=found.get((run.pk, DealState.LEFT_OUT), 0),
            returned=found.get((run.pk, DealState.RETURNED), 0),
            kept=found.get((run.pk, DealState.KEPT), 0),
        )
        for run in runs
    }


def standing(place: dict[str, Any], version_id: int) -> Standing:
    """Word a place under a playbook version."""
    number = int(place["stage"])
    shorts = stage_shorts(version_id, get_language())
    stage = f"{number} {shorts.get(number, '')}".strip() if number else _("Not entered")
    state = "" if not number else str(State(place["state"]).label)
    return Standing(stage, state, int(place["rate"]))


def named_items(keys: tuple[str, ...] | list[str], version_id: int) -> list[NamedItem]:
    """Name items of a version."""
    by_key, language = compiled_playbook(version_id).by_key, get_language()
    return [NamedItem(key, text_of(by_key[key].item.title, language)) for key in keys if key in by_key]


def targets() -> list[PlaybookVersion]:
    """Return the versions deals can move to, by playbook, the newest version first."""
    return list(PlaybookVersion.objects.order_by("key", "-version"))
