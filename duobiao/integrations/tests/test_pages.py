"""Imports on pages and by the API: upload, choose, look, check, import, get the refused rows back."""

import io
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from duobiao.customers.models import Customer
from duobiao.customers.tests.factories import contact, customer
from duobiao.documents.models import Document
from duobiao.identity.actions.create_token import create_token
from duobiao.identity.models import Role, User
from duobiao.integrations.actions.run_queued import run_import
from duobiao.integrations.models import ImportRun, RunState
from duobiao.integrations.tests.factories import CUSTOMERS, HEAD, administrator
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 16, 1, 20, tzinfo=UTC)
LIST = HEAD + "1,甲公司,制造,20,1000,\n2,乙公司,,many,,\n"
DEALS = "编号,项目名称,客户,负责人,金额\nP1,二期,1,linxiao,120万\n"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def admin(client):
    user = administrator()
    client.force_login(user)
    return user


def upload(client, *files, mapping="build", **more):
    sent = [SimpleUploadedFile(name, text.encode()) for name, text in files]
    return client.post(reverse("integrations:imports"), {"files": sent, "mapping": mapping, **more})


def own_mapping(text=CUSTOMERS):
    return SimpleUploadedFile("mine.yaml", text.encode())


def page(client, run, name="import"):
    return client.get(reverse(f"integrations:{name}", args=[run.ref]))


def start(client, run, **data):
    return client.post(reverse("integrations:start_import", args=[run.ref]), data)


def test_a_list_is_uploaded_guessed_previewed_checked_and_imported(client, admin):
    response = upload(client, ("客户名单.csv", LIST))
    run = ImportRun.objects.get()
    assert response.url == reverse("integrations:mapping", args=[run.ref])

    form = page(client, run, "mapping").content.decode()
    assert '<option value="name" selected>' in form
    assert '<option value="employee_count" selected>' not in form
    chosen = {"source": "list", "target_0": "customers", "shown_target_0": "customers", "id_0": "id",
              "field_0_1": "name", "field_0_2": "industry", "default_0_2": "其他", "map_0_2": "制造 = 智能制造",
              "field_0_3": "employee_count"}  # fmt: skip
    assert client.post(reverse("integrations:mapping", args=[run.ref]), chosen).status_code == 303

    shown = page(client, run).content.decode()
    assert "智能制造" in shown
    assert "“many”不是数字" in shown
    assert not Customer.objects.exists()
    check_dry_run(client, run)
    check_import(client, run)


def check_dry_run(client, run):
    start(client, run, dry_run="1")
    run.refresh_from_db()
    assert (run.state, DBTaskResult.objects.count()) == (RunState.QUEUED, 1)
    run_import.call(run.ref)
    run.refresh_from_db()
    assert (run.state, run.count("created"), run.count("refused")) == (RunState.CHECKED, 1, 1)
    assert not Customer.objects.exists()


def check_import(client, run):
    start(client, run)
    assert "hx-trigger" in page(client, run, "progress").content.decode()
    run_import.call(run.ref)
    run.refresh_from_db()
    assert (run.state, run.percent, run.count("created")) == (RunState.DONE, 100, 1)
    customer = Customer.objects.get()
    assert (customer.name, customer.industry, customer.external_source) == ("甲公司", "智能制造", "list")
    errors = page(client, run, "errors")
    assert errors["Content-Disposition"].endswith('-errors.csv"')
    assert "乙公司" in errors.getvalue().decode("utf-8-sig")
    assert start(client, run).status_code == 409
    assert run_import.call(run.ref) == "nothing to do"
    assert Customer.objects.count() == 1


def test_references_are_guessed_by_what_the_cells_name(client, admin):
    User.objects.create_user("linxiao", name="林晓")
    upload(client, ("客户名单.csv", LIST), ("项目台账.csv", DEALS))

    form = page(client, ImportRun.objects.get(), "mapping").content.decode()

    assert '<option value="customer:external_id" selected>' in form
    assert '<option value="owner:username" selected>' in form


def test_changing_what_a_file_is_shows_its_fields_with_a_new_guess(client, admin):
    upload(client, ("list.csv", "编号,姓名,手机\n1,王海涛,13812345678\n"))
    run = ImportRun.objects.get()
    sent = {"source": "x", "target_0": "contacts", "shown_target_0": "customers", "action": "targets"}

    response = client.post(reverse("integrations:mapping", args=[run.ref]), sent)

    assert response.status_code == 200
    assert '<option value="mobile" selected>' in response.content.decode()
    run.refresh_from_db()
    assert run.mapping == ""


def test_a_mapping_of_ones_own_goes_straight_to_the_preview(client, admin):
    response = upload(client, ("customers.csv", LIST), mapping="upload", mapping_file=own_mapping())

    run = ImportRun.objects.get()
    assert response.url == reverse("integrations:import", args=[run.ref])
    assert page(client, run, "mapping_file").content.decode() == CUSTOMERS


@pytest.mark.parametrize(
    ("files", "mapping", "words"),
    [
        ([], "build", "选 1 到 20 个文件"),
        ([("a.csv", LIST), ("a.csv", LIST)], "build", "同名"),
        ([("a.csv", "")], "build", "空"),
        ([("a.csv", LIST)], "upload", "选择对应规则文件"),
    ],
)
def test_an_upload_that_makes_no_import_is_refused(client, admin, files, mapping, words):
    response = upload(client, *files, mapping=mapping)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not ImportRun.objects.exists()


def test_a_bad_mapping_is_refused_with_its_places(client, admin):
    bad = CUSTOMERS.replace("industry:", "industrie:")
    response = upload(client, ("customers.csv", LIST), mapping="upload", mapping_file=own_mapping(bad))

    assert response.status_code == 422
    assert "industrie" in response.content.decode()
    assert not ImportRun.objects.exists()


def test_files_that_do_not_fit_the_mapping_are_named_and_cannot_be_started(client, admin):
    upload(client, ("customers.csv", "编号,名字\n1,x\n"), mapping="upload", mapping_file=own_mapping())
    run = ImportRun.objects.get()

    assert "没有“id”这一列" in page(client, run).content.decode()
    assert start(client, run).status_code == 422
    run.refresh_from_db()
    assert run.state == RunState.DRAFT
    assert not DBTaskResult.objects.exists()


def test_an_unreadable_workbook_is_named_where_columns_are_chosen(client, admin):
    upload(client, ("broken.xlsx", "PK\x03\x04 nonsense"))

    response = page(client, ImportRun.objects.get(), "mapping")

    assert response.status_code == 200
    assert "工作簿已损坏" in response.content.decode()


def test_a_mapping_may_be_written_as_yaml_and_a_draft_discarded(client, admin):
    upload(client, ("customers.csv", LIST))
    run = ImportRun.objects.get()

    client.post(reverse("integrations:mapping", args=[run.ref]), {"action": "written", "text": CUSTOMERS})
    run.refresh_from_db()
    assert (run.mapping, run.source) == (CUSTOMERS, "old-crm")

    assert client.post(reverse("integrations:discard_import", args=[run.ref])).status_code == 303
    assert not ImportRun.objects.exists()
    assert not Document.objects.exists()


def test_files_of_an_import_that_is_over_are_listed_before_an_erasure_and_can_be_deleted(client, admin):
    upload(client, ("customers.csv", LIST))
    run = ImportRun.objects.get()
    address = reverse("integrations:delete_import_files", args=[run.ref])
    person = contact(customer(admin), "王海涛")
    erasure = reverse("customers:erase_contact", args=[person.ref])
    assert client.post(address).status_code == 409
    assert run.files.count() == 1

    ImportRun.objects.update(state=RunState.DONE)
    assert "customers.csv" in client.get(erasure).content.decode()
    assert address in page(client, run).content.decode()
    assert client.post(address).status_code == 303

    assert not run.files.exists()
    assert not Document.objects.exists()
    assert Entry.objects.filter(event="integrations.import_files_deleted", subject_ref=run.ref).exists()
    assert "customers.csv" not in client.get(erasure).content.decode()


def test_the_same_form_sent_twice_makes_one_import(client, admin):
    for _time in range(2):
        upload(client, ("customers.csv", LIST), form_token="a" * 32)

    assert ImportRun.objects.count() == 1


def test_administration_leads_to_imports(client, admin):
    page = client.get(reverse("identity:administration")).content.decode()

    assert f'href="{reverse("integrations:imports")}"' in page


@pytest.mark.parametrize("role", [Role.SELLER, Role.MANAGER, Role.EXECUTIVE])
def test_only_administrators_import(client, role):
    client.force_login(User.objects.create_user("somebody", role=role))

    assert client.get(reverse("integrations:imports")).status_code == 403
    assert upload(client, ("customers.csv", LIST)).status_code == 403
    assert not ImportRun.objects.exists()


def test_the_api_starts_an_import_and_says_how_far_it_is(client):
    admin = administrator()
    token = create_token(name="t", expires_days=None, read_only=False, actor=admin, now=NOW).text
    headers = {"Authorization": f"Bearer {token}"}
    body = {"files": [SimpleUploadedFile("customers.csv", LIST.encode())], "mapping": CUSTOMERS}

    started = client.post("/api/v1/imports", body, headers=headers)
    assert started.status_code == 201, started.content
    run_import.call(started.json()["ref"])

    answer = client.get(f"/api/v1/imports/{started.json()['ref']}", headers=headers).json()
    assert (answer["state"], answer["percent"], answer["totals"][0]["created"]) == ("DONE", 100, 1)
    bad = {"files": [SimpleUploadedFile("x.csv", b"a,b\n1,2\n")], "mapping": CUSTOMERS}
    refused = client.post("/api/v1/imports", bad, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "files_refused")
    assert ImportRun.objects.count() == 1


def test_the_api_lists_imports_and_their_refused_rows(client, admin):
    token = create_token(name="t", expires_days=None, read_only=False, actor=admin, now=NOW).text
    headers = {"Authorization": f"Bearer {token}"}
    body = {"files": [SimpleUploadedFile("customers.csv", f"{HEAD}1,甲公司\n".encode())], "mapping": CUSTOMERS}
    ref = client.post("/api/v1/imports", body, headers=headers).json()["ref"]
    run_import.call(ref)

    listed = client.get("/api/v1/imports", headers=headers).json()
    errors = client.get(f"/api/v1/imports/{ref}/errors", headers=headers).json()

    assert [row["ref"] for row in listed["items"]] == [ref]
    assert [(row["file"], row["line"], row["code"]) for row in errors["items"]] == [("customers.csv", 2, "half_row")]
    assert errors["items"][0]["message"]


def test_a_workbook_comes_in_like_a_csv_file(client, admin):
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "name", "customer", "amount", "opened"])
        sheet.write_row(1, 0, [7, "二期", "甲公司", 1200000])
        sheet.write_datetime(1, 4, datetime(2026, 3, 5, tzinfo=UTC).replace(tzinfo=None))
    mapping = """
version: 1
source: book
files:
  - file: "*.xlsx"
    target: opportunities
    external_id: id
    columns: {name: name, customer: {column: customer, placeholder: 未知}, amount: amount, opened_on: opened}
"""
    mapping = mapping.replace("{column: customer, placeholder", "{column: customer, map: {甲公司: null}, placeholder")
    sent = [SimpleUploadedFile("deals.xlsx", buffer.getvalue())]
    client.post(
        reverse("integrations:imports"), {"files": sent, "mapping": "upload", "mapping_file": own_mapping(mapping)}
    )
    run = ImportRun.objects.get()
    start(client, run)
    run_import.call(run.ref)

    deal = Opportunity.objects.get()
    assert (deal.external_id, deal.amount_minor, deal.opened_on.isoformat()) == ("7", 120_000_000, "2026-03-05")
    assert deal.customer.is_placeholder
