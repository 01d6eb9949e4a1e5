"""The rivals of a deal over the API: landscape, placing, scores, weights."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status

from duobiao.competition.actions.place_rival import change_placing, note_back, note_left, place_rival
from duobiao.competition.actions.score_offer import score_offer, set_weights
from duobiao.competition.api.deal_schemas import (
    BackIn,
    DealRivalIn,
    DealRivalOut,
    DealRivalPut,
    LandscapeOut,
    LeftIn,
    ScoresIn,
    WeightsIn,
)
from duobiao.competition.models import DealRival, Rival
from duobiao.competition.queries.landscape import landscape_shown
from duobiao.identity.api_support import found_or_404
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.api.common import deal_of, today
from duobiao.opportunities.models import Opportunity

router = Router()
ASSESS = "competition.assess"
DEAL = "/opportunities/{ref}/competition"
ROW = "/deal-rivals/{ref}"


@router.get(DEAL, response=LandscapeOut, operation_id="get_competition", summary="Read the rivals of a deal")
def get_landscape(request: HttpRequest, ref: str) -> LandscapeOut:
    """Read rivals by class, scores, weighted gaps, barriers, whom they reach, their moves, and what all this proves."""
    return _shown(request, deal_of(request, ref))


@router.post(
    f"{DEAL}/rivals", response={201: DealRivalOut}, operation_id="place_rival", summary="Put a rival on a deal"
)
def post_rival(request: HttpRequest, ref: str, payload: DealRivalIn) -> Status[DealRivalOut]:
    """Put a rival on a deal."""
    deal, actor = deal_of(request, ref), actor_of(request)
    require(actor, ASSESS, deal)
    rival = Rival.objects.filter(ref=payload.rival).first()
    if rival is None:
        raise Invalid(_("There is no such rival."), fields={"rival": _("not found")})
    made = place_rival(opportunity=deal, rival=rival, placing=payload.placing(), actor=actor, now=timezone.now())
    return Status(201, DealRivalOut.of(made))


@router.put(ROW, response=DealRivalOut, operation_id="change_placing", summary="Change what is known of a rival here")
def put_rival(request: HttpRequest, ref: str, payload: DealRivalPut) -> DealRivalOut:
    """Change what is known of a rival on a deal."""
    row = deal_rival(request, ref)
    changed = change_placing(
        row=row, version=payload.version, placing=payload.placing(), actor=actor_of(request), now=timezone.now()
    )
    return DealRivalOut.of(changed)


@router.post(f"{ROW}/left", response=DealRivalOut, operation_id="note_left", summary="Note that a rival left the race")
def post_left(request: HttpRequest, ref: str, payload: LeftIn) -> DealRivalOut:
    """Note that a rival left the race; its records stay."""
    row = deal_rival(request, ref)
    changed = note_left(
        row=row,
        version=payload.version,
        left_on=payload.left_on,
        reason=payload.reason,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return DealRivalOut.of(changed)


@router.post(f"{ROW}/back", response=DealRivalOut, operation_id="note_back", summary="Note that a rival is back")
def post_back(request: HttpRequest, ref: str, payload: BackIn) -> DealRivalOut:
    """Note that a rival is in the race again."""
    row = deal_rival(request, ref)
    changed = note_back(row=row, version=payload.version, actor=actor_of(request), now=timezone.now())
    return DealRivalOut.of(changed)


@router.post(f"{DEAL}/scores", response={201: LandscapeOut}, operation_id="score_offer", summary="Score one side")
def post_scores(request: HttpRequest, ref: str, payload: ScoresIn) -> Status[LandscapeOut]:
    """Score our own offer or a rival's on some dimensions; answers the comparison."""
    deal, actor = deal_of(request, ref), actor_of(request)
    require(actor, ASSESS, deal)
    row = None
    if payload.rival:
        row = deal.rivals.select_related("rival", "opportunity").filter(ref=payload.rival).first()
        if row is None:
            raise Invalid(_("There is no such rival on this deal."), fields={"rival": _("not found")})
    score_offer(
        opportunity=deal,
        row=row,
        scores=payload.scores,
        on=payload.on,
        source=payload.source,
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, _shown(request, deal))


@router.put(f"{DEAL}/weights", response=LandscapeOut, operation_id="set_weights", summary="Set what counts")
def put_weights(request: HttpRequest, ref: str, payload: WeightsIn) -> LandscapeOut:
    """Set what each dimension weighs for this customer; answers the comparison."""
    deal, actor = deal_of(request, ref), actor_of(request)
    set_weights(opportunity=deal, version=payload.version, weights=payload.weights, actor=actor, now=timezone.now())
    return _shown(request, deal)


def deal_rival(request: HttpRequest, ref: str) -> DealRival:
    """Return a rival on a deal the person may see.

    Raises:
        NotFound: there is none.
    """
    seen = Opportunity.objects.visible_to(actor_of(request)).values("pk")
    rows = DealRival.objects.filter(ref=ref, opportunity__in=seen)
    return found_or_404(rows.select_related("rival", "opportunity__owner", "opportunity__customer").first())


def _shown(request: HttpRequest, deal: Opportunity) -> LandscapeOut:
    return LandscapeOut.of(landscape_shown(deal, actor_of(request), on=today(request)))
