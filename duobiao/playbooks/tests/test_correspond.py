"""How items and stages of one playbook answer to those of another."""

import pytest

from duobiao.playbooks.domain.correspond import counterpart, same_stages, stage_through_buyer, waived_item
from duobiao.playbooks.queries import playbook_of
from duobiao.playbooks.tests.reference import waived_under
from duobiao.playbooks.tests.test_engine import BENCHES
from duobiao.playbooks.tests.versions import asking, changed, renamed, stricter, without

EIGHT = BENCHES["project-sales-8"].playbook
FIVE = BENCHES["solution-5"].playbook


def of(*changes):
    return playbook_of(changed("project-sales-8", 2, *changes))


def test_an_item_is_known_again_by_its_evidence_whatever_its_key():
    found = counterpart(EIGHT.item("2.M1"), EIGHT, of(renamed("2.M1", "2.M9")))

    assert found is not None
    assert found.key == "2.M9"


def test_within_a_playbook_the_same_key_stands_while_it_shares_evidence():
    other = of(stricter("1.M1"))

    assert counterpart(EIGHT.item("1.M1"), EIGHT, other) == other.item("1.M1")
    assert counterpart(EIGHT.item("3.S2"), EIGHT, of(without("3.S2"))) is None


def test_what_gates_and_what_does_not_never_stand_for_each_other():
    other = of(asking(2, "2.S9", "competition.first_rivals_recorded"))

    assert counterpart(other.item("2.S9"), other, EIGHT) is None


def test_the_contract_is_never_waived_under_another_playbook():
    assert waived_item("8.M1", EIGHT, FIVE) is None
    assert waived_item("9.X9", EIGHT, FIVE) is None


@pytest.mark.parametrize("source", BENCHES)
@pytest.mark.parametrize("target", BENCHES)
def test_waivers_follow_their_items_as_the_rule_is_read(source, target):
    before, after = BENCHES[source].playbook, BENCHES[target].playbook
    for item in before.items:
        found = waived_item(item.key, before, after)
        assert (found and found.key) == waived_under(item.key, before, after)


def test_stages_answer_through_the_buyers():
    assert [stage_through_buyer(n, EIGHT, FIVE) for n in range(9)] == [0, 1, 1, 2, 2, 2, 3, 3, 3]
    assert [stage_through_buyer(n, FIVE, EIGHT) for n in range(6)] == [0, 1, 3, 6, 8, 8]
    assert stage_through_buyer(5, EIGHT, of(stricter("1.M1"))) == 5
    assert same_stages(EIGHT, of(without("3.S2")))
    assert not same_stages(EIGHT, FIVE)
