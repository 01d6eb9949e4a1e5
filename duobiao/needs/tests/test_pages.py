"""Pages of needs: what they show, what they refuse, who may use them."""

import pytest
from django.urls import reverse

from duobiao.needs.actions.complete_analysis import complete_analysis
from duobiao.needs.actions.keep_module import add_module
from duobiao.needs.actions.plan_spin import Question, plan_spin
from duobiao.needs.models import DealObjection, MethodUse, Need, NeedChange, SpinSheet
from duobiao.needs.tests.factories import (
    NOW,
    everything,
    fresh,
    meet,
    noted,
    objected,
    paper_of,
    rank,
    verify,
)

pytestmark = pytest.mark.django_db
BAD = "<script>alert(1)</script>"


@pytest.fixture
def signed_in(client, seller):
    client.force_login(seller)
    return client


def tab(deal):
    return f"/opportunities/{deal.ref}/needs/"


def test_the_tab_of_a_deal_without_needs_says_where_to_begin(signed_in, deal):
    page = signed_in.get(tab(deal)).content.decode()

    assert "No need is noted yet" in page
    assert reverse("needs:note_need", args=[deal.ref]) in page


def test_the_tab_shows_tree_gaps_pains_objections_and_papers(signed_in, deal, seller, handler):
    need = noted(deal, seller, said_by=handler)
    noted(deal, seller, parent=need, text="没人说的事", layer="HIDDEN", words="")
    objected(deal, seller, handler)
    plan_spin(
        opportunity=deal, title="第一次研讨", contact=handler, chosen=["gen_i1"], own=[], actor=seller, now=NOW
    )  # fmt: skip

    page = signed_in.get(tab(deal)).content.decode()

    for words in (
        "充放电策略自动优化",
        "没人说的事",
        "assumed",
        "比预算高两成",
        "第一次研讨",
        "What hurts most",
        "What nobody has asked yet",
    ):
        assert words in page


def test_a_need_is_noted_by_its_form(signed_in, deal, handler):
    sent = {
        "text": "策略自动", "level": "BUSINESS", "layer": "DEEP", "need_kind": "NONE", "words": "靠人工排", "said_by": handler.ref,
        "said_on": "2026-09-10", "channel": "MEETING", "severity": "4", "urgency": "NONE", "inaction": "11,000.50",
        "inaction_per": "MONTH", "forecast_years": "NONE",
    }  # fmt: skip

    answer = signed_in.post(reverse("needs:note_need", args=[deal.ref]), sent)

    assert (answer.status_code, answer["Location"]) == (303, tab(deal))
    made = Need.objects.get()
    assert (made.said_by, made.severity, made.urgency, made.inaction_minor) == (handler, 4, None, 1_100_050)


def test_a_form_that_is_refused_keeps_what_was_typed(signed_in, deal):
    before = everything()

    answer = signed_in.post(
        reverse("needs:note_need", args=[deal.ref]), {"text": "", "words": "他们说的话", "level": "X"}
    )

    assert answer.status_code == 422
    assert "他们说的话" in answer.content.decode()
    assert everything() == before


def test_script_in_a_need_is_shown_as_text(signed_in, deal, seller, handler):
    need = noted(deal, seller, text=BAD, words=BAD, said_by=handler)
    objected(deal, seller, handler, text=BAD)

    for address in (tab(deal), reverse("needs:need", args=[need.ref]), reverse("needs:matrix", args=[deal.ref])):
        page = signed_in.get(address).content.decode()
        assert BAD not in page
        assert "&lt;script&gt;" in page


def test_a_stale_form_is_refused_with_409(signed_in, need, seller):
    rank(need, seller, "P1")

    answer = signed_in.post(
        reverse("needs:rank_need", args=[need.ref]), {"priority": "P0", "reason": "总经理要", "version": "1"}
    )

    assert answer.status_code == 409
    assert fresh(need).priority == "P1"


def test_a_need_is_changed_moved_ranked_verified_answered_and_taken_off_by_forms(signed_in, deal, seller, handler):
    need, other = noted(deal, seller, said_by=handler), noted(deal, seller, text="另一条", said_by=handler)
    module = add_module(opportunity=deal, name="策略引擎", product=None, actor=seller, now=NOW)

    def send(name, sent, held=need):
        sent = {"version": str(fresh(held).version), **sent}
        return signed_in.post(reverse(f"needs:{name}", args=[held.ref]), sent).status_code

    assert send("rank_need", {"priority": "P0", "reason": ""}) == 303
    assert send("verify_need", {"note": "复述", "done_on": "2026-09-16"}) == 303
    assert send("answer_need", {"fit": "FULL", "note": "", f"module_{module.ref}": "FULL"}) == 303
    assert send("voice_need", {"contact": handler.ref, "voice": "WANTS"}) == 303
    assert send("voice_need", {"contact": handler.ref, "voice": "NONE"}) == 303
    assert send("move_need", {"parent": need.ref, "before": ""}, other) == 303
    page = signed_in.get(reverse("needs:change_need", args=[need.ref])).content.decode()
    assert "靠人工排" in page
    sent = {
        "text": "策略自动优化",
        "level": "BUSINESS",
        "layer": "SURFACE",
        "words": "靠人工排",
        "said_on": "2026-09-16",
    }
    assert send("change_need", sent) == 303
    assert send("remove_need", {"reason": "并入"}, other) == 303

    held = fresh(need)
    assert (held.priority, held.verified_step, held.fit, held.text) == ("P0", 1, "FULL", "策略自动优化")
    assert (held.inaction_minor, held.voices.count(), held.modules.get().module) == (None, 0, module)
    assert fresh(other).removed_at is not None


def test_the_page_of_a_confirmed_need_offers_a_change_request(signed_in, need, seller, handler, deal):
    verify(need, seller, handler)
    page = signed_in.get(reverse("needs:need", args=[need.ref])).content.decode()
    assert reverse("needs:raise_change", args=[need.ref]) in page

    sent = {"text": "改为日前策略", "reason": "电价变了", "impact": "重做接口", "cost": "50000", "days": "10"}
    assert signed_in.post(reverse("needs:raise_change", args=[need.ref]), sent).status_code == 303

    change = NeedChange.objects.get()
    assert (change.cost_minor, change.days) == (5_000_000, 10)
    assert signed_in.get(reverse("needs:decide_change", args=[change.ref])).status_code == 403


def test_a_manager_decides_a_change(client, manager, need, seller, handler):
    verify(need, seller, handler)
    client.force_login(seller)
    sent = {"text": "改为日前策略", "reason": "电价变了", "impact": "重做接口"}
    client.post(reverse("needs:raise_change", args=[need.ref]), sent)
    change = NeedChange.objects.get()

    client.force_login(manager)
    sent = {"decision": "accept", "reason": "客户付费", "version": "1"}
    assert client.post(reverse("needs:decide_change", args=[change.ref]), sent).status_code == 303

    held = fresh(need)
    assert (held.text, held.round, held.verified_step) == ("改为日前策略", 2, 0)


def test_modules_are_added_once_and_taken_out(signed_in, deal, need):
    address = reverse("needs:add_module", args=[deal.ref])

    assert signed_in.post(address, {"name": "策略引擎"}).status_code == 303
    assert signed_in.post(address, {"name": "策略引擎"}).status_code == 409
    assert signed_in.post(address, {"name": ""}).status_code == 422
    page = signed_in.get(reverse("needs:matrix", args=[deal.ref])).content.decode()
    assert "策略引擎" in page
    module = deal.solution_modules.get()
    assert signed_in.post(reverse("needs:remove_module", args=[module.ref])).status_code == 303
    assert deal.solution_modules.live().count() == 0


def test_the_requirements_go_to_the_customer_by_a_link_shown_once(signed_in, deal, seller, need, handler):
    rank(need, seller, "P0")
    assert signed_in.post(reverse("needs:complete_analysis", args=[deal.ref])).status_code == 303
    paper = paper_of(deal)
    page = signed_in.get(reverse("needs:requirement_paper", args=[paper.ref])).content.decode()
    assert "充放电策略自动优化" in page

    address = reverse("needs:request_requirement_confirmation", args=[paper.ref])
    answer = signed_in.post(address, {"contact": handler.ref, "days": "14"})
    assert "/c/dbl_" in answer.content.decode()
    assert signed_in.post(address, {"contact": "", "days": "14"}).status_code == 422

    file = signed_in.get(reverse("needs:requirement_file", args=[paper.ref]))
    assert file["Content-Type"].endswith("wordprocessingml.document")
    assert b"".join(file.streaming_content)[:2] == b"PK"


def test_an_analysis_that_is_not_ready_says_what_is_missing(signed_in, deal, need):
    answer = signed_in.post(reverse("needs:complete_analysis", args=[deal.ref]))

    assert answer.status_code == 409
    assert "Rank every need" in answer.content.decode()
    assert signed_in.get(reverse("needs:requirements", args=[deal.ref])).status_code == 200


def test_an_objection_goes_through_its_steps_by_forms(signed_in, deal, handler):
    sent = {"type": "PRICE", "text": "比预算高两成", "contact": handler.ref, "raised_on": "2026-09-14", "need": ""}
    assert signed_in.post(reverse("needs:raise_objection", args=[deal.ref]), sent).status_code == 303
    row = DealObjection.objects.get()

    for step in range(1, 6):
        more = {"tactic": "total_cost"} if step == 4 else {}
        more |= {"contact": handler.ref, "channel": "PHONE"} if step == 5 else {}
        sent = {"note": f"第 {step} 步", "done_on": "2026-09-16", "version": str(fresh(row).version), **more}
        assert signed_in.get(reverse("needs:answer_objection", args=[row.ref])).status_code == 200
        assert signed_in.post(reverse("needs:answer_objection", args=[row.ref]), sent).status_code == 303

    held = fresh(row)
    assert (held.is_closed, held.tactic) == (True, "total_cost")
    page = signed_in.get(reverse("needs:objection", args=[row.ref])).content.decode()
    assert "closed by the customer" in page
    assert "answered 1 of 1 objections" in signed_in.get(reverse("needs:library")).content.decode()


def test_questions_are_planned_answered_and_become_needs(signed_in, deal, handler):
    address = reverse("needs:plan_spin", args=[deal.ref])
    sent = {
        "title": "需求研讨",
        "contact": handler.ref,
        "chosen": ["gen_s1", "gen_i1"],
        "letter": "N",
        "text": "值多少？",
    }
    assert signed_in.post(address, sent).status_code == 303
    sheet = SpinSheet.objects.get()
    here = reverse("needs:answer_spin", args=[sheet.ref])
    question = sheet.questions.get(bank="gen_i1")

    answer = signed_in.post(
        here, {"version": "1", f"answer_{question.ref}": "停一小时少赚 2 万", "letter": "I", "text": "还有呢？"}
    )

    assert answer.status_code == 303
    assert sheet.questions.count() == 4
    assert signed_in.post(here, {"version": "1", f"answer_{question.ref}": "别的"}).status_code == 409
    form = signed_in.get(f"{reverse('needs:note_need', args=[deal.ref])}?question={question.ref}").content.decode()
    assert "停一小时少赚 2 万" in form
    sent = {
        "text": "少停机",
        "level": "BUSINESS",
        "layer": "SURFACE",
        "words": "停一小时少赚 2 万",
        "said_on": "2026-09-16",
    }
    signed_in.post(f"{reverse('needs:note_need', args=[deal.ref])}?question={question.ref}", sent)
    question.refresh_from_db()
    assert question.need.text == "少停机"


def test_the_use_of_a_method_is_noted_with_its_effect(signed_in, deal, need):
    address = reverse("needs:note_method", args=[deal.ref, "reflect"])
    sent = {"effect": "NEW_NEED", "need": need.ref, "used_on": "2026-09-15", "note": "说出了夜班的事"}

    assert signed_in.post(address, sent).status_code == 303
    assert signed_in.post(address, {**sent, "effect": ""}).status_code == 422
    assert signed_in.get(reverse("needs:note_method", args=[deal.ref, "magic"])).status_code == 404
    assert MethodUse.objects.get().need == need


def test_a_stranger_finds_nothing_and_a_colleague_without_the_right_is_refused(client, stranger, need, deal, seller):
    client.force_login(stranger)

    assert client.get(tab(deal)).status_code == 404
    assert client.get(reverse("needs:need", args=[need.ref])).status_code == 404
    assert client.post(reverse("needs:rank_need", args=[need.ref]), {"priority": "P0"}).status_code == 404


def test_the_tab_costs_the_same_for_any_number_of_rows(signed_in, deal, seller, handler, assert_flat_queries):
    def grow():
        for number in range(4):
            need = noted(deal, seller, text=f"需求 {number}", said_by=handler)
            rank(need, seller, "P0")
            meet(need, seller)
            objected(deal, seller, handler, text=f"异议 {number}")
            plan_spin(
                opportunity=deal, title="研讨", contact=handler, chosen=[], own=[Question("S", "几台？")], actor=seller, now=NOW
            )  # fmt: skip
            complete_analysis(opportunity=deal, actor=seller, now=NOW)

    grow()
    assert_flat_queries(visit=lambda: signed_in.get(tab(deal)), grow=grow)
    assert_flat_queries(visit=lambda: signed_in.get(reverse("needs:matrix", args=[deal.ref])), grow=grow)
    assert_flat_queries(visit=lambda: signed_in.get(reverse("needs:library")), grow=grow)
