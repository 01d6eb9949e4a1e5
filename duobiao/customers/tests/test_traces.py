"""Traces of a person in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.customers.domain.traces import MARK, traces_of

ZHANG = traces_of(
    names=["张伟民", "王"], numbers=["138 1234 5678", "0512 6666 8888", "110"], handles=["Zhang@A.cn", "zw"]
)


@pytest.mark.parametrize(
    ("text", "wiped"),
    [
        ("张伟民说可以", "***说可以"),
        ("打 13812345678 或 138-1234-5678", "打 *** 或 ***"),
        ("+86 138 1234 5678", "***"),
        ("8613812345678", "***"),
        ("订单 4413812345678901", "订单 4413812345678901"),
        ("座机0512-66668888转3", "座机***转3"),
        ("写给 zhang@a.cn。", "写给 ***。"),
        ("xzhang@a.cn", "xzhang@a.cn"),
        ("王总同意，zw 知道，拨110", "王总同意，zw 知道，拨110"),
        ("", ""),
    ],
)
def test_names_numbers_and_addresses_are_wiped_in_every_spelling(text, wiped):
    assert ZHANG.wiped(text) == wiped
    assert ZHANG.found_in(text) is (wiped != text)


def test_json_is_wiped_at_any_depth_and_keys_stay():
    value = {"张伟民": ["张伟民", {"a": "找张伟民"}, 3, None]}

    assert ZHANG.wiped(value) == {"张伟民": ["***", {"a": "找***"}, 3, None]}
    assert ZHANG.found_in(value)
    assert not ZHANG.found_in({"张伟民": 1})


def test_nothing_to_look_for_finds_nothing():
    nobody = traces_of(names=["", "王"], numbers=["", "12"], handles=[""])

    assert nobody.wiped("王 12") == "王 12"
    assert not nobody.found_in("王 12")


@given(name=st.text(min_size=2, max_size=6), before=st.text(max_size=8), after=st.text(max_size=8))
def test_what_was_wiped_holds_no_trace_but_the_mark(name, before, after):
    traces = traces_of(names=[name], numbers=[], handles=[])
    if traces.found_in(MARK):
        return

    once = traces.wiped(f"{before}{name}{after}")

    assert traces.wiped(once) == once or MARK in once
