"""The one function that cuts texts and questions into tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.search.domain.bigrams import Term, terms, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("苏州工厂", ["苏州", "州工", "工厂", "厂"]),
        ("厂", ["厂"]),
        ("苏州工厂 X-200", ["苏州", "州工", "工厂", "厂", "x", "200"]),
        ("ＡＢＣ重工3号线", ["abc", "重工", "工", "3", "号线", "线"]),
        ("Müller & Söhne_KG", ["müller", "söhne", "kg"]),
        ("  <script>  ", ["script"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_pairs_and_words(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("苏州", [Term(("苏州",), prefix=False)]),
        ("苏州工厂", [Term(("苏州", "州工", "工厂"), prefix=False)]),
        ("厂", [Term(("厂",), prefix=True)]),
        ("苏州 恒力", [Term(("苏州",), prefix=False), Term(("恒力",), prefix=False)]),
        ("Sie 3", [Term(("sie",), prefix=True), Term(("3",), prefix=True)]),
        ('" OR 1=1 --', [Term(("or",), prefix=True), Term(("1",), prefix=True)]),
        ("***", []),
    ],
)
def test_a_question_asks_for_phrases_and_beginnings(question, expected):
    assert terms(question) == expected


@given(st.text(max_size=60))
def test_every_text_is_found_by_any_of_its_own_terms(text):
    held = " " + " ".join(tokens(text)) + " "

    for term in terms(text):
        phrase = " " + " ".join(term.tokens)
        assert phrase + ("" if term.prefix else " ") in held


@given(st.text(max_size=60))
def test_tokens_hold_nothing_that_a_query_language_could_read(text):
    assert all(token.isalnum() or not set(token) & set("'\"\\:*&|!() ") for token in tokens(text))
