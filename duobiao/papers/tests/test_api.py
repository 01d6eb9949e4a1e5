"""Templates over the API."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from duobiao.identity.domain.tokens import new_token, token_digest
from duobiao.identity.models import ApiToken
from duobiao.papers.models import PaperTemplate
from duobiao.papers.tests.factories import word

NOW = datetime(2026, 9, 16, 1, 20, tzinfo=UTC)
AT = "/api/v1/paper-templates"


@pytest.fixture
def bearer(admin):
    text = new_token()
    ApiToken.objects.create(user=admin, name="test", digest=token_digest(text), created_at=NOW)
    return {"Authorization": f"Bearer {text}", "Accept-Language": "en"}


def send(bearer, path, content, **fields):
    body = {"file": SimpleUploadedFile("信头.docx", content), **fields}
    return Client().post(f"{AT}{path}", body, headers=bearer)


def test_a_template_is_tried_put_in_listed_and_taken_away(bearer, admin):
    listed = {row["paper"]: row for row in Client().get(AT, headers=bearer).json()}
    assert set(listed) == {"common", "visit_brief", "decision_chain", "requirements"}
    assert (listed["common"]["held_by"], listed["common"]["version"]) == ("SHIPPED", 0)
    assert "signed" in [part["name"] for part in listed["requirements"]["parts"]]

    tried = send(bearer, "/common/try", word(["试", "{{content}}"]))
    assert Document(BytesIO(b"".join(tried.streaming_content))).paragraphs[0].text == "试"
    assert not PaperTemplate.objects.exists()

    made = send(bearer, "/common", word(), version="0")
    assert made.status_code == 200, made.content
    assert (made.json()["held_by"], made.json()["file"], made.json()["placed_by"]) == ("OWN", "信头.docx", admin.ref)
    held = {row["paper"]: row["held_by"] for row in Client().get(AT, headers=bearer).json()}
    assert held["visit_brief"] == "COMMON"

    stale = send(bearer, "/common", word(), version="0")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    gone = Client().delete(f"{AT}/common", {"version": 1}, content_type="application/json", headers=bearer)
    assert gone.json()["held_by"] == "SHIPPED"
    assert not PaperTemplate.objects.exists()


def test_a_bad_file_and_none_are_refused_with_the_reason(bearer):
    bad = send(bearer, "/common", b"nothing", version="0")
    none = Client().post(f"{AT}/common", {"version": "0"}, headers=bearer)
    unknown = send(bearer, "/nothing", word(), version="0")

    assert (bad.status_code, bad.json()["code"], "no Word file" in bad.json()["message"]) == (422, "bad_template", True)
    assert (none.status_code, none.json()["fields"]) == (422, {"file": "Choose a file first."})
    assert unknown.status_code == 404
    assert not PaperTemplate.objects.exists()
