"""What makes a call impossible."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from duobiao.engagement.actions.values import check_not_too_far, check_past, invalid
from duobiao.engagement.models import Call
from duobiao.identity.models import CompanySettings, User

LONGEST_CALL = timedelta(hours=12)


def zone_for(actor: User) -> str:
    """Return the zone in which the actor reckons days."""
    return actor.time_zone or CompanySettings.load().time_zone


def company_zone() -> str:
    """Return the zone in which meetings take place."""
    return CompanySettings.load().time_zone


def check_call(call: Call, *, now: datetime) -> None:
    """Refuse times that cannot be.

    Raises:
        Invalid: it lies in the future, ends before it begins, or agrees a meeting before it.
    """
    check_past("started_at", call.started_at, now=now)
    if call.ended_at is not None and not timedelta() <= call.ended_at - call.started_at <= LONGEST_CALL:
        raise invalid("ended_at", _("A call ends after it began, within 12 hours."))
    if call.meeting_at is not None:
        if call.meeting_at <= call.started_at:
            raise invalid("meeting_at", _("The meeting must come after the call."))
        check_not_too_far("meeting_at", call.meeting_at, now=now)
