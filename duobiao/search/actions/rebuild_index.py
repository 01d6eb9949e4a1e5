"""Build the index anew from the records; after a restore, or when it is doubted."""

from itertools import islice

from django.db import transaction

from duobiao.search import registry
from duobiao.search.actions.index import index_many
from duobiao.search.models import SearchDocument
from duobiao.search.models.words import forget_all_words

BATCH = 500


@transaction.atomic
def rebuild_index() -> int:
    """Forget everything and index every live record of every kind; return how many."""
    forget_all_words()
    SearchDocument.objects.all().delete()
    count = 0
    for kind in registry.kinds():
        records = iter(kind.records())
        while batch := list(islice(records, BATCH)):
            index_many(batch)
            count += len(batch)
    return count
