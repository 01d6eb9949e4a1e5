"""Risks of a deal: its signals, what was reported by hand, and the figures of the rules."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.params.functions import Body

from duobiao.identity import policy
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.actions.report_risk import Sight, report_risk, reportable_rules, retract_report
from duobiao.opportunities.actions.set_risk_figures import set_risk_figures
from duobiao.opportunities.api.common import deal_of, today
from duobiao.opportunities.api.schemas import ReasonIn, coded
from duobiao.opportunities.domain.rules import Rule
from duobiao.opportunities.models import RiskFigures, RiskReport
from duobiao.opportunities.queries.risks import risks_of
from duobiao.opportunities.queries.signal_rules import rules_in_force
from duobiao.opportunities.signal_words import rule_explanation, rule_title, shipped_rules

router = Router()
NO_REASON: ReasonIn = Body(ReasonIn(reason=""))
Day = date


class RiskOut(Schema):
    """A risk a deal has now."""

    rule: str
    title: str
    level: str
    reason: str
    since: Day
    source: str | None = Field(description="Reference of the record behind it.")
    url: str = Field(description="Page on which to do something about it.")


class RiskReportIn(StrictSchema):
    """Something somebody saw that speaks of a risk."""

    rule: str = Field(max_length=40, json_schema_extra=coded(*reportable_rules()))
    happened_on: Day
    seen: str = Field(max_length=1000, description="What was seen.")
    said_by: str = Field("", max_length=120, description="Who said so.")


class RiskReportOut(Schema):
    """A report as kept; ``code`` says what a record showed where nobody reported it by hand."""

    ref: str
    rule: str
    code: str
    happened_on: Day
    seen: str
    said_by: str
    reported_at: datetime
    reported_by: str | None
    retracted_at: datetime | None
    retract_reason: str

    @classmethod
    def of(cls, report: RiskReport) -> "RiskReportOut":
        """Build from a row with its author loaded."""
        same = {name: getattr(report, name) for name in cls.model_fields if name != "reported_by"}
        return cls(**same, reported_by=report.reported_by.ref if report.reported_by else None)


class RuleOut(Schema):
    """A rule with the figures in force."""

    rule: str
    title: str
    explanation: str
    origin: str
    reportable: bool
    figures: dict[str, dict[str, int | None]]
    shipped: dict[str, dict[str, int | None]]
    version: int = Field(description="0 while the shipped figures are in force.")


class FiguresIn(StrictSchema):
    """Figures to set; null restores the shipped ones."""

    figures: dict[str, dict[str, int | None]] | None
    version: int = Field(ge=0, le=2**31 - 1)


@router.get("/opportunities/{ref}/risks", response=list[RiskOut], operation_id="list_risks", summary="Read the risks")
def get_risks(request: HttpRequest, ref: str) -> list[dict[str, Any]]:
    """Read the risks of a deal, the worst first; a closed deal has none."""
    return [
        {
            "rule": line.rule,
            "title": line.title,
            "level": str(line.level),
            "reason": line.reason,
            "since": line.since,
            "source": line.source or None,
            "url": line.url,
        }
        for line in risks_of(deal_of(request, ref), on=today(request))
    ]


@router.get(
    "/opportunities/{ref}/risk-reports",
    response=list[RiskReportOut],
    operation_id="list_risk_reports",
    summary="Read the risk reports",
)
def get_reports(request: HttpRequest, ref: str) -> list[RiskReportOut]:
    """Read what was reported, and what records showed, newest first; retracted reports included."""
    rows = (
        deal_of(request, ref).risk_reports.select_related("reported_by").order_by("-happened_on", "-reported_at", "ref")
    )
    return [RiskReportOut.of(row) for row in rows]


@router.post(
    "/opportunities/{ref}/risk-reports",
    response={201: RiskReportOut},
    operation_id="report_risk",
    summary="Report a risk",
)
def post_report(request: HttpRequest, ref: str, payload: RiskReportIn) -> Status[RiskReportOut]:
    """Report a risk by hand; it counts within the window of its rule."""
    sight = Sight(rule=payload.rule, seen=payload.seen, on=payload.happened_on, said_by=payload.said_by)
    report = report_risk(opportunity=deal_of(request, ref), sight=sight, actor=actor_of(request), now=timezone.now())
    return Status(201, RiskReportOut.of(report))


@router.delete(
    "/opportunities/{ref}/risk-reports/{report_ref}",
    response=RiskReportOut,
    operation_id="retract_risk_report",
    summary="Retract a risk report",
)
def delete_report(request: HttpRequest, ref: str, report_ref: str, payload: ReasonIn = NO_REASON) -> RiskReportOut:
    """Take a report back, with a reason; it stays readable."""
    rows = RiskReport.objects.filter(opportunity=deal_of(request, ref), ref=report_ref)
    report = rows.select_related("opportunity__owner", "reported_by").first()
    if report is None:
        raise NotFound(_("There is no such record."))
    actor = actor_of(request)
    return RiskReportOut.of(retract_report(report=report, reason=payload.reason, actor=actor, now=timezone.now()))


@router.get("/risk-rules", response=list[RuleOut], operation_id="list_risk_rules", summary="Read the risk rules")
def get_rules(request: HttpRequest) -> list[dict[str, Any]]:
    """Read every rule with the figures in force and those shipped."""
    policy.require(actor_of(request), "opportunities.risk_rules")
    versions = dict(RiskFigures.objects.values_list("rule", "version"))
    return [_rule_out(rule, versions.get(key, 0)) for key, rule in rules_in_force().items()]


@router.put("/risk-rules/{rule}", response=RuleOut, operation_id="set_risk_figures", summary="Set figures of a rule")
def put_figures(request: HttpRequest, rule: str, payload: FiguresIn) -> dict[str, Any]:
    """Set the figures of a rule, or restore those shipped; a worker judges all deals by them."""
    actor = actor_of(request)
    now = timezone.now()
    found = set_risk_figures(rule=rule, figures=payload.figures, version=payload.version, actor=actor, now=now)
    held = RiskFigures.objects.filter(rule=rule).first()
    return _rule_out(found, held.version if held is not None else 0)


def _rule_out(rule: Rule, version: int) -> dict[str, Any]:
    shipped = shipped_rules()[rule.key]
    return {
        "rule": rule.key,
        "title": rule_title(rule.key),
        "explanation": rule_explanation(rule.key),
        "origin": shipped.origin,
        "reportable": shipped.reportable,
        "figures": rule.figures,
        "shipped": shipped.figures,
        "version": version,
    }
