"""Reads of single customers: by reference, by name, with what is known of them."""

from dataclasses import dataclass, field

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from duobiao.customers.domain.completeness import CONTACT_ITEMS, CUSTOMER_ITEMS, Ring, ring
from duobiao.customers.domain.naming import normal_name
from duobiao.customers.models import Contact, Customer, CustomerProfile
from duobiao.customers.queries.likely import likely_customers, signs_of
from duobiao.duplicates.domain.likeness import Likeness
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound

SAME_NAME = 0.85
"""Likeness from which on two names are the same but for script, legal form or place."""
MOST_ALIKE = 20


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Customers whose names mean the same as one typed.

    Attributes:
        visible: Those the person may see, those merely alike among them.
        same: Those of ``visible`` whose name is the same to all appearance.
        units: Names of the units that own the others; "" for an owner without a unit.
    """

    visible: list[Customer]
    units: list[str]
    same: list[Customer] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.visible or self.units)


def duplicates_of(*, name: str, user: User, besides: Customer | None = None) -> Duplicates:
    """Return live customers named like ``name``; of those the person may not see only the owning units.

    Names that are merely alike count among those the person may see; of the others only what is the same to all
    appearance.
    """
    alike = likely_customers(signs_of(name))
    sure = [ref for ref, likeness in alike.items() if likeness.score >= SAME_NAME]
    same = Q(normal_name=normal_name(name)) | Q(ref__in=sure)
    live = Customer.objects.live().filter(is_placeholder=False)
    rows = live.filter(same)
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    near = live.filter(same | Q(ref__in=list(alike)[:MOST_ALIKE])).within_reach(user).select_related("owner")
    found = [row for row in near.order_by("name", "pk") if besides is None or row.pk != besides.pk]
    scores = {row.pk: _likeness(row, name, alike) for row in found}
    visible = sorted(found, key=lambda row: -scores[row.pk])[:5]
    hidden = rows.exclude(pk__in=rows.within_reach(user).values("pk"))
    units = hidden.values_list("owner__unit__name", flat=True)
    sure_of = [row for row in found if scores[row.pk] >= SAME_NAME]
    return Duplicates(visible, sorted({unit or "" for unit in units}), sure_of)


def _likeness(row: Customer, name: str, alike: dict[str, Likeness]) -> float:
    return 1.0 if row.normal_name == normal_name(name) else alike[row.ref].score


def get_profile(customer: Customer) -> CustomerProfile:
    """Return the profile of a customer; an empty one, not stored, where nothing is known yet."""
    return CustomerProfile.objects.filter(customer=customer).first() or CustomerProfile(customer=customer)


def best_known_handler(customer: Customer) -> Contact | None:
    """Return the live 经手人 of whom most information items are known."""
    handlers = customer.contacts.filter(is_handler=True, trashed_at__isnull=True, merged_into__isnull=True)
    return handlers.order_by("-profile_items", "pk").first()


def completeness_of(customer: Customer, *, handler: Contact | None = None) -> Ring:
    """Return the completeness ring of a customer.

    Args:
        handler: The best known 经手人, where the caller has it.
    """
    profile, handler = get_profile(customer), handler or best_known_handler(customer)
    return ring(
        {name: getattr(profile, name) for names in CUSTOMER_ITEMS.values() for name in names},
        {name: getattr(handler, name, None) for names in CONTACT_ITEMS.values() for name in names},
    )


def handler_items_of(customer: Customer) -> int:
    """Return how many of the 4 contact items are known of the best known 经手人."""
    handlers = customer.contacts.filter(is_handler=True, trashed_at__isnull=True, merged_into__isnull=True)
    return handlers.aggregate(most=Max("profile_items"))["most"] or 0


def get_customer(*, ref: str, user: User) -> Customer:
    """Return a live customer the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    found = Customer.objects.visible_to(user).select_related("owner__unit", "parent").filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such customer, or you may not see it."))
    return found


def keeper_of(*, ref: str, user: User) -> Customer | None:
    """Return the customer into which ``ref`` was merged, if the person may see it."""
    return Customer.objects.visible_to(user).filter(merged_from__ref=ref).first()


def customer_by_external_id(*, source: str, external_id: str) -> Customer | None:
    """Return the customer an import knows by its own id; of a merged one, the customer that was kept."""
    found = (
        Customer.objects.select_related("merged_into").filter(external_source=source, external_id=external_id).first()
    )
    return found.merged_into or found if found else None
