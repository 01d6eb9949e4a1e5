"""The studio by the API: the same actions as the pages."""

import pytest
from django.test import Client

from duobiao.identity.commands import create_token
from duobiao.opportunities.tests.factories import NOW, make_user
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.tests.factories import draft_from, next_version

pytestmark = pytest.mark.django_db

EIGHT, SIX = "project-sales-8", "key-account-6"


@pytest.fixture(autouse=True)
def shipped():
    ship_playbooks(now=NOW)


@pytest.fixture
def administrator():
    return make_user("admin", role="administrator")


@pytest.fixture
def draft(administrator):
    return draft_from(actor=administrator, now=NOW)


@pytest.fixture
def program(administrator, api):
    return api(create_token(username="admin", now=NOW))


def test_everything_is_done_by_the_api_too(program):
    opened = program.post(f"/playbooks/{SIX}/1/clone", {"key": "our-six"}).json()
    document = {**opened["document"], "rates": [0, 12, 20, 30, 65, 85, 100]}
    saved = program.put(f"/playbooks/drafts/{opened['ref']}", {"version": 1, "document": document}).json()
    stale = program.put(f"/playbooks/drafts/{opened['ref']}", {"version": 1, "document": document})
    listed = program.get("/playbooks/drafts").json()
    sides = {"before": f"{SIX}/1", "after": opened["ref"]}
    differences = program.get("/playbooks/compare", **sides).json()
    published = program.post(f"/playbooks/drafts/{opened['ref']}/publish", {"version": 2})

    assert (opened["version"], opened["base"], opened["problems"]) == (1, "key-account-6/1", [])
    assert (saved["version"], saved["status"]) == (2, "OPEN")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert [row["ref"] for row in listed] == [opened["ref"]]
    assert (differences["added"], differences["removed"], differences["changed"]) == (0, 0, 1)
    assert differences["differences"][0] | {"words": ""} == {
        "how": "CHANGED", "what": "RATE", "stage": 0, "key": "1", "evidence": "", "field": "rate",
        "before": "10%", "after": "12%", "words": "",
    }  # fmt: skip
    assert (published.status_code, published.json()["ref"]) == (201, "our-six/1")
    assert program.get(f"/playbooks/drafts/{opened['ref']}").json()["status"] == "PUBLISHED"
    assert [row["status"] for row in program.get("/playbooks").json() if row["key"] == "our-six"] == ["PUBLISHED"]


def test_the_api_exports_imports_and_replaces(program, administrator):
    exported = program.get(f"/playbooks/{SIX}/1/export")
    headers = {"authorization": f"Bearer {program.token}", "accept-language": "en"}
    yaml = exported.content.replace(b"playbook: key-account-6", b"playbook: our-six")
    client = Client(headers=headers)
    made = client.post("/api/v1/playbooks/import", yaml, content_type="application/yaml")
    twice = client.post("/api/v1/playbooks/import", yaml, content_type="application/yaml")
    wrong = client.post("/api/v1/playbooks/import", b"playbook: x\nrates: 5\n", content_type="application/yaml")
    ref = made.json()["ref"]

    assert exported.headers["Content-Type"].startswith("application/yaml")
    assert (made.status_code, twice.status_code) == (201, 409)
    assert twice.json()["code"] == "draft_open"
    assert (wrong.status_code, wrong.json()["code"]) == (422, "document_refused")
    assert {k: wrong.json()["details"]["problems"][0][k] for k in ("path", "line")} == {"path": "rates", "line": 2}
    assert b"our-six" in program.get(f"/playbooks/drafts/{ref}/export").content
    assert program.post(f"/playbooks/drafts/{ref}/discard", {"version": 1}).json()["status"] == "DISCARDED"
    assert program.post(f"/playbooks/drafts/{ref}/publish", {"version": 2}).status_code == 409


def test_the_api_refuses_to_publish_with_every_problem(program):
    opened = program.post(f"/playbooks/{SIX}/1/clone", {}).json()
    document = {**opened["document"], "rates": [0, 10, 5, 30, 65, 85, 100], "settlements": {"engagement.nothing": 1}}
    saved = program.put(f"/playbooks/drafts/{opened['ref']}", {"version": 1, "document": document}).json()
    refused = program.post(f"/playbooks/drafts/{opened['ref']}/publish", {"version": 2})

    paths = ["rates[2]", "settlements.engagement.nothing"]
    assert sorted(row["path"] for row in saved["problems"]) == paths
    assert (refused.status_code, refused.json()["code"]) == (422, "draft_not_ready")
    assert sorted(row["path"] for row in refused.json()["details"]["problems"]) == paths
    assert all(row["line"] > 1 and row["message"] for row in refused.json()["details"]["problems"])
    assert PlaybookVersion.objects.filter(key=SIX).count() == 1


def test_the_api_gives_schema_tools_and_retires(program, administrator):
    schema = program.get("/playbooks/schema").json()
    next_version(SIX, actor=administrator, now=NOW)
    retired = program.post(f"/playbooks/{SIX}/2/retire")
    offered = program.post(f"/playbooks/{SIX}/2/offer")
    tools = program.put(f"/playbooks/{EIGHT}/1/tools/1.T2", {"used": True}).json()

    assert schema["required"][:2] == ["playbook", "version"]
    assert (retired.json()["status"], offered.json()["status"]) == ("RETIRED", "PUBLISHED")
    assert program.post(f"/playbooks/{SIX}/2/offer").status_code == 409
    assert [row["key"] for row in tools if row["used"]] == ["1.T2"]
    assert program.get(f"/playbooks/{EIGHT}/1/tools").json() == tools
    assert program.put(f"/playbooks/{EIGHT}/1/tools/9.T9", {"used": True}).status_code == 404
    assert program.put(f"/playbooks/{EIGHT}/1/tools/1.T2", {"used": "yes"}).status_code == 422


def test_drafts_are_not_seen_by_whoever_may_not_edit(api, draft):
    make_user("coach", role="coach")
    reader = api(create_token(username="coach", now=NOW))

    assert reader.get(f"/playbooks/drafts/{draft.ref}").status_code == 403
    assert reader.get("/playbooks/compare", before=f"{EIGHT}/1", after=draft.ref).status_code == 404
    assert reader.get("/playbooks/compare", before=f"{EIGHT}/1", after=f"{SIX}/1").status_code == 200
