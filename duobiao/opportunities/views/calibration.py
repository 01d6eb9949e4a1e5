"""Calibration: the rates of a playbook beside what became of its closed deals; a new rate is offered as a note."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.identity import policy
from duobiao.opportunities.domain.calibration import LEAST_CLOSED, StageRate
from duobiao.opportunities.models import Outcome
from duobiao.opportunities.queries.calibration import Calibration, calibration_of, rate_figures, rate_text, rate_title
from duobiao.opportunities.queries.figures import scope_of
from duobiao.opportunities.queries.filters import ANY
from duobiao.opportunities.views.note_finding import Finding, answer_note
from duobiao.opportunities.views.pipeline_figures import Links, shared
from duobiao.opportunities.views.pipeline_frame import Frame, answer, head_of, open_frame, with_parameters
from duobiao.playbooks.actions.note_improvement import Figure
from duobiao.web.components import Tab


@dataclass(frozen=True, slots=True)
class RateLine:
    """One stage as the page shows it; the addresses lead to the deals behind the numbers."""

    row: StageRate
    title: str
    decided_url: str
    won_url: str
    lost_url: str
    note_url: str


@require_safe
def calibration(request: HttpRequest) -> HttpResponse:
    """Show each stage's rate beside what became of the deals that completed it."""
    frame = open_frame(request, "calibration")
    head = head_of(frame)
    scope = scope_of(frame.visible, frame.filters, frame.today)
    found = calibration_of(frame.visible, scope)
    context = {
        "found": found,
        "lines": _lines(frame, found) if found is not None else [],
        "versions": _versions(frame, found) if found is not None else [],
        "least_closed": LEAST_CLOSED,
        **shared(frame, found.scope if found is not None else scope, current="calibration"),
    }
    return answer(frame, "calibration", head, context)


@require_http_methods(["GET", "HEAD", "POST"])
def note_rate(request: HttpRequest) -> HttpResponse:
    """Offer a stage's rate to the next version of the playbook; without enough deals lead back to the page."""
    frame = open_frame(request, "calibration")
    policy.require(frame.actor, "playbooks.note")
    found = calibration_of(frame.visible, scope_of(frame.visible, frame.filters, frame.today))
    asked = request.GET.get("stage", "")
    row = found.row(int(asked)) if found is not None and asked.isdecimal() and len(asked) < 3 else None
    back = frame.link("calibration")
    if found is None or row is None or row.offered is None:
        return redirect(back)
    links = Links(frame, found.scope)
    figures = (Figure(*figure) for figure in rate_figures(found, row, _decided(links, found, row)))
    finding = Finding(rate_title(found, row), rate_text(row), tuple(figures))
    action = with_parameters(frame.link("note_rate"), stage=asked)
    return answer_note(request, frame, finding, playbook=found.version, action=action, back=back)


def _lines(frame: Frame, found: Calibration) -> list[RateLine]:
    links, may_note = Links(frame, found.scope), policy.allows(frame.actor, "playbooks.note")
    return [
        RateLine(
            row=row,
            title=found.stage_title(row.stage),
            decided_url=_decided(links, found, row),
            won_url=_decided(links, found, row, Outcome.WON),
            lost_url=_decided(links, found, row, Outcome.LOST),
            note_url=with_parameters(frame.link("note_rate", version=found.version.version), stage=str(row.stage))
            if may_note and row.offered is not None
            else "",
        )
        for row in found.rows
    ]


def _decided(links: Links, found: Calibration, row: StageRate, outcome: str = ANY) -> str:
    return links.happened(f"decided-{row.stage}", outcome=outcome, version=found.version.version)


def _versions(frame: Frame, found: Calibration) -> list[Tab]:
    return [
        Tab(
            _("version %(n)s") % {"n": use.version.version},
            frame.link(version=use.version.version, playbook=use.version.key),
            count=use.decided,
            current=use.version.pk == found.version.pk,
        )
        for use in found.versions
    ]
