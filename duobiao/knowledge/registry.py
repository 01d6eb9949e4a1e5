"""What cases and overviews register with the timeline."""

from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.timeline.registry import Subject, register_subject


def register() -> None:
    """Register everything once, at start."""
    register_subject(
        ReferenceCase.kind,
        Subject(
            find=lambda user, ref: ReferenceCase.objects.visible_to(user).filter(ref=ref).first(),
            url=lambda ref: f"/knowledge/cases/{ref}/",
            label=str,
            chain=lambda case: case.ref,
        ),
    )
    register_subject(
        TechnologyOverview.kind,
        Subject(
            find=lambda user, ref: TechnologyOverview.objects.visible_to(user).filter(ref=ref).first(),
            url=lambda ref: f"/knowledge/technologies/{ref}/",
            label=str,
            chain=lambda overview: overview.ref,
        ),
    )
