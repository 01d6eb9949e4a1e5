"""Check what people write into reviews."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.playbooks.domain.model import Gate
from duobiao.reviews.models import GateReview, ReviewState

FARTHEST = timedelta(days=366)
MOST_PEOPLE = 30


class ReviewHeld(Conflict):
    """The review was held already; another one corrects it."""

    code = "review_held"


def require_reviewable(deal: Opportunity, gate: str) -> None:
    """Refuse reviews of deals that are over; the contract of a won deal may still be changed.

    Raises:
        DealClosed: it was lost or given up, or it was won and this is no review of a change.
    """
    if deal.outcome == Outcome.OPEN or (deal.outcome == Outcome.WON and gate == Gate.ATAC):
        return
    raise DealClosed(_("This deal is closed. A manager can reopen it."))


def require_plan(review: GateReview) -> None:
    """Refuse what only makes sense while a review is a plan.

    Raises:
        ReviewHeld: it was held, or called off.
        DealClosed: see ``require_reviewable``.
    """
    if review.state != ReviewState.PLANNED:
        raise ReviewHeld(_("This review is no plan any more. Plan another one that corrects it."))
    require_reviewable(review.opportunity, review.gate)


def text_in(
    values: Mapping[str, str], name: str, *, longest: int, faults: dict[str, str], required: bool = True
) -> str:
    """Return a text without what surrounds it; what is missing or too long goes into ``faults``."""
    text = values.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
    if required and not text:
        faults[name] = _("Write this down.")
    elif len(text) > longest:
        faults[name] = _("At most %(n)d characters.") % {"n": longest}
    return text


def check_planned(day: date, *, today: date, faults: dict[str, str]) -> None:
    """Note a day of a plan that lies in the past or too far ahead."""
    if not today <= day <= today + FARTHEST:
        faults["planned_on"] = _("Choose a day from today (%(today)s) on, at most a year ahead.") % {
            "today": today.isoformat()
        }


def check_people(people: Sequence[User], faults: dict[str, str]) -> None:
    """Note that nobody, too many, or somebody who no longer works here takes part."""
    if not 1 <= len({person.pk for person in people}) <= MOST_PEOPLE:
        faults["people"] = _("Name 1 to %(n)d colleagues who take part.") % {"n": MOST_PEOPLE}
    elif not all(person.is_active for person in people):
        faults["people"] = _("Somebody named here does not work here.")


def refuse(faults: Mapping[str, str]) -> None:
    """Refuse where there are faults.

    Raises:
        Invalid: every fault is named.
    """
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=dict(faults))
