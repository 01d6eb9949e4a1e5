"""Give out spoken reference numbers such as P-2026-0187, without gaps within a transaction."""

from django.db import IntegrityError, transaction
from django.db.models import F

from duobiao.identity.models import Counter


def allocate_numbers(name: str, *, count: int = 1) -> range:
    """Reserve ``count`` consecutive numbers of the counter ``name``; the first number ever is 1.

    The counter's row stays locked until the caller's transaction ends, so two callers never get the same number.
    """
    if not Counter.objects.filter(name=name).update(last=F("last") + count):
        try:
            with transaction.atomic():
                Counter.objects.create(name=name, last=count)
        except IntegrityError:
            Counter.objects.filter(name=name).update(last=F("last") + count)
    last = Counter.objects.values_list("last", flat=True).get(name=name)
    return range(last - count + 1, last + 1)
