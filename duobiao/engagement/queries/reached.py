"""How many people of a customer were really spoken to."""

from datetime import date

from duobiao.customers.models import Customer
from duobiao.engagement.models import Call, CallResult, Visit


def people_reached(customer: Customer, first: date, last: date) -> int:
    """Return how many different people a call reached or a visit met from one day to another; two queries."""
    calls = Call.objects.live().filter(customer=customer, result=CallResult.SPOKE, called_on__range=(first, last))
    visits = Visit.objects.held().filter(customer=customer, held_on__range=(first, last), met__isnull=False)
    return len({*calls.values_list("contact_id", flat=True), *visits.values_list("met", flat=True)})
