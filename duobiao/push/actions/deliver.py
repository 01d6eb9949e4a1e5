"""Send what is due: mails one by one or as a daily digest, robots' messages; try again with growing pauses."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from duobiao.identity.mail import post
from duobiao.identity.models import User
from duobiao.push.actions.post_json import Unreachable
from duobiao.push.actions.say import link_back, say
from duobiao.push.domain.robots import Mention
from duobiao.push.domain.timing import next_attempt
from duobiao.push.models import Delivery, DeliveryState
from duobiao.timeline.queries import wording

MOST = 200
MOST_PER_ROBOT = 15
"""A minute; the chats take 20."""
LEASE = timedelta(minutes=10)


def deliver_due(*, now: datetime) -> int:
    """Send what is due; return how many deliveries left.

    A worker that dies between sending and noting it sends again after ten minutes: at least once, seldom twice.
    """
    claimed = [row for row in _due(now) if _claim(row, now)]
    sent = 0
    digests: dict[int, list[Delivery]] = defaultdict(list)
    for row in claimed:
        if row.digest and row.user_id is not None:
            digests[row.user_id].append(row)
        else:
            sent += _settle([row], _send(row, now), now)
    for rows in digests.values():
        sent += _settle(rows, _send_digest(rows), now)
    return sent


def _due(now: datetime) -> list[Delivery]:
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=now)
    rows = rows.exclude(robot__is_active=False).exclude(user__is_active=False)
    rows = rows.exclude(claimed_at__gt=now - LEASE).select_related("user", "robot").order_by("due_at", "pk")
    robots: Counter[int] = Counter()
    found = []
    for row in rows[:MOST]:
        if row.robot_id is not None:
            robots[row.robot_id] += 1
            if robots[row.robot_id] > MOST_PER_ROBOT:
                continue
        found.append(row)
    return found


def _claim(row: Delivery, now: datetime) -> bool:
    """Take a delivery in hand, unless another worker did meanwhile."""
    same = Delivery.objects.filter(pk=row.pk, state=DeliveryState.WAITING, attempts=row.attempts)
    row.attempts += 1
    return bool(same.update(attempts=row.attempts, claimed_at=now))


def _send(row: Delivery, now: datetime) -> str:
    if row.robot is not None:
        return _speak(row, now)
    if row.user is None:
        return ""
    with translation.override(row.user.language or None):
        title, detail, _icon, _tone = wording(row.event, row.data)
        link = link_back(row.url)
        lines = [title, detail, f"\n{pgettext('link', 'Open')}: {link}" if link else "", "", _choose()]
        return _mail(row.user, title, "\n".join(line for line in lines if line is not None))


def _speak(row: Delivery, now: datetime) -> str:
    robot = row.robot
    if robot is None:
        return ""
    with translation.override(robot.language):
        title, detail, _icon, _tone = wording(row.event, row.data)
    mentions = [Mention(one["name"], one["mobile"]) for one in row.people]
    try:
        return say(robot, title, detail, row.url, mentions, now=now)
    except Unreachable as error:
        return str(error)


def _send_digest(rows: Sequence[Delivery]) -> str:
    user = rows[0].user
    if user is None:
        return ""
    with translation.override(user.language or None):
        title = ngettext("%(num)d notification", "%(num)d notifications", len(rows)) % {"num": len(rows)}
        lines = []
        for row in sorted(rows, key=lambda row: (row.happened_at, row.pk)):
            words, detail, _icon, _tone = wording(row.event, row.data)
            lines += [
                f"· {words}",
                *([f"  {detail}"] if detail else []),
                *([f"  {link}"] if (link := link_back(row.url)) else []),
            ]
        return _mail(user, title, "\n".join([*lines, "", _choose()]))


def _choose() -> str:
    link = link_back("/profile/notifications/")
    return _("Choose what you are told: %(link)s") % {"link": link} if link else ""


def _mail(user: User, title: str, text: str) -> str:
    subject = " ".join(title.split())[:150]
    return post(EmailMessage(subject=subject, body=text, to=[user.email]))


@transaction.atomic
def _settle(rows: Sequence[Delivery], why: str, now: datetime) -> int:
    """Note what came of an attempt; return how many left."""
    for row in rows:
        if not why:
            row.state, row.sent_at, row.last_error = DeliveryState.SENT, now, ""
        else:
            again = next_attempt(now, row.attempts)
            row.last_error = why[:300]
            row.state = DeliveryState.FAILED if again is None else DeliveryState.WAITING
            row.due_at = again or row.due_at
        row.claimed_at = None
    Delivery.objects.bulk_update(rows, ["state", "sent_at", "last_error", "due_at", "claimed_at"])
    return 0 if why else len(rows)
