"""Project or product: three of six signs make a project, and the reasons are said."""

from itertools import combinations

import pytest
from django.utils import translation

from duobiao.playbooks.domain.classify import Sign, classify
from duobiao.playbooks.domain.model import Process
from duobiao.playbooks.queries.process_words import comparison, propose


@pytest.mark.parametrize("count", range(7))
def test_three_signs_of_six_make_a_project(count):
    for signs in combinations(Sign, count):
        found = classify(signs)
        assert found.process is (Process.PROJECT if count >= 3 else Process.PRODUCT)
        assert set(found.present) == set(signs)
        assert set(found.absent) == set(Sign) - set(signs)


def test_the_reasons_name_the_sum_and_each_sign():
    with translation.override("en"):
        proposal = propose({Sign.HIGH_RISK, Sign.CUSTOMISED, Sign.LONG_CYCLE})

    assert proposal.title == "project selling"
    assert proposal.reasons == (
        "3 of 6 signs of a project are there; 3 make it project selling",
        "The solution is made for this customer",
        "It takes months from first talk to signature",
        "A wrong choice would cost the customer dear",
    )


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_comparison_has_six_lines_in_every_language(language):
    with translation.override(language):
        lines = comparison()

    assert len(lines) == 6
    assert len({(line.project, line.product) for line in lines}) == 6
