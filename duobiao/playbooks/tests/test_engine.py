"""The engine against a naive reading of the rules, and against examples of the method."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.playbooks.domain.assess import assess, item_states
from duobiao.playbooks.domain.compile import Compiled
from duobiao.playbooks.domain.facts import Closing, Facts, Proof, Waiver
from duobiao.playbooks.domain.model import Grade, Kind, LagVerdict, Method, Outcome, State, Verdict
from duobiao.playbooks.domain.place import LAG_VERDICTS, Bits, lag_between, place
from duobiao.playbooks.queries import playbook_of, shipped_documents
from duobiao.playbooks.tests.reference import Reference


class Bench:
    """A playbook to be judged by, with what random histories are made of."""

    def __init__(self, key: str) -> None:
        self.playbook = playbook_of(shipped_documents()[(key, 1)])
        self.compiled = Compiled(self.playbook)
        self.marks = sorted(self.compiled.marks)
        self.resets = sorted(self.compiled.resets)
        self.settlements = sorted(self.playbook.settlements)
        self.gating = sorted({key for item in self.playbook.items if item.gates for key in item.evidence_keys})
        self.keys = sorted({key for item in self.playbook.items for key in item.evidence_keys})
        self.waivable = [i.key for i in self.playbook.items if "contracts.signed_by_both" not in i.evidence_keys]


EIGHT = Bench("project-sales-8")
BENCHES = {key: Bench(key) for key, _ in shipped_documents()}
PLAYBOOK, COMPILED = EIGHT.playbook, EIGHT.compiled
DAY = date(2026, 3, 2)

days = st.integers(0, 420).map(lambda n: DAY + timedelta(days=n))


@st.composite
def proofs(draw, keys):
    happened = draw(days)
    known = happened + timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 30])))
    retracted = known + timedelta(days=draw(st.integers(0, 60))) if draw(st.integers(0, 7)) == 0 else None
    until = happened + timedelta(days=draw(st.integers(0, 200))) if draw(st.integers(0, 4)) == 0 else None
    return Proof(draw(st.sampled_from(keys)), Grade(draw(st.integers(1, 3))), happened, known, retracted, until)


@st.composite
def method_facts(draw):
    happened = draw(days)
    return Proof(
        "procurement.method_known",
        Grade(draw(st.integers(1, 3))),
        happened,
        happened,
        method=draw(st.sampled_from(list(Method))),
        sequence=draw(st.integers(0, 3)),
    )


@st.composite
def waivers(draw, bench):
    start = draw(days)
    ended = start + timedelta(days=draw(st.integers(0, 40))) if draw(st.integers(0, 4)) == 0 else None
    item = draw(st.sampled_from(bench.waivable))
    return Waiver(item, start, start + timedelta(days=draw(st.integers(0, 90))), ended)


@st.composite
def whole_stages(draw, bench):
    """Proofs of every gating item of the first stages, so that late stages are reached at all."""
    upto = draw(st.integers(0, bench.playbook.last))
    start = draw(st.integers(0, 300))
    grade = Grade(draw(st.sampled_from([2, 2, 3])))
    left_out = draw(st.sets(st.sampled_from(bench.gating), max_size=2))
    rows = []
    for item in bench.playbook.items:
        if item.gates and item.stage <= upto:
            for accept in item.accepts:
                if accept.evidence not in left_out and accept.evidence not in bench.playbook.settlements:
                    on = DAY + timedelta(days=start + item.stage * 10)
                    rows.append(Proof(accept.evidence, grade, on, on))
    return rows


@st.composite
def closings(draw):
    closed = draw(days)
    known = closed + timedelta(days=draw(st.sampled_from([0, 0, 3])))
    reopened = known + timedelta(days=draw(st.integers(0, 50))) if draw(st.booleans()) else None
    return Closing(draw(st.sampled_from([Outcome.WON, Outcome.LOST, Outcome.GIVEN_UP])), closed, known, reopened)


@st.composite
def histories(draw, bench=EIGHT):
    sequence = draw(whole_stages(bench))
    sequence += draw(st.lists(proofs(bench.keys), max_size=12))
    sequence += draw(st.lists(proofs(bench.marks), max_size=4))
    sequence += draw(st.lists(proofs(bench.resets), max_size=2))
    sequence += draw(st.lists(proofs(bench.settlements), max_size=1))
    sequence += draw(st.lists(method_facts(), max_size=3, unique_by=lambda p: (p.happened_on, p.sequence)))
    return Facts(sequence, draw(st.lists(waivers(bench), max_size=4)), draw(st.lists(closings(), max_size=1)))


def compare(bench: Bench, facts: Facts, on: date) -> None:
    expected = Reference(bench.playbook, facts, on).answer()
    found = assess(bench.compiled, facts, on=on)

    assert found.stage_number == expected.stage_number
    assert found.state == expected.state
    assert found.rate_percent == expected.rate_percent
    assert found.buyer_stage == expected.buyer_stage
    assert found.lag == expected.lag
    assert found.verdict == expected.lag_verdict
    assert found.settled_through == expected.settled
    states = item_states(facts, found, bench.compiled.slots)
    assert {s.slot.item.key: str(s.verdict) for s in states} == expected.verdicts


@pytest.mark.parametrize("key", BENCHES)
@given(data=st.data(), on=days)
def test_the_engine_agrees_with_a_naive_reading_of_the_rules(key, data, on):
    bench = BENCHES[key]
    compare(bench, data.draw(histories(bench)), on)


@given(facts=histories(), on=days)
def test_nothing_changes_before_the_day_the_engine_names(facts, on):
    known = Facts(
        [p for p in facts.proofs if p.known_on <= on and (p.retracted_on is None or p.retracted_on <= on)],
        [w for w in facts.waivers if w.from_on <= on and (w.ended_on is None or w.ended_on <= on)],
        [c for c in facts.closings if c.known_on <= on and (c.reopened_on is None or c.reopened_on <= on)],
    )
    found = assess(COMPILED, known, on=on)
    wake = found.reassess_on or on + timedelta(days=500)
    for later in {on + timedelta(days=1), wake - timedelta(days=1)}:
        if on < later < wake:
            then = assess(COMPILED, known, on=later)
            assert (then.position, then.expired, then.waived) == (found.position, found.expired, found.waived)
            assert (then.rate_percent, then.buyer_stage, then.lag) == (found.rate_percent, found.buyer_stage, found.lag)


@given(facts=histories(), on=days, seed=st.randoms(use_true_random=False))
def test_the_order_of_recording_does_not_matter(facts, on, seed):
    shuffled = list(facts.proofs)
    seed.shuffle(shuffled)

    assert assess(COMPILED, Facts(shuffled, facts.waivers, facts.closings), on=on).position == (
        assess(COMPILED, facts, on=on).position
    )


def stage_proofs(
    *stages: int, grade: Grade = Grade.DOCUMENTED, on: date = DAY, skip: tuple[str, ...] = ()
) -> list[Proof]:
    return [
        Proof(item.accepts_under(Method.DIRECT)[0].evidence, grade, on, on)
        for item in PLAYBOOK.items
        if item.gates and item.stage in stages and item.key not in skip and item.applies_to(Method.DIRECT)
    ] + [Proof("procurement.method_known", grade, on, on, method=Method.DIRECT)]


def test_a_deal_without_facts_stands_nowhere():
    found = assess(COMPILED, Facts(), on=DAY)

    assert (found.stage_number, found.state, found.rate_percent) == (0, State.NOT_ENTERED, 0)
    assert (found.lag, found.verdict) == (None, LagVerdict.UNKNOWN)
    assert found.gate == (1, Kind.M)


def test_one_missing_success_item_keeps_the_rate_where_it_was():
    found = assess(COMPILED, Facts(stage_proofs(1, skip=("1.S4",))), on=DAY)

    assert (found.stage_number, found.state, found.rate_percent) == (1, State.IN_STAGE, 0)


@pytest.mark.parametrize(
    ("skip", "held"),
    [
        (("1.S3",), "engagement.visit_time_agreed"),
        (("1.S2", "1.P5"), "engagement.visit_place_agreed"),
    ],
)
def test_time_or_place_alone_meets_the_process_condition_but_completes_nothing(skip, held):
    facts = Facts([*stage_proofs(1, skip=skip), Proof(held, Grade.DOCUMENTED, DAY, DAY)])

    found = assess(COMPILED, facts, on=DAY)
    both = assess(COMPILED, Facts(stage_proofs(1)), on=DAY)

    assert item_states(facts, found, [COMPILED.by_key["1.P5"]])[0].verdict is Verdict.MET
    assert (found.state, both.state) == (State.IN_STAGE, State.TRANSIT)


def test_a_completed_stage_waits_in_transit_for_the_next_milestone():
    found = assess(COMPILED, Facts(stage_proofs(1)), on=DAY)

    assert (found.stage_number, found.state, found.rate_percent) == (1, State.TRANSIT, 5)
    assert found.gate == (2, Kind.M)


def test_a_waiver_moves_the_stage_but_not_the_rate():
    facts = Facts(stage_proofs(1, 2, skip=("1.S4",)), [Waiver("1.S4", DAY, DAY + timedelta(days=30))])

    held = assess(COMPILED, facts, on=DAY + timedelta(days=30))
    over = assess(COMPILED, facts, on=DAY + timedelta(days=31))

    assert (held.stage_number, held.state, held.rate_percent) == (2, State.TRANSIT, 0)
    assert (over.stage_number, over.state, over.rate_percent) == (1, State.IN_STAGE, 0)
    assert held.reassess_on == DAY + timedelta(days=31)


def test_interest_falls_away_the_day_after_its_ninetieth():
    facts = Facts(stage_proofs(1))

    assert assess(COMPILED, facts, on=DAY + timedelta(days=90)).stage_number == 1
    assert assess(COMPILED, facts, on=DAY + timedelta(days=91)).stage_number == 0


def test_a_later_stage_proved_in_full_freezes_what_came_before():
    facts = Facts(stage_proofs(1, 2))

    found = assess(COMPILED, facts, on=DAY + timedelta(days=100))

    assert (found.stage_number, found.rate_percent) == (2, 10)


def test_an_award_notice_settles_six_stages_only_with_the_buyers_own_paper():
    paper = [Proof("procurement.award_notice_received", Grade.BUYER_CONFIRMED, DAY, DAY)]
    copy = [Proof("procurement.award_notice_received", Grade.DOCUMENTED, DAY, DAY)]

    settled = assess(COMPILED, Facts(paper), on=DAY)

    assert (settled.settled_through, settled.completed_stage, settled.rate_percent) == (6, 6, 75)
    assert assess(COMPILED, Facts(copy), on=DAY).settled_through == 0


def test_while_the_method_is_unknown_items_that_depend_on_it_are_missing():
    slot = COMPILED.by_key["4.S2"]
    key = next(a.evidence for a in slot.item.accepts)
    facts = Facts([Proof(key, Grade.BUYER_CONFIRMED, DAY, DAY)])

    found = assess(COMPILED, facts, on=DAY)

    assert item_states(facts, found, [slot])[0].verdict is Verdict.MISSING


def test_a_reset_voids_earlier_marks_of_later_stages_but_not_later_ones():
    notice = Proof(next(k for k, m in COMPILED.marks.items() if m.stage == 5), Grade.BUYER_CONFIRMED, DAY, DAY)
    failed = Proof("procurement.tender_failed", Grade.BUYER_CONFIRMED, DAY + timedelta(days=5), DAY + timedelta(days=5))
    again = Proof(notice.key, Grade.BUYER_CONFIRMED, DAY + timedelta(days=9), DAY + timedelta(days=9))

    on = DAY + timedelta(days=10)
    assert assess(COMPILED, Facts([notice, failed]), on=on).buyer_stage == 0
    assert assess(COMPILED, Facts([notice, failed, again]), on=on).buyer_stage == 5


@pytest.mark.parametrize(
    ("buyer", "expected"),
    [(1, LagVerdict.IN_SYNC), (2, LagVerdict.CATCH_UP), (4, LagVerdict.CATCH_UP), (5, LagVerdict.GIVE_UP_PROPOSED)],
)
def test_distance_to_the_buyer_is_measured_from_the_stage_they_let_us_into(buyer, expected):
    key = next(k for k, m in COMPILED.marks.items() if m.stage == buyer and k not in PLAYBOOK.settlements)

    found = assess(COMPILED, Facts([Proof(key, Grade.BUYER_CONFIRMED, DAY, DAY)]), on=DAY)

    assert (found.lag, found.verdict) == (buyer - 1, expected)


@pytest.mark.parametrize(
    ("buyer", "completed", "lag", "verdict"),
    [
        (1, 0, 0, LagVerdict.IN_SYNC),
        (2, 0, 0, LagVerdict.IN_SYNC),
        (3, 0, 1, LagVerdict.CATCH_UP),
        (5, 0, 3, LagVerdict.GIVE_UP_PROPOSED),
        (2, 1, -1, LagVerdict.AHEAD),
        (4, 1, 0, LagVerdict.IN_SYNC),
        (3, 2, -3, LagVerdict.AHEAD),
        (7, 2, 0, LagVerdict.IN_SYNC),
        (8, 5, 0, LagVerdict.IN_SYNC),
    ],
)
def test_a_stage_that_covers_several_of_the_buyers_is_level_with_all_of_them(buyer, completed, lag, verdict):
    """Five stages cover 1-2, 3-5, 6-8, 8, 8; we are let into the one after the last completed."""
    compiled = BENCHES["solution-5"].compiled

    found = int(lag_between(compiled, buyer, completed))

    assert found == lag
    held = [0] * compiled.words
    done = [0] * compiled.words
    for slot in compiled.slots:
        if slot.item.stage <= completed:
            done[slot.word] |= slot.bit
    stands = place(compiled, Bits(done, done, held, held, 0, buyer))
    assert (int(stands.completed), int(stands.lag)) == (completed, lag)
    assert LAG_VERDICTS[int(stands.verdict)] is verdict


def test_after_the_signature_a_won_deal_of_five_stages_goes_on_to_delivery_and_care():
    bench = BENCHES["solution-5"]
    signed = [
        Proof(item.accepts_under(Method.DIRECT)[0].evidence, Grade.DOCUMENTED, DAY, DAY)
        for item in bench.playbook.items
        if item.gates and item.stage <= 3
    ] + [Proof("procurement.method_known", Grade.DOCUMENTED, DAY, DAY, method=Method.DIRECT)]
    late = DAY + timedelta(days=400)
    after = [
        Proof(key, Grade.DOCUMENTED, late, late) for key in ("delivery.handover_signed", "delivery.acceptance_passed")
    ]
    won = [Closing(Outcome.WON, DAY, DAY)]

    held = assess(bench.compiled, Facts(signed, closings=won), on=late)
    delivered = assess(bench.compiled, Facts([*signed, *after], closings=won), on=late)
    lost = assess(bench.compiled, Facts([*signed, *after], closings=[Closing(Outcome.LOST, DAY, DAY)]), on=late)

    assert (held.completed_stage, held.rate_percent) == (3, 95)
    assert (delivered.completed_stage, delivered.rate_percent) == (4, 98)
    assert lost.completed_stage == 3


def test_closing_freezes_the_early_stages_and_lets_a_won_deal_go_on():
    won = Facts(stage_proofs(1), closings=[Closing(Outcome.WON, DAY, DAY)])
    late = DAY + timedelta(days=200)
    handover = next(a.evidence for a in PLAYBOOK.item("8.S2").accepts)
    accrued = Facts([*won.proofs, Proof(handover, Grade.DOCUMENTED, late, late)], closings=won.closings)

    assert assess(COMPILED, won, on=late).stage_number == 1
    found = assess(COMPILED, accrued, on=late)
    assert item_states(accrued, found, [COMPILED.by_key["8.S2"]])[0].verdict is Verdict.MET


def test_a_deal_closed_with_effect_from_last_friday_keeps_what_was_known_on_monday():
    friday, monday = DAY, DAY + timedelta(days=3)
    facts = Facts(
        [Proof(p.key, p.grade, p.happened_on, monday, method=p.method) for p in stage_proofs(1)],
        closings=[Closing(Outcome.LOST, friday, monday)],
    )

    assert assess(COMPILED, facts, on=monday + timedelta(days=400)).completed_stage == 1
