"""What strategies and review meetings register with the capabilities below: how a meeting is found."""

from duobiao.duplicates.events import MergeUndone
from duobiao.identity.models import User
from duobiao.opportunities.events.merging import DealsMerged
from duobiao.strategy.actions import follow_deals
from duobiao.strategy.models import ReviewMeeting
from duobiao.timeline.registry import Subject, on, register_subject


def register() -> None:
    """Register everything once, at start; a task made in a meeting leads back to it."""
    on(DealsMerged, follow_deals.deals_merged)
    on(MergeUndone, follow_deals.deals_parted)
    register_subject(
        ReviewMeeting.kind,
        Subject(
            find=_find,
            url=lambda ref: f"/reviews/{ref}/",
            label=str,
            chain=lambda meeting: str(meeting.ref),
        ),
    )


def _find(user: User, ref: str) -> ReviewMeeting | None:
    return ReviewMeeting.objects.visible_to(user).filter(ref=ref).first()
