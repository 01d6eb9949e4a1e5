"""Calibration: the rates of a playbook version beside what became of its closed deals."""

from dataclasses import replace

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status
from ninja.params.functions import Body

from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Conflict, NotFound
from duobiao.opportunities.api.pipeline import Asked, FiguresQuery, ScopeOut
from duobiao.opportunities.domain.calibration import LEAST_CLOSED, StageRate
from duobiao.opportunities.queries.calibration import Calibration, calibration_of, rate_figures, rate_text, rate_title
from duobiao.playbooks.actions.note_improvement import Figure, note_improvement
from duobiao.playbooks.api.improvements import ImprovementOut

router = Router()


class CalibrationQuery(FiguresQuery):
    """Filters, period, and the version of the playbook."""

    version: int | None = Field(
        None, ge=1, le=999_999, description="Without it the newest version with closed deals in the period."
    )


class StageRateOut(Schema):
    """One completed stage; rates in percent. offered: null below the least sample, or where it is the same."""

    stage: int
    title: str
    own_rate: int
    won: int
    lost: int
    share: int | None = Field(description="won ÷ (won + lost).")
    low: float | None = Field(description="Wilson's interval of 95%.")
    high: float | None
    fits: bool = Field(description="The playbook's own rate lies within the interval.")
    offered: int | None


class CalibrationOut(Schema):
    """A playbook version against its closed deals."""

    scope: ScopeOut
    version: int
    least_closed: int = Field(description="Closed deals needed before a rate is offered.")
    stages: list[StageRateOut]


class RateNoteIn(StrictSchema):
    """Words of the note; without them those of the page."""

    title: str = Field("", max_length=120)
    text: str = Field("", max_length=4000)


class NothingToOffer(Conflict):
    """Too few closed deals completed the stage, or they agree with the playbook's own rate."""

    code = "nothing_to_offer"


NO_WORDS: RateNoteIn = Body(RateNoteIn(title="", text=""))


def _found(request: HttpRequest, query: CalibrationQuery) -> Calibration:
    plain = FiguresQuery(**query.model_dump(exclude={"version"}))
    asked = Asked(request, plain)
    scope = asked.scope()
    scope = replace(scope, filters=replace(scope.filters, version=query.version))
    found = calibration_of(asked.visible, scope)
    if found is None:
        raise NotFound(_("There is no such playbook version."))
    return found


@router.get(
    "/pipeline/calibration",
    response=CalibrationOut,
    operation_id="get_calibration",
    summary="Read the calibration of a playbook",
)
def get_calibration(request: HttpRequest, query: Query[CalibrationQuery]) -> CalibrationOut:
    """Read, for each completed stage, what became of the closed deals you may see, beside the playbook's own rate."""
    found = _found(request, query)
    return CalibrationOut(
        scope=ScopeOut.of(found.scope),
        version=found.version.version,
        least_closed=LEAST_CLOSED,
        stages=[_row(found, row) for row in found.rows],
    )


def _row(found: Calibration, row: StageRate) -> StageRateOut:
    return StageRateOut(
        stage=row.stage,
        title=found.stage_title(row.stage),
        own_rate=row.own_rate,
        won=row.won,
        lost=row.lost,
        share=row.share,
        low=row.low,
        high=row.high,
        fits=row.fits,
        offered=row.offered,
    )


@router.post(
    "/pipeline/calibration/{stage}/note",
    response={201: ImprovementOut},
    operation_id="offer_rate",
    summary="Offer a new rate",
)
def post_rate(
    request: HttpRequest, stage: int, query: Query[CalibrationQuery], payload: RateNoteIn = NO_WORDS
) -> Status[ImprovementOut]:
    """Note the rate that closed deals speak for, with its figures, for the next version of the playbook."""
    actor = actor_of(request)
    require(actor, "playbooks.note")
    found = _found(request, query)
    row = found.row(stage)
    if row is None:
        raise NotFound(_("There is no such stage."))
    if row.offered is None:
        message = _("From %(n)d closed projects on a rate is offered where it differs from the playbook's own.")
        raise NothingToOffer(message % {"n": LEAST_CLOSED}, details={"decided": row.decided})
    note = note_improvement(
        playbook=found.version,
        title=payload.title or rate_title(found, row),
        text=payload.text or rate_text(row),
        evidence=[Figure(*figure) for figure in rate_figures(found, row, "")],
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, ImprovementOut.of(note))
