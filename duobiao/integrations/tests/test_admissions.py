"""Supplier admissions come in from a list, once; their last days stand in the calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from duobiao.customers.models import Admission, AdmissionStep
from duobiao.integrations.actions.calendar_feeds import make_calendar_feed
from duobiao.integrations.domain.targets import Target
from duobiao.integrations.queries.agenda import Kind, Wanted, agenda
from duobiao.integrations.queries.feeds import feed_file, live_feed
from duobiao.integrations.queries.guesses import guess_fields, guess_target
from duobiao.integrations.tests.factories import administrator, bring_in, last_run, messages
from duobiao.opportunities.tests.factories import make_customer, make_deal, make_unit, make_user

MAPPING = """
version: 1
source: admissions-list
files:
  - file: "customers*"
    target: customers
    external_id: id
    optional: true
    columns: {name: name, owner: {column: owner, by: username}}
  - file: "admissions*"
    target: admissions
    external_id: id
    columns:
      customer: {column: customer, by: name}
      name: register
      listing: kind
      number: number
      responsible: {column: person, by: username}
      valid_until: until
      state: state
      since_on: since
      remarks: remarks
"""
HEAD = "id,customer,register,kind,number,person,until,state,since,remarks\n"
GOOD = "1,恒力,合格供方名录,采购平台,G-7,linxiao,2099-03-31,已入库,2026-01-05,\n"
NOON = datetime(2026, 9, 16, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def seller(db):
    return make_user("linxiao", unit=make_unit("华东一部"))


def test_admissions_come_in_once_with_their_state_and_person(tmp_path, seller):
    administrator()
    customer = make_customer(seller, name="恒力")

    with translation.override("zh-hans"):
        label = str(dict(Admission._meta.get_field("state").choices)["ADMITTED"])
        rows = HEAD + GOOD.replace("已入库", label)
        assert bring_in(tmp_path, MAPPING, admissions_csv=rows) == 0, messages()
        assert bring_in(tmp_path, MAPPING, admissions_csv=rows) == 0

    row = Admission.objects.get()
    assert (row.customer, row.listing, row.number, row.responsible) == (customer, "PLATFORM", "G-7", seller)
    assert (row.state, row.since_on, row.valid_until) == ("ADMITTED", date(2026, 1, 5), date(2099, 3, 31))
    assert last_run().count("unchanged") == 1
    assert AdmissionStep.objects.count() == 1


def test_a_renewal_in_the_list_moves_the_admission_on(tmp_path, seller):
    administrator()
    make_customer(seller, name="恒力")
    first = HEAD + GOOD.replace("已入库", "ADMITTED")
    bring_in(tmp_path, MAPPING, admissions_csv=first)

    assert bring_in(tmp_path, MAPPING, admissions_csv=first.replace("ADMITTED,2026-01-05", "SUSPENDED,2026-02-01")) == 0
    again = first.replace("2099-03-31,ADMITTED,2026-01-05", "2100-01-01,ADMITTED,2026-03-01")
    assert bring_in(tmp_path, MAPPING, admissions_csv=again) == 0, messages()

    row = Admission.objects.get()
    assert (row.state, row.since_on, row.valid_until) == ("ADMITTED", date(2026, 3, 1), date(2100, 1, 1))
    steps = AdmissionStep.objects.order_by("happened_on").values_list("state", flat=True)
    assert list(steps) == ["ADMITTED", "SUSPENDED", "ADMITTED"]


def test_bad_rows_are_refused_with_the_reason_and_nothing_of_them_is_kept(tmp_path, seller):
    administrator()
    make_customer(seller, name="恒力")
    bad = (
        "2,恒力,,,,,,,,\n"
        "3,没有的客户,平台,,,,,,,\n"
        "4,恒力,平台,,,,2001-01-01,ADMITTED,,\n"
        "5,恒力,平台,,,,,,2099-01-01,\n"
        "6,恒力,平台,,,,,,,密码 123456\n"
        "7,恒力,平台,,,nobody,,,,\n"
        "8,恒力,平台,,,,,LOST,,\n"
        "9,恒力,合格供方名录,,,,,,,\n"
    )

    refused = bring_in(tmp_path, MAPPING, admissions_csv=HEAD + GOOD.replace("已入库", "ADMITTED") + bad)

    assert refused == 8
    assert [line for line, _column, _message in messages()] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert [column for _line, column, _message in messages()][2:5] == ["until", "since", "remarks"]
    assert Admission.objects.count() == 1


def test_a_dry_run_knows_customers_of_the_same_files_and_writes_nothing(tmp_path, seller):
    administrator()
    rows = HEAD + GOOD.replace("已入库", "ADMITTED")

    files = {"customers_csv": "id,name,owner\nC1,恒力,linxiao\n", "admissions_csv": rows}
    assert bring_in(tmp_path, MAPPING, dry_run=True, **files) == 0, messages()

    assert not Admission.objects.exists()
    assert bring_in(tmp_path, MAPPING, **files) == 0, messages()
    assert Admission.objects.get().customer.name == "恒力"


def test_the_columns_of_a_list_of_admissions_are_guessed():
    assert guess_target("供应商准入清单.xlsx") is Target.ADMISSIONS
    guessed = guess_fields(["客户", "名录", "供应商编号", "负责人", "有效期至", "状态", "备注"], Target.ADMISSIONS)
    assert list(guessed.values()) == ["customer", "name", "number", "responsible", "valid_until", "state", "remarks"]


def wanted(user, *, team=False, deal=None, today=date(2026, 9, 16)):
    return Wanted(user, date(2026, 9, 1), date(2026, 9, 30), "Asia/Shanghai", today, team=team, deal=deal)


def admit(customer, person, until, name="合格供方名录", state="ADMITTED"):
    return Admission.objects.create(
        customer=customer, name=name, responsible=person, valid_until=until, state=state,
        since_on=date(2026, 1, 1), created_at=NOON, created_by=person,
    )  # fmt: skip


def test_last_days_of_admissions_stand_in_the_calendar_of_who_sees_to_them(seller, tmp_path):
    customer = make_customer(seller, name="恒力")
    colleague = make_user("chenjie", unit=seller.unit)
    admit(customer, seller, date(2026, 9, 20))
    admit(customer, seller, date(2026, 9, 3), name="旧平台", state="EXPIRED")
    admit(customer, seller, date(2026, 9, 9), name="未通过", state="REJECTED")
    admit(customer, seller, date(2026, 10, 1), name="下月")
    admit(make_customer(colleague, name="天成"), colleague, date(2026, 9, 21), name="别人的")

    rows = [row for row in agenda(wanted(seller)) if row.kind is Kind.ADMISSION]

    assert [(row.day.day, row.about, row.state, row.who) for row in rows] == [
        (3, customer.label, "late", seller.name),
        (20, customer.label, "planned", seller.name),
    ]
    assert rows[1].url.startswith("/admissions/")
    assert not any(row.kind is Kind.ADMISSION for row in agenda(wanted(seller, team=True)) if row.about == "天成")
    deal = make_deal(seller, customer, now=NOON, name="二期")
    assert not any(row.kind is Kind.ADMISSION for row in agenda(wanted(seller, deal=deal)))


def test_subscriptions_hold_the_last_days_of_admissions(seller):
    admission = admit(make_customer(seller, name="恒力"), seller, date(2026, 9, 20))
    made = make_calendar_feed(actor=seller, now=NOON)

    file = feed_file(live_feed(made.token), base="https://x.example", now=NOON).decode()

    assert f"UID:admission-{admission.ref}@duobiao" in file
    assert "DTSTART;VALUE=DATE:20260920" in file
