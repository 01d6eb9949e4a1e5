"""Take a request for writing: first its subject, then itself, so that everybody queues in one order."""

from duobiao.approvals import registry
from duobiao.approvals.actions.refusals import AlreadySettled, StepMoved
from duobiao.approvals.models import ApprovalRequest, StepVisit


def lock(request: ApprovalRequest) -> ApprovalRequest:
    """Return the request as it now is, locked until the transaction ends."""
    registry.kind_of(request.matter).hold(request.subject_ref)
    rows = ApprovalRequest.objects.select_for_update(of=("self",))
    return rows.select_related("owner", "asked_by", "chain").get(pk=request.pk)


def lock_present(request: ApprovalRequest, *, step: int | None) -> tuple[ApprovalRequest, StepVisit]:
    """Return an open request and the step it stands at, locked.

    Args:
        step: Number of the visit the actor saw; None takes the present one.

    Raises:
        AlreadySettled: somebody settled it before.
        StepMoved: it stands at another step by now.
    """
    held = lock(request)
    if not held.is_open:
        raise AlreadySettled.of(held)
    visit = held.visits.filter(left_at=None).first()
    if visit is None or (step is not None and visit.sequence != step):
        raise StepMoved.of(visit.sequence if visit is not None else None)
    return held, visit
