"""Improvement notes: who writes, who decides, and what is refused."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.tests.factories import make_user
from duobiao.playbooks.actions.decide_improvement import ImprovementAlreadyDecided, decide_improvement
from duobiao.playbooks.actions.note_improvement import Figure, note_improvement
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.models import ImprovementNote, PlaybookVersion
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def playbook():
    ship_playbooks(now=timezone.now())
    return PlaybookVersion.objects.get(key=DEFAULT_PLAYBOOK)


@pytest.fixture
def manager():
    return make_user("zhou", role="manager")


@pytest.fixture
def administrator():
    return make_user("admin", role="administrator")


@pytest.fixture
def note(playbook, manager):
    return note_improvement(playbook=playbook, title="早点问预算", text="", actor=manager, now=timezone.now())


def decide(note, actor, **given):
    values = {"version": 1, "taken": True, "reason": ""}
    return decide_improvement(note=note, **{**values, **given}, actor=actor, now=timezone.now())


def test_a_manager_notes_and_an_administrator_takes_it_up(note, administrator):
    decide(note, administrator, reason="并入第 2 版")

    held = ImprovementNote.objects.get()
    assert (held.status, held.decided_by, held.reason, held.version) == ("TAKEN", administrator, "并入第 2 版", 2)
    assert list(Entry.objects.order_by("pk").values_list("event", flat=True)) == [
        "playbooks.improvement_noted",
        "playbooks.improvement_decided",
    ]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [({"taken": False}, Invalid), ({"version": 7}, StaleVersion)],
)
def test_a_decision_needs_a_reason_to_reject_and_the_version_seen(given, refusal, note, administrator):
    with pytest.raises(refusal):
        decide(note, administrator, **given)

    assert ImprovementNote.objects.get().is_open
    assert Entry.objects.count() == 1


def test_a_decided_note_is_not_decided_again(note, administrator):
    decide(note, administrator)

    with pytest.raises(ImprovementAlreadyDecided):
        decide(note, administrator, version=2, taken=False, reason="doch nicht")

    assert ImprovementNote.objects.get().status == "TAKEN"


def test_who_may_not_note_or_decide_changes_nothing(playbook, note):
    with pytest.raises(NotAllowed):
        note_improvement(playbook=playbook, title="x", text="", actor=make_user("lin"), now=timezone.now())
    for role in ("seller", "executive", "coach"):
        with pytest.raises(NotAllowed):
            decide(note, make_user(f"a {role}", role=role))

    assert ImprovementNote.objects.get().is_open


def test_a_manager_who_edits_playbooks_decides_too(note, manager):
    decide(note, manager, taken=False, reason="试过，没有用")

    held = ImprovementNote.objects.get()
    assert (held.status, held.decided_by, held.reason) == ("REJECTED", manager, "试过，没有用")


@pytest.mark.parametrize(
    "given",
    [
        {"title": "  "},
        {"evidence": [Figure("x", "1")] * 21},
        {"evidence": [Figure("x", "1", "https://example.com/")]},
        {"evidence": [Figure("x", "1", "//example.com/")]},
    ],
)
def test_a_note_without_title_or_with_foreign_addresses_is_refused(given, playbook, manager):
    with pytest.raises(Invalid):
        note_improvement(playbook=playbook, **{"title": "x", "text": "", **given}, actor=manager, now=timezone.now())

    assert not ImprovementNote.objects.exists()
    assert not Entry.objects.exists()


def test_the_database_refuses_a_decision_without_anybody(note):
    with pytest.raises(IntegrityError), transaction.atomic():
        ImprovementNote.objects.update(status="TAKEN")


def test_the_page_of_the_playbook_lists_notes_and_the_dialog_decides(note, administrator):
    client = Client(headers={"accept-language": "en"})
    client.force_login(administrator)
    assert "早点问预算" in client.get("/playbooks/project-sales-8/1/").content.decode()
    assert client.post(f"/playbooks/notes/{note.ref}/decide/", {"version": 1, "reason": ""}).status_code == 422

    answer = client.post(f"/playbooks/notes/{note.ref}/decide/", {"version": 1, "reason": "", "taken": "1"})

    assert answer.status_code == 303
    assert ImprovementNote.objects.get().status == "TAKEN"


def test_a_note_is_written_on_the_page(playbook, manager):
    client = Client(headers={"accept-language": "en"})
    client.force_login(manager)

    answer = client.post("/playbooks/project-sales-8/1/notes/new/", {"title": "Ask for the budget", "text": ""})

    assert answer.status_code == 303
    assert ImprovementNote.objects.get().created_by == manager


def test_the_api_notes_lists_and_decides(playbook, manager, administrator, api):
    client = api(create_token(username="zhou", now=timezone.now()))
    evidence = [{"figure": "stuck", "value": "12", "url": "/pipeline/list/"}]

    made = client.post("/playbooks/project-sales-8/1/notes", {"title": "Ask earlier", "evidence": evidence}).json()
    seller = api(create_token(username=make_user("lin").username, now=timezone.now()))
    refused = seller.post(f"/improvement-notes/{made['ref']}/decide", {"version": 1, "taken": True})
    decider = api(create_token(username="admin", now=timezone.now()))
    decided = decider.post(f"/improvement-notes/{made['ref']}/decide", {"version": 1, "taken": False, "reason": "no"})

    assert refused.status_code == 403
    assert decided.json()["status"] == "REJECTED"
    assert [row["ref"] for row in client.get("/playbooks/project-sales-8/1/notes").json()] == [made["ref"]]
    assert decider.post("/improvement-notes/B-NONE/decide", {"version": 1, "taken": True}).status_code == 404
