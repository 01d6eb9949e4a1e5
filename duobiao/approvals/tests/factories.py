"""Plain builders of what tests of approvals need; requests are give-ups of a deal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from duobiao.approvals.domain.chain import read_steps, write_steps
from duobiao.approvals.models import ApprovalRequest, ChainVersion
from duobiao.identity.models import User
from duobiao.opportunities.actions.ask_give_up import ask_give_up
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import NOW

MANAGER = {"by": "MANAGER"}


def step(key: str, approvers: dict[str, Any] | None = None, mode: str = "ANY", **more: Any) -> dict[str, Any]:
    """Make a step as data."""
    name = {"zh-Hans": f"步骤 {key}", "en": f"Step {key}"}
    return {"key": key, "name": name, "approvers": approvers or MANAGER, "mode": mode, **more}


def people(*users: User) -> dict[str, Any]:
    """Ask people by name."""
    return {"by": "PEOPLE", "people": [user.ref for user in users]}


def set_chain(*steps: dict[str, Any], matter: str = "give_up", by: User) -> ChainVersion:
    """Put a chain in force without going through its action."""
    number = ChainVersion.objects.filter(matter=matter).count() + 1
    document = write_steps(read_steps(list(steps)))
    return ChainVersion.objects.create(matter=matter, version=number, steps=document, published_at=NOW, published_by=by)


def ask(deal: Opportunity, actor: User, *, now: datetime = NOW) -> ApprovalRequest:
    """Ask to give a deal up."""
    return ask_give_up(
        opportunity=deal, reason="NO_BUDGET", alternatives="换了两家集成商谈，预算都不够", actor=actor, now=now
    )


def asked_now(request: ApprovalRequest) -> list[str]:
    """Return the sign-in names of those asked at the present step, sorted."""
    visit = request.visits.filter(left_at=None).first()
    tasks: Sequence[str] = (
        list(visit.tasks.filter(ended_at=None).values_list("user__username", flat=True)) if visit else []
    )
    return sorted(tasks)
