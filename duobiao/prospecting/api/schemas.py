"""Bodies and answers of leads and pools."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from duobiao.identity.api_support import MoneyIn, PageQuery, StrictSchema
from duobiao.identity.models import Role
from duobiao.prospecting.actions.keep_lead import became
from duobiao.prospecting.models import Answer, Content, DiscardReason, Lead, Pool, Source

LARGEST_INT = 2**31 - 1
Version = Annotated[int, Field(ge=1, le=LARGEST_INT, description="The version you read.")]
RefText = Annotated[str, Field(max_length=16)]
Short = Annotated[str, Field(max_length=60)]
Number = Annotated[str, Field(max_length=40)]


class LeadFacts(StrictSchema):
    """Facts of a lead."""

    contact_name: Short | None = None
    position: Short | None = None
    mobile: Number | None = None
    phone: Number | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    region: Short | None = None
    need: Annotated[str, Field(max_length=2000)] | None = None
    source: Source | None = None


class LeadIn(LeadFacts):
    """A lead to enter."""

    company: str = Field(min_length=1, max_length=120)
    owner: RefText | None = Field(None, description="Reference of who gets it; you, if neither this nor `pool`.")
    pool: RefText | None = Field(None, description="Reference of the pool in which it lies free.")
    campaign: RefText | None = Field(None, description="Reference of the campaign that brought it.")


class LeadPatch(LeadFacts):
    """Facts to change; the answers of the check are put by `/check`."""

    company: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    version: Version


class LeadsQuery(PageQuery):
    """Which leads."""

    place: str = Field("team", pattern="^(mine|pools|team)$", description="`team` is all you may see.")
    state: str = Field("any", pattern="^(open|any|NEW|WORKING|CONVERTED|DISCARDED)$")
    q: str = Field("", max_length=100, description="Words in company, person, need; a number; a reference.")
    source: str = Field("", max_length=12)
    pool: str = Field("", max_length=16)
    owner: str = Field("", max_length=16)
    campaign: str = Field("", max_length=16)
    sort: str = Field("-touched_at", pattern="^-?(touched_at|created_at|company)$")


class CheckIn(StrictSchema):
    """Answers to the three questions."""

    version: Version
    real: Answer
    feasible: Answer
    fit: Answer
    note: str = Field("", max_length=1000, description="Needed where an answer is NO.")


class DiscardIn(StrictSchema):
    """Why a lead is dropped."""

    version: Version
    reason: DiscardReason
    note: str = Field("", max_length=500)


class ReturnIn(StrictSchema):
    """Why a lead goes back."""

    note: str = Field("", max_length=200)


class AssignIn(StrictSchema):
    """A person or a pool."""

    version: Version
    owner: RefText | None = None
    pool: RefText | None = None


class ConvertIn(StrictSchema):
    """What a lead becomes; references of existing records, or new ones."""

    version: Version | None = None
    customer: RefText | None = Field(None, description="An existing customer; null makes a new one.")
    contact: RefText | None = Field(None, description="An existing contact of that customer.")
    opportunity: RefText | None = Field(None, description="An existing open deal of that customer.")
    with_contact: bool = Field(True, description="Make a contact where none is named and the lead names a person.")
    with_deal: bool = Field(True, description="Open a deal where none is named.")
    deal_name: str = Field("", max_length=160)
    amount: MoneyIn | None = None
    confirm_duplicate: bool = Field(False, description="Another customer of the same name is meant.")


class LeadOut(Schema):
    """A lead."""

    ref: str
    company: str
    contact_name: str
    position: str
    mobile: str
    phone: str
    email: str
    region: str
    need: str
    source: str
    state: str
    owner: str | None
    pool: str | None
    campaign: str | None
    real: str
    feasible: str
    fit: str
    check_note: str
    discard_reason: str
    discard_note: str
    customer: str | None
    contact: str | None
    opportunity: str | None
    created_at: datetime
    touched_at: datetime
    ended_at: datetime | None
    version: int

    @classmethod
    def of(cls, lead: Lead) -> "LeadOut":
        """Build from a lead with its people and results loaded."""
        elsewhere = ("owner", "pool", "campaign", "customer", "contact", "opportunity")
        same = [name for name in cls.model_fields if name not in elsewhere]
        values: dict[str, Any] = {name: getattr(lead, name) for name in same} | became(lead)
        linked = {"owner": lead.owner, "pool": lead.pool, "campaign": lead.campaign}
        refs = {name: row.ref if row is not None else None for name, row in linked.items()}
        return cls(**values | refs)


class AlikeOut(Schema):
    """A customer that may be the same."""

    ref: str
    name: str
    reasons: list[str]
    contacts: list[dict[str, str]]
    opportunities: list[dict[str, str]]


class LeadAlikeOut(Schema):
    """A lead that may be the same, and by what: `name`, `phone`, `email`."""

    ref: str
    company: str
    reasons: list[str]


class CandidatesOut(Schema):
    """What a lead may be the same as."""

    customers: list[AlikeOut]
    units: list[str] = Field(description="Units that own customers you may not see.")
    leads: list[str]
    leads_alike: list[LeadAlikeOut]


class FollowUpIn(StrictSchema):
    """A next step."""

    title: str = Field(min_length=1, max_length=200)
    due_on: date


class MemberIn(StrictSchema):
    """Who may take: people of a unit and those below, of a role, or both."""

    unit: RefText | None = None
    role: Role | None = None


class PoolFacts(StrictSchema):
    """Facts of a pool."""

    description: Annotated[str, Field(max_length=300)] | None = None
    most_open: Annotated[int, Field(ge=1, le=10_000)] | None = None
    most_per_day: Annotated[int, Field(ge=1, le=10_000)] | None = None
    recycle_days: Annotated[int, Field(ge=1, le=730)] | None = None
    warn_days: Annotated[int, Field(ge=0, le=729)] = 3
    deal_stage: Annotated[int, Field(ge=1, le=8, description="Customers: stage from which on one stays.")] = 2
    contract_days: Annotated[int, Field(ge=0, le=3650, description="Customers: days one stays after a win.")] = 365
    keeper: RefText | None = Field(None, description="Customers: who owns them while they lie free.")
    is_active: bool = True
    members: Annotated[list[MemberIn], Field(max_length=100)] | None = None


class PoolIn(PoolFacts):
    """A pool to make."""

    name: str = Field(min_length=1, max_length=80)
    content: Content = Field(Content.LEADS, description="What lies in it; stays as it was made.")


class PoolPatch(PoolFacts):
    """Facts of a pool to change."""

    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    version: Version


class MemberOut(Schema):
    """Who may take."""

    unit: str | None
    role: str | None


class PoolOut(Schema):
    """A pool with what lies in it."""

    ref: str
    name: str
    description: str
    most_open: int | None
    most_per_day: int | None
    recycle_days: int | None
    warn_days: int
    content: str
    keeper: str | None
    deal_stage: int
    contract_days: int
    is_active: bool
    version: int
    members: list[MemberOut]
    free: int
    held: int
    mine: int
    taken_today: int
    may_take: bool


def pool_facts(pool: Pool) -> dict[str, Any]:
    """Return the columns of a pool and its members."""
    elsewhere = ("keeper", "members", "free", "held", "mine", "taken_today", "may_take")
    names = [name for name in PoolOut.model_fields if name not in elsewhere]
    members = [
        MemberOut(unit=row.unit.ref if row.unit is not None else None, role=row.role or None)
        for row in pool.members.all()
    ]
    return {
        **{name: getattr(pool, name) for name in names},
        "members": members,
        "keeper": pool.keeper.ref if pool.keeper is not None else None,
    }
