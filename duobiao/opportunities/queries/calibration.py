"""What became of the closed deals of a playbook version, by the stages they had completed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from duobiao.opportunities.domain.calibration import StageRate, stage_rates
from duobiao.opportunities.models import Outcome
from duobiao.opportunities.queries.figures import Scope, Visible
from duobiao.opportunities.queries.happened import counted
from duobiao.opportunities.queries.stages import StageName, stage_names
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import compiled_playbook

DECIDED = (Outcome.WON, Outcome.LOST)


@dataclass(frozen=True, slots=True)
class VersionUse:
    """A version of the playbook, with how many of its deals were won or lost in the period."""

    version: PlaybookVersion
    decided: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """The rates of one version against what became of its deals.

    Attributes:
        scope: Its filters name the version.
        versions: All versions of the playbook, the newest first.
        names: The stages of the version, with stage 0.
    """

    scope: Scope
    version: PlaybookVersion
    versions: list[VersionUse]
    names: list[StageName]
    rows: list[StageRate]

    def row(self, stage: int) -> StageRate | None:
        """Return the row of a stage."""
        return next((row for row in self.rows if row.stage == stage), None)

    def stage_title(self, stage: int) -> str:
        """Return the short name of a stage."""
        return next((name.short for name in self.names if name.number == stage), "")


def calibration_of(visible: Visible, scope: Scope) -> Calibration | None:
    """Count the deals closed in the period; None where there is no such playbook or version. Four queries.

    Imports whose outcome nobody proved are left out, and deals that were given up.
    """
    uses = _versions(visible, scope)
    wanted = scope.filters.version
    chosen = [use for use in uses if wanted is None or use.version.version == wanted]
    if not chosen:
        return None
    use = chosen[0] if wanted is not None else max(chosen, key=lambda row: (row.decided > 0, row.version.version))
    own = replace(scope, filters=replace(scope.filters, version=use.version.version))
    rates = compiled_playbook(use.version.pk).playbook.rates
    rows = stage_rates(_closed(visible, own), rates)
    return Calibration(own, use.version, uses, stage_names(use.version.pk), rows)


def _versions(visible: Visible, scope: Scope) -> list[VersionUse]:
    every = replace(scope.past, version=None)
    deals = counted(visible(every)).filter(_decided(scope)).order_by().values("playbook").annotate(n=Count("pk"))
    counts = dict(deals.values_list("playbook", "n"))
    versions = PlaybookVersion.objects.filter(key=scope.filters.playbook).order_by("-version")
    return [VersionUse(version, counts.get(version.pk, 0)) for version in versions]


def _closed(visible: Visible, scope: Scope) -> Iterator[tuple[bool, int]]:
    rows = counted(visible(scope.past)).filter(_decided(scope)).order_by()
    own = Q(stage_changes__playbook__isnull=True)
    best = Max("stage_changes__completed_after", filter=own)
    for outcome, completed, highest in rows.annotate(best=best).values_list("outcome", "completed_stage", "best"):
        yield outcome == Outcome.WON, max(completed, highest or 0)


def _decided(scope: Scope) -> Q:
    return Q(closed_on__range=(scope.period.since, scope.period.until), outcome__in=DECIDED)


def rate_title(found: Calibration, row: StageRate) -> str:
    """Return the title of the note that offers a rate."""
    values = {"stage": f"{row.stage} {found.stage_title(row.stage)}", "before": row.own_rate, "after": row.offered}
    return (_("Success rate after %(stage)s: %(before)d%% → %(after)d%%") % values)[:120]


def rate_text(row: StageRate) -> str:
    """Say what the offered rate rests on."""
    values = {"won": row.won, "decided": row.decided, "low": f"{row.low:g}", "high": f"{row.high:g}"}
    return (
        _("%(won)d of %(decided)d closed projects that completed this stage were won (95%%: %(low)s–%(high)s%%).")
        % values
    )


def rate_figures(found: Calibration, row: StageRate, url: str) -> list[tuple[str, str, str]]:
    """Return the figures kept with the note: what, its value, the page that shows it; "" without one."""
    period = found.scope.period
    return [
        (_("period"), f"{period.since.isoformat()} – {period.until.isoformat()}", ""),
        (_("completed stage"), str(row.stage), ""),
        (_("rate of the playbook"), f"{row.own_rate}%", ""),
        (_("rate offered"), f"{row.offered}%", ""),
        (_("closed projects that completed it"), str(row.decided), url),
        (_("of these won"), str(row.won), ""),
        (_("interval of 95 percent"), f"{row.low:g}–{row.high:g}%", ""),
    ]
