"""Everything a person sees, and nothing else, in one archive that is theirs for a while."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from duobiao.customers.actions.erase_contact import erase_contact
from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.tests.factories import contact, customer, person, token
from duobiao.customers.tests.test_pages import sent, text
from duobiao.engagement.tests.factories import log
from duobiao.identity.models import Role
from duobiao.integrations.actions import make_export
from duobiao.integrations.actions.make_export import (
    KEEP,
    ExportGone,
    ExportRuns,
    ask_for_export,
    carry_out_export,
    fetch_export,
    let_exports_expire,
    run_export,
)
from duobiao.integrations.models import Export, ExportState
from duobiao.integrations.tests.factories import NOW
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.models import Comment, Entry, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return person(name="林晓")


@pytest.fixture
def hengli(seller):
    held = customer(seller, "苏州恒力精密", notes="=1+1")
    log(seller, contact(held, "王海涛", mobile="138 1234 5678"))
    add_comment(subject=Ref.of(held), body="客户说月底定", actor=seller, now=NOW)
    return held


def made(by, *, with_files=False):
    export = ask_for_export(with_files=with_files, actor=by, now=NOW)
    carry_out_export(export, now=NOW)
    export.refresh_from_db()
    return export


def erase(held):
    boss = person(Role.ADMINISTRATOR)
    erase_contact(contact=held, version=held.version, ground="CONSENT", asked_on=NOW.date(), actor=boss, now=NOW)


def opened(export):
    with zipfile.ZipFile(export.path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def lines(parts, name):
    return list(csv.DictReader(io.StringIO(parts[name])))


def test_a_person_takes_along_what_they_see_and_nothing_else(seller, hengli):
    customer(person(), "别人的客户")

    parts = opened(made(seller))

    held = lines(parts, "customers.csv")
    assert [row["名称"] if "名称" in row else next(iter(row.values())) for row in held]
    assert "苏州恒力精密" in parts["customers.csv"]
    assert "王海涛" in parts["contacts.csv"]
    assert "客户说月底定" in parts["comments.csv"]
    assert len(lines(parts, "calls.csv")) == 1
    assert "别人的客户" not in "".join(parts.values())
    manifest = json.loads(parts["manifest.json"])
    counted = {table["key"]: table["rows"] for table in manifest["tables"]}
    assert (counted["customers"], counted["contacts"], counted["deals"]) == (1, 1, 0)
    assert manifest["person"] == seller.username


def test_comments_that_came_in_with_a_file_or_a_merge_are_taken_along(seller, hengli):
    colleague, other = person(), customer(person(), "别人的客户")
    for subject, body in ((hengli, "旧系统的备注"), (other, "与我无关")):
        Comment.objects.create(subject_kind=subject.kind, subject_ref=subject.ref, author=colleague, at=NOW, body=body)
    left, kept = contact(hengli, "王海"), contact(hengli, "王海峰")
    add_comment(subject=Ref.of(left), body="合并前的话", actor=seller, now=NOW)
    Comment.objects.filter(body="合并前的话").update(author=colleague)
    merge_contacts(keeper=kept, other=left, actor=person(Role.ADMINISTRATOR), now=NOW)

    taken = opened(made(seller))["comments.csv"]

    assert "旧系统的备注" in taken
    assert "合并前的话" in taken
    assert "与我无关" not in taken


def test_an_administrator_takes_the_whole_company(seller, hengli):
    parts = opened(made(person(Role.ADMINISTRATOR)))

    assert "苏州恒力精密" in parts["customers.csv"]


def test_no_cell_is_a_formula_and_no_secret_leaves(seller, hengli):
    seller.set_password("correct horse 9")
    seller.save()
    token(seller)

    parts = opened(made(seller))

    assert ",'=1+1," in parts["customers.csv"]
    everything = "".join(parts.values())
    assert seller.password not in everything
    assert "argon2" not in everything
    for row in csv.reader(io.StringIO(parts["customers.csv"])):
        assert not [cell for cell in row if cell.startswith(("=", "@"))]


def test_the_person_is_told_and_everything_is_recorded_without_its_content(seller, hengli):
    export = made(seller)
    fetch_export(export=export, actor=seller, now=NOW)

    events = ["integrations.export_asked", "integrations.export_made", "integrations.export_fetched"]
    entries = Entry.objects.filter(event__in=events).order_by("pk")
    assert [row.event for row in entries] == events
    assert "恒力" not in str([row.detail.data for row in entries])
    assert Notification.objects.get(event="integrations.export_made").user == seller


def test_an_archive_expires_and_is_deleted(seller, hengli):
    export = made(seller)
    later = export.expires_at
    assert export.path.is_file()

    with pytest.raises(ExportGone):
        fetch_export(export=export, actor=seller, now=later)
    assert let_exports_expire(now=later - timedelta(seconds=1)) == 0
    assert let_exports_expire(now=later) == 1

    export.refresh_from_db()
    assert (export.state, export.path.exists()) == (ExportState.GONE, False)
    assert later - export.finished_at == KEEP


def test_an_erasure_withdraws_every_archive(seller, hengli, django_capture_on_commit_callbacks):
    export, gone = made(seller), hengli.contacts.get()

    with django_capture_on_commit_callbacks(execute=True):
        erase(gone)
        with pytest.raises(ExportGone):
            fetch_export(export=export, actor=seller, now=NOW)

    export.refresh_from_db()
    assert (export.state, export.path.exists()) == (ExportState.GONE, False)


def test_an_archive_that_was_half_written_during_an_erasure_is_written_anew(seller, hengli, monkeypatch):
    write, gone, times = make_export.write_archive, hengli.contacts.get(), []

    def interrupted(*given, **named):
        manifest = write(*given, **named)
        times.append(1)
        if len(times) == 1:
            erase(gone)
        return manifest

    monkeypatch.setattr(make_export, "write_archive", interrupted)

    parts = opened(made(seller))

    assert len(times) == 2
    assert "王海涛" not in "".join(parts.values())


def test_one_at_a_time(seller):
    ask_for_export(with_files=False, actor=seller, now=NOW)

    with pytest.raises(ExportRuns):
        ask_for_export(with_files=True, actor=seller, now=NOW)
    assert Export.objects.count() == 1


def test_what_fails_says_so_and_leaves_no_half_archive(seller, monkeypatch):
    export = ask_for_export(with_files=False, actor=seller, now=NOW)

    def breaks(place, **_):
        place.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(make_export, "write_archive", breaks)
    with pytest.raises(OSError, match="disk full"):
        run_export.call(export.ref)

    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert not list(export.path.parent.glob(f"{export.ref}*"))


def test_a_job_begun_again_writes_the_archive_once(seller, hengli):
    export = ask_for_export(with_files=False, actor=seller, now=NOW)

    assert run_export.call(export.ref) == "done"
    assert run_export.call(export.ref) == "nothing to do"


def test_export_on_the_page(client, seller, hengli):
    client.force_login(seller)
    address = reverse("integrations:exports")
    assert "还没有导出" in text(client.get(address))
    assert client.post(address, sent(client.get(address))).status_code == 303
    export = Export.objects.get()
    assert client.post(address, sent(client.get(address))).status_code == 409
    assert client.get(reverse("integrations:export_progress", args=[export.ref])).status_code == 200
    assert client.get(reverse("integrations:export_file", args=[export.ref])).status_code == 404

    carry_out_export(export, now=NOW)

    answer = client.get(reverse("integrations:export_file", args=[export.ref]))
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    client.force_login(person(Role.ADMINISTRATOR))
    assert client.get(reverse("integrations:export_file", args=[export.ref])).status_code == 404


def test_export_by_api(api, seller, hengli):
    mine, other = api(token(seller)), api(token(person()))
    ref = mine.post("/exports", {"with_files": True}).json()["ref"]
    assert mine.post("/exports", {}).status_code == 409
    carry_out_export(Export.objects.get(), now=NOW)

    assert mine.get(f"/exports/{ref}").json()["state"] == "DONE"
    answer = mine.get(f"/exports/{ref}/file")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert other.get(f"/exports/{ref}").status_code == 404
    assert other.get("/exports").json()["items"] == []


def test_files_are_in_it_where_wanted(seller, hengli):
    from duobiao.documents.actions.attach_document import attach_document
    from duobiao.documents.actions.store_upload import store_upload

    document = store_upload(name="报价.txt", chunks=[b"12345"], actor=seller, now=NOW)
    attach_document(document=document, subject=Ref.of(hengli), actor=seller, now=NOW)
    stranger = made(person(), with_files=True)

    assert opened(made(seller, with_files=True))[f"files/{document.ref}-报价.txt"] == "12345"
    assert not [name for name in opened(stranger) if name.startswith("files/")]


def test_listing_exports_costs_the_same_for_any_number(client, seller, assert_flat_queries):
    client.force_login(seller)
    values = {"user": seller, "created_at": NOW, "state": ExportState.FAILED}
    Export.objects.create(**values)

    assert_flat_queries(
        visit=lambda: client.get(reverse("integrations:exports")),
        grow=lambda: [Export.objects.create(**values) for _ in range(5)],
    )
