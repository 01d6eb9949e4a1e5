"""The way of a need: four steps, requirements, the customer's yes, changes."""

from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone, translation
from docx import Document

from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.needs.actions.change_requests import (
    ChangeIsDecided,
    ChangeWaits,
    NotConfirmed,
    OwnChange,
    decide_change,
    raise_change,
)
from duobiao.needs.actions.complete_analysis import AnalysisIncomplete, complete_analysis
from duobiao.needs.actions.confirm_requirements import (
    PaperOutdated,
    record_requirement_confirmation,
    request_requirement_confirmation,
)
from duobiao.needs.actions.keep_need import Said, change_need, remove_need
from duobiao.needs.actions.verify_need import NeedAssumed, PainNotRated, Shown, StepDone, StepOutOfOrder, verify_need
from duobiao.needs.models import NeedChange, NeedVoice, Verification
from duobiao.needs.queries.papers import requirement_paper
from duobiao.needs.tests.factories import (
    NOW,
    TODAY,
    everything,
    fresh,
    make_contact,
    make_customer,
    noted,
    on_chain,
    paper_of,
    proved,
    rank,
    verify,
)
from duobiao.opportunities.actions.answer_confirmation import AnsweredAlready, answer_confirmation
from duobiao.opportunities.actions.open_confirmation import ConfirmedBefore
from duobiao.opportunities.models import Confirmation, Opportunity
from duobiao.stakeholders.models import DealPerson

pytestmark = pytest.mark.django_db


def step(need, actor, number, contact=None, **given):
    held = fresh(need)
    shown = Shown(given.pop("note", "做到了"), contact=contact, **{"channel": "MEETING", **given})
    return verify_need(need=held, version=held.version, step=number, shown=shown, actor=actor, now=NOW)


def ask(paper, contact, actor):
    return request_requirement_confirmation(paper=paper, contact=contact, actor=actor, now=NOW)


def says(asked, answer="CONFIRMED", remark=""):
    row = asked.confirmation
    return answer_confirmation(confirmation=row, answer=answer, remark=remark, address="", agent="", now=NOW)


@pytest.fixture
def paper(need, seller, deal):
    rank(need, seller, "P0")
    return complete_analysis(opportunity=deal, actor=seller, now=NOW)


@pytest.fixture
def confirmed(need, seller, handler):
    rank(need, seller, "P0")
    return verify(need, seller, handler)


def test_four_steps_in_order_prove_the_verification(confirmed, deal):
    assert confirmed.is_confirmed
    assert [row.step for row in Verification.objects.order_by("pk")] == [1, 2, 3, 4]
    assert proved(deal) == {"needs.four_steps_verified": 2, "needs.reviewed_with_customer": 2}


@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_step_out_of_order_changes_nothing(need, seller, handler, number):
    before = everything()

    with pytest.raises(StepOutOfOrder):
        step(need, seller, number, handler, kpi="80 → 91")

    assert everything() == before


def test_a_step_is_not_done_twice(confirmed, seller, handler):
    before = everything()

    for number in (1, 4):
        with pytest.raises(StepDone):
            step(confirmed, seller, number, handler)

    assert everything() == before


def test_what_a_step_asks_for_is_needed(deal, seller, need, handler):
    with pytest.raises(NeedAssumed):
        step(noted(deal, seller, words=""), seller, 1)
    unrated = noted(deal, seller, severity=None, said_by=handler)
    step(unrated, seller, 1)
    with pytest.raises(PainNotRated):
        step(unrated, seller, 2, handler)

    with pytest.raises(Invalid) as refused:
        step(need, seller, 1, note="  ")
    assert "note" in refused.value.fields
    step(need, seller, 1)
    for fields, given in (("contact", {}), ("done_on", {"on": TODAY.replace(year=2025), "contact": handler})):
        with pytest.raises(Invalid) as refused:
            step(need, seller, 2, **given)
        assert fields in refused.value.fields
    step(need, seller, 2, handler)
    with pytest.raises(Invalid) as refused:
        step(need, seller, 3, handler)
    assert "kpi" in refused.value.fields
    step(need, seller, 3, handler, kpi="80 → 91")
    on_chain(deal, seller, handler)
    with pytest.raises(Invalid) as refused:
        step(need, seller, 4, handler, channel="")
    assert "channel" in refused.value.fields
    foreigner = make_contact(make_customer(seller), "外人")
    with pytest.raises(Invalid):
        step(need, seller, 4, foreigner)
    assert fresh(need).verified_step == 3


def test_a_stale_version_and_a_stranger_verify_nothing(need, seller, stranger):
    with pytest.raises(StaleVersion):
        verify_need(need=need, version=9, step=1, shown=Shown("x"), actor=seller, now=NOW)
    with pytest.raises(NotAllowed):
        verify_need(need=need, version=1, step=1, shown=Shown("x"), actor=stranger, now=NOW)
    assert fresh(need).verified_step == 0


def test_the_analysis_is_proved_once_it_is_complete(deal, seller, need):
    with pytest.raises(AnalysisIncomplete) as refused:
        complete_analysis(opportunity=deal, actor=seller, now=NOW)
    assert refused.value.details == {"lacking": ["unranked"]}

    rank(need, seller, "P0")
    made = complete_analysis(opportunity=deal, actor=seller, now=NOW)

    assert (made.number, made.lines[0]["text"], proved(deal)) == (1, need.text, {"needs.analysis_completed": 2})


def test_the_customers_yes_by_link_raises_the_proof_and_brings_consensus(deal, seller, need, handler):
    rank(need, seller, "P0")
    verify(need, seller, handler, upto=3)
    on_chain(deal, seller, handler)
    made = complete_analysis(opportunity=deal, actor=seller, now=NOW)

    says(ask(made, handler, seller))

    assert proved(deal) == {
        "needs.analysis_completed": 3, "needs.reviewed_with_customer": 3, "needs.four_steps_verified": 3,
    }  # fmt: skip
    last = Verification.objects.get(step=4)
    assert (last.contact, last.by, last.confirmation_ref) == (handler, None, Confirmation.objects.get().ref)
    assert fresh(need).is_confirmed


@pytest.mark.parametrize("role", ["", "USER", "UNKNOWN"])
def test_who_has_no_part_in_the_decision_brings_no_consensus(deal, seller, need, bystander, role):
    rank(need, seller, "P0")
    verify(need, seller, bystander, upto=3)
    if role:
        on_chain(deal, seller, bystander, role)
    made = complete_analysis(opportunity=deal, actor=seller, now=NOW)
    before = everything()

    with pytest.raises(Invalid) as refused:
        step(need, seller, 4, bystander)
    assert "contact" in refused.value.fields
    assert everything() == before
    says(ask(made, bystander, seller))

    assert fresh(need).verified_step == 3
    assert proved(deal) == {"needs.analysis_completed": 3, "needs.reviewed_with_customer": 3}
    voice = NeedVoice.objects.get()
    assert (voice.contact, voice.voice, voice.noted_by) == (bystander, "WANTS", seller)


@pytest.mark.parametrize("role", ["FINAL_DECIDER", "INFLUENCER", "GATEKEEPER"])
def test_who_decides_influences_or_keeps_the_gate_brings_consensus(deal, seller, need, bystander, role):
    rank(need, seller, "P0")
    verify(need, seller, bystander, upto=3)
    person = on_chain(deal, seller, bystander, role)
    DealPerson.objects.filter(pk=person.pk).update(left_on=TODAY)
    with pytest.raises(Invalid):
        step(need, seller, 4, bystander)
    DealPerson.objects.filter(pk=person.pk).update(left_on=None)

    step(need, seller, 4, bystander)

    assert proved(deal)["needs.four_steps_verified"] == 2


def test_a_new_p0_takes_the_proof_back_and_it_returns_with_the_present(deal, seller, need, handler):
    rank(need, seller, "P0")
    verify(need, seller, handler, upto=3)
    on_chain(deal, seller, handler)
    says(ask(complete_analysis(opportunity=deal, actor=seller, now=NOW), handler, seller))
    assert proved(deal)["needs.four_steps_verified"] == 3
    other = rank(noted(deal, seller, text="别的", said_by=handler), seller, "P0")
    assert "needs.four_steps_verified" not in proved(deal)
    assert proved(deal)["needs.reviewed_with_customer"] == 3

    rank(other, seller, "P2", reason="不急")
    assert proved(deal)["needs.four_steps_verified"] == 2
    rank(other, seller, "P1", reason="又急了")
    assert "needs.four_steps_verified" not in proved(deal)
    held = fresh(other)
    remove_need(need=held, version=held.version, reason="不做了", actor=seller, now=NOW)
    assert proved(deal)["needs.four_steps_verified"] == 2


def test_a_p0_noted_while_the_link_waits_keeps_the_four_steps_unproved(deal, seller, need, handler):
    rank(need, seller, "P0")
    verify(need, seller, handler, upto=3)
    on_chain(deal, seller, handler)
    asked = ask(complete_analysis(opportunity=deal, actor=seller, now=NOW), handler, seller)
    rank(noted(deal, seller, text="别的", said_by=handler), seller, "P0")

    says(asked)

    assert fresh(need).is_confirmed
    assert proved(deal) == {"needs.analysis_completed": 3, "needs.reviewed_with_customer": 3}


def test_a_need_that_is_not_ready_does_not_reach_consensus_by_a_link(paper, deal, seller, need, handler):
    says(ask(paper, handler, seller))

    assert fresh(need).verified_step == 0
    assert proved(deal) == {"needs.analysis_completed": 3, "needs.reviewed_with_customer": 3}


def test_a_link_is_answered_once_and_a_no_proves_nothing(paper, deal, seller, handler):
    asked = ask(paper, handler, seller)
    says(asked, "DISPUTED", "第二条不对")
    assert proved(deal) == {"needs.analysis_completed": 2}

    with pytest.raises(AnsweredAlready):
        says(asked)
    says(ask(paper, handler, seller))
    with pytest.raises(ConfirmedBefore):
        ask(paper, handler, seller)


def test_the_page_behind_the_link_reads_the_requirements(paper, seller, handler):
    asked = request_requirement_confirmation(paper=paper, contact=handler, actor=seller, now=timezone.now())

    page = Client().get(f"/c/{asked.token}/", headers={"accept-language": "en"}).content.decode()

    assert "充放电策略自动优化" in page
    assert "These are our requirements" in page


def test_a_changed_need_ends_links_that_wait_and_outdates_the_version(paper, seller, need, handler):
    ask(paper, handler, seller)
    held = fresh(need)
    change_need(need=held, version=held.version, said=Said({"text": "另一种说法"}), actor=seller, now=NOW)

    assert Confirmation.objects.get().ended_at is not None
    with pytest.raises(PaperOutdated):
        ask(paper, handler, seller)


def test_somebody_outside_the_deal_is_not_asked(paper, seller):
    foreigner = make_contact(make_customer(seller), "外人")

    with pytest.raises(Invalid):
        ask(paper, foreigner, seller)
    with pytest.raises(Invalid):
        record_requirement_confirmation(
            paper=paper, contact=foreigner, way="MAIL_REPLY", on=TODAY, documents=[], remark="", actor=seller, now=NOW
        )


def change(need, actor, **given):
    values = {"text": "改为日前策略", "reason": "电价变了", "impact": "重做接口", "days": 10, **given}
    return raise_change(need=need, values=values, asked_by=None, cost=Money.of(50_000), actor=actor, now=NOW)


def decided(row, actor, accepted=True, version=1):
    return decide_change(change=row, version=version, accepted=accepted, reason="客户付费", actor=actor, now=NOW)


def test_an_accepted_change_begins_another_round_and_takes_back_that_all_is_verified(confirmed, deal, seller, manager):
    row = change(confirmed, seller)

    decided(row, manager)

    held = fresh(confirmed)
    assert (held.text, held.round, held.verified_step, held.fit) == ("改为日前策略", 2, 0, "UNKNOWN")
    assert proved(deal) == {"needs.reviewed_with_customer": 2}
    with pytest.raises(ChangeIsDecided):
        decided(row, manager, version=2)


def test_a_rejected_change_leaves_the_need_as_it_is(confirmed, seller, manager):
    decided(change(confirmed, seller), manager, accepted=False)

    assert (fresh(confirmed).round, NeedChange.objects.get().state) == (1, "REJECTED")


def test_only_confirmed_needs_take_change_requests_one_at_a_time(need, confirmed, deal, seller, handler):
    other = noted(deal, seller, text="别的", said_by=handler)
    with pytest.raises(NotConfirmed):
        change(other, seller)
    change(confirmed, seller)
    with pytest.raises(ChangeWaits):
        change(confirmed, seller)


def test_who_asked_for_a_change_does_not_decide_it(confirmed, seller, manager):
    row = change(confirmed, manager)

    with pytest.raises(OwnChange):
        decided(row, manager)
    with pytest.raises(NotAllowed):
        decided(row, seller)
    assert NeedChange.objects.get().state == "OPEN"


def test_a_won_deal_still_takes_changes(confirmed, deal, seller, manager):
    Opportunity.objects.filter(pk=deal.pk).update(outcome="WON", closed_on=TODAY)
    row = change(fresh(confirmed), seller)

    decided(row, manager)

    assert fresh(confirmed).round == 2


def test_paper_of_returns_the_newest(paper, deal, seller):
    second = complete_analysis(opportunity=deal, actor=seller, now=NOW)

    assert paper_of(deal) == second


def test_the_word_file_tells_pain_cost_future_and_who_said_it_with_room_to_sign(deal, seller, handler):
    need = noted(deal, seller, said_by=handler, impact="少赚 11 万", forecast="三年内扩两站", forecast_years=3)
    rank(need, seller, "P0")
    paper = complete_analysis(opportunity=deal, actor=seller, now=NOW)

    with translation.override("en"):
        file, _name = requirement_paper(paper, now=NOW)

    document = Document(BytesIO(file.getvalue()))
    text = "\n".join(row.text for row in document.paragraphs)
    assert "In the words of 周建明 · 2026-09-16: 峰谷策略靠人工排" in text
    for words in ("Pain: severity 4 × urgency 4 = 16 of 25", "In 3 to 5 years: 三年内扩两站", "The project"):
        assert words in text
    assert "Doing nothing costs a year: ¥1.32M" in text
    assert [row.cells[1].text for row in document.tables[-1].rows] == ["", ""]


def test_the_page_behind_the_link_says_whose_words_are_cited(paper, deal, seller, handler):
    other = make_contact(deal.customer, "林梅")
    with translation.override("en"):
        own, foreign = (
            request_requirement_confirmation(paper=paper, contact=who, actor=seller, now=timezone.now())
            for who in (handler, other)
        )

    told = [Client().get(f"/c/{one.token}/").content.decode() for one in (own, foreign)]

    assert "In your words" in told[0]
    assert "In your words" not in told[1]
    assert "In the words of 周建明" in told[1]


def test_a_version_made_before_more_was_frozen_is_still_told(paper):
    kept = ("ref", "round", "number", "text", "priority", "words", "impact", "wanted_by", "kpi", "pain")
    paper.lines = [{name: line[name] for name in kept} for line in paper.lines]

    with translation.override("en"):
        file, _name = requirement_paper(paper, now=NOW)

    assert "In the customer's words" in "\n".join(row.text for row in Document(BytesIO(file.getvalue())).paragraphs)


def test_words_of_nobody_are_assumed_and_cannot_be_verified(deal, seller):
    need = noted(deal, seller, said_by=None)
    before = everything()

    assert need.is_assumed
    with pytest.raises(NeedAssumed):
        step(need, seller, 1)
    assert everything() == before
