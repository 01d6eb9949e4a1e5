"""Coverage, modules of the solution, versions of the requirements and their confirmation, over the API."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Status

from duobiao.identity.api_support import found_or_404
from duobiao.identity.http import actor_of
from duobiao.kernel.refs import Ref
from duobiao.needs.actions.complete_analysis import complete_analysis
from duobiao.needs.actions.confirm_requirements import (
    record_requirement_confirmation,
    request_requirement_confirmation,
    revoke_requirement_link,
)
from duobiao.needs.actions.keep_module import add_module, remove_module
from duobiao.needs.api.common import needed_person
from duobiao.needs.api.more_schemas import (
    MatrixOut,
    ModuleIn,
    ModuleOut,
    RequirementAskIn,
    RequirementConfirmationOut,
    RequirementConfirmIn,
    RequirementLinkOut,
    RequirementPaperOut,
)
from duobiao.needs.models import SolutionModule
from duobiao.needs.queries.matrix import matrix_of
from duobiao.needs.queries.papers import get_paper, is_current, papers_of
from duobiao.opportunities.actions.mail_confirmation import mail_link
from duobiao.opportunities.api.common import deal_of, documents_named, product_named
from duobiao.opportunities.queries.confirmations import confirmation_of, confirmations_of

router = Router()


@router.get(
    "/opportunities/{ref}/needs/matrix",
    response=MatrixOut,
    operation_id="get_need_matrix",
    summary="Read the coverage matrices",
)
def get_matrix(request: HttpRequest, ref: str) -> MatrixOut:
    """Which person wants which need, and which module of the solution answers it."""
    return MatrixOut.of(matrix_of(deal_of(request, ref)))


@router.post(
    "/opportunities/{ref}/solution-modules",
    response={201: ModuleOut},
    operation_id="add_solution_module",
    summary="Add a module to the solution",
)
def post_module(request: HttpRequest, ref: str, payload: ModuleIn) -> Status[ModuleOut]:
    """By name, or as one of our products."""
    made = add_module(
        opportunity=deal_of(request, ref),
        name=payload.name,
        product=product_named(payload.product),
        actor=actor_of(request),
        now=timezone.now(),
    )
    return Status(201, ModuleOut.of(made))


@router.delete(
    "/solution-modules/{ref}",
    response={204: None},
    operation_id="remove_solution_module",
    summary="Take a module out of the solution",
)
def delete_module(request: HttpRequest, ref: str) -> Status[None]:
    """With what it answered."""
    actor = actor_of(request)
    rows = SolutionModule.objects.visible_to(actor).live().select_related("opportunity__owner", "opportunity__customer")
    remove_module(module=found_or_404(rows.filter(ref=ref).first()), actor=actor, now=timezone.now())
    return Status(204, None)


@router.get(
    "/opportunities/{ref}/requirements",
    response=list[RequirementPaperOut],
    operation_id="list_requirements",
    summary="List the versions of the requirements",
)
def get_papers(request: HttpRequest, ref: str) -> list[RequirementPaperOut]:
    """The newest first."""
    return [RequirementPaperOut.of(row) for row in papers_of(deal_of(request, ref).pk)]


@router.post(
    "/opportunities/{ref}/requirements",
    response={201: RequirementPaperOut},
    operation_id="complete_analysis",
    summary="Complete the requirement analysis",
)
def post_paper(request: HttpRequest, ref: str) -> Status[RequirementPaperOut]:
    """Freeze the needs as the next version; this proves that the analysis is completed."""
    made = complete_analysis(opportunity=deal_of(request, ref), actor=actor_of(request), now=timezone.now())
    return Status(201, RequirementPaperOut.of(made, current=True))


@router.get(
    "/requirements/{ref}",
    response=RequirementPaperOut,
    operation_id="get_requirements",
    summary="Read a version of the requirements",
)
def get_one(request: HttpRequest, ref: str) -> RequirementPaperOut:
    """Its lines, and whether the needs still say the same."""
    paper = get_paper(ref=ref, user=actor_of(request))
    return RequirementPaperOut.of(paper, current=is_current(paper))


@router.get(
    "/requirements/{ref}/confirmations",
    response=list[RequirementConfirmationOut],
    operation_id="list_requirement_confirmations",
    summary="List confirmations of the requirements",
)
def get_confirmations(request: HttpRequest, ref: str) -> list[RequirementConfirmationOut]:
    """The newest first."""
    paper, now = get_paper(ref=ref, user=actor_of(request)), timezone.now()
    return [RequirementConfirmationOut.of(row, now=now) for row in confirmations_of(Ref.of(paper))]


@router.post(
    "/requirements/{ref}/request-confirmation",
    response={201: RequirementLinkOut},
    operation_id="request_requirement_confirmation",
    summary="Make a link by which the customer confirms the requirements",
)
def post_request(request: HttpRequest, ref: str, payload: RequirementAskIn) -> Status[RequirementLinkOut]:
    """The answer holds the address of the link; it is not shown again."""
    actor, now = actor_of(request), timezone.now()
    asked = request_requirement_confirmation(
        paper=get_paper(ref=ref, user=actor),
        contact=needed_person(request, payload.contact),
        days=payload.days,
        actor=actor,
        now=now,
    )
    url = request.build_absolute_uri(reverse("opportunities:confirmation", args=[asked.token]))
    failure = mail_link(asked.confirmation, url) if payload.send_mail else ""
    told = RequirementConfirmationOut.of(asked.confirmation, now=now).dict()
    return Status(
        201, RequirementLinkOut(**told, url=url, mailed=payload.send_mail and not failure, mail_failure=failure)
    )


@router.post(
    "/requirements/{ref}/confirm",
    response={201: RequirementConfirmationOut},
    operation_id="record_requirement_confirmation",
    summary="Record that the customer confirmed the requirements in another way",
)
def post_confirm(request: HttpRequest, ref: str, payload: RequirementConfirmIn) -> Status[RequirementConfirmationOut]:
    """Name the files that show it: upload them first."""
    actor, now = actor_of(request), timezone.now()
    made = record_requirement_confirmation(
        paper=get_paper(ref=ref, user=actor),
        contact=needed_person(request, payload.contact),
        way=payload.way,
        on=payload.confirmed_on,
        documents=documents_named(request, payload.documents),
        remark=payload.remark,
        actor=actor,
        now=now,
    )
    return Status(201, RequirementConfirmationOut.of(made, now=now))


@router.post(
    "/requirements/{ref}/confirmations/{confirmation_ref}/revoke",
    response=RequirementConfirmationOut,
    operation_id="revoke_requirement_link",
    summary="Revoke a link that was not answered",
)
def post_revoke(request: HttpRequest, ref: str, confirmation_ref: str) -> RequirementConfirmationOut:
    """From now on the link leads nowhere."""
    actor, now = actor_of(request), timezone.now()
    paper = get_paper(ref=ref, user=actor)
    row = confirmation_of(Ref.of(paper), confirmation_ref)
    revoke_requirement_link(paper=paper, confirmation=row, actor=actor, now=now)
    return RequirementConfirmationOut.of(confirmation_of(Ref.of(paper), confirmation_ref), now=now)
