"""Turning cells into values."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from duobiao.integrations.domain.formulas import safe_cell
from duobiao.integrations.domain.values import Unfit, as_amount, as_day, as_number, as_text, as_whole, as_yes_or_no


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1280", 1280),
        ("1,280.50", Decimal("1280.50")),
        ("¥1,280万", 12_800_000),
        ("￥ 98 万元", 980_000),
        ("1.5亿", 150_000_000),
        ("２，０００", 2000),
        ("(300)", -300),
        ("−300", -300),
        ("12,8000", 128_000),
        ("RMB 50", 50),
        ("3千万", 30_000_000),
        (12.5, Decimal("12.5")),
        (7, 7),
    ],
)
def test_amounts_are_read_as_people_write_them(cell, amount):
    assert as_amount(cell, currency="CNY") == amount


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12,5", "decimal_comma"),
        ("1.234,56", "decimal_comma"),
        ("$50", "other_currency"),
        ("€ 5", "other_currency"),
        ("about 5", "not_a_number"),
        ("1e400", "not_a_number"),
        ("9" * 100, "not_a_number"),
        ("", "not_a_number"),
        ("NaN", "not_a_number"),
    ],
)
def test_what_is_no_amount_says_why(cell, code):
    with pytest.raises(Unfit) as caught:
        as_amount(cell, currency="CNY")

    assert caught.value.code == code


def test_a_decimal_comma_is_read_where_the_mapping_says_so():
    assert as_number("1.234,56", decimal=",") == Decimal("1234.56")


@pytest.mark.parametrize(
    ("cell", "pattern", "day"),
    [
        ("2026-09-16", "", date(2026, 9, 16)),
        ("2026/9/6", "", date(2026, 9, 6)),
        ("2026.09.06", "", date(2026, 9, 6)),
        ("2026年9月6日", "", date(2026, 9, 6)),
        ("20260906", "", date(2026, 9, 6)),
        ("2026-09-16 00:00:00", "", date(2026, 9, 16)),
        ("16/09/2026", "%d/%m/%Y", date(2026, 9, 16)),
        ("46281", "excel", date(2026, 9, 16)),
        (46281, "", date(2026, 9, 16)),
        (datetime.fromisoformat("2026-09-16 08:30"), "", date(2026, 9, 16)),
        (date(2026, 9, 16), "", date(2026, 9, 16)),
    ],
)
def test_days_are_read_in_the_usual_spellings(cell, pattern, day):
    assert as_day(cell, pattern=pattern) == day


@pytest.mark.parametrize(
    ("cell", "pattern", "code"),
    [
        ("03/04/2026", "", "day_unclear"),
        ("soon", "", "not_a_day"),
        ("2026-13-01", "", "not_a_day"),
        ("2026-09-16", "%d/%m/%Y", "not_a_day_like"),
        ("1066-01-01", "", "day_out_of_range"),
        (time(8), "", "not_a_day"),
        (True, "", "not_a_day"),
        (10**9, "", "not_a_day"),
    ],
)
def test_what_is_no_clear_day_says_why(cell, pattern, code):
    with pytest.raises(Unfit) as caught:
        as_day(cell, pattern=pattern)

    assert caught.value.code == code


def test_whole_numbers_and_yes_or_no():
    assert as_whole("12") == 12
    assert (as_yes_or_no("是"), as_yes_or_no("NO"), as_yes_or_no(1)) == (True, False, True)
    with pytest.raises(Unfit, match="not_whole"):
        as_whole("12.5")
    with pytest.raises(Unfit, match="not_yes_or_no"):
        as_yes_or_no("maybe")


def test_text_is_what_a_person_would_type():
    assert [as_text(cell) for cell in (None, 5.5, True, date(2026, 1, 2), datetime.fromisoformat("2026-01-02"), "x")] == [
        "", "5.5", "TRUE", "2026-01-02", "2026-01-02", "x",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@sum", "\t=1", "＝1"])
def test_formulas_become_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.5", "+8", "苏州", "", "a=b"])
def test_other_cells_stay_as_they_are(text):
    assert safe_cell(text) == text
