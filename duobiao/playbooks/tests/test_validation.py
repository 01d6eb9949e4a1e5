"""Documents that people send: everything wrong is named by line, with its remedy, and nothing breaks."""

import copy
import time

import pytest
import yaml
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from duobiao.playbooks.domain.problems import MOST_PROBLEMS, Code
from duobiao.playbooks.queries import shipped_documents
from duobiao.playbooks.queries.problem_words import WORDS
from duobiao.playbooks.queries.validation import check_document
from duobiao.playbooks.tests.shipped import DATA

FILES = sorted(DATA.glob("*.v*.yaml"))
SMALL = """\
playbook: small
version: 1
title: {zh-Hans: 小流程, en: Small process}
process_gates: MARKED
buyer: project-sales-8/1
rates: [0, 40, 100]
stages:
  - key: talk
    title: {zh-Hans: 洽谈, en: Talk}
    short: {zh-Hans: 洽谈, en: Talk}
    purpose: {zh-Hans: 谈成, en: Come to terms}
    buyer_stages: [recognise_need, evaluate_bids]
    origin: inferred
    milestone:
      - {item: "1.M1", title: {zh-Hans: 已拜访, en: Visited}, evidence: engagement.visit_held, min_grade: DOCUMENTED, origin: inferred}
    success:
      - {item: "1.S1", title: {zh-Hans: 要报价, en: Quotation asked for}, evidence: procurement.quotation_requested, min_grade: DOCUMENTED, origin: inferred}
  - key: sign
    title: {zh-Hans: 签约, en: Sign}
    short: {zh-Hans: 签约, en: Sign}
    purpose: {zh-Hans: 签下来, en: Sign it}
    buyer_stages: [review_contract, sign_and_implement]
    origin: inferred
    milestone:
      - {item: "2.M1", title: {zh-Hans: 草案, en: Draft}, evidence: contracts.drafts_exchanged, min_grade: DOCUMENTED, origin: inferred}
    success:
      - {item: "2.S1", title: {zh-Hans: 签署, en: Signed}, evidence: contracts.signed_by_both, min_grade: DOCUMENTED, origin: inferred}
settlements:
  contracts.signed_by_both: 1
"""


def faults(text: str | bytes, language: str = "en") -> list[tuple[int, str, str]]:
    source = text if isinstance(text, bytes) else text.encode()
    with translation.override(language):
        return [(fault.line, fault.path, fault.message) for fault in check_document(source).faults]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_shipped_files_are_valid(file):
    checked = check_document(file.read_bytes())

    assert checked.faults == ()
    assert checked.playbook is not None


def test_the_smallest_useful_playbook_is_valid():
    assert faults(SMALL) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "words"),
    [
        ("version: 1", "version: one", 2, "version", "A whole number from 1 to 1000000"),
        ("version: 1", "version: true", 2, "version", "A whole number"),
        ("version: 1\n", "", 1, "", "The field “version” is missing. Add it."),
        ("en: Small process", "fr: Petit", 3, "title", "The language “en” is missing"),
        ("en: Small process", "fr: Petit", 3, "title.fr", "The language “fr” is not written here"),
        ("en: Small process", "en: 5", 3, "title.en", "Text is needed here"),
        ("MARKED", "SOME", 4, "process_gates", "“SOME” is not known here. Use one of: NONE, MARKED, ALL."),
        ("project-sales-8/1", "nobody/1", 5, "buyer", "Use one of: project-sales-8/1."),
        ("[0, 40, 100]", "[0, 40]", 6, "rates", "There are 2 rates. Write 3"),
        ("[0, 40, 100]", "[0, 40, 40]", 6, "rates[2]", "The rate 40 is not above 40"),
        ("[0, 40, 100]", "[0, 40, 101]", 6, "rates[2]", "A whole number from 0 to 100"),
        ("[0, 40, 100]", "0", 6, "rates", "A list is needed here"),
        ("    origin: inferred\n    milestone:\n      - {item: \"2", "    origin: guess\n    milestone:\n      - {item: \"2", 23, "stages[1].origin", "“guess” is not known here"),
        ("engagement.visit_held", "engagement.visit_hel", 15, "stages[0].milestone[0].evidence", "Did you mean “engagement.visit_held”?"),
        ("contracts.drafts_exchanged, min", "contracts.drafts_exchanged, weight: 3, min", 25, "stages[1].milestone[0].weight", "There is no field “weight” here"),
        ('"2.M1"', '"1.M1"', 25, "stages[1].milestone[0]", "The key “1.M1” is used before"),
        ("contracts.drafts_exchanged", "engagement.visit_held", 25, "stages[1].milestone[0]", "already proves the item 1.M1"),
        ("contracts.drafts_exchanged, min_grade: DOCUMENTED", "contracts.drafts_exchanged, min_grade: DOCUMENTED, valid_days: 9", 25, "stages[1].milestone[0].valid_days", "is an event and never expires"),
        ("engagement.visit_held, min_grade: DOCUMENTED", "bids.price_approved, min_grade: BUYER_CONFIRMED", 15, "stages[0].milestone[0].min_grade", "never gets beyond DOCUMENTED"),
        ("engagement.visit_held, min_grade", "engagement.visit_held, methods: [DIRECT], min_grade", 14, "stages[0].milestone", "Under OPEN_TENDER, INVITED_TENDER"),
        ("quotation_requested, min_grade: DOCUMENTED", "quotation_requested, min_grade: ASSERTED", 16, "stages[0].success", "asks for at least DOCUMENTED"),
        ("[review_contract, sign_and_implement]", "[recognise_need, set_standard]", 18, "stages[1]", "covers earlier buyer stages"),
        ("[review_contract, sign_and_implement]", "[review_contract]", 22, "stages[1].buyer_stages", "Write two stages here"),
        ("[review_contract, sign_and_implement]", "[review_contract, nowhere]", 22, "stages[1].buyer_stages[1]", "The buyer has no stage “nowhere”"),
        ("contracts.signed_by_both, min", "contracts.buyer_draft_received, min", 7, "stages", "No gating item asks for the signed contract"),
        ("contracts.drafts_exchanged,", "negotiation.price_rules_kept, valid_days: 5,", 25, "stages[1].milestone[0]", "this stage goes on after the deal is won"),
        ("contracts.signed_by_both: 1", "contracts.signed_by_both: 9", 29, "settlements.contracts.signed_by_both", "A whole number from 1 to 2"),
        ("key: sign\n", "key: talk\n", 18, "stages[1].key", "The key “talk” is used before"),
        ("key: sign\n", "key: a b\n", 18, "stages[1].key", "“a b” is no key"),
        ("version: 1", "version: 1\nversion: 2", 3, "version", "“version” stands here twice"),
        ("version: 1", "version: !!python/object:os.system x", 2, "version", "cannot be read"),
        ("{zh-Hans: 小流程", "&t {zh-Hans: 小流程", 0, "", ""),
    ],
)  # fmt: skip
def test_each_fault_is_named_at_its_line_with_its_remedy(old, new, line, path, words):
    assert old in SMALL
    found = faults(SMALL.replace(old, new))

    if not words:
        assert found == []
        return
    assert any(at == line and where == path and words in said for at, where, said in found), found


def test_all_faults_are_named_at_once():
    broken = (
        SMALL.replace("version: 1", "version: x")
        .replace("[0, 40, 100]", "[0, 40, 30]")
        .replace("engagement.visit_held", "engagement.unheard_of")
        .replace("buyer_stages: [review_contract, sign_and_implement]", "colour: red")
        .replace('"2.S1"', '"2.M1"')
    )

    assert [(line, path) for line, path, _ in faults(broken)] == [
        (2, "version"),
        (6, "rates[2]"),
        (15, "stages[0].milestone[0].evidence"),
        (18, "stages[1]"),
        (22, "stages[1].colour"),
        (27, "stages[1].success[0]"),
    ]


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        (b"", 1, "Nothing stands here"),
        (b"\xff\xfe\x00", 1, "not UTF-8"),
        (b"a: 1\nb: \xe9\n", 2, "not UTF-8"),
        (b"a: [1, 2\nb: 3\n", 2, "not valid YAML"),
        (b"a: \x00", 1, "not valid YAML"),
        (b"a: 1\n---\nb: 2\n", 2, "A second document begins here"),
        (b"[" * 50_000, 1, "nested more than 20 deep"),
        (b"a: &a [*a]", 1, "contains itself"),
        (b"&a {b: *a}", 1, "contains itself"),
        (b"a: *nobody", 1, "not valid YAML"),
        (b"- 1\n- 2\n", 1, "Fields with values are needed"),
        (b"just words", 1, "Fields with values are needed"),
        (b"? [1, 2]\n: 3\n", 1, "A field name must be a short word"),
        (b"<<: {a: 1}\n", 1, "is not supported"),
        (b"a: " + b"x" * 2**20, 1, "larger than 1024 KB"),
        (b"a: 2026-99-99", 1, "cannot be read"),
        (b"version: " + b"9" * 6000, 1, "cannot be read"),
    ],
)
def test_what_is_no_playbook_at_all_is_named(source, line, words):
    found = faults(source)

    assert any(at == line and words in said for at, _, said in found), found


def test_ten_thousand_items_are_counted_and_refused_in_time():
    document = yaml.safe_load(SMALL)
    item = {
        "title": {"zh-Hans": "项", "en": "item"},
        "evidence": "engagement.visit_held",
        "min_grade": "ASSERTED",
        "origin": "seed",
    }
    document["stages"][0]["process"] = [{"item": f"P{n}", **item} for n in range(10_000)]
    began = time.monotonic()

    compact = faults(
        yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True, default_flow_style=None, width=10_000)
    )
    few = {**document, "stages": [{**document["stages"][0], "process": document["stages"][0]["process"][:400]}]}
    counted = faults(yaml.dump(few, Dumper=yaml.CSafeDumper, allow_unicode=True))

    assert [said for _, _, said in compact] == [
        "The document is larger than 1024 KB. A playbook has at most 300 items; shorten it."
    ]
    assert any("There are 402 items; at most 300 can be judged" in said for _, _, said in counted)
    assert time.monotonic() - began < 10


def test_aliases_that_multiply_are_counted():
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )

    assert any("more than 100000 values" in said for _, _, said in faults(laughs))


def test_only_so_many_faults_are_listed():
    document = {f"field{n}": n for n in range(1000)}

    assert len(faults(yaml.dump(document))) == MOST_PROBLEMS


def test_every_kind_of_problem_has_words():
    assert set(WORDS) == set(Code)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_faults_are_worded_in_the_readers_language(language):
    found = faults(SMALL.replace("version: 1\n", ""), language)

    assert [said for _, _, said in found] == [
        {"zh-hans": "缺少字段“version”，请补上", "zh-hant": "缺少欄位“version”，請補上"}[language]
    ]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["seed", "DIRECT"]),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(["en", "zh-Hans", "item", "key"]), below, max_size=3)
    ),
    max_leaves=6,
)


@given(data=st.data(), value=values, key=st.sampled_from(["solution-5", "product-sale"]))
def test_no_value_anywhere_breaks_the_check(data, value, key):
    document = copy.deepcopy(shipped_documents()[(key, 1)])
    place = document
    while True:
        steps = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        step = data.draw(st.sampled_from(steps))
        if not isinstance(place[step], dict | list) or not place[step] or data.draw(st.integers(0, 3)) == 0:
            place[step] = value
            break
        place = place[step]

    found = check_document(yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True).encode())

    assert (found.playbook is None) == bool(found.faults)


@given(source=st.binary(max_size=200) | st.text(alphabet="{}[]:-&*!|>'\"\n a1", max_size=60).map(str.encode))
def test_no_bytes_break_the_check(source):
    assert check_document(source).faults
