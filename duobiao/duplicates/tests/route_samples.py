"""Pairs and merges for the route matrix; all belong to the owner."""

from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.tests import factories
from duobiao.duplicates.actions.find_duplicates import find_duplicates
from duobiao.duplicates.models import Merge, Pair
from duobiao.duplicates.registry import kind_of
from duobiao.identity.models import Role
from tests.support.routes import Sample, World


def customer_pair(world: World) -> dict[str, str]:
    """Two customers of the same name."""
    first, second = (factories.customer(world.owner, "苏州恒力精密有限公司") for _ in range(2))
    return {"kind": "customer", "first": first.ref, "second": second.ref}


def customer_to_merge(world: World) -> dict[str, str]:
    """A customer that may have a double."""
    return {"kind": "customer", "ref": factories.customer(world.owner).ref}


def customer_pair_found(world: World) -> dict[str, str]:
    """Two customers that were proposed."""
    customer_pair(world)
    kind = kind_of("customer")
    assert kind is not None
    find_duplicates(kind, now=world.now)
    return {"ref": Pair.objects.latest("pk").ref}


def customer_merge(world: World) -> dict[str, str]:
    """A merge of today."""
    pair = customer_pair(world)
    keeper, other = (factories.Customer.objects.get(ref=pair[name]) for name in ("first", "second"))
    merge_customers(keeper=keeper, other=other, actor=factories.person(Role.ADMINISTRATOR), now=world.now)
    return {"ref": Merge.objects.latest("pk").ref}


SAMPLES: dict[str, Sample] = {
    "customer_pair": customer_pair,
    "customer_to_merge": customer_to_merge,
    "customer_pair_found": customer_pair_found,
    "customer_merge": customer_merge,
}
