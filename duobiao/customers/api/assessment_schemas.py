"""Bodies and answers of assessments and their schemes."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from duobiao.customers.models import Assessment
from duobiao.customers.queries.schemes import SchemeInForce
from duobiao.identity.api_support import PageQuery, StrictSchema

Key = Annotated[str, Field(max_length=40)]


class AssessmentIn(StrictSchema):
    """Scores by criterion (dimension) of one scheme."""

    scores: dict[str, Annotated[int, Field(ge=0, le=100, strict=True)]] = Field(
        min_length=1, max_length=20, description="All criteria of the scheme, within its scale."
    )
    scheme: Key = Field("", description="Key of the scheme; may be left out where the criteria tell.")
    notes: dict[str, Annotated[str, Field(max_length=300)]] = Field(
        {}, max_length=20, description="What scores rest on."
    )
    note: str = Field("", max_length=1000)
    assessed_on: date | None = Field(None, description="Today where you sit, if left out.")


class CustomerAssessmentOut(Schema):
    """An assessment as it was made."""

    ref: str
    customer: str
    scheme: str
    version: int
    score: float = Field(description="Of 100 points, at most two places.")
    class_key: str = Field(serialization_alias="class", description="Key of the class; empty where there are none.")
    meets_criteria: bool | None = Field(
        description="Whether the customer meets the target customer criteria; null where the scheme draws no line."
    )
    assessed_on: date
    scores: dict[str, int]
    notes: dict[str, str]
    note: str
    created_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: Assessment) -> "CustomerAssessmentOut":
        """Build from a row with its scores."""
        scores = list(row.scores.all())
        return cls(
            ref=row.ref,
            customer=row.customer.ref,
            scheme=row.scheme,
            version=row.version.version,
            score=float(row.score),
            class_key=row.class_key,
            meets_criteria=row.meets_criteria,
            assessed_on=row.assessed_on,
            scores={held.criterion: held.score for held in scores},
            notes={held.criterion: held.note for held in scores if held.note},
            note=row.note,
            created_by=row.created_by.ref,
            created_at=row.created_at,
        )


class AssessmentsQuery(PageQuery):
    """Which assessments of a customer."""

    scheme: str = Field("", max_length=40, description="Key of a scheme.")


class RankingQuery(PageQuery):
    """By which assessment customers are ranked."""

    scheme: str = Field("selection", max_length=40, description="Key of a scheme.")


class SchemeIn(StrictSchema):
    """A new version of a scheme."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, description="The version you read.")]
    document: dict[str, Any] = Field(max_length=20)


class SchemeOut(Schema):
    """A scheme in force."""

    key: str
    version: int
    shipped: bool
    document: dict[str, Any] = Field(description="Criteria with weights, classes, line; as the body of a new version.")

    @classmethod
    def of(cls, found: SchemeInForce, document: dict[str, Any]) -> "SchemeOut":
        """Build from a scheme and its data."""
        return cls(key=found.key, version=found.version, shipped=not found.is_own, document=document)


class RankRow(Schema):
    """A customer in the ranking of a scheme."""

    customer: str
    name: str
    owner: str
    score: float
    class_key: str = Field(serialization_alias="class")
    assessed_on: date
    assessment: str
