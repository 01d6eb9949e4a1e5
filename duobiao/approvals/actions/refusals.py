"""Every "no" of approvals that more than one act can meet."""

from django.utils.translation import gettext as _

from duobiao.approvals.models import ApprovalRequest
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed


class AlreadySettled(Conflict):
    """The request was approved, refused or withdrawn before."""

    code = "already_settled"

    @classmethod
    def of(cls, request: ApprovalRequest) -> "AlreadySettled":
        """Say how it ended."""
        words = {
            "APPROVED": _("This request has been approved already."),
            "REFUSED": _("This request has been refused already."),
            "WITHDRAWN": _("This request has been withdrawn."),
        }
        return cls(words[request.state], details={"state": request.state})


class StepMoved(Conflict):
    """The request stands at another step than the actor saw."""

    code = "step_moved"

    @classmethod
    def of(cls, present: int | None) -> "StepMoved":
        """Name the present step."""
        message = _("Somebody was faster: the request stands at another step now. Look at it again.")
        return cls(message, details={"step": present})


class AlreadyAnswered(Conflict):
    """The actor has decided at this step."""

    code = "already_answered"


class NotAsked(NotAllowed):
    """The actor is not among those asked at this step."""

    code = "not_asked"


class OwnRequest(NotAllowed):
    """Nobody decides on their own request, nor on what helps their own deal."""

    code = "own_request"


class DelegationEnded(NotAllowed):
    """The actor acted as a substitute, and no longer does."""

    code = "delegation_ended"


class WaitsForAsker(Conflict):
    """The request was sent back; its asker is to speak."""

    code = "waits_for_asker"


class WrongPerson(Invalid):
    """The person named cannot decide on this request."""

    code = "wrong_person"
