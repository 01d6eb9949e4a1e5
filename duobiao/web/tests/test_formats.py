"""How figures, days and names are written."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from duobiao.kernel.money import Money
from duobiao.web import formats

TODAY = date(2026, 9, 16)
MOMENT = datetime(2026, 9, 11, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("yuan", "chinese", "english"),
    [
        (12_800_000, "¥1,280 万", "¥12.8M"),
        (160_100_000, "¥1.60 亿", "¥160.1M"),
        (5_346_000, "¥534.6 万", "¥5.35M"),
        (99_999_999, "¥1.00 亿", "¥100M"),
        (35_000, "¥3.5 万", "¥35K"),
        (9_999, "¥9,999", "¥9,999"),
        (0, "¥0", "¥0"),
        (-12_800_000, "−¥1,280 万", "−¥12.8M"),
        (12_350_000_000, "¥123.5 亿", "¥12.35B"),
    ],
)
def test_money_is_written_in_wan_and_yi_or_in_thousands_and_millions(yuan, chinese, english):
    with translation.override("zh-hans"):
        assert formats.money(Money.of(yuan)) == chinese
        assert formats.money(yuan * 100, "CNY") == chinese
    with translation.override("en"):
        assert formats.money(Money.of(yuan)) == english


def test_traditional_chinese_has_its_own_units():
    with translation.override("zh-hant"):
        assert formats.money(Money.of(12_800_000)) == "¥1,280 萬"


def test_the_full_amount_keeps_every_cent():
    assert formats.money_full(Money.of("12800000.05")) == "¥12,800,000.05"
    assert formats.money_full(Money(5000, "JPY")) == "JP¥5,000"
    assert formats.money_full(100, "CHF") == "CHF 1.00"


def test_a_column_whose_head_names_the_unit_gets_the_bare_figure():
    with translation.override("zh-hans"):
        assert formats.money_wan(Money.of(23_500_000)) == "2,350"
        assert formats.money_wan(Money.of(345_000)) == "34.5"


def test_small_amounts_keep_their_cents():
    assert formats.money(Money(1250)) == "¥12.50"


@pytest.mark.parametrize("write", [formats.money, formats.money_full, formats.date, formats.day, formats.ago])
def test_nothing_is_a_dash(write):
    assert write(None) == "–"


def test_days_are_short_within_the_year_and_whole_outside():
    with translation.override("zh-hans"):
        assert formats.day(date(2026, 9, 1), today=TODAY) == "9-01"
        assert formats.day(date(2027, 2, 23), today=TODAY) == "2027-02-23"
    assert formats.day(date(2026, 9, 11), today=TODAY) == "Sep 11"


def test_moments_are_written_in_the_zone_of_the_user():
    with timezone.override("Asia/Shanghai"):
        assert formats.datetime(MOMENT) == "2026-09-11 09:30"
        assert formats.time(MOMENT) == "09:30"
        assert formats.date(datetime(2026, 9, 11, 16, 30, tzinfo=UTC)) == "2026-09-12"
    with timezone.override("America/New_York"):
        assert formats.date(MOMENT) == "2026-09-10"


def test_how_long_ago_is_said_in_words():
    with translation.override("zh-hans"):
        assert formats.ago(MOMENT, now=datetime(2026, 9, 11, 1, 33, tzinfo=UTC)) == "3 分钟前"


@pytest.mark.parametrize(("name", "letter"), [("林晓", "林"), (" lin", "L"), ("（周）", "周"), ("", "?"), (None, "?")])
def test_an_avatar_shows_the_first_character(name, letter):
    assert formats.initial(name) == letter


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (900, "900 B"), (421_888, "412 KB"), (1_572_864, "1.5 MB"), (5 * 2**40, "5,120 GB")]
)
def test_file_sizes_have_a_fitting_unit(size, text):
    assert formats.filesize(size) == text


def test_percent_and_counts():
    assert formats.percent(25) == "25%"
    assert formats.percent(33.333, 1) == "33.3%"
    assert formats.number(16010) == "16,010"


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ("https://a.example/b?c=1", "https://a.example/b?c=1"),
        ("HTTP://A.EXAMPLE", "HTTP://A.EXAMPLE"),
        ("javascript:alert(1)", ""),
        ("data:text/html,<script>", ""),
        (" https://a.example", " https://a.example"),
        ("a.example", ""),
        ("http://[", ""),
    ],
)
def test_a_click_opens_only_addresses_of_the_web(written, opened):
    assert formats.web_address(written) == opened
