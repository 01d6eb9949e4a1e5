"""What an import does with rows: create, change only what changed, refuse with a reason, leave local work alone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from duobiao.approvals.models import ApprovalRequest, RequestState
from duobiao.customers.actions.edit_customer import edit_customer
from duobiao.customers.models import Contact, Customer
from duobiao.identity.models import User
from duobiao.integrations.commands import import_folder
from duobiao.integrations.models import ImportedRecord, ImportRun
from duobiao.integrations.queries.mappings import MappingRefused
from duobiao.integrations.queries.sources import FilesRefused
from duobiao.integrations.tests.factories import (
    CUSTOMERS,
    HEAD,
    NOW,
    administrator,
    bring_in,
    codes,
    last_run,
    messages,
)
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.models import Closing, FieldChange, Grade, Opportunity, Proof
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db

DEALS = """
version: 1
source: old-crm
defaults: {currency: CNY}
files:
  - file: people.csv
    target: users
    external_id: name
    optional: true
    columns: {name: name, username: {column: login}, is_active: {value: true}}
  - file: customers.csv
    target: customers
    external_id: id
    columns: {name: name, parent: {column: parent, by: name}, owner: {column: owner, by: username}}
  - file: contacts.csv
    target: contacts
    external_id: "{customer}/{name}"
    optional: true
    columns:
      name: name
      customer: customer
      position: position
      buying_role: {column: role, map: {老板: DECIDER}}
      is_handler: {column: handler, default: false}
  - file: deals.csv
    target: opportunities
    external_id: id
    columns:
      name: name
      customer: {column: customer, placeholder: 未知客户}
      owner: {column: owner, by: username}
      amount: {column: amount}
      outcome: {column: stage, map: {赢单: WON, 输单: LOST}, other: keep, default: OPEN}
      closed_on: closed
      opened_on: opened
      claimed_stage: {column: stage, map: {赢单: 8, 方案: 3, 输单: null}, other: empty}
      claimed_label: stage
"""
DEALS = DEALS.replace(
    "map: {赢单: WON, 输单: LOST}, other: keep", "map: {赢单: WON, 输单: LOST, 方案: OPEN}, other: refuse"
)
PEOPLE_CSV = "name,login\n林晓,linxiao\n陈默,chenmo\n"
CUSTOMERS_CSV = "id,name,parent,owner\nC1,苏州恒睿精密,,linxiao\nC2,恒睿昆山分厂,苏州恒睿精密,chenmo\n"
CONTACTS_CSV = "customer,name,position,role,handler\nC1,王海涛,制造部主任,,是\nC1,陈立群,副总经理,老板,\n"
DEALS_HEAD = "id,name,customer,owner,amount,stage,opened,closed\n"
DEALS_CSV = DEALS_HEAD + (
    "D1,二期 MES,C1,linxiao,1280万,方案,2026-03-05,\n"
    'D2,一期改造,C1,chenmo,"¥980,000.00",赢单,2025/3/5,2025年9月30日\n'
    "D3,涂装线,,chenmo,,输单,2025-06-01,2026-01-15\n"
)


def bring_in_deals(folder, deals=DEALS_CSV, mapping=DEALS, **changes):
    files = {"people_csv": PEOPLE_CSV, "customers_csv": CUSTOMERS_CSV, "contacts_csv": CONTACTS_CSV, **changes}
    return bring_in(folder, mapping, deals_csv=deals, **files)


def test_people_customers_contacts_and_deals_come_in_together(tmp_path):
    administrator()

    assert bring_in_deals(tmp_path) == 0

    first = Opportunity.objects.get(external_id="D1")
    assert (first.owner.username, first.amount_minor, first.claimed_stage) == ("linxiao", 1_280_000_000, 3)
    assert (first.opened_on, first.outcome, first.customer.name) == (date(2026, 3, 5), "OPEN", "苏州恒睿精密")
    won = Opportunity.objects.get(external_id="D2")
    assert (won.amount_minor, won.closed_on, won.outcome_unproved) == (98_000_000, date(2025, 9, 30), True)
    assert Opportunity.objects.get(external_id="D3").customer.is_placeholder
    assert Customer.objects.get(external_id="C2").parent.external_id == "C1"
    decider = Contact.objects.get(name="陈立群")
    assert (decider.buying_role, decider.is_handler, decider.customer.name) == ("DECIDER", False, "苏州恒睿精密")
    assert User.objects.get(username="linxiao").is_active


def test_a_second_run_changes_nothing_and_keeps_what_people_edited_here(tmp_path):
    admin = administrator()
    bring_in(tmp_path, customers_csv=HEAD + '1,甲公司,制造,20,"1,000",0512 6666 8888\n')
    customer = Customer.objects.get(external_id="1")
    edit_customer(customer=customer, version=customer.version, values={"industry": "装备"}, actor=admin, now=NOW)
    entries = Entry.objects.filter(chain=customer.ref).count()

    assert bring_in(tmp_path, customers_csv=HEAD + '1,甲公司,制造,20,"1,000",0512 6666 8888\n') == 0

    customer.refresh_from_db()
    assert customer.industry == "装备"
    assert (last_run().count("changed"), last_run().count("unchanged")) == (0, 1)
    assert Entry.objects.filter(chain=customer.ref).count() == entries


def test_a_changed_row_updates_only_the_fields_that_changed(tmp_path):
    admin = administrator()
    bring_in(tmp_path, customers_csv=HEAD + "1,甲公司,制造,20,,\n2,乙公司,,,,\n")
    customer = Customer.objects.get(external_id="1")
    edit_customer(customer=customer, version=customer.version, values={"industry": "装备"}, actor=admin, now=NOW)

    assert bring_in(tmp_path, customers_csv=HEAD + "1,甲公司,制造,35,,\n2,乙公司,,,,\n") == 0

    customer.refresh_from_db()
    assert (customer.industry, customer.profile.employee_count) == ("装备", 35)
    assert (last_run().count("created"), last_run().count("changed"), last_run().count("unchanged")) == (0, 1, 1)


def test_changes_of_a_deal_are_kept_in_its_history(tmp_path):
    administrator()
    bring_in_deals(tmp_path)

    changed = DEALS_CSV.replace("linxiao,1280万,方案", "chenmo,1500万,方案").replace(
        "输单,2025-06-01,2026-01-15", "方案,2025-06-01,"
    )
    assert bring_in_deals(tmp_path, changed) == 0

    first, third = Opportunity.objects.get(external_id="D1"), Opportunity.objects.get(external_id="D3")
    assert (first.owner.username, first.amount_minor) == ("chenmo", 1_500_000_000)
    assert set(FieldChange.objects.filter(opportunity=first).values_list("field", flat=True)) == {
        "amount_minor",
        "owner",
    }
    assert (third.outcome, third.closed_on) == ("OPEN", None)
    assert Closing.objects.get(opportunity=third).reopened_on is not None
    assert last_run().count("changed") == 2
    assert bring_in_deals(tmp_path, changed) == 0
    assert last_run().count("changed") == 0


def test_a_deal_won_in_the_source_later_is_closed_on_its_day(tmp_path):
    administrator()
    bring_in_deals(tmp_path)

    assert bring_in_deals(tmp_path, DEALS_CSV.replace("方案,2026-03-05,", "赢单,2026-03-05,2026-04-01")) == 0

    deal = Opportunity.objects.get(external_id="D1")
    assert (deal.outcome, deal.closed_on, deal.outcome_unproved, deal.close_reason) == (
        "WON",
        date(2026, 4, 1),
        True,
        "IMPORTED",
    )
    assert Closing.objects.get(opportunity=deal).known_on == date(2026, 4, 1)


def test_what_waits_for_approval_is_withdrawn_when_the_source_closes_the_deal(tmp_path):
    administrator()
    bring_in_deals(tmp_path)
    deal = Opportunity.objects.get(external_id="D1")
    now = timezone.now()
    ask_waiver(
        opportunity=deal,
        item="1.S2",
        reason="在途",
        expires_on=now.date() + timedelta(days=9),
        actor=deal.owner,
        now=now,
    )
    assert ApprovalRequest.objects.get().state == RequestState.OPEN

    bring_in_deals(tmp_path, DEALS_CSV.replace("方案,2026-03-05,", "赢单,2026-03-05,2026-04-01"))

    assert ApprovalRequest.objects.get().state == RequestState.WITHDRAWN


def test_a_mapping_may_turn_the_claimed_stage_into_assertions(tmp_path):
    administrator()

    assert bring_in_deals(tmp_path, mapping=DEALS + "    assert_stage: true\n") == 0

    deal = Opportunity.objects.get(external_id="D1")
    proofs = Proof.objects.filter(opportunity=deal)
    assert set(proofs.values_list("grade", flat=True)) == {Grade.ASSERTED}
    assert set(proofs.values_list("known_on", flat=True)) == {date(2026, 3, 5)}
    assert "engagement.interest_shown" in proofs.values_list("key", flat=True)
    assert not Proof.objects.filter(opportunity__external_id="D3").exists()


def test_a_dry_run_names_the_same_faults_and_writes_nothing(tmp_path, capsys):
    administrator()

    refused = bring_in(tmp_path, dry_run=True, customers_csv=HEAD + "1,甲公司,,x,,\n2,乙公司,,5,,\n")

    assert refused == 1
    assert "“x”不是数字" in capsys.readouterr().out
    assert not Customer.objects.exists()
    assert not ImportRun.objects.exists()
    assert not ImportedRecord.objects.exists()


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("1,甲公司,,many,,\n", [(2, "staff", "not_a_number")]),
        ("1,,,,,\n", [(2, "name", "required")]),
        (",甲公司,,,,\n", [(2, "id", "no_id")]),
        (f"1,{'长' * 10_000},,,,\n", [(2, "name", "too_long")]),
        ("1,甲公司,,,\"12,5\",\n", [(2, "revenue", "decimal_comma")]),
        ("1,甲公司,,,$50,\n", [(2, "revenue", "other_currency")]),
        ("1,甲公司,,,-50,\n", [(2, "revenue", "negative")]),
        ("1,甲公司,,,,12\n", [(2, "phone", "refused")]),
        ("1,甲公司,,-4,,\n", [(2, "staff", "out_of_range")]),
        ("1,甲公司\n", [(2, "", "half_row")]),
        ("1,甲公司,,,,,,extra\n", [(2, "", "row_too_long")]),
        ("1,甲公司,,,,\n1,乙公司,,,,\n", [(3, "id", "same_id")]),
        ('1,"甲公司,,,,\n2,乙公司,,,,\n', [(2, "", "broken_quotes")]),
        ("1,甲\x00公司,,,,\n", [(2, "", "nul")]),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_with_its_place_and_the_others_come_in(tmp_path, rows, found):
    administrator()

    refused = bring_in(tmp_path, customers_csv=HEAD + rows + "9,丙公司,,,,\n")

    assert codes() == found
    assert refused == 1
    assert all(message for _line, _column, message in messages())
    quoted = found[0][2] == "broken_quotes"
    assert Customer.objects.filter(name="丙公司").count() == (0 if quoted else 1)


def test_formula_text_stays_text_and_is_harmless_in_the_error_file(tmp_path):
    administrator()

    bring_in(tmp_path, customers_csv=HEAD + "1,=HYPERLINK(1),,,,\n2,+cmd,,x,,\n")

    assert Customer.objects.get(external_id="1").name == "=HYPERLINK(1)"
    from django.conf import settings

    content = next((settings.MEDIA_ROOT.parent / "imports").glob(f"{last_run().ref}*")).read_text(encoding="utf-8-sig")
    assert "'+cmd" in content
    assert content.splitlines()[1].startswith("customers.csv,3,staff,employee_count,")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"customers_csv": ""}, ["customers.csv", "空"]),
        ({"customers_csv": "id,naam\n1,x\n"}, ["customers.csv", "第 1 行", "name", "naam"]),
        ({"customers_csv": "id,name,id\n"}, ["customers.csv", "id"]),
        ({"customers_csv": ",".join(["x"] * 100_000)}, ["customers.csv", "100000", "500"]),
        ({"customers_csv": HEAD.encode() + "1,Müller & Söhne,,,,\n".encode("latin-1")}, ["customers.csv", "第 2 行", "UTF-8"]),
        ({}, ["*"]),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named_with_the_remedy(tmp_path, files, words):
    administrator()
    (tmp_path / "files").mkdir()

    with pytest.raises(FilesRefused) as caught:
        bring_in(tmp_path, **files)

    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert not Customer.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_folder_in_place_of_a_file_is_named(tmp_path):
    administrator()
    (tmp_path / "files" / "customers.csv").mkdir(parents=True)

    with pytest.raises(FilesRefused, match="文件夹"):
        bring_in(tmp_path)


def test_a_mapping_in_the_wrong_encoding_or_with_an_unknown_field_is_refused(tmp_path):
    administrator()
    folder = tmp_path / "files"
    folder.mkdir()
    (tmp_path / "bad.yaml").write_bytes("title: 客户".encode("gb18030"))

    with pytest.raises(MappingRefused):
        import_folder(folder=folder, mapping=tmp_path / "bad.yaml")
    with pytest.raises(MappingRefused, match="industrie"):
        bring_in(tmp_path, CUSTOMERS.replace("industry:", "industrie:"), customers_csv=HEAD)


def test_without_an_administrator_there_is_nobody_to_import_as(tmp_path):
    with pytest.raises(Conflict, match="duobiao init"):
        bring_in(tmp_path, customers_csv=HEAD)


def test_rows_of_other_records_are_filtered_out(tmp_path):
    administrator()
    mapping = CUSTOMERS + "    only_if: [{column: industry, in: [制造]}, {column: staff, empty: false}]\n"

    bring_in(tmp_path, mapping, customers_csv=HEAD + "1,甲公司,制造,5,,\n2,乙公司,贸易,5,,\n3,丙公司,制造,,,\n")

    assert list(Customer.objects.values_list("external_id", flat=True)) == ["1"]
    assert last_run().count("skipped") == 2


def test_the_imported_stage_of_a_deal_in_the_future_is_refused(tmp_path):
    administrator()

    bring_in_deals(
        tmp_path,
        DEALS_HEAD
        + "D1,甲,C1,linxiao,,赢单,2026-01-01,2199-01-01\nD2,乙,C1,linxiao,,赢单,2026-01-01,\nD3,丙,C9,linxiao,,方案,,\n",
    )

    assert codes() == [
        (2, "closed", "closed_in_future"),
        (3, "closed", "closed_without_day"),
        (4, "customer", "not_found"),
    ]
    assert not Opportunity.objects.exists()
