"""The shipped playbooks besides the eight stages: what the seeds ask of each."""

import pytest

from duobiao.playbooks.domain.model import KNOWN_METHODS, Grade, Kind, Process
from duobiao.playbooks.tests.test_engine import BENCHES, EIGHT

OTHERS = [key for key in BENCHES if key != "project-sales-8"]
STAGES = {
    "key-account-6": ["线索", "立项", "需求", "投标", "谈判", "签约"],
    "solution-5": ["需求挖掘", "方案设计", "商务谈判", "项目交付", "客户维护"],
    "panorama-6": ["线索挖掘", "需求分析", "策略制定", "决策推动", "成交签约", "交付服务"],
    "product-sale": ["线索确认", "报价与试用", "成交下单", "交付与回款"],
}
COVERS = {
    "key-account-6": [(1, 2), (3, 3), (3, 4), (5, 6), (7, 7), (8, 8)],
    "solution-5": [(1, 2), (3, 5), (6, 8), (8, 8), (8, 8)],
    "panorama-6": [(1, 1), (2, 2), (3, 4), (5, 6), (7, 8), (8, 8)],
    "product-sale": [(1, 3), (4, 6), (7, 8), (8, 8)],
}


def test_five_playbooks_are_shipped() -> None:
    assert sorted(BENCHES) == ["key-account-6", "panorama-6", "product-sale", "project-sales-8", "solution-5"]


@pytest.mark.parametrize("key", OTHERS)
def test_stages_and_the_buyers_stages_they_cover_are_those_of_the_seed(key: str) -> None:
    playbook = BENCHES[key].playbook

    assert [stage.title["zh-Hans"] for stage in playbook.stages] == STAGES[key]
    assert [stage.covers for stage in playbook.stages] == COVERS[key]
    assert playbook.buyer_stages == EIGHT.playbook.buyer_stages
    assert (playbook.resets, playbook.proposals) == (EIGHT.playbook.resets, EIGHT.playbook.proposals)


@pytest.mark.parametrize("key", OTHERS)
def test_every_stage_has_its_role_its_work_its_appraisal_and_its_tools(key: str) -> None:
    for stage in BENCHES[key].playbook.stages:
        assert stage.focus is not None, stage.key
        assert stage.appraisal, stage.key
        assert stage.tools, stage.key
        assert stage.work, stage.key


@pytest.mark.parametrize("key", BENCHES)
def test_every_purchase_method_leaves_a_milestone_and_a_documented_success_in_each_stage(key: str) -> None:
    for stage in BENCHES[key].playbook.stages:
        for method in KNOWN_METHODS:
            grades = {
                kind: [
                    accept.min_grade
                    for item in stage.items
                    if item.kind is kind
                    for accept in item.accepts_under(method)
                ]
                for kind in (Kind.M, Kind.S)
            }
            assert grades[Kind.M], (stage.key, method)
            assert max(grades[Kind.S]) >= Grade.DOCUMENTED, (stage.key, method)


@pytest.mark.parametrize("key", BENCHES)
def test_settlements_settle_stages_before_the_contract_and_rise_with_the_buyer(key: str) -> None:
    playbook = BENCHES[key].playbook
    settled = playbook.settlements

    assert set(settled) >= set(EIGHT.playbook.settlements)
    assert max(settled.values()) == settled["contracts.signed_by_both"] == playbook.goes_on_from - 1
    assert settled["procurement.shortlisted"] <= settled["procurement.nomination_received"]
    assert settled["procurement.nomination_received"] <= settled["procurement.award_notice_received"]


def test_key_accounts_pass_three_reviews_each_proved_by_an_item() -> None:
    playbook = BENCHES["key-account-6"].playbook
    points = [
        (stage.number, str(point.kind), point.item) for stage in playbook.stages for point in stage.control_points
    ]

    assert points == [(2, "ATI", "2.S1"), (4, "ATB", "4.M1"), (5, "ATC", "6.M1")]


def test_only_product_selling_sells_products_and_has_figures_of_its_own() -> None:
    assert [key for key in BENCHES if BENCHES[key].playbook.process is Process.PRODUCT] == ["product-sale"]
    assert [key for key in BENCHES if BENCHES[key].playbook.kpis] == ["product-sale"]


def test_the_purchase_method_is_asked_for_where_the_first_item_waits_for_it() -> None:
    wanted = {key: BENCHES[key].playbook.method_wanted_from for key in BENCHES}

    assert wanted == {"project-sales-8": 4, "key-account-6": 3, "solution-5": 2, "panorama-6": 3, "product-sale": None}
