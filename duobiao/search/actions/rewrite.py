"""Change what the index says of records, word by word; for what must no longer be found."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Q

from duobiao.search.domain.findable import LONGEST_TITLE
from duobiao.search.models import SearchDocument
from duobiao.search.models.words import write_words

COLUMNS = ("title", "subtitle", "body")


@transaction.atomic
def rewrite(*, words: Iterable[str], change: Callable[[str, str], str]) -> int:
    """Put every document that holds one of ``words`` through ``change``; return how many differ now.

    Args:
        change: Takes the reference of the record and a text about it; returns the text as it shall be.
    """
    condition = Q(pk__in=[])
    for word in words:
        for name in COLUMNS:
            condition |= Q(**{f"{name}__icontains": word})
    changed = 0
    for row in SearchDocument.objects.filter(condition):
        before = [getattr(row, name) for name in COLUMNS]
        after = [change(row.ref, text) for text in before]
        if after == before:
            continue
        row.title, row.subtitle, row.body = after[0][:LONGEST_TITLE], after[1][:LONGEST_TITLE], after[2]
        row.save(update_fields=COLUMNS)
        write_words([(row.pk, row.title, f"{row.subtitle} {row.body}")])
        changed += 1
    return changed
