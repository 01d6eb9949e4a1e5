"""Two clicks on "search" at the same moment ask for one search."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django_tasks_db.models import DBTaskResult

from duobiao.duplicates.actions.search_queued import queue_search
from duobiao.duplicates.registry import kind_of

CLICKS = 4


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_ask_for_one_search_of_a_kind():
    together = Barrier(CLICKS)

    def click(key):
        try:
            together.wait(timeout=30)
            return key, queue_search(kind_of(key))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=CLICKS) as executor:
        answers = list(executor.map(click, ["customer", "customer", "customer", "lead"]))

    calls = [row["kwargs"]["only"] for row in DBTaskResult.objects.values_list("args_kwargs", flat=True)]
    assert sorted(calls) == ["customer", "lead"]
    assert sorted(key for key, is_new in answers if is_new) == ["customer", "lead"]
