"""Keeping files, hanging them on records, handing them out."""

import errno
import hashlib
import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from duobiao.documents.actions.attach_document import attach_document, detach_document
from duobiao.documents.actions.store_upload import store_upload
from duobiao.documents.actions.sweep_files import sweep_files
from duobiao.documents.models import Attachment, Document, files
from duobiao.documents.queries import documents_of, get_document
from duobiao.documents.tests.factories import NOW, PDF, PNG, person, upload
from duobiao.identity.models import Role
from duobiao.identity.tests.factories import make_token
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from duobiao.timeline.models import Entry
from duobiao.web.uploads import TooLarge

pytestmark = pytest.mark.django_db
SHELF = Ref("shelf", "S-1")


@pytest.fixture
def seller(db):
    return person()


def stored(media):
    return sorted(path for path in media.rglob("*") if path.is_file() and path.name != ".lock")


def test_a_file_is_kept_under_its_hash_with_what_it_is(seller, media):
    document = store_upload(name="../合同.pdf", chunks=[PDF[:5], PDF[5:]], actor=seller, now=NOW)

    sha256 = hashlib.sha256(PDF).hexdigest()
    assert (document.sha256, document.size, document.name) == (sha256, len(PDF), "合同.pdf")
    assert (document.media_type, document.uploaded_by) == ("application/pdf", seller)
    [path] = stored(media)
    assert path == media / document.path
    assert path.read_bytes() == PDF
    assert Entry.objects.get().event == "documents.document_uploaded"


def test_the_same_content_is_stored_once(seller, media):
    first, second = upload(seller, name="a.pdf"), upload(person(), name="b.pdf")

    assert first.ref != second.ref
    assert len(stored(media)) == 1


@pytest.mark.parametrize(("chunks", "refusal"), [([], Invalid), ([b""], Invalid), ([b"x" * 60, b"x" * 60], TooLarge)])
def test_an_empty_or_too_large_file_leaves_nothing(seller, media, settings, chunks, refusal):
    settings.UPLOAD_MAX_BYTES = 100

    with pytest.raises(refusal) as refused:
        store_upload(name="x", chunks=chunks, actor=seller, now=NOW)

    assert list(refused.value.fields) == ["file"]
    assert stored(media) == []
    assert not Document.objects.exists()
    assert not Entry.objects.exists()


def test_reading_stops_as_soon_as_the_limit_is_passed(seller, settings):
    settings.UPLOAD_MAX_BYTES = 100
    read = []

    def endless():
        while True:
            read.append(1)
            yield b"x" * 40

    with pytest.raises(TooLarge):
        store_upload(name="x", chunks=endless(), actor=seller, now=NOW)

    assert len(read) == 3


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.COACH])
def test_roles_that_only_read_do_not_upload(role, media):
    with pytest.raises(NotAllowed):
        upload(person(role))

    assert stored(media) == []


def test_a_full_disk_leaves_neither_row_nor_file(seller, media, monkeypatch):
    def full(_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_sync_file", full)

    with pytest.raises(OSError, match="No space left"):
        upload(seller)

    assert stored(media) == []
    assert not Document.objects.exists()


def test_a_failing_database_leaves_no_file_but_spares_one_that_others_use(seller, media, monkeypatch):
    upload(seller, PNG)

    def fail(*_args, **_kwargs):
        raise DatabaseError("no")

    monkeypatch.setattr("duobiao.documents.actions.store_upload.record", fail)
    for content in (PDF, PNG):
        with pytest.raises(DatabaseError):
            upload(seller, content)

    assert [path.name for path in stored(media)] == [hashlib.sha256(PNG).hexdigest()]
    assert Document.objects.count() == 1


def test_the_sweep_takes_what_no_row_names_after_a_day(seller, media):
    kept = upload(seller, PNG)
    orphan, young = upload(seller, PDF), upload(seller, b"young")
    Document.objects.exclude(pk=kept.pk).delete()
    arrival = media / "documents" / "incoming" / "cut-off"
    arrival.write_bytes(b"half")
    old = (NOW - timedelta(days=2)).timestamp()
    for path in (media / kept.path, media / orphan.path, arrival):
        os.utime(path, (old, old))
    os.utime(media / young.path, (NOW.timestamp(), NOW.timestamp()))

    assert sweep_files(now=NOW) == 2
    assert stored(media) == sorted([media / kept.path, media / young.path])


def test_a_file_hangs_on_a_record_once(seller, shelf):
    shelf.add(seller.pk)
    document = upload(seller)

    for _ in range(2):
        attach_document(document=document, subject=SHELF, actor=seller, now=NOW)

    [row] = documents_of(SHELF, user=seller)
    assert (row.ref, row.name, row.removable, row.inline) == (document.ref, "合同.pdf", True, True)
    assert Entry.objects.filter(event="documents.document_attached", chain="S-1").count() == 1


def test_nothing_hangs_on_a_record_the_person_cannot_see(seller, shelf):
    document = upload(seller)

    for subject in (SHELF, Ref("nothing", "N-1")):
        with pytest.raises(NotFound):
            attach_document(document=document, subject=subject, actor=seller, now=NOW)

    assert not Attachment.objects.exists()


def test_only_who_added_a_file_or_an_administrator_takes_it_off(seller, shelf):
    colleague, administrator = person(Role.PRESALES), person(Role.ADMINISTRATOR)
    shelf.update({seller.pk, colleague.pk, administrator.pk})
    document = upload(seller)
    attach_document(document=document, subject=SHELF, actor=seller, now=NOW)

    with pytest.raises(NotAllowed):
        detach_document(document=document, subject=SHELF, actor=colleague, now=NOW)
    assert Attachment.objects.count() == 1

    detach_document(document=document, subject=SHELF, actor=administrator, now=NOW)
    assert Document.objects.count() == 1
    with pytest.raises(Conflict):
        detach_document(document=document, subject=SHELF, actor=administrator, now=NOW)


def test_a_document_is_seen_by_its_uploader_and_by_readers_of_a_record_it_hangs_on(seller, shelf):
    reader, stranger = person(), person(Role.ADMINISTRATOR)
    document = upload(seller)
    shelf.update({seller.pk, reader.pk})
    with pytest.raises(NotFound):
        get_document(ref=document.ref, user=reader)

    attach_document(document=document, subject=SHELF, actor=seller, now=NOW)

    assert get_document(ref=document.ref, user=reader) == document
    with pytest.raises(NotFound):
        get_document(ref=document.ref, user=stranger)


@pytest.mark.parametrize(
    ("content", "name", "inline", "content_type", "attachment"),
    [
        (PDF, "合同.pdf", True, "application/pdf", False),
        (PDF, "合同.pdf", False, "application/octet-stream", True),
        (PNG, "现场.png", True, "image/png", False),
        (b"<svg onload='alert(1)'/>", "logo.svg", True, "application/octet-stream", True),
        (b"<html><script>alert(1)</script>", "a.pdf", True, "application/octet-stream", True),
    ],
)
def test_only_pictures_and_pdf_are_shown_and_nothing_runs(
    client, seller, content, name, inline, content_type, attachment
):
    document = upload(seller, content, name)
    client.force_login(seller)

    response = client.get(reverse("documents:content", args=[document.ref]), {"inline": "1"} if inline else {})

    assert b"".join(response.streaming_content) == content
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"].startswith("attachment" if attachment else "inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert ("sandbox" in response["Content-Security-Policy"]) is (content_type != "application/pdf")


def test_a_stranger_and_nobody_get_no_content(client, seller):
    address = reverse("documents:content", args=[upload(seller).ref])

    assert client.get(address).status_code in (302, 303)
    client.force_login(person(Role.ADMINISTRATOR))
    assert client.get(address).status_code == 404


def test_a_file_gone_from_the_disk_is_a_404(client, seller, media):
    document = upload(seller)
    (media / document.path).unlink()
    client.force_login(seller)

    assert client.get(reverse("documents:content", args=[document.ref])).status_code == 404


def test_files_are_added_and_taken_off_without_javascript(client, seller, shelf):
    shelf.add(seller.pk)
    client.force_login(seller)
    address = reverse("documents:files", args=["shelf", "S-1"])
    sent = {"file": [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")], "form_token": "t" * 24}

    response = client.post(address, sent)

    assert (response.status_code, response["Location"]) == (303, "/shelves/S-1/")
    assert sorted(row.name for row in documents_of(SHELF)) == ["a.txt", "b.txt"]
    document = Document.objects.get(name="a.txt")
    removed = client.post(reverse("documents:remove", args=["shelf", "S-1", document.ref]))
    assert removed.status_code == 303
    assert [row.name for row in documents_of(SHELF)] == ["b.txt"]


def test_the_same_form_sent_twice_adds_once(client, seller, shelf):
    shelf.add(seller.pk)
    client.force_login(seller)

    for _ in range(2):
        sent = {"file": SimpleUploadedFile("a.txt", b"a"), "form_token": "t" * 24}
        assert client.post(reverse("documents:files", args=["shelf", "S-1"]), sent).status_code == 303

    assert Document.objects.count() == 1


def test_the_fragment_lists_names_as_text(client, seller, shelf):
    shelf.add(seller.pk)
    document = upload(seller, b"x", "<img src=x onerror=alert(1)>.txt")
    attach_document(document=document, subject=SHELF, actor=seller, now=NOW)
    client.force_login(seller)

    page = client.get(
        reverse("documents:files", args=["shelf", "S-1"]), headers={"HX-Request": "true"}
    ).content.decode()

    assert "<img" not in page
    assert document.name.replace("<", "") in page or "img src=x onerror=alert(1)" in page


def test_a_file_larger_than_kept_is_refused_with_413(client, seller, shelf, settings, media):
    settings.UPLOAD_MAX_BYTES = 1000
    shelf.add(seller.pk)
    client.force_login(seller)

    response = client.post(
        reverse("documents:files", args=["shelf", "S-1"]), {"file": SimpleUploadedFile("a.bin", b"x" * 200_000)}
    )

    assert response.status_code == 413
    assert stored(media) == []


def test_no_file_is_a_422_and_a_hidden_record_a_404(client, seller, shelf):
    shelf.add(seller.pk)
    client.force_login(seller)

    assert client.post(reverse("documents:files", args=["shelf", "S-1"]), {}).status_code == 422
    client.force_login(person())
    assert client.get(reverse("documents:files", args=["shelf", "S-1"])).status_code == 404
    assert client.post(reverse("documents:files", args=["shelf", "S-1"]), {}).status_code == 404


def test_the_list_costs_the_same_for_any_number_of_files(client, seller, shelf, assert_flat_queries):
    shelf.add(seller.pk)
    client.force_login(seller)

    def grow():
        for number in range(5):
            document = upload(seller, str(number).encode(), f"{number}.txt")
            attach_document(document=document, subject=SHELF, actor=seller, now=NOW)

    assert_flat_queries(
        visit=lambda: client.get(reverse("documents:files", args=["shelf", "S-1"]), headers={"HX-Request": "true"}),
        grow=grow,
    )


def test_an_upload_sent_again_under_its_key_is_kept_once_and_another_file_is_refused(seller, media, now):
    headers = {"Authorization": f"Bearer {make_token(seller, now)}", "Idempotency-Key": "k1"}

    def send(content: bytes) -> HttpResponse:
        file = SimpleUploadedFile("报价.pdf", content)
        return Client().post("/api/v1/documents", {"file": file}, headers=headers)

    first, again, other = send(PDF), send(PDF), send(PDF[:-2] + b"!!")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert (again["Idempotent-Replay"], again.json()) == ("true", first.json())
    assert other.json()["code"] == "idempotency_key_reused"
    assert Document.objects.count() == len(stored(media)) == 1


def test_a_broken_upload_with_a_key_is_refused_in_words(seller, media, now):
    headers = {"Authorization": f"Bearer {make_token(seller, now)}", "Idempotency-Key": "k1"}

    answer = Client().generic(
        "POST",
        "/api/v1/documents",
        b"--x\r\nnonsense",
        content_type="multipart/form-data; boundary=\xe9",
        headers=headers,
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert not Document.objects.exists()
