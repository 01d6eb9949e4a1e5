"""Contacts come in from a list half of which is bad: the good half comes in, everything is said about the bad half."""

import csv
import io

import pytest

from duobiao.customers.models import Contact
from duobiao.customers.tests.factories import customer
from duobiao.integrations.queries.error_file import error_csv, error_lines
from duobiao.integrations.tests.factories import administrator, bring_in, last_run

MAPPING = """
version: 1
source: fair
files:
  - file: "*"
    target: contacts
    external_id: 编号
    columns: {name: 姓名, customer: {column: 公司, by: name}, mobile: 手机, email: 邮箱}
"""
HEAD = "编号,姓名,公司,手机,邮箱\n"
BAD = (
    "{n},,恒力精密,13812345678,\n",
    "{n},某人{n},没有的公司,,\n",
    "{n},某人{n},恒力精密,12,\n",
    "{n},某人{n},恒力精密,,不是邮箱\n",
)
ROWS = 1200

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_good_half_comes_in_and_every_bad_row_is_told_with_its_reason(tmp_path, encoding):
    customer(administrator(), "恒力精密")
    good = [f"G{n},员工{n},恒力精密,138{n:08},p{n}@example.com\n" for n in range(ROWS // 2)]
    bad = [BAD[n % len(BAD)].format(n=f"B{n}") for n in range(ROWS // 2)]
    lines = [line for pair in zip(good, bad, strict=True) for line in pair]
    content = (HEAD + "".join(lines)).encode(encoding)

    refused = bring_in(tmp_path, MAPPING, people_csv=content)

    assert (refused, Contact.objects.count()) == (ROWS // 2, ROWS // 2)
    told = list(csv.DictReader(io.StringIO("".join(error_csv(error_lines(last_run()))).removeprefix("\ufeff"))))
    assert sorted({row["编号"] for row in told}) == sorted(f"B{n}" for n in range(ROWS // 2))
    assert all(row[list(row)[4]] for row in told)
    assert bring_in(tmp_path, MAPPING, people_csv=content) == ROWS // 2
    assert (last_run().count("created"), last_run().count("unchanged")) == (0, ROWS // 2)
