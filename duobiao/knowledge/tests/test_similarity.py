"""How well a case fits a customer, and why."""

import pytest

from duobiao.knowledge.domain.similarity import Reason, Wanted, fit_of_case, fit_of_overview, likeness

WANTED = Wanted("智能制造", "NATIONAL", "换型靠人工排程，停线等料每月 40 小时")


@pytest.mark.parametrize(
    ("industry", "size", "challenges", "points", "reasons"),
    [
        ("智能制造", "NATIONAL", "换型靠人工排程，停线等料", 97, "SAME_INDUSTRY CHALLENGE SAME_SIZE"),
        ("智能制造", "REGIONAL", "食堂排队", 60, "SAME_INDUSTRY NEXT_SIZE"),
        ("装备制造", "LOCAL", "食堂排队", 25, "NEAR_INDUSTRY"),
        ("轨道交通", "MULTINATIONAL", "", 10, "NEXT_SIZE"),
        ("轨道交通", "", "", 0, ""),
    ],
)
def test_a_case_fits_by_industry_size_and_challenge(industry, size, challenges, points, reasons):
    fit = fit_of_case(WANTED, industry=industry, size=size, challenges=challenges)

    assert (fit.points, " ".join(reason for reason, _detail in fit.reasons)) == (points, reasons)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("汽车制造", "食品制造", False),
        ("药品制造", "食品制造", False),
        ("医疗设备", "环保设备", False),
        ("Food manufacturing", "Automotive Manufacturing", False),
        ("汽车制造", "汽车零部件", True),
        ("食品加工", "食品饮料", True),
        ("制造业", "汽车制造", True),
        ("Food and beverages", "food processing", True),
    ],
)
def test_industries_are_near_by_what_sets_them_apart_from_others(one, other, near):
    for wanted, held in ((one, other), (other, one)):
        reasons = fit_of_case(Wanted(wanted), industry=held, size="", challenges="").reasons
        assert [reason for reason, _detail in reasons] == [Reason.NEAR_INDUSTRY] * near


def test_a_large_case_is_named_large_though_it_earns_nothing():
    fit = fit_of_case(Wanted(size="LOCAL"), industry="", size="MULTINATIONAL", challenges="")

    assert (fit.points, fit.reasons) == (0, ((Reason.LARGE, "MULTINATIONAL"),))


def test_of_several_challenges_the_best_line_counts():
    fit = fit_of_case(Wanted(challenge="冷库温度追溯"), industry="", size="", challenges="食堂排队\n冷库温度追溯")

    assert fit.reasons == ((Reason.CHALLENGE, "冷库温度追溯"),)


def test_nothing_known_fits_nothing():
    assert fit_of_case(Wanted(), industry="智能制造", size="NATIONAL", challenges="换型").points == 0
    assert fit_of_overview(Wanted(), industries=["智能制造"], text="x").points == 0


def test_an_overview_fits_by_any_of_its_industries():
    assert fit_of_overview(Wanted("光伏储能"), industries=["数据中心", "光伏储能"], text="").points == 50


def test_likeness_is_between_nothing_and_all():
    assert likeness("", "排程") == 0
    assert likeness("scheduling by hand", "by hand") == 1
    assert likeness("排程", "温度") == 0
