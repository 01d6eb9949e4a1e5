"""How alike companies and people are, judged against pairs labelled by hand."""

import csv
import random
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from duobiao.customers.domain import likeness
from duobiao.customers.domain.company_names import parts_of
from duobiao.customers.domain.likeness import (
    CompanySigns,
    PersonSigns,
    company_keys,
    company_likeness,
    name_likeness,
    person_keys,
    person_likeness,
)

LABELLED = Path(__file__).parent / "data" / "alike_names.yaml"
ACCOUNTS = Path(__file__).parents[4] / "shared" / "data" / "maven-crm" / "accounts.csv"


def is_found(one: CompanySigns, other: CompanySigns) -> bool:
    """Say whether a pair would be proposed: it shares a key, and is alike enough."""
    return bool(company_keys(one) & company_keys(other)) and company_likeness(one, other).is_proposed


def test_the_labelled_pairs_are_found_with_this_precision_and_recall():
    rows = yaml.safe_load(LABELLED.read_text(encoding="utf-8"))
    found = [(is_found(CompanySigns(name=one), CompanySigns(name=other)), same) for one, other, same, _why in rows]

    right = sum(hit and same for hit, same in found)
    precision = right / sum(hit for hit, _same in found)
    recall = right / sum(same for _hit, same in found)

    assert len(rows) == 414
    assert round(precision, 3) >= 0.987
    assert round(recall, 3) >= 0.971


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("苏州恒力精密（集团）有限公司", "蘇州恆力精密集團", likeness.FORM),
        ("ＡＢＢ（中国）有限公司", "abb中国有限公司", likeness.SPELLING),
        ("蘇州恆力精密有限公司", "苏州恒力精密有限公司", likeness.SPELLING),
        ("恒立精密机械有限公司", "恒力精密机械", likeness.SOUND),
        ("上海宝钢国际经济贸易有限公司", "宝钢国际经济贸易", likeness.PLACE),
        ("南京南瑞继保电气有限公司", "南京南瑞继报电气有限公司", likeness.SOUND),
    ],
)
def test_spellings_of_one_company_are_proposed_with_the_reason(one, other, reason):
    found = name_likeness(one, other)

    assert found.is_proposed
    assert reason in found.reasons


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中国建筑第一工程局有限公司", "中国建筑第二工程局有限公司"),
        ("华能新能源股份有限公司", "华润新能源投资有限公司"),
        ("国网江苏省电力有限公司苏州供电分公司", "国网江苏省电力有限公司无锡供电分公司"),
        ("国网山东省电力公司", "国网山西省电力公司"),
        ("中冶南方工程技术有限公司", "中冶北方工程技术有限公司"),
        ("苏州恒力机械有限公司", "苏州恒力化纤有限公司"),
    ],
)
def test_companies_that_only_look_alike_are_not_proposed(one, other):
    assert not name_likeness(one, other).is_proposed


def test_one_code_outweighs_different_names_and_two_codes_outweigh_one_name():
    code, another = "91320500MA1MXXXX0K", "91320500MA1MYYYY1K"

    same = company_likeness(
        CompanySigns(name="甲机械", credit_code=code), CompanySigns(name="乙化工", credit_code=code)
    )
    two = company_likeness(
        CompanySigns(name="甲机械", credit_code=code), CompanySigns(name="甲机械", credit_code=another)
    )

    assert (same.score, same.reasons) == (0.97, (likeness.CODE,))
    assert two.score == likeness.DIFFERENT_CODES


def test_number_and_site_alone_do_not_make_two_companies_one():
    number, site = frozenset({"+8651266668888"}), "hengli.com"

    found = company_likeness(
        CompanySigns(name="恒力石化", phones=number, domain=site),
        CompanySigns(name="康辉新材", phones=number, domain=site),
    )

    assert found.score == likeness.OTHER_BRAND


def test_a_person_is_known_again_by_number_and_by_sound_within_one_company_only():
    one = PersonSigns(company="1", name="李明", numbers=frozenset({"+8613812345678"}))
    other = PersonSigns(company="1", name="黎明", numbers=frozenset({"+8613812345678"}))
    elsewhere = PersonSigns(company="2", name="李明", numbers=frozenset({"+8613812345678"}))

    assert person_likeness(one, other).score == 0.85
    assert person_likeness(one, elsewhere).score == 0
    assert not person_keys(one) & person_keys(elsewhere)


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_likeness_does_not_depend_on_the_order_and_a_name_is_like_itself(one, other):
    assert name_likeness(one, other).score == name_likeness(other, one).score
    assert 0 <= name_likeness(one, other).score <= 1
    assert name_likeness(one, one).score >= 0.9 or not parts_of(one).letters


def _slip(name: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


VARIANTS = (
    lambda name, _dice: name.upper(),
    lambda name, _dice: f"{name}, Inc.",
    lambda name, _dice: name.replace(" ", "  "),
    lambda name, _dice: "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in name),
    _slip,
    _slip,
)


@pytest.mark.shared
def test_accounts_of_a_public_data_set_are_found_again_among_their_variants():
    with ACCOUNTS.open(encoding="utf-8") as rows:
        names = [row["account"] for row in csv.DictReader(rows)]
    dice = random.Random(20260916)
    entries = [(name, name) for name in names]
    entries += [(name, VARIANTS[number % len(VARIANTS)](name, dice)) for number, name in enumerate(names)]
    hits = [
        one[0] == other[0]
        for one, other in combinations(entries, 2)
        if one[1] != other[1] and is_found(CompanySigns(name=one[1]), CompanySigns(name=other[1]))
    ]
    wanted = sum(one[0] == other[0] and one[1] != other[1] for one, other in combinations(entries, 2))

    assert len(names) == 85
    assert sum(hits) == len(hits)
    assert sum(hits) / wanted >= 0.95
