"""Where the nodes of both tracks stand."""

import pytest

from duobiao.playbooks.domain.lanes import buyer_place, our_places


def test_paired_stages_stand_below_each_other():
    pairs = [(n, n) for n in range(1, 9)]

    assert our_places(pairs) == tuple(buyer_place(n) for n in range(1, 9)) == (1, 3, 5, 7, 9, 11, 13, 15)


@pytest.mark.parametrize(
    ("covers", "places"),
    [
        ([(1, 2), (3, 5), (6, 8)], (2, 7, 13)),
        ([(1, 2), (3, 5), (6, 8), (8, 8), (8, 8)], (2, 7, 11, 13, 15)),
        ([(1, 2), (3, 3), (3, 4), (5, 6), (7, 7), (8, 8)], (2, 5, 7, 10, 13, 15)),
        ([(8, 8)] * 8, (1, 3, 5, 7, 9, 11, 13, 15)),
        ([(1, 1)] * 8, (1, 3, 5, 7, 9, 11, 13, 15)),
    ],
)
def test_stages_stand_at_the_centre_of_what_they_cover_and_never_on_each_other(covers, places):
    assert our_places(covers) == places
