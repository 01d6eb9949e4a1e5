"""The list as a file: what the person may see, in the columns of the page, and text that stays text."""

import csv
import io
import zipfile

import pytest
import python_calamine
from django.test import Client
from django.urls import reverse

from duobiao.kernel.money import Money
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import TODAY, make_customer, make_deal, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user("lin", unit=make_unit("华东一部"))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def derive(deal, **columns):
    Opportunity.objects.filter(pk=deal.pk).update(**columns)


FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"]


def exported_csv(client, **params):
    response = client.get("/pipeline/export/", {"format": "csv", **params})
    assert response.status_code == 200
    body = b"".join(response.streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def exported_xlsx(client, **params):
    response = client.get("/pipeline/export/", {"format": "xlsx", **params})
    body = b"".join(response.streaming_content)
    return python_calamine.load_workbook(io.BytesIO(body)).get_sheet_by_index(0).to_python(), body


def test_csv_keeps_formulas_from_being_calculated(seller):
    for text in FORMULAS:
        deal = make_deal(seller, make_customer(seller, name=f"{text}客户"))
        derive(deal, name=text)

    lines = exported_csv(signed_in(seller))

    cells = {line[1] for line in lines[1:]}
    assert cells == {f"'{text}" for text in FORMULAS}
    assert all(line[2].startswith("'") for line in lines[1:])


def test_xlsx_holds_text_figures_and_days_and_no_formula(seller):
    for text in FORMULAS:
        derive(make_deal(seller, amount=Money.of("12800000.55")), name=text, expected_close_on=TODAY)

    lines, body = exported_xlsx(signed_in(seller))

    head = lines[0]
    assert {line[1] for line in lines[1:]} == set(FORMULAS)
    assert {line[head.index("金额")] for line in lines[1:]} == {12800000.55}
    assert {line[head.index("预计签约")] for line in lines[1:]} == {TODAY}
    sheet = zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_an_export_holds_what_the_list_shows_and_nothing_of_others(seller):
    make_deal(seller, name="A")
    derive(make_deal(seller, name="B"), waived_count=1)
    make_deal(make_user(unit=make_unit("华南")), name="别人的")
    client = signed_in(seller)

    assert [line[1] for line in exported_csv(client, sort="name")[1:]] == ["A", "B"]
    assert [line[1] for line in exported_csv(client, waived="1")[1:]] == ["B"]


def test_exported_columns_are_those_of_the_page(seller):
    make_deal(seller)

    head = exported_csv(signed_in(seller), col=["amount", "owner"])[0]

    assert head == ["编号", "项目", "客户", "金额", "币种", "负责人"]


def test_an_export_costs_the_same_for_any_number_of_deals(seller, assert_flat_queries):
    client = signed_in(seller)
    make_deal(seller)

    def visit():
        response = client.get("/pipeline/export/?format=csv")
        list(response.streaming_content)
        return response

    assert_flat_queries(visit=visit, grow=lambda: [make_deal(seller) for _ in range(10)])


def test_nobody_exports_before_signing_in():
    assert Client().get(reverse("opportunities:export")).status_code == 302
