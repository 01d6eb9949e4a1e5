"""The appraisal of stages 1 and 2 over the API."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from duobiao.engagement.actions.call_checks import company_zone
from duobiao.engagement.queries.appraisal import appraisal
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.days import local_day

router = Router()


class AppraisalQuery(Schema):
    """Which period."""

    first: date | None = Field(None, description="Left out: the first of this month.")
    last: date | None = Field(None, description="Left out: today.")


class AppraisalOut(Schema):
    """The counts of one person; a customer counts once."""

    person: str
    name: str
    latent: int
    handlers: int
    agreed: int
    visited: int
    drafts: int
    processes: int
    requested: int


@router.get("/appraisal", response=list[AppraisalOut], operation_id="get_appraisal", summary="Count by evidence")
def read_appraisal(request: HttpRequest, query: Query[AppraisalQuery]) -> list[AppraisalOut]:
    """Counts of stages 1 and 2 by person, from records alone."""
    actor = actor_of(request)
    require(actor, "customers.view")
    today = local_day(timezone.now(), company_zone())
    lines = appraisal(actor, first=query.first or today.replace(day=1), last=query.last or today)
    return [AppraisalOut(person=line.person.ref, name=str(line.person), **line.counts) for line in lines]
