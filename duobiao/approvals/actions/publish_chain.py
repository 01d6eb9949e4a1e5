"""Change who approves what: write a new version of a chain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.approvals import registry
from duobiao.approvals.domain.chain import By, ChainFault, Step, always_asks, read_steps, write_steps
from duobiao.approvals.events import ChainPublished
from duobiao.approvals.models import ChainVersion
from duobiao.approvals.queries.chains import chain_in_force
from duobiao.approvals.queries.faults import fault_words
from duobiao.identity import policy
from duobiao.identity.models import Role, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotFound, StaleVersion
from duobiao.timeline.actions.record import record


@transaction.atomic
def publish_chain(*, matter: str, steps: Sequence[Any], version: int, actor: User, now: datetime) -> ChainVersion:
    """Write the next version of a chain; requests that run keep the one they began with.

    Args:
        steps: As ``domain.chain.read_steps`` takes them.
        version: The version the actor changed.

    Raises:
        NotAllowed: the actor may not change chains.
        NotFound: there is no such kind.
        Invalid: the steps cannot be read, name somebody who does not work here, or leave out whom the kind must ask.
        StaleVersion: somebody else wrote a version meanwhile.
    """
    policy.require(actor, "approvals.chains")
    if registry.find_kind(matter) is None:
        raise NotFound(_("There is no such kind of request."))
    try:
        read = read_steps(steps)
        _require_known(read, registry.kind_of(matter).facts)
        _require_asked(read, registry.kind_of(matter).must_ask)
    except ChainFault as fault:
        raise Invalid(fault_words(fault), fields={fault.path: fault_words(fault)}) from fault
    before = chain_in_force(matter, now=now)
    if before.version != version:
        raise _stale(before.version)
    try:
        with transaction.atomic():
            after = ChainVersion.objects.create(
                matter=matter, version=version + 1, steps=write_steps(read), published_at=now, published_by=actor
            )
    except IntegrityError as error:
        raise _stale(version + 1) from error
    data = {"matter": matter, "version": after.version, "before": before.steps, "after": after.steps}
    record(ChainPublished(subject=Ref("approval_chain", matter), data=data), actor=actor, at=now)
    return after


def _stale(present: int) -> StaleVersion:
    message = _("Somebody else changed this chain meanwhile. Look at it again before you save.")
    return StaleVersion(message, details={"current": {"version": present}})


def _require_asked(steps: Sequence[Step], needed: Sequence[registry.MustAsk]) -> None:
    for must in needed:
        holders = set(User.objects.active().filter(role__in=must.roles).values_list("ref", flat=True))
        if not always_asks(steps, roles=must.roles, fact=must.fact, value=must.value, holders=holders):
            raise Invalid(str(must.message), fields={"steps": str(must.message)})


def _require_known(steps: Sequence[Step], facts: Any) -> None:
    people = {ref for step in steps for ref in step.approvers.people}
    known = set(User.objects.active().filter(ref__in=people).values_list("ref", flat=True))
    for number, step in enumerate(steps):
        path = f"steps[{number}]"
        if step.approvers.by is By.ASKER or not step.key:
            raise ChainFault(f"{path}.approvers.by", "Choose one of those offered.")
        if step.approvers.by is By.ROLE and step.approvers.role not in Role.values:
            raise ChainFault(f"{path}.approvers.role", "Choose one of those offered.")
        if not set(step.approvers.people) <= known:
            raise ChainFault(f"{path}.approvers.people", "Somebody named here does not work here.")
        if step.when is not None and step.when.fact and step.when.fact not in facts:
            raise ChainFault(f"{path}.when.fact", "Choose one of those offered.")
