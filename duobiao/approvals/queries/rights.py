"""What a person may do to a request."""

from datetime import date

from duobiao.approvals.domain.chain import By, Mode, Step
from duobiao.approvals.models import ApprovalRequest, Task
from duobiao.approvals.queries.approvers import asked_at, barred, is_alone, may_take_over, named_by, superiors_of
from duobiao.approvals.queries.chains import steps_in_force
from duobiao.approvals.registry import chain_key
from duobiao.identity import policy
from duobiao.identity.models import CompanySettings, Role, User


def may_step_in(request: ApprovalRequest, step: Step, actor: User) -> bool:
    """Whether the actor may decide without being asked: an administrator, or who stands above those asked."""
    if actor.pk in barred(request) or not policy.allows(actor, "approvals.step_in", request):
        return False
    if actor.role == Role.ADMINISTRATOR:
        return True
    return step.mode is Mode.ANY and may_take_over(step.approvers, request, actor)


def may_copy(request: ApprovalRequest, person: User) -> bool:
    """Whether a person may copy others: who asked, owns the subject, is or was asked to decide, or whose right reaches it."""
    if person.pk == request.owner_id or policy.allows(person, "approvals.copy", request):
        return True
    return Task.objects.filter(visit__request=request, user=person).exists()


def needed(step: Step, request: ApprovalRequest, currency: str) -> bool:
    """Whether a request has to go through a step."""
    return step.when is None or step.when.holds(amount=request.amount, currency=currency, facts=request.facts)


def settles_alone(request: ApprovalRequest, actor: User) -> bool:
    """Whether the actor could decide at every step of the chain in force, so that nobody else need be asked.

    Never for the owner of the subject, except where one administrator is all there is.

    Args:
        request: May be unsaved.
    """
    if is_alone(actor):
        return True
    if actor.pk == request.owner_id:
        return False
    currency = CompanySettings.load().currency
    steps = [
        step for step in steps_in_force(chain_key(request.matter, request.facts)) if needed(step, request, currency)
    ]
    return all(_alone_at(step, request, actor) for step in steps)


def first_asked(request: ApprovalRequest, *, on: date) -> list[User]:
    """Return who would be asked first if the request were opened on a day; empty where nobody could decide at all.

    Args:
        request: Not stored yet.
    """
    currency = CompanySettings.load().currency
    for step in steps_in_force(chain_key(request.matter, request.facts)):
        if needed(step, request, currency):
            return [asked.user for asked in asked_at(step.approvers, request, on=on)]
    return []


def _alone_at(step: Step, request: ApprovalRequest, actor: User) -> bool:
    away = {request.owner_id}
    named = named_by(step.approvers, request.owner, away) or superiors_of(request.owner, away)
    if step.mode is Mode.ALL or step.approvers.by is By.PEOPLE:
        return actor in named and (step.mode is Mode.ANY or len(named) == 1)
    if actor in named or may_take_over(step.approvers, request, actor):
        return True
    return actor.role == Role.ADMINISTRATOR and policy.allows(actor, "approvals.step_in", request)
