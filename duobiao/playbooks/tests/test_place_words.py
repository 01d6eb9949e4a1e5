"""Places in a document are named as people say them."""

import pytest
from django.utils import translation

from duobiao.playbooks.queries import shipped_by_ref
from duobiao.playbooks.queries.place_words import place_words

EIGHT = "project-sales-8/1"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ((), "The whole playbook"),
        (("rates", 2), "Rate after stage 2"),
        (("rates", 0), "Rate before stage 1"),
        (("stages", 2), "Stage 3"),
        (("stages", 2, "process", 3, "accepts"), "Stage 3 · item 3.P4 · accepted evidence"),
        (("stages", 0, "process", 4, "accepts", 1, "min_grade"), "Stage 1 · item 1.P5 · accepted evidence 2 · least grade"),
        (("stages", 0, "success", 99, "title", "en"), "Stage 1 · Success standard 100 · name · in English"),
        (("stages", 0, "tools", 1, "key"), "Stage 1 · Tool 1.T2 · key"),
        (("stages", 1, "buyer_stages", 0), "Stage 2 · buyer stages covered"),
        (("buyer_stages", 1, "marks", 0, "evidence"), "Buyer stage 2 · mark 1 · evidence"),
        (("resets", 0, "to"), "Reset 1 · stage it throws back to"),
        (("settlements", "no.such"), "Settlement: no.such"),
        (("nonsense", 3, "odd"), "Nonsense · odd"),
    ],
)  # fmt: skip
def test_a_place_is_said_from_the_whole_to_the_part(place, words):
    with translation.override("en"):
        assert place_words(shipped_by_ref()[EIGHT], place) == words


@pytest.mark.parametrize("document", [None, [], {"stages": "x"}, {"stages": [None, {"success": [{"item": 3}]}]}])
def test_a_damaged_document_is_no_obstacle(document):
    with translation.override("en"):
        assert place_words(document, ("stages", 1, "success", 0, "item")).startswith("Stage 2 · Success standard 1")
