"""Mappings say what is wrong with them, and where."""

import pytest

from duobiao.integrations.domain.targets import Target
from duobiao.integrations.queries.mappings import MappingRefused, read_mapping, shipped_mappings

GOOD = """\
version: 1
source: crm
files:
  - file: deals.csv
    target: opportunities
    external_id: id
    columns:
      name: title
      customer: {column: account, by: name}
"""


def test_every_shipped_mapping_can_be_read():
    mappings = {name: read_mapping(text) for name, text in shipped_mappings().items()}

    assert mappings["maven-crm"].source == "maven-crm"
    assert [rule.target for rule in mappings["maven-crm"].files][-1] is Target.OPPORTUNITIES


def test_a_column_may_be_named_in_short():
    rule = read_mapping(GOOD).files[0]

    assert rule.columns["name"].column == "title"
    assert rule.columns["customer"].by == "name"


@pytest.mark.parametrize(
    ("before", "after", "place", "reason"),
    [
        ("name: title", "nmae: title", "files[1].columns.nmae (第 8 行)", "name"),
        ("target: opportunities", "target: deals", "files[1].target (第 5 行)", "opportunities"),
        ("by: name", "by: colour", "files[1].columns.customer.by (第 9 行)", "external_id"),
        ("by: name", "trim: maybe", "files[1].columns.customer.trim (第 9 行)", "true"),
        ("external_id: id", "id: id", "files[1].external_id (第 4 行)", "缺少"),
        ("source: crm", "source: Old CRM", "source (第 2 行)", "格式"),
        ("name: title", "name: title\n      name: x", "files[1].columns.name (第 8 行)", "两次"),
        ("name: title", "name: {column: a, value: b}", "files[1].columns.name (第 8 行)", "one of"),
        ("version: 1", "version: 2", "version (第 1 行)", "1"),
        ("name: title", "name: {column: a, transform: wan}", "files[1].columns.name.transform (第 8 行)", "单位"),
        ("name: title", "name: {column: a, placeholder: x}", "files[1].columns.name.placeholder (第 8 行)", "占位"),
    ],
)
def test_a_fault_is_named_with_its_line(before, after, place, reason):
    with pytest.raises(MappingRefused) as caught:
        read_mapping(GOOD.replace(before, after))

    assert place in caught.value.fields, caught.value.fields
    assert reason in str(caught.value.fields[place])


@pytest.mark.parametrize(
    "text", ["", "- 1", "just words", "a: [", "a: &x 1\nb: *x", "\x00", "x" * 300_000, "[" * 5000, "? [a]: b"]
)
def test_what_is_no_mapping_is_refused_without_a_traceback(text):
    with pytest.raises(MappingRefused):
        read_mapping(text)
