"""Report a risk of a deal, seen by a person or shown by a record, and take a report back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.judge_signals import judge_deal
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.reassess import company_day, own_day
from duobiao.opportunities.events import RiskReported, RiskReportRetracted
from duobiao.opportunities.models import Opportunity, RiskReport
from duobiao.opportunities.signal_words import shipped_rules
from duobiao.timeline.actions.record import record

LONGEST = {"seen": 1000, "said_by": 120}
LONGEST_REASON = 500
OLDEST = timedelta(days=3653)


class ReportRetracted(Conflict):
    """The report was taken back before."""

    code = "report_retracted"


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen.

    Attributes:
        code: What a record showed, see ``signal_words.SIGHTINGS``; empty for what a person reports.
        source: The record that showed it.
    """

    rule: str
    seen: str
    on: date
    said_by: str = ""
    code: str = ""
    source: Ref | None = None


@transaction.atomic
def report_risk(*, opportunity: Opportunity, sight: Sight, actor: User, now: datetime) -> RiskReport:
    """Report a risk by hand; it counts within the window of its rule.

    Raises:
        NotAllowed: ``actor`` is not on this deal.
        DealClosed: it is closed; its risks are over.
        Invalid: a field does not fit.
    """
    policy.require(actor, "opportunities.report_risk", opportunity)
    deal = lock(opportunity)
    require_open(deal)
    _check(sight, today=own_day(actor, now))
    return write_report(deal, sight, actor=actor, now=now)


@transaction.atomic
def retract_report(*, report: RiskReport, reason: str, actor: User, now: datetime) -> RiskReport:
    """Take a report back; it stays readable with the reason.

    Raises:
        NotAllowed: ``actor`` is not on this deal.
        Invalid: no reason is given.
        ReportRetracted: somebody did it before.
    """
    policy.require(actor, "opportunities.report_risk", report.opportunity)
    reason = reason.replace("\x00", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        message = _("Say why, in at most %(n)d characters.") % {"n": LONGEST_REASON}
        raise Invalid(message, fields={"reason": message})
    deal = lock(report.opportunity)
    held = RiskReport.objects.get(pk=report.pk)
    if not held.is_live:
        raise ReportRetracted(_("This report has already been retracted."))
    withdraw_reports(deal, [held], reason=reason, actor=actor, now=now)
    return held


def write_report(deal: Opportunity, sight: Sight, *, actor: User | None, now: datetime) -> RiskReport:
    """Keep what was seen on a locked deal, and judge it; the caller checked the right."""
    report = RiskReport.objects.create(
        opportunity=deal,
        rule=sight.rule,
        code=sight.code,
        happened_on=sight.on,
        seen=sight.seen.strip(),
        said_by=sight.said_by.strip(),
        source_kind=sight.source.kind if sight.source else "",
        source_ref=sight.source.ref if sight.source else "",
        reported_at=now,
        reported_by=actor,
    )
    data = {
        "rule": report.rule,
        "code": report.code,
        "seen": report.seen,
        "said_by": report.said_by,
        "on": report.happened_on.isoformat(),
    }
    record(RiskReported(subject=Ref.of(report), chain=deal.ref, data=data), actor=actor, at=now)
    judge_deal(deal, actor=actor, now=now, on=company_day(now))
    return report


def withdraw_reports(
    deal: Opportunity, reports: Sequence[RiskReport], *, reason: str, actor: User | None, now: datetime
) -> None:
    """Take reports of a locked deal back, and judge it."""
    for report in reports:
        report.retracted_at, report.retracted_by, report.retract_reason = now, actor, reason
        report.save(update_fields=["retracted_at", "retracted_by", "retract_reason"])
        data = {"rule": report.rule, "reason": reason}
        record(RiskReportRetracted(subject=Ref.of(report), chain=deal.ref, data=data), actor=actor, at=now)
    judge_deal(deal, actor=actor, now=now, on=company_day(now))


def reportable_rules() -> list[str]:
    """Return the keys of the signals that people may report."""
    return [key for key, rule in shipped_rules().items() if rule.reportable]


def _check(sight: Sight, *, today: date) -> None:
    faults: dict[str, str] = {}
    if sight.rule not in reportable_rules():
        faults["rule"] = _("Choose one of: %(names)s.") % {"names": ", ".join(reportable_rules())}
    if sight.on > today:
        faults["happened_on"] = _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()}
    elif sight.on < today - OLDEST:
        faults["happened_on"] = _("The day lies too far in the past.")
    if not sight.seen.strip():
        faults["seen"] = _("Say what was seen.")
    for name, longest in LONGEST.items():
        text = getattr(sight, name)
        if len(text) > longest or "\x00" in text:
            faults[name] = _("At most %(n)d characters.") % {"n": longest}
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
