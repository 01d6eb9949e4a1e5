"""Assessments over the API: assess, history, ranking, schemes."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from duobiao.customers.actions.assess_customer import assess_customer, scheme_having
from duobiao.customers.actions.publish_scheme import publish_scheme
from duobiao.customers.api.assessment_schemas import (
    AssessmentIn,
    AssessmentsQuery,
    CustomerAssessmentOut,
    RankingQuery,
    RankRow,
    SchemeIn,
    SchemeOut,
)
from duobiao.customers.api.customers import customer_for
from duobiao.customers.domain.schemes import write_scheme
from duobiao.customers.models import Assessment, Standing
from duobiao.customers.queries.assessments import assessments_of, ranking
from duobiao.customers.queries.customers import get_customer
from duobiao.customers.queries.schemes import SchemeInForce, find_scheme, schemes_in_force
from duobiao.identity.api_support import Page, PageOut, page_of
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import require
from duobiao.kernel.days import local_day

router = Router()


@router.post(
    "/customers/{ref}/assessment",
    response={201: CustomerAssessmentOut},
    by_alias=True,
    operation_id="assess_customer",
    summary="Assess a customer",
)
def post_assessment(request: HttpRequest, ref: str, payload: AssessmentIn) -> Status[CustomerAssessmentOut]:
    """Score a customer by all criteria of a scheme; the answer holds score and class."""
    actor, now = actor_of(request), timezone.now()
    today = local_day(now, actor.time_zone or company_of(request).time_zone)
    row = assess_customer(
        customer=get_customer(ref=ref, user=actor),
        scheme=payload.scheme or scheme_having(payload.scores),
        scores=payload.scores,
        notes=payload.notes,
        note=payload.note,
        assessed_on=payload.assessed_on or today,
        actor=actor,
        now=now,
    )
    return Status(201, CustomerAssessmentOut.of(row))


@router.get(
    "/customers/{ref}/assessments",
    response=PageOut[CustomerAssessmentOut],
    by_alias=True,
    operation_id="list_assessments",
    summary="List the assessments of a customer",
)
def list_assessments(request: HttpRequest, ref: str, query: Query[AssessmentsQuery]) -> dict[str, Any]:
    """List how a customer was assessed, the latest first."""
    rows = assessments_of(customer_for(request, ref)).prefetch_related("scores")
    if query.scheme:
        rows = rows.filter(scheme=query.scheme)
    page: Page[Assessment] = page_of(rows, page=query, sort="-assessed_on")
    return {"items": [CustomerAssessmentOut.of(row) for row in page.items], "next": page.next}


@router.get(
    "/customer-ranking",
    response=PageOut[RankRow],
    by_alias=True,
    operation_id="rank_customers",
    summary="Rank customers by an assessment",
)
def rank_customers(request: HttpRequest, query: Query[RankingQuery]) -> dict[str, Any]:
    """List the assessed customers you may see, the highest score first."""
    find_scheme(query.scheme)
    page: Page[Standing] = page_of(ranking(actor_of(request), query.scheme), page=query, sort="-score_hundredths")
    return {"items": [_rank_row(row) for row in page.items], "next": page.next}


@router.get(
    "/assessment-schemes",
    response=list[SchemeOut],
    operation_id="list_assessment_schemes",
    summary="Read the assessment schemes",
)
def get_schemes(request: HttpRequest) -> list[SchemeOut]:
    """Read by which criteria, weights and classes customers are assessed."""
    require(actor_of(request), "customers.view")
    return [_scheme_out(found) for found in schemes_in_force().values()]


@router.post(
    "/assessment-schemes/{key}",
    response={201: SchemeOut},
    operation_id="publish_assessment_scheme",
    summary="Publish an assessment scheme",
)
def post_scheme(request: HttpRequest, key: str, payload: SchemeIn) -> Status[SchemeOut]:
    """Publish a new version of a scheme; assessments made before keep theirs."""
    publish_scheme(
        key=key,
        document=payload.document,
        version=payload.version,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return Status(201, _scheme_out(find_scheme(key)))


def _scheme_out(found: SchemeInForce) -> SchemeOut:
    return SchemeOut.of(found, write_scheme(found.scheme))


def _rank_row(row: Standing) -> RankRow:
    return RankRow(
        customer=row.customer.ref,
        name=row.customer.name,
        owner=row.customer.owner.ref,
        score=float(row.score),
        class_key=row.class_key,
        assessed_on=row.assessment.assessed_on,
        assessment=row.assessment.ref,
    )
