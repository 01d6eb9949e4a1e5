"""Keep customers and contacts findable, customers also by what likely duplicates share; ends every action that changes them."""

from collections.abc import Iterable

from django.db.models import Q

from duobiao.customers.domain.likeness import company_keys
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.findables import findable_contact, findables_of
from duobiao.customers.queries.likely import comparable_customers, customer_signs
from duobiao.duplicates.actions.write_keys import write_keys
from duobiao.search.actions.index import index, index_many, remove


def index_customers(customer_ids: Iterable[int]) -> None:
    """Bring the index to what these customers and their contacts now are, ownership and grants included."""
    keys = list(customer_ids)
    if not keys:
        return
    index_many(list(findables_of(keys)))
    signs = dict(customer_signs(comparable_customers().filter(pk__in=keys)))
    every = Customer.objects.filter(pk__in=keys).values_list("ref", flat=True)
    write_keys(Customer.kind, {ref: company_keys(signs[ref]) if ref in signs else frozenset() for ref in every})
    away = Q(trashed_at__isnull=False) | Q(merged_into__isnull=False)
    gone = Customer.objects.filter(away, pk__in=keys)
    if refs := list(gone.values_list("ref", flat=True)):
        remove(kind=Customer.kind, refs=refs)
    away |= Q(customer__trashed_at__isnull=False) | Q(customer__merged_into__isnull=False)
    contacts = Contact.objects.filter(away, customer_id__in=keys)
    if refs := list(contacts.values_list("ref", flat=True)):
        remove(kind=Contact.kind, refs=refs)


def index_contact(contact: Contact) -> None:
    """Bring the index to what this contact now is."""
    if contact.is_live and contact.customer.is_live:
        index(findable_contact(contact))
    else:
        remove(kind=Contact.kind, refs=[contact.ref])
