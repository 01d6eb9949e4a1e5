"""What to do next: the list of a person, decisions about suggestions, and what became of them."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.opportunities.actions.decide_suggestion import Choice, bring_back, decide_suggestion
from duobiao.opportunities.api.common import deal_of, today
from duobiao.opportunities.api.schemas import Code, coded
from duobiao.opportunities.api.tracks import NextActionOut, get_next_actions
from duobiao.opportunities.models import DismissReason, SuggestionChoice
from duobiao.opportunities.queries.action_list import action_list, deals_for, may_see_team
from duobiao.opportunities.queries.suggestion_hits import PERIODS, WITHIN, HitFilters, HitLine, hits_of

router = Router()
MOST_DEALS, PER_DEAL = 40, 4
Day = date


class MyActionOut(NextActionOut):
    """One thing to do, with its deal."""

    opportunity: str
    opportunity_name: str
    owner: str


class MyActionsQuery(StrictSchema):
    """Whose deals."""

    team: bool = Field(False, description="All deals the person may see, not only their own.")
    person: str = Field("", max_length=40, description="With team: only deals of this seller.")


class SuggestionDecisionIn(StrictSchema):
    """A decision about a suggestion."""

    key: str = Field(max_length=80, description="As the list of next actions names it.")
    choice: Code = Field(json_schema_extra=coded(*SuggestionChoice.values))
    until: Day | None = Field(None, description="With SNOOZED: the day on which it comes back.")
    reason: Code = Field("", json_schema_extra=coded("", *DismissReason.values), description="With DISMISSED.")
    note: str = Field("", max_length=500, description="In words; needed with OTHER.")


class DecidedOut(Schema):
    """What was kept."""

    ref: str
    key: str
    choice: str
    until: Day | None
    reason: str
    note: str
    decided_at: datetime | None
    url: str = Field(description="Form that records it; DONE counts when a record shows it.")


class RestoreIn(StrictSchema):
    """Which suggestion comes back."""

    key: str = Field(max_length=80)


class HitsQuery(StrictSchema):
    """Which suggestions are counted."""

    within: int = Field(14, json_schema_extra={"enum": list(WITHIN)})
    days: int = Field(90, json_schema_extra={"enum": list(PERIODS)})
    unit: str = Field("", max_length=40)
    person: str = Field("", max_length=40)


class HitLineOut(Schema):
    """Suggestions of one kind, or to one seller."""

    key: str
    label: str
    suggested: int
    judged: int = Field(description="Their days are over, or their record came.")
    hits: int = Field(description="Their record came within the days.")
    later: int
    done: int
    snoozed: int
    dismissed: int
    rate_percent: float | None = Field(description="Hits among those judged; null where fewer than ten were judged.")

    @classmethod
    def of(cls, line: HitLine) -> "HitLineOut":
        """Build from what the page shows."""
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


class HitsOut(Schema):
    """The figures."""

    total: HitLineOut
    kinds: list[HitLineOut]
    people: list[HitLineOut]


@router.get(
    "/next-actions", response=list[MyActionOut], operation_id="list_my_next_actions", summary="Read what to do next"
)
def get_my_actions(request: HttpRequest, query: Query[MyActionsQuery]) -> list[MyActionOut]:
    """Read what to do next over the deals of a person, by points; deals nearest to moving or falling back."""
    actor = actor_of(request)
    team = query.team and may_see_team(actor)
    rows = deals_for(actor, team=team).open()
    if team and query.person:
        rows = rows.filter(owner__ref=query.person)
    found = action_list(rows, today(request), most_deals=MOST_DEALS, per_deal=PER_DEAL)
    return [
        MyActionOut(
            **NextActionOut.of(row.action).dict(), opportunity=row.deal_ref, opportunity_name=row.deal, owner=row.owner
        )
        for row in found.rows
    ]


@router.post(
    "/opportunities/{ref}/next-actions/decide",
    response=DecidedOut,
    operation_id="decide_suggestion",
    summary="Decide about a suggestion",
)
def post_decide(request: HttpRequest, ref: str, payload: SuggestionDecisionIn) -> DecidedOut:
    """Say that it is done, put it off, or dismiss it; it leaves the list until its day, or until facts change."""
    choice = Choice(payload.choice, until=payload.until, reason=payload.reason, note=payload.note)
    row, action = decide_suggestion(
        opportunity=deal_of(request, ref), key=payload.key, choice=choice, actor=actor_of(request), now=timezone.now()
    )
    names = ("ref", "key", "choice", "until", "reason", "note", "decided_at")
    return DecidedOut(**{name: getattr(row, name) for name in names}, url=action.url)


@router.post(
    "/opportunities/{ref}/next-actions/restore",
    response=list[NextActionOut],
    operation_id="bring_back_suggestion",
    summary="Bring a suggestion back",
)
def post_restore(request: HttpRequest, ref: str, payload: RestoreIn) -> list[NextActionOut]:
    """Take a decision back; answers with the list."""
    bring_back(opportunity=deal_of(request, ref), key=payload.key, actor=actor_of(request), now=timezone.now())
    return get_next_actions(request, ref)


@router.get(
    "/next-actions/results", response=HitsOut, operation_id="get_suggestion_hits", summary="Read what became of them"
)
def get_hits(request: HttpRequest, query: Query[HitsQuery]) -> HitsOut:
    """Read how often what was suggested was followed by its record, by kind and by seller."""
    actor = actor_of(request)
    require(actor, "opportunities.view")
    filters = HitFilters.read({name: str(value) for name, value in query.dict().items()})
    found = hits_of(actor, filters, today(request))
    return HitsOut(
        total=HitLineOut.of(found.total),
        kinds=[HitLineOut.of(line) for line in found.kinds],
        people=[HitLineOut.of(line) for line in found.people],
    )
