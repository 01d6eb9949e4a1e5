"""Documents over the API."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from duobiao.documents.models import Attachment, Document
from duobiao.documents.tests.factories import NOW, PDF, person, upload
from duobiao.identity.domain.tokens import new_token, token_digest
from duobiao.identity.models import ApiToken, Role

pytestmark = pytest.mark.django_db


def token(user):
    text = new_token()
    ApiToken.objects.create(user=user, name="test", digest=token_digest(text), created_at=NOW)
    return text


def send(bearer, content, name="合同.pdf"):
    return Client().post(
        "/api/v1/documents", {"file": SimpleUploadedFile(name, content)}, headers={"Authorization": f"Bearer {bearer}"}
    )


@pytest.fixture
def seller(db):
    return person()


def test_a_file_is_uploaded_attached_listed_read_and_taken_off(api, seller, shelf):
    shelf.add(seller.pk)
    bearer = token(seller)
    mine = api(bearer)

    answer = send(bearer, PDF)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["size"], made["media_type"]) == ("合同.pdf", len(PDF), "application/pdf")
    assert (made["sha256"], made["uploaded_by"]) == (hashlib.sha256(PDF).hexdigest(), seller.ref)

    subject = {"subject_kind": "shelf", "subject_ref": "S-1"}
    path = f"/documents/{made['ref']}"
    assert mine.post(f"{path}/attachments", subject).status_code == 201
    assert [row["ref"] for row in mine.get("/documents", **subject).json()] == [made["ref"]]
    assert mine.get(path).json() == made
    content = mine.get(f"{path}/content")
    assert b"".join(content.streaming_content) == PDF
    assert content["Content-Disposition"].startswith("attachment")
    assert mine.delete(f"{path}/attachments", subject).status_code == 204
    assert mine.get("/documents", **subject).json() == []


def test_no_file_an_empty_one_and_one_too_large_are_refused(seller, settings):
    settings.UPLOAD_MAX_BYTES = 100
    bearer = token(seller)

    nothing = Client().post("/api/v1/documents", {}, headers={"Authorization": f"Bearer {bearer}"})
    assert nothing.status_code == 422
    assert send(bearer, b"").status_code == 422
    large = send(bearer, b"x" * 300_000)
    assert large.status_code == 413
    assert large.json()["code"] == "too_large"
    assert not Document.objects.exists()


def test_a_stranger_gets_404_and_nobody_401(api, seller, shelf):
    shelf.add(seller.pk)
    document = upload(seller)
    stranger = api(token(person(Role.ADMINISTRATOR)))
    subject = {"subject_kind": "shelf", "subject_ref": "S-1"}

    for client, status in ((stranger, 404), (api(""), 401)):
        assert client.get(f"/documents/{document.ref}").status_code == status
        assert client.get(f"/documents/{document.ref}/content").status_code == status
        assert client.get("/documents", **subject).status_code == status
        assert client.post(f"/documents/{document.ref}/attachments", subject).status_code == status
        assert client.delete(f"/documents/{document.ref}/attachments", subject).status_code == status
    assert send("", PDF).status_code == 401
    assert not Attachment.objects.exists()


def test_a_role_that_only_reads_gets_403(seller):
    assert send(token(person(Role.EXECUTIVE)), PDF).status_code == 403
    assert not Document.objects.exists()
