"""Minutes in the story: sent to the customer by a link, and what the customer answered."""

from collections.abc import Callable

from duobiao.engagement.actions.confirm_minutes import request_confirmation
from duobiao.engagement.models import Visit
from duobiao.opportunities.actions.answer_confirmation import answer_confirmation
from duobiao.opportunities.models import Confirmation
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Step

PHONE = "Mozilla/5.0 (Linux; Android 15) Mobile"
ADDRESS = "203.0.113.17"
"""From the range kept for documentation."""


def send_minutes(cast: Cast, step: Step) -> None:
    """Send the minutes of the last visit to the handler."""
    deal = cast.deal(step.deal)
    request_confirmation(
        visit=Visit.objects.held().filter(opportunity=deal).latest("held_on", "pk"),
        contact=cast.speaker(cast.specs[step.deal]["customer"], "H"),
        actor=cast.users[cast.specs[step.deal]["owner"]],
        now=step.at,
    )


def answer_minutes(cast: Cast, step: Step) -> None:
    """Let the customer answer by the link."""
    waiting = Confirmation.objects.get(opportunity=cast.deal(step.deal), answer="", ended_at=None)
    answer_confirmation(
        confirmation=waiting,
        answer=step.values["answer"],
        remark=step.values.get("remark", ""),
        address=ADDRESS,
        agent=PHONE,
        now=step.at,
    )


CONFIRMING: dict[str, Callable[[Cast, Step], None]] = {"send_minutes": send_minutes, "answer_minutes": answer_minutes}
