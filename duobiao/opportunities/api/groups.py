"""The corporate group of a customer, with what is open."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from duobiao.customers.queries.customers import get_customer
from duobiao.customers.queries.group import group_of
from duobiao.identity.api_support import MoneyOut
from duobiao.identity.http import actor_of
from duobiao.opportunities.queries.group import Branch, group_branches

router = Router()


class GroupMemberOut(Schema):
    """One company of a group; a flat list in the order of the tree."""

    customer: str | None = Field(description="Null for a company you may not see, which holds its place.")
    name: str | None
    depth: int = Field(description="0 for the top company.")
    is_here: bool
    open_count: int
    open_amounts: list[MoneyOut]


class GroupOut(Schema):
    """A group from the top down; empty for a customer that stands alone."""

    members: list[GroupMemberOut] = Field(description="At most 300.")
    is_cut: bool
    open_count: int = Field(description="Open deals of the whole group that you may see.")
    open_amounts: list[MoneyOut]


@router.get(
    "/customers/{ref}/group",
    response=GroupOut,
    operation_id="get_customer_group",
    summary="Read the group of a customer",
)
def get_group(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Read who owns whom, and what is open with each, as far as you may see."""
    actor = actor_of(request)
    group = group_of(get_customer(ref=ref, user=actor), user=actor)
    if group is None:
        return {"members": [], "is_cut": False, "open_count": 0, "open_amounts": []}
    top = group_branches(group, user=actor)
    return {
        "members": _flat(top, 0),
        "is_cut": group.is_cut,
        "open_count": top.below.count,
        "open_amounts": [MoneyOut.of(amount) for amount in top.below.amounts],
    }


def _flat(branch: Branch, depth: int) -> list[dict[str, Any]]:
    customer = branch.member.customer
    own = {
        "customer": customer.ref if customer is not None else None,
        "name": customer.name if customer is not None else None,
        "depth": depth,
        "is_here": branch.member.is_here,
        "open_count": branch.own.count,
        "open_amounts": [MoneyOut.of(amount) for amount in branch.own.amounts],
    }
    return [own, *(row for below in branch.branches for row in _flat(below, depth + 1))]
