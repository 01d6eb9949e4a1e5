"""Records of approvals for the route matrix; the owner asked."""

from datetime import timedelta

from django.utils import timezone

from duobiao.approvals.actions.absences import set_absence
from duobiao.approvals.actions.send_back import send_back
from duobiao.approvals.models import ApprovalRequest
from duobiao.approvals.tests.factories import ask
from duobiao.kernel.days import local_day
from duobiao.opportunities.tests.factories import make_deal, make_user
from tests.support.routes import Sample, World


def _request(world: World) -> ApprovalRequest:
    now = timezone.now()
    return ask(make_deal(world.owner, now=now - timedelta(days=1)), world.owner, now=now)


def _parts(world: World, held: ApprovalRequest) -> dict[str, str]:
    return {"ref": held.ref, "person": make_user(unit=world.owner.unit).ref}


def approval(world: World) -> dict[str, str]:
    """A request that waits for the manager."""
    return _parts(world, _request(world))


def approval_sent_back(world: World) -> dict[str, str]:
    """A request that came back to the owner."""
    held = _request(world)
    send_back(request=held, note="补充对手情况", actor=world.actors["manager"], now=timezone.now())
    return _parts(world, held)


def absence(world: World) -> dict[str, str]:
    """A substitution of the owner."""
    now = timezone.now()
    first = local_day(now) + timedelta(days=3)
    substitute = make_user(unit=world.owner.unit)
    held = set_absence(substitute=substitute, from_on=first, to_on=first, actor=world.owner, now=now)
    return {"ref": held.ref}


def approval_chain(world: World) -> dict[str, str]:
    """The chain of give-ups."""
    del world
    return {"matter": "give_up", "kind": "give_up"}


SAMPLES: dict[str, Sample] = {
    "approval": approval,
    "approval_sent_back": approval_sent_back,
    "absence": absence,
    "approval_chain": approval_chain,
}
