"""Rows 7 and 8: the disk is full."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from duobiao.customers.models import Customer, CustomerProfile
from duobiao.documents.models import Document
from duobiao.identity.commands import create_token
from duobiao.identity.models import ApiToken
from duobiao.opportunities.tests.factories import make_customer, make_deal, make_user
from duobiao.timeline.models import Entry
from duobiao.timeline.verification import verify_chains
from tests.support.api import ApiClient
from tests.support.processes import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@pytest.fixture
def seller():
    return make_user("linxiao")


@pytest.fixture
def client(seller):
    client = Client(raise_request_exception=False)
    client.force_login(seller)
    return client


@contextmanager
def few_pages_left(room: int) -> Iterator[None]:
    """Let SQLite's file grow by so many pages and not by one more."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # pages that earlier tests left free would be used first
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + room}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Answer every write as a database does whose disk has not one byte left."""
    if sql.lstrip().upper().startswith(WRITES):
        raise OperationalError("database or disk is full")
    return execute(sql, params, many, context)


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Customer, Entry, Document)}


def write_until_refused(program: ApiClient) -> tuple[Any, int]:
    """Enter customers until the disk is full; return the refusal and how many were accepted."""
    for number in range(2000):
        body = {"name": f"客户 {number}", "notes": "产线" * 1900}
        answer = program.post("/customers", body)
        if answer.status_code != 201:
            return answer, number
    raise AssertionError("the disk never filled up")


@pytest.mark.parametrize("room", [0, 25, 60])
def test_a_full_sqlite_disk_answers_507_and_reads_go_on(seller, client, figure, room):
    """Row 7: with PRAGMA max_page_count a write answers 507 as page and as JSON, nothing is partial, reads work."""
    if connection.vendor != "sqlite":
        return
    customer = make_customer(seller, "苏州恒睿精密")
    deal = make_deal(seller, customer)
    program = ApiClient(create_token(username="linxiao", now=timezone.now()))
    program._client.raise_request_exception = False

    with few_pages_left(room):
        refused, accepted = write_until_refused(program)
        form = {"name": "恒睿二期", "customer": customer.ref, "form_token": "k7F2m9Xc4TpQ1sR8vB3nH6wZ"}
        page = client.post("/opportunities/new/", form)
        fragment = client.post("/opportunities/new/", form, headers={"HX-Request": "true"})
        reads = [
            client.get("/customers/").status_code,
            client.get("/pipeline/list/").status_code,
            program.get(f"/opportunities/{deal.ref}/assessment").status_code,
        ]
    after = program.post("/customers", {"name": "有地方了"})

    figure(
        7,
        f"{room} pages left: 507 after {accepted} writes, {len(verify_chains())} faults in the audit, {len(reads)} reads went on",
    )
    assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
    assert bool(accepted) is bool(room)
    assert reads == [200, 200, 200]
    assert {page.status_code, fragment.status_code} <= {303, 204, 507}
    assert after.status_code == 201
    assert Customer.objects.count() == 1 + accepted + 1
    assert Customer.objects.count() == CustomerProfile.objects.count() + 2
    assert verify_chains() == []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchall() == [("ok",)]


def test_with_not_one_byte_left_reads_go_on_and_writes_answer_507(seller, client, figure):
    """Row 7: when the log of the database cannot grow either, every write is refused, every read is answered."""
    customer = make_customer(seller, "苏州恒睿精密")
    deal = make_deal(seller, customer)
    program = ApiClient(create_token(username="linxiao", now=timezone.now()))
    program._client.raise_request_exception = False
    ApiToken.objects.update(last_used_on=None)  # the first use of a day is noted
    before = rows()

    with connection.execute_wrapper(refuse_writes):
        reads = {
            path: client.get(path).status_code
            for path in (
                "/customers/",
                f"/customers/{customer.ref}/",
                "/pipeline/board/",
                "/search/?q=恒睿",
                "/profile/",
            )
        }
        reads |= {
            path: program.get(path).status_code
            for path in ("/me", "/customers", f"/opportunities/{deal.ref}", f"/opportunities/{deal.ref}/assessment")
        }
        writes = {
            "api": program.post("/customers", {"name": "x"}),
            "keyed": program.post("/customers", {"name": "x"}, idempotency_key="full"),
            "patch": program.patch(f"/opportunities/{deal.ref}", {"version": 1, "name": "x"}),
            "page": client.post("/opportunities/new/", {"name": "x", "customer": customer.ref}),
            "fragment": client.post(
                "/opportunities/new/", {"name": "x", "customer": customer.ref}, headers={"HX-Request": "true"}
            ),
            "sign in": Client(raise_request_exception=False).post(
                "/accounts/login/", {"login": "linxiao", "password": "correct horse 9"}
            ),
        }

    statuses = {name: answer.status_code for name, answer in writes.items()}
    figure(7, f"{list(statuses.values()).count(507)} of {len(writes)} writes answered 507, {len(reads)} reads went on")
    assert {path: status for path, status in reads.items() if status != 200} == {}
    assert statuses == dict.fromkeys(writes, 507)
    assert writes["api"].json()["code"] == "storage_full"
    assert rows() == before


def files() -> list[Path]:
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file() and path.stat().st_size)


@pytest.mark.halved
@pytest.mark.parametrize("way", ["page", "api", "action"])
def test_a_file_that_does_not_fit_leaves_neither_row_nor_file(same_database, seller, figure, way):
    """Row 8: a process that may write no file above some size keeps no row without its file and no orphan."""
    customer = make_customer(seller, "苏州恒睿精密")
    token = create_token(username="linxiao", now=timezone.now())
    before, entries = files(), Entry.objects.count()
    content = f"%PDF-1.4 {way}"
    connection.close()
    order = {"way": way, "username": "linxiao", "token": token, "ref": customer.ref, "small": content}

    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.small_disk"],
        input=json.dumps(order), env=same_database, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    figure(
        8,
        f"by {way}: {answer}; {Document.objects.count()} rows, {len(files()) - len(before) - Document.objects.count()} orphan files",
    )
    assert answer["large"] == 507
    assert answer["small"] in (201, 303)
    assert Document.objects.count() == 1
    assert Entry.objects.count() == entries + (1 if way == "action" else 2)
    assert len(files()) == len(before) + 1
    for path in set(files()) - set(before):
        path.unlink()
