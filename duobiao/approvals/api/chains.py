"""Chains: read them, publish a new version."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status

from duobiao.approvals import registry
from duobiao.approvals.actions.publish_chain import publish_chain
from duobiao.approvals.api.schemas import ChainIn, ChainOut
from duobiao.approvals.domain.chain import write_steps
from duobiao.approvals.queries.chains import newest_version, steps_in_force
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound

router = Router()


def chain_out(kind: registry.RequestKind) -> ChainOut:
    """Return the chain in force."""
    held = newest_version(kind.key)
    return ChainOut(
        kind=kind.key,
        title=str(kind.title),
        version=held.version if held is not None else 1,
        shipped=held is None or held.published_by_id is None,
        steps=write_steps(steps_in_force(kind.key)),
    )


@router.get("/approval-chains", response=list[ChainOut], operation_id="list_chains", summary="Read the chains")
def get_chains(request: HttpRequest) -> list[ChainOut]:
    """Read who approves what, for every kind of request."""
    require(actor_of(request), "approvals.chains")
    return [chain_out(kind) for kind in registry.all_kinds()]


@router.post(
    "/approval-chains/{kind}", response={201: ChainOut}, operation_id="publish_chain", summary="Publish a chain"
)
def post_chain(request: HttpRequest, kind: str, payload: ChainIn) -> Status[ChainOut]:
    """Publish a new version of a chain; requests that run keep the one they began with."""
    publish_chain(
        matter=kind, steps=payload.steps, version=payload.version, actor=actor_of(request), now=timezone.now()
    )
    found = registry.find_kind(kind)
    if found is None:
        raise NotFound(_("There is no such kind of request."))
    return Status(201, chain_out(found))
