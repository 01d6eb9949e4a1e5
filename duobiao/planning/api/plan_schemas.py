"""Shapes of the API of account plans."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from duobiao.identity.api_support import MoneyIn, MoneyOut, PageQuery, StrictSchema
from duobiao.kernel.money import Money
from duobiao.opportunities.api.schemas import Code, coded
from duobiao.planning.models import AccountPlan, BudgetPhase, DateKind, Measure, Phase, PlanDate, PlanState
from duobiao.planning.queries.plans import GoalLine

Day = date
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Month = Annotated[int, Field(ge=1, le=12)]
MeasureCode = Annotated[Code, Field(json_schema_extra=coded(*Measure.values))]
DateCode = Annotated[Code, Field(json_schema_extra=coded(*DateKind.values))]


class AccountPlanIn(StrictSchema):
    """A plan to begin."""

    year: int = Field(ge=2000, le=2100)
    aim: str = Field("", max_length=2000)


class AccountPlanPut(StrictSchema):
    """The aim of a draft."""

    version: Version
    aim: str = Field(max_length=2000)


class VersionIn(StrictSchema):
    """The version that was seen."""

    version: Version


class PlanReasonIn(StrictSchema):
    """Why an approved plan is taken up again."""

    reason: str = Field(min_length=1, max_length=500)


class PlanCloseIn(StrictSchema):
    """What came of the year."""

    version: Version
    result: str = Field(min_length=1, max_length=2000)


class PlanDealsIn(StrictSchema):
    """The projects that serve a plan."""

    opportunities: list[Annotated[str, Field(max_length=40)]] = Field(max_length=100)


class GoalIn(StrictSchema):
    """A goal: its measure decides which of the three targets is needed."""

    measure: MeasureCode
    title: str = Field("", max_length=200)
    amount: MoneyIn | None = None
    count: int | None = Field(None, ge=1, le=1_000_000)
    words: str | None = Field(None, max_length=300)

    def values(self) -> dict[str, Any]:
        """Return what the actions take."""
        given = [self.amount.money() if self.amount is not None else None, self.count, self.words]
        target = next((value for value in given if value is not None), None)
        return {"measure": self.measure, "title": self.title, "target": target}


class GoalPut(GoalIn):
    """A goal changed."""

    version: Version


class ReachedIn(StrictSchema):
    """What was reached of a goal that nothing counts."""

    version: Version
    count: int | None = Field(None, ge=0, le=1_000_000)
    words: str = Field("", max_length=300)


class PlanDateIn(StrictSchema):
    """A milestone or a review."""

    what: DateCode = DateKind.MILESTONE.value
    title: str = Field(min_length=1, max_length=200)
    owner: str | None = Field(None, max_length=40, description="Left out: the owner of the customer.")
    due_on: Day


class PlanDatePut(PlanDateIn):
    """A milestone or review changed."""

    version: Version


class PlanDateDoneIn(StrictSchema):
    """When it was reached or held, and what came of it."""

    done_on: Day
    outcome: str = Field("", max_length=1000, description="Needed for a review.")


class BudgetPhaseIn(StrictSchema):
    """From which month to which; the last may lie in the next year."""

    first_month: Month
    last_month: Month


class BudgetCycleIn(StrictSchema):
    """The budget cycle of a customer; phases not named stay, null takes one out."""

    phases: dict[str, BudgetPhaseIn | None] = Field(max_length=10, description=", ".join(Phase.values))


class PlansQuery(PageQuery):
    """Which plans."""

    year: int | None = Field(None, ge=2000, le=2100)
    state: str = Field("", max_length=8, json_schema_extra=coded("", *PlanState.values))
    mine: bool = Field(False, description="Those of your own customers only.")


class AccountPlanOut(Schema):
    """A plan in short."""

    ref: str
    customer: str
    year: int
    aim: str
    state: str
    currency: str
    note: str
    result: str
    created_at: datetime
    settled_at: datetime | None
    closed_at: datetime | None
    version: int

    @classmethod
    def of(cls, plan: AccountPlan) -> "AccountPlanOut":
        """Build from a plan with its customer loaded."""
        same = {name: getattr(plan, name) for name in AccountPlanOut.model_fields if name != "customer"}
        return AccountPlanOut(**same, customer=plan.customer.ref)


class GoalOut(Schema):
    """A goal with what was reached."""

    ref: str
    measure: str
    title: str
    target_amount: MoneyOut | None
    target_count: int | None
    target_words: str
    reached_amount: MoneyOut | None
    reached_count: int | None
    reached_words: str
    percent: int | None
    counted: bool = Field(description="It is counted from the records you may see.")
    version: int

    @classmethod
    def of(cls, line: GoalLine) -> "GoalOut":
        """Build from a goal with what was reached."""
        goal = line.goal
        return cls(
            ref=goal.ref,
            measure=goal.measure,
            title=goal.title,
            target_amount=MoneyOut.of(line.target) if isinstance(line.target, Money) else None,
            target_count=goal.target_count,
            target_words=goal.target_words,
            reached_amount=MoneyOut.of(line.reached) if isinstance(line.reached, Money) else None,
            reached_count=line.reached if isinstance(line.reached, int) else None,
            reached_words=goal.reached_words,
            percent=line.percent,
            counted=line.counted,
            version=goal.version,
        )


class PlanDateOut(Schema):
    """A milestone or review."""

    ref: str
    plan: str
    what: str
    title: str
    owner: str
    due_on: Day
    done_on: Day | None
    outcome: str
    version: int

    @classmethod
    def of(cls, row: PlanDate) -> "PlanDateOut":
        """Build from a row with owner and plan loaded."""
        same = {name: getattr(row, name) for name in cls.model_fields if name not in ("plan", "owner")}
        return cls(**same, plan=row.plan.ref, owner=row.owner.ref)


class BudgetPhaseOut(Schema):
    """What a customer does with its budget, from which month to which."""

    phase: str
    first_month: int
    last_month: int

    @classmethod
    def of(cls, row: BudgetPhase) -> "BudgetPhaseOut":
        """Build from a row."""
        return cls(phase=row.phase, first_month=row.first_month, last_month=row.last_month)


class AccountPlanDetail(AccountPlanOut):
    """A plan with everything on its page."""

    goals: list[GoalOut]
    dates: list[PlanDateOut]
    opportunities: list[str]
    budget_cycle: list[BudgetPhaseOut]
    resources: list[str]
    approval: str | None = Field(description="Reference of the newest request for approval.")
