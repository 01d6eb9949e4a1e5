"""Keep the own weekly report, and send it to the manager."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values, stale
from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.actions.values import invalid
from duobiao.engagement.events.reports import ReportSent, ReportWritten
from duobiao.engagement.models import WeeklyReport
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.identity.queries import managers_of
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

RIGHT = "engagement.report"


class ReportSentBefore(Conflict):
    """The report was sent and stays as it is."""

    code = "report_sent"


def require_week(week_on: date, actor: User, now: datetime) -> None:
    """Refuse a week that does not begin on a Monday, or lies ahead of the actor's day."""
    if week_on.weekday() or week_on > local_day(now, zone_for(actor)):
        raise invalid("week_on", _("Choose a Monday that has passed."))


@transaction.atomic
def write_report(
    *, week_on: date, version: int, done: str, plans: str, send: bool, actor: User, now: datetime
) -> WeeklyReport:
    """Keep the actor's report of a week; ``send`` it to their manager.

    Args:
        version: What the actor saw; 0 where there was no report yet.

    Raises:
        NotAllowed: the actor writes no reports.
        ReportSentBefore: it was sent.
        StaleVersion: it was changed in another window.
        Invalid: the week does not begin on a Monday or lies ahead, nothing is written, or nobody would receive it.
    """
    policy.require(actor, RIGHT)
    require_week(week_on, actor, now)
    held = WeeklyReport.objects.select_for_update().filter(person=actor, week_on=week_on).first()
    if held is not None and held.sent_at is not None:
        raise ReportSentBefore(_("This report was sent and stays as it is."))
    if (held.version if held is not None else 0) != version:
        current = {"done": held.done, "plans": held.plans} if held is not None else {}
        raise stale(current, version=held.version if held is not None else 0)
    report = held or WeeklyReport(person=actor, week_on=week_on, created_at=now, version=0)
    set_values(report, {"done": done, "plans": plans}, allowed=("done", "plans"))
    if not report.done:
        raise invalid("done", _("Write what you did."))
    report.version += 1
    report.sent_at = now if send else None
    receivers = _receivers(actor) if send else []
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError as error:
        raise Conflict(_("This report was begun in another window. Reload it.")) from error
    report.sent_to.set(receivers)
    _tell(report, receivers, actor=actor, now=now)
    return report


def _receivers(actor: User) -> list[User]:
    found = managers_of(actor)
    if not found:
        raise invalid("done", _("You have no manager to send it to. Keep it, and ask an administrator."))
    return found


def _tell(report: WeeklyReport, receivers: list[User], *, actor: User, now: datetime) -> None:
    data = {"note": report.week_on.isoformat(), "by": str(actor), "to": [str(user) for user in receivers]}
    event = ReportSent if receivers else ReportWritten
    record(event(subject=Ref.of(report), chain=report.ref, data=data), actor=actor, at=now)
    if receivers:
        notify(receivers, event=ReportSent.name, url=f"/weekly-reports/{report.ref}/", at=now, data=data)
