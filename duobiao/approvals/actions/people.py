"""Whom an approver may bring in."""

from django.utils.translation import gettext as _

from duobiao.approvals.actions.refusals import WrongPerson
from duobiao.approvals.models import ApprovalRequest, StepVisit
from duobiao.approvals.queries.approvers import barred
from duobiao.identity.models import User


def require_able(request: ApprovalRequest, visit: StepVisit, person: User) -> None:
    """Refuse people who cannot decide on a request, or are asked at this step already.

    Raises:
        WrongPerson: with the reason.
    """
    message = ""
    if not person.is_active:
        message = _("This person no longer works here.")
    elif person.pk in barred(request):
        message = _("Who asked, and the owner of the deal, cannot decide on it.")
    elif visit.tasks.filter(user=person, ended_at=None).exists():
        message = _("This person is asked already.")
    if message:
        raise WrongPerson(message, fields={"person": message})
