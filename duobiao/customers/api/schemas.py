"""Bodies and answers of the API. A fact that is null is not known; a patch changes only the facts it names."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema

from duobiao.customers.models import (
    BuyingRole,
    CreditStanding,
    Function,
    IndustryMaturity,
    IndustryPosition,
    InvestmentTrend,
    LifecycleStage,
    Profitability,
    ProjectImportance,
    RelationCell,
    Relationship,
    Scale,
    Stance,
)
from duobiao.identity.api_support import MoneyIn, PageQuery, StrictSchema

LARGEST_INT = 2**31 - 1
Short = Annotated[str, Field(max_length=60)]
Line = Annotated[str, Field(max_length=200)]
Note = Annotated[str, Field(max_length=1000)]
Text = Annotated[str, Field(max_length=2000)]
Long = Annotated[str, Field(max_length=4000)]
Count = Annotated[int, Field(ge=0, le=LARGEST_INT)]
Version = Annotated[int, Field(ge=1, le=LARGEST_INT, description="The version you read.")]
RefText = Annotated[str, Field(max_length=16)]


class CustomerFacts(StrictSchema):
    """The customer form (客户基本信息表)."""

    short_name: Annotated[str, Field(max_length=40)] | None = None
    industry: Short | None = None
    credit_code: Annotated[str, Field(max_length=18)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    website: Line | None = None
    region: Short | None = None
    address: Line | None = None
    parent: RefText | None = Field(None, description="Reference of the customer this one is a subsidiary of.")
    notes: Long | None = None
    industry_maturity: IndustryMaturity | None = None
    industry_margin_percent: Annotated[Decimal, Field(ge=-100, le=100, decimal_places=2)] | None = None
    competitors: Text | None = None
    founded_year: Annotated[int, Field(ge=1500, le=2100)] | None = None
    lifecycle_stage: LifecycleStage | None = None
    scale: Scale | None = None
    branch_count: Count | None = None
    employee_count: Count | None = None
    industry_position: IndustryPosition | None = None
    industry_position_note: Note | None = None
    organisation_chart: Text | None = None
    departments: Text | None = None
    power_structure: Text | None = None
    key_deciders: Text | None = None
    short_term_goals: Text | None = None
    long_term_goals: Text | None = None
    annual_revenue: MoneyIn | None = None
    profitability: Profitability | None = None
    profitability_note: Note | None = None
    technical_strength: Text | None = None
    suppliers: Text | None = None
    business_scope: Text | None = None
    product_range: Text | None = None
    pressing_problem: Text | None = None
    dealings: Text | None = None
    relationship: Relationship | None = None
    relationship_note: Note | None = None
    investment_trend: InvestmentTrend | None = None
    investment_note: Note | None = None
    credit_standing: CreditStanding | None = None
    credit_note: Note | None = None
    project_scale: Note | None = None
    project_value: Text | None = None
    project_importance: ProjectImportance | None = None
    project_importance_note: Note | None = None


class NewCustomer(CustomerFacts):
    """A customer to enter."""

    name: str = Field(min_length=1, max_length=120)
    confirm_duplicate: bool = Field(False, description="You know of the customers of this name and mean another one.")


class CustomerPatch(CustomerFacts):
    """Facts to change."""

    version: Version
    source: Line = Field("", description="Where the facts of this body come from.")
    known_on: date | None = Field(None, description="Day of the source; today where you sit, if left out.")
    name: Annotated[str, Field(min_length=1, max_length=120)] | None = None


class CompletenessOut(Schema):
    """Which of the 8 + 4 information items are known."""

    known: int
    total: int
    customer: dict[str, bool]
    handler: dict[str, bool]


class CustomerRow(Schema):
    """A customer as lists show it."""

    ref: str
    name: str
    short_name: str
    industry: str
    region: str
    owner: str = Field(description="Reference of the person.")
    is_placeholder: bool
    profile_items: int = Field(description="How many of the 8 customer items are known.")
    handler_items: int = Field(description="How many of the 4 items of the best known 经手人 are known.")
    evaluation_class: str = Field(description="Class by the customer evaluation, empty while there is none.")
    created_at: datetime
    touched_at: datetime
    version: int


class CustomerOut(CustomerRow):
    """A customer with all facts."""

    completeness: CompletenessOut
    facts: dict[str, Any] = Field(description="The facts by name, as in the body of a patch; null is not known.")


class CustomersQuery(PageQuery):
    """Which customers, in which order."""

    q: str = Field("", max_length=200, description="Words of name, short name, industry, region or telephone.")
    industry: str = Field("", max_length=60)
    owner: str = Field("", max_length=16, description="Reference of a person.")
    complete: bool | None = Field(None, description="Whether all 8 customer items are known.")
    evaluation_class: str = Field("", max_length=40, description="Class by the customer evaluation; none for no class.")
    key_account: bool | None = Field(None, description="Whether the check for key accounts says so.")
    sort: str = Field("name", pattern=r"^-?(name|created_at|touched_at|profile_items)$")


class ContactFacts(StrictSchema):
    """The contact form (联系人基本信息表)."""

    department: Short | None = None
    position: Short | None = None
    duties: Note | None = None
    mobile: Annotated[str, Field(max_length=40)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    wechat: Short | None = None
    character: Note | None = None
    interests: Note | None = None
    buying_role: BuyingRole = BuyingRole.UNKNOWN
    function: Function | None = None
    influence: Annotated[int, Field(ge=1, le=5)] | None = None
    stance: Stance | None = None
    relation_cells: Annotated[list[RelationCell], Field(max_length=6)] = []
    bridge: Note | None = None
    is_handler: bool | None = Field(None, description="Whether this is the 经手人 or higher; null while unknown.")
    is_decision_maker: bool | None = None
    notes: Long | None = None


class NewContact(ContactFacts):
    """A contact to enter."""

    customer: RefText
    name: str = Field(min_length=1, max_length=60)


class ContactPatch(ContactFacts):
    """Facts to change."""

    version: Version
    name: Annotated[str, Field(min_length=1, max_length=60)] | None = None


class ContactOut(Schema):
    """A contact with all facts."""

    ref: str
    customer: str
    name: str
    department: str
    position: str
    duties: str
    mobile: str
    phone: str
    email: str
    wechat: str
    character: str
    interests: str
    buying_role: BuyingRole
    function: str
    influence: int | None
    stance: int | None
    relation_cells: list[str]
    bridge: str
    is_handler: bool | None
    is_decision_maker: bool | None
    notes: str
    profile_items: int
    created_at: datetime
    touched_at: datetime
    version: int

    @staticmethod
    def resolve_customer(contact: Any) -> str:
        """Give the reference of the customer."""
        return str(contact.customer.ref)


class ContactsQuery(PageQuery):
    """Which contacts, in which order."""

    q: str = Field("", max_length=200, description="Words of name, company, department, position or telephone.")
    customer: str = Field("", max_length=16)
    is_handler: bool | None = None
    sort: str = Field("name", pattern=r"^-?(name|created_at|touched_at)$")


class MergeIn(StrictSchema):
    """The record that goes into the addressed one."""

    other: RefText


class CustomerHandoverIn(StrictSchema):
    """Who takes over."""

    to: RefText
    version: Version | None = None
