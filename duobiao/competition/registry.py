"""What rivals register with the capabilities below: subjects, handlers of merges, advice for deals."""

from typing import Any

from django.utils.translation import pgettext_lazy

from duobiao.competition import duplicate_kinds
from duobiao.competition.actions.follow_deals import deals_merged, merge_undone
from duobiao.competition.models import Barrier, DealRival, Landscape, Reach, Rival, RivalMove
from duobiao.competition.queries.advice import advise
from duobiao.competition.queries.findable import every_rival
from duobiao.competition.queries.landscape import competition_url
from duobiao.competition.queries.supporters import leanings, supporters_part
from duobiao.duplicates.events import MergeUndone
from duobiao.identity.models import User
from duobiao.identity.policy import allows
from duobiao.opportunities.events.merging import DealsMerged
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.surroundings import register_adviser
from duobiao.search.registry import SearchKind, register_kind
from duobiao.stakeholders.queries.leaning import register_leanings
from duobiao.stakeholders.queries.report import register_report_part
from duobiao.timeline.registry import Subject, on, register_subject

OF_RIVAL = (Barrier, Reach, RivalMove)


def register() -> None:
    """Register everything once, at start."""
    register_report_part(supporters_part)
    register_leanings(leanings)
    on(DealsMerged, deals_merged)
    on(MergeUndone, merge_undone)
    duplicate_kinds.register()
    title = pgettext_lazy("navigation", "Rivals")
    register_kind(SearchKind(Rival.kind, title, "swords", "competition.view", 50, every_rival))
    register_adviser(advise)
    register_subject(
        Rival.kind,
        Subject(
            find=_find_rival,
            url=lambda ref: f"/rivals/{ref}/",
            label=str,
            chain=lambda rival: rival.ref,
        ),
    )
    for model in (Landscape, DealRival):
        _register(model, "opportunity")
    for part in OF_RIVAL:
        _register(part, "deal_rival__opportunity")


def _register(model: Any, path: str) -> None:
    """Let records that hang on a deal be found, and lead to the page of its rivals."""
    steps = path.split("__")

    def find(user: User, ref: str) -> Any:
        seen = Opportunity.objects.visible_to(user).values("pk")
        return model.objects.filter(ref=ref, **{f"{path}__in": seen}).select_related(path).first()

    def url(ref: str) -> str:
        deal = model.objects.filter(ref=ref).values_list(f"{path}__ref", flat=True).first()
        return competition_url(deal) if deal else ""

    def chain(row: Any) -> str:
        for step in steps:
            row = getattr(row, step)
        return str(row.ref)

    register_subject(model.kind, Subject(find=find, url=url, label=str, chain=chain))


def _find_rival(user: User, ref: str) -> Rival | None:
    return Rival.objects.filter(ref=ref).first() if allows(user, "competition.view") else None
