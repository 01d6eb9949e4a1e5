"""Files are gone through line by line: what an import holds does not grow with them, and nothing else changes by it."""

import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from duobiao.customers.models import Contact, Customer
from duobiao.integrations.commands import import_folder
from duobiao.integrations.domain import decoding
from duobiao.integrations.domain.csv_tables import read_csv
from duobiao.integrations.models import ImportRun
from duobiao.integrations.queries.error_file import ErrorLine, UnstoredErrors, error_csv
from duobiao.integrations.queries.scratch import SEVERAL, FirstLines, Notes
from duobiao.integrations.tests.factories import administrator, bring_in, codes, faults, held, last_run, rows

BOTH = """
version: 1
source: old-crm
files:
  - {file: customers.csv, target: customers, external_id: id, columns: {name: name, parent: {column: parent, by: name}}}
  - file: contacts.csv
    target: contacts
    external_id: id
    columns: {name: name, customer: {column: customer, by: name}}
"""
CUSTOMERS_CSV = "id,name,parent\n1,甲公司,\n2,甲分厂,甲公司\n3,同名公司,\n4,同名公司,\n"
CONTACTS_CSV = "id,name,customer\nP1,王海涛,甲分厂\nP2,陈立群,同名公司\nP3,林晓,没有的公司\n"
FOUND = [(3, "customer", "ambiguous"), (4, "customer", "not_found")]


def most_held(count: int) -> int:
    """Return the most bytes held while a file of so many rows is gone through."""
    content = ("编号,名称,金额\n" + "".join(f"C{n},客户 {n},{n}\n" for n in range(count))).encode("gb18030")
    tracemalloc.start()
    table = read_csv(held(content))
    first = FirstLines()
    first.note((str(line.cells[0]), line.line, "") for line in table.lines())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert table.total == count
    return peak - len(content)


def test_ten_times_the_rows_take_no_more_memory():
    most_held(100)

    assert most_held(40_000) < most_held(4_000) + 2**20


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("chunk", [1, 3])
def test_a_character_may_lie_across_two_reads(monkeypatch, codec, chunk):
    monkeypatch.setattr(decoding, "CHUNK", chunk)

    table = read_csv(held("编号,名称,金额\n1,苏州恒睿精密,100\n2,临港云港,200\n".encode(codec)))

    assert [row.cells for row in rows(table)] == [("1", "苏州恒睿精密", "100"), ("2", "临港云港", "200")]


@pytest.mark.parametrize("chunk", [1, 4, 2**20])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_cut_off_character_is_found_however_the_file_is_read(monkeypatch, chunk, codec):
    monkeypatch.setattr(decoding, "CHUNK", chunk)

    table = read_csv(held("编号,名称\n1,苏州精工\n2,无锡重工".encode(codec)[:-1]))

    assert [row.cells for row in rows(table)] == [("1", "苏州精工")]
    assert [(fault.code, fault.cells) for fault in faults(table)] == [("damaged_character", ("2", "无锡重\ufffd"))]


def test_utf_16_without_a_mark_may_be_named():
    assert read_csv(held("编号,名称\n1,恒睿\n".encode("utf-16-le")), encoding="utf-16").columns == ("编号", "名称")


def test_the_first_line_of_an_id_counts():
    first = FirstLines()
    first.note([("a", 2, "甲"), ("b", 3, ""), ("a", 9, "乙")])

    assert first.of(["a", "b", "c"]) == {"a": 2, "b": 3}
    assert first.names_among(["甲", "乙", ""]) == {"甲"}
    assert dict(first.named()) == {"a": "甲", "b": ""}


def test_a_name_of_two_records_names_neither():
    notes = Notes()
    notes.add_names("customers.name", [("甲", 1), ("乙", 2), ("乙", 3), ("丙", 0), ("丙", 0)])

    assert notes.keys("customers.name", ["甲", "乙", "丙", "丁"]) == {"甲": 1, "乙": SEVERAL, "丙": SEVERAL}


def test_errors_that_no_run_keeps_come_out_as_they_went_in():
    errors = UnstoredErrors()
    line = ErrorLine("a.csv", 2, "名称", "name", "空", {"编号": "1", "名称": ""})
    errors.add([line])

    assert list(errors) == [line]
    assert "".join(error_csv(errors)).splitlines()[1] == "a.csv,2,名称,name,空,1,"


@pytest.mark.django_db
def test_a_dry_run_knows_by_name_what_the_same_files_bring(tmp_path, capsys):
    administrator()

    refused = bring_in(tmp_path, BOTH, dry_run=True, customers_csv=CUSTOMERS_CSV, contacts_csv=CONTACTS_CSV)

    assert (refused, Customer.objects.count(), ImportRun.objects.count()) == (2, 0, 0)
    assert "没有的公司" in capsys.readouterr().out
    assert bring_in(tmp_path, BOTH, customers_csv=CUSTOMERS_CSV, contacts_csv=CONTACTS_CSV) == 2
    assert codes() == FOUND
    assert Contact.objects.get().customer.name == "甲分厂"
    assert Customer.objects.get(name="甲分厂").parent.name == "甲公司"


@pytest.mark.django_db
def test_rows_of_many_batches_find_ids_of_earlier_ones(tmp_path, monkeypatch):
    monkeypatch.setattr("duobiao.integrations.actions.run_import.BATCH", 3)
    administrator()
    lines = "".join(f"{n},客户 {n},{f'客户 {n - 4}' if n >= 4 else ''}\n" for n in range(10)) + "2,又一个,\n"

    refused = bring_in(tmp_path, BOTH.partition("  - file: contacts")[0], customers_csv="id,name,parent\n" + lines)

    assert (refused, codes()) == (1, [(12, "id", "same_id")])
    assert Customer.objects.exclude(parent=None).count() == 6
    assert bring_in(tmp_path, BOTH.partition("  - file: contacts")[0]) == 1
    assert (last_run().count("created"), last_run().count("changed"), last_run().count("unchanged")) == (0, 0, 10)


@pytest.mark.django_db
def test_a_batch_asks_as_often_for_many_rows_as_for_few(tmp_path):
    administrator()
    few, many = (
        "id,name,customer\n" + "".join(f"P{n},员工{n},客户 {n % 5}\n" for n in range(count)) for count in (10, 100)
    )
    customers = "id,name,parent\n" + "".join(f"{n},客户 {n},\n" for n in range(5))
    bring_in(tmp_path, BOTH, customers_csv=customers, contacts_csv=many)

    def queries(contacts: str) -> int:
        (tmp_path / "files" / "contacts.csv").write_text(contacts, encoding="utf-8")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            import_folder(folder=tmp_path / "files", mapping=tmp_path / "mapping.yaml")
        return len(captured)

    assert queries(many) == queries(few)
