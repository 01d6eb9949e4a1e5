"""Names, numbers, codes and completeness, without a database."""

import pytest

from duobiao.customers.domain.completeness import CONTACT_ITEMS, CUSTOMER_ITEMS, count_known, known_items, ring
from duobiao.customers.domain.credit_code import is_credit_code
from duobiao.customers.domain.naming import normal_name
from duobiao.customers.domain.phones import UnreadableNumber, dial_address, normal_phone
from duobiao.customers.domain.texts import NulCharacter, clean_line, clean_text
from duobiao.customers.tests.factories import FULL_CONTACT, FULL_PROFILE


@pytest.mark.parametrize(
    "spelling",
    [
        "苏州恒力精密",
        "苏州恒力精密有限公司",
        " 苏州恒力 精密（集团）有限公司",
        "苏州恒力精密股份有限公司",
        "苏州恒力精密集团",
    ],
)
def test_a_name_is_the_same_with_any_legal_form_width_and_blanks(spelling):
    assert normal_name(spelling) == "苏州恒力精密"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme Corporation", "acme"),
        ("ＡＣＭＥ　Co., Ltd.", "acme"),
        ("公司", "公司"),
        ("集团有限公司", "集团有限公司"),
        ("!!!", "!!!"),
    ],
)
def test_a_name_keeps_what_tells_it_apart(name, expected):
    assert normal_name(name) == expected


def test_a_customer_has_exactly_eight_items_and_its_handler_four():
    assert list(CUSTOMER_ITEMS) == [
        "scale",
        "industry_position",
        "profitability",
        "investment",
        "credit",
        "project_scale",
        "project_value",
        "project_importance",
    ]
    assert list(CONTACT_ITEMS) == ["position", "duties", "character", "interests"]
    assert count_known(CUSTOMER_ITEMS, FULL_PROFILE) == 8
    assert count_known(CONTACT_ITEMS, FULL_CONTACT) == 4


def test_blank_text_is_not_known_and_a_note_is_as_good_as_a_choice():
    known = known_items(CUSTOMER_ITEMS, {"scale": "  ", "credit_note": "付款准时", "profitability": ""})

    assert [item for item, is_known in known.items() if is_known] == ["credit"]


@pytest.mark.parametrize(
    ("customer", "handler", "known", "percent"),
    [
        ({}, None, 0, 0),
        (FULL_PROFILE, None, 8, 66),
        ({}, FULL_CONTACT, 4, 33),
        (FULL_PROFILE, {**FULL_CONTACT, "interests": ""}, 11, 91),
        (FULL_PROFILE, FULL_CONTACT, 12, 100),
    ],
)
def test_the_ring_is_full_only_with_all_twelve_items(customer, handler, known, percent):
    held = ring(customer, handler)

    assert (held.known, held.total, held.percent) == (known, 12, percent)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "138 1234 5678"),
        ("+86 138-1234-5678", "138 1234 5678"),
        ("(0086)13812345678", "138 1234 5678"),
        ("0512-66668888", "0512 6666 8888"),
        ("０５１２－６６６６８８８８", "0512 6666 8888"),
        ("0512 6666 8888 转 801", "0512 6666 8888 ext. 801"),
        ("+49 89 636 48018", "+49 89 63648018"),
        ("", ""),
    ],
)
def test_a_number_is_kept_in_one_spelling(typed, kept):
    assert normal_phone(typed) == kept
    assert normal_phone(kept) == kept


@pytest.mark.parametrize("typed", ["abc", "12", "138123456789999999", "<script>", "+", "1" * 300])
def test_what_nobody_can_dial_is_refused(typed):
    with pytest.raises(UnreadableNumber):
        normal_phone(typed)


def test_a_number_can_be_dialled():
    assert dial_address("138 1234 5678") == "tel:+86-138-1234-5678"
    assert dial_address("") == ""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("91350100M000100Y43", True),
        ("91350100M000100Y44", False),
        ("91350100M000100Y4", False),
        ("9135010OM000100Y43", False),
        ("", False),
    ],
)
def test_a_credit_code_needs_its_check_character(code, expected):
    assert is_credit_code(code) is expected


def test_marks_nobody_sees_are_taken_out_of_a_line():
    assert clean_line("  恒\u202e力\u200b  机械\r\n厂\x07 ") == "恒力 机械 厂"


def test_a_text_keeps_its_lines():
    assert clean_text("一\r\n二\n\n三\u2066 ") == "一\n二\n\n三"


def test_a_null_character_is_refused():
    with pytest.raises(NulCharacter):
        clean_line("a\x00b")
