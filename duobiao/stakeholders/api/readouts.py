"""Read-outs of a chain: C139, MEDDPICC, Blue Sheet, DMI, role cards."""

from dataclasses import asdict
from datetime import date

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from duobiao.identity.http import company_of
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.api.common import deal_of
from duobiao.stakeholders.api.common import asked_day
from duobiao.stakeholders.domain.readouts import Score
from duobiao.stakeholders.queries.chain import Chain, load_chain
from duobiao.stakeholders.queries.conflicts import conflicts_on
from duobiao.stakeholders.queries.readouts import (
    blue_sheet_of,
    c139_of,
    card_of,
    dmi_of,
    element_of,
    live_grades,
    meddpicc_of,
)
from duobiao.stakeholders.queries.report import chain_paper
from duobiao.web.papers import paper_response

router = Router()


class SwitchedOff(NotFound):
    """The company does not use this read-out (404)."""

    code = "switched_off"


class ReadoutElementOut(Schema):
    """One element; what shows it and what would show the whole, in words."""

    key: str
    title: str
    points: int
    shown_by: list[str]
    lacks: list[str]


class C139Out(Schema):
    """C139 of a deal."""

    code: str
    clear: list[ReadoutElementOut]
    first: list[ReadoutElementOut]
    win: ReadoutElementOut
    coach_agrees: bool
    percent: int


class MeddpiccOut(Schema):
    """MEDDPICC of a deal."""

    elements: list[ReadoutElementOut]
    total: int
    band: str
    next: str


class BlueSheetBuyerOut(Schema):
    """One buying influence."""

    person: str
    name: str
    influence_types: list[str]
    degree: str
    mode: str
    rating: int | None
    covered: bool
    red_flags: list[str]


class RedFlagOut(Schema):
    """A red flag by its code."""

    code: str
    person: str
    influence: str


class BlueSheetOut(Schema):
    """The Blue Sheet of a deal."""

    objective: str
    stage: int
    buyers: list[BlueSheetBuyerOut]
    red_flags: list[RedFlagOut]
    strengths: list[str]


class DmiOut(Schema):
    """The attitude of the final decider."""

    person: str | None
    scores: dict[str, int | None]
    index: float | None
    drive: str
    weakest: str
    lever: str
    missing: list[str]


class RoleCardOut(Schema):
    """What a function looks at."""

    person: str
    name: str
    function: str
    card: dict[str, str]
    concerns: str


class RoleStandOut(Schema):
    """Where somebody stands in a conflict, and what to say to them."""

    person: str = Field(description="Empty for somebody who is not on the chain.")
    name: str
    words: str
    message: str


class RoleConflictOut(Schema):
    """Where two functions pull in different directions."""

    tension: str
    common_ground: str
    people: list[list[str]]
    need: str | None = Field(description="The need it is about; null for a usual tension, which is a suggestion.")
    sides: list[list[RoleStandOut]] = Field(description="Who wants it, who opposes it.")


class RoleCardsOut(Schema):
    """Cards and conflicts of a chain."""

    cards: list[RoleCardOut]
    conflicts: list[RoleConflictOut]


def element_out(score: Score) -> ReadoutElementOut:
    """Return an element as the API shows it."""
    found = element_of(score)
    return ReadoutElementOut(
        key=found.key, title=found.title, points=found.points, shown_by=found.by, lacks=found.lacks
    )


def _require_switched_on(request: HttpRequest, setting: str, name: str) -> None:
    if not getattr(company_of(request), setting):
        message = _("Your company does not use %(name)s. An administrator switches it on in the company's settings.")
        raise SwitchedOff(message % {"name": name})


def _chain(request: HttpRequest, ref: str, on: date | None) -> Chain:
    return load_chain(deal_of(request, ref), on=asked_day(on))


@router.get("/opportunities/{ref}/c139", response=C139Out, operation_id="get_c139", summary="Read C139")
def get_c139(request: HttpRequest, ref: str, on: date | None = None) -> C139Out:
    """Nine clear, three first, one win: from people and evidence, nothing of it is typed."""
    chain = _chain(request, ref, on)
    found = c139_of(chain, live_grades(chain))
    return C139Out(
        code=found.code,
        clear=[element_out(row) for row in found.clear],
        first=[element_out(row) for row in found.first],
        win=element_out(found.win),
        coach_agrees=found.coach_agrees,
        percent=found.percent,
    )


@router.get("/opportunities/{ref}/meddpicc", response=MeddpiccOut, operation_id="get_meddpicc", summary="Read MEDDPICC")
def get_meddpicc(request: HttpRequest, ref: str, on: date | None = None) -> MeddpiccOut:
    """Eight elements of 0 to 2 with sum, band and what to work on next; 404 where the company does not use it."""
    deal = deal_of(request, ref)
    _require_switched_on(request, "shows_meddpicc", "MEDDPICC")
    chain = load_chain(deal, on=asked_day(on))
    found = meddpicc_of(chain, live_grades(chain))
    return MeddpiccOut(
        elements=[element_out(row) for row in found.scores],
        total=found.total,
        band=found.band,
        next=found.next,
    )


@router.get(
    "/opportunities/{ref}/blue-sheet",
    response=BlueSheetOut,
    operation_id="get_blue_sheet",
    summary="Read the Blue Sheet",
)
def get_blue_sheet(request: HttpRequest, ref: str, on: date | None = None) -> BlueSheetOut:
    """Buying influences with degree, mode and rating, red flags, strengths; 404 where the company does not use it."""
    deal = deal_of(request, ref)
    _require_switched_on(request, "shows_blue_sheet", _("Blue Sheet"))
    chain = load_chain(deal, on=asked_day(on))
    found = blue_sheet_of(chain)
    return BlueSheetOut(
        objective=chain.deal.name,
        stage=chain.deal.stage_number,
        buyers=[
            BlueSheetBuyerOut(
                person=line.figure.row.ref,
                name=line.figure.row.contact.name,
                influence_types=line.influences,
                degree=line.degree,
                mode=line.mode,
                rating=line.rating,
                covered=line.figure.covered,
                red_flags=line.flags,
            )
            for line in found.buyers
        ],
        red_flags=[RedFlagOut(code=flag.code, person=flag.person, influence=flag.influence) for flag in found.raised],
        strengths=found.strengths,
    )


@router.get("/opportunities/{ref}/dmi", response=DmiOut, operation_id="get_dmi", summary="Read the DMI of the decider")
def get_dmi(request: HttpRequest, ref: str, on: date | None = None) -> DmiOut:
    """Desire, motive and the pressure of others on the final decider, their index and the weakest lever."""
    found = dmi_of(_chain(request, ref, on))
    result = found.result
    return DmiOut(
        person=found.decider.row.ref if found.decider is not None else None,
        scores=dict(found.scores),
        index=round(result.index, 4) if result is not None else None,
        drive=result.drive if result is not None else "",
        weakest=result.weakest if result is not None else "",
        lever=found.lever,
        missing=found.missing,
    )


@router.get(
    "/opportunities/{ref}/role-cards",
    response=RoleCardsOut,
    operation_id="get_role_cards",
    summary="Read the role cards",
)
def get_role_cards(request: HttpRequest, ref: str) -> RoleCardsOut:
    """What each person's function looks at, and where functions pull in different directions."""
    chain = _chain(request, ref, None)
    cards = [
        RoleCardOut(
            person=figure.row.ref,
            name=figure.row.contact.name,
            function=figure.row.function,
            card=card_of(figure.row.function),
            concerns=figure.row.concerns,
        )
        for figure in chain.present
    ]
    conflicts = [
        RoleConflictOut(
            tension=row.about,
            common_ground="; ".join(row.ground),
            people=[[stand.person for stand in side if stand.person] for side in row.sides],
            need=row.ref or None,
            sides=[[RoleStandOut.model_validate(asdict(stand)) for stand in side] for side in row.sides],
        )
        for row in conflicts_on(chain)
    ]
    return RoleCardsOut(cards=cards, conflicts=conflicts)


@router.get(
    "/opportunities/{ref}/decision-chain/file",
    operation_id="download_chain_report",
    summary="Download the stakeholder report as a Word file",
)
def download_report(request: HttpRequest, ref: str) -> FileResponse:
    """The stakeholder strategy report as a Word file, in your language."""
    chain = _chain(request, ref, None)
    return paper_response(*chain_paper(chain, now=timezone.now()))
