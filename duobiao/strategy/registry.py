"""What strategies and review meetings register with the capabilities below: how a meeting is found."""

from duobiao.identity.models import User
from duobiao.strategy.models import ReviewMeeting
from duobiao.timeline.registry import Subject, register_subject


def register() -> None:
    """Register everything once, at start; a task made in a meeting leads back to it."""
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
