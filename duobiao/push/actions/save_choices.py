"""Choose what one is told, where and when."""

import re
from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.push.events import ChoicesSaved
from duobiao.push.models import MailTime, PersonHours, Topic, TopicChoice
from duobiao.push.queries.choices import Way, Wishes, wishes
from duobiao.timeline.actions.record import record

MOBILE = re.compile(r"^\+?[0-9]{5,18}$")
SPACES = str.maketrans("", "", " -\u00a0")


@transaction.atomic
def save_choices(
    *,
    ways: Mapping[str, Way],
    quiet_from: time | None,
    quiet_to: time | None,
    digest_at: time,
    mobile: str,
    actor: User,
    now: datetime,
) -> Wishes:
    """Keep what a person chose; topics not named stay as they are.

    Raises:
        NotAllowed: ``actor`` may not choose.
        Invalid: an unknown topic or time of mail, half of the quiet hours, or a number that is none.
    """
    policy.require(actor, "push.choose")
    mobile = mobile.translate(SPACES)
    faults = _faults(ways, quiet_from, quiet_to, mobile)
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    for topic, way in ways.items():
        values = {"in_app": way.in_app, "mail": way.mail, "robot": way.robot}
        TopicChoice.objects.update_or_create(user=actor, topic=topic, defaults=values)
    hours = {"quiet_from": quiet_from, "quiet_to": quiet_to, "digest_at": digest_at, "mobile": mobile}
    PersonHours.objects.update_or_create(user=actor, defaults=hours)
    record(ChoicesSaved(subject=Ref.of(actor)), actor=actor, at=now)
    return wishes(actor)


def _faults(ways: Mapping[str, Way], quiet_from: time | None, quiet_to: time | None, mobile: str) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not set(ways) <= set(Topic.values):
        faults["ways"] = _("Choose one of: %(names)s.") % {"names": ", ".join(Topic.values)}
    if any(way.mail not in MailTime.values for way in ways.values()):
        faults["mail"] = _("Choose one of: %(names)s.") % {"names": ", ".join(MailTime.values)}
    if (quiet_from is None) != (quiet_to is None):
        faults["quiet_to" if quiet_to is None else "quiet_from"] = _("Enter both ends of the quiet hours, or none.")
    if mobile and not MOBILE.match(mobile):
        faults["mobile"] = _("Enter the number as the chat knows it: 5 to 18 digits.")
    return faults
