"""Keep how chains stand, for lists, suggestions and figures."""

from collections.abc import Iterable
from typing import Final

from duobiao.playbooks.domain.people import Who
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.domain.support import Role
from duobiao.stakeholders.models import ChainFigures
from duobiao.stakeholders.queries.chain import Chain, Figure
from duobiao.stakeholders.queries.definitions import rules
from duobiao.stakeholders.queries.playbook_rules import relations_until

BATCH: Final = 100
COLUMNS: Final = (
    "people", "support_permille", "covered_percent", "top_person", "top_permille", "gaps", "names", "measured_on",
)  # fmt: skip
DECIDER_FROM: Final = 2
"""Stage from which a deal without a known decider has a gap."""


def keep_figures(chains: Iterable[Chain]) -> None:
    """Write the figures of some chains, and forget those of chains without anybody; two statements for any number."""
    held = list(chains)
    ChainFigures.objects.filter(opportunity__in=[chain.deal.pk for chain in held if not chain.present]).delete()
    rows = [figures_of(chain) for chain in held if chain.present]
    ChainFigures.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["opportunity"], update_fields=list(COLUMNS), batch_size=BATCH
    )


def figures_of(chain: Chain) -> ChainFigures:
    """Return the figures of a chain, not yet stored."""
    there = chain.present
    top = there[0] if there else None
    gaps = dict(gaps_of(chain))
    covered = chain.coverage.covered_ratio
    return ChainFigures(
        opportunity=chain.deal,
        people=len(there),
        support_permille=None if chain.support is None else round(1000 * chain.support),
        covered_percent=None if covered is None else int(100 * covered + 0.5),
        top_person=top.row if top is not None else None,
        top_permille=round(1000 * top.weight.influence) if top is not None and top.weight is not None else None,
        gaps=list(gaps),
        names={code: name for code, name in gaps.items() if name},
        measured_on=chain.on,
    )


def gaps_of(chain: Chain) -> Iterable[tuple[str, str]]:
    """Yield what is missing, the weightiest first: its code and whom it is about."""
    there, stage = chain.present, chain.deal.stage_number
    if not there:
        return
    if chain.decider is None and stage >= DECIDER_FROM:
        yield "NO_DECIDER", ""
    if chain.coverage.spoken_to == 0:
        yield "NOBODY_SPOKEN_TO", ""
    if chain.coverage.single_threaded:
        yield "SINGLE_THREAD", ""
    for code, test in (("UNCOVERED", _uncovered), ("FADED", _faded)):
        found = next((figure for figure in there if _is_key(figure) and test(figure)), None)
        if found is not None:
            yield code, found.row.contact.name
    helper_wanted = any(relation.who is Who.COACH for relation in relations_until(chain.deal, stage))
    if helper_wanted and not any(figure.row.coach_grade for figure in there):
        yield "NO_COACH", ""


def _is_key(figure: Figure) -> bool:
    hidden = figure.weight is not None and figure.weight.hidden
    return hidden or figure.row.role in (Role.FINAL_DECIDER, Role.INFLUENCER)


def _uncovered(figure: Figure) -> bool:
    return not figure.covered


def _faded(figure: Figure) -> bool:
    return figure.confidence(Topic.STANCE) < rules().faded_below
