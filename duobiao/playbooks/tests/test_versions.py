"""Versions of a company: retired and offered again, never changed; tools in use; improvements that are done."""

import pytest
from django.db import IntegrityError, transaction

from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.tests.factories import NOW, make_user
from duobiao.playbooks.actions import ship_playbooks as shipping
from duobiao.playbooks.actions.attach_note import NoteNotForThisDraft, attach_note
from duobiao.playbooks.actions.decide_improvement import decide_improvement
from duobiao.playbooks.actions.end_draft import discard_draft
from duobiao.playbooks.actions.note_improvement import note_improvement
from duobiao.playbooks.actions.retire_version import AlreadySo, StandardPlaybookNeeded, offer_version, retire_version
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.actions.tick_tool import tick_tool
from duobiao.playbooks.models import ImprovementNote, PlaybookVersion, ToolTick
from duobiao.playbooks.queries import get_version, offered_version, shipped_by_ref, ticked_tools
from duobiao.playbooks.tests.factories import changed, draft_from, next_version, publish, with_other_rates
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db

EIGHT, SIX = "project-sales-8", "key-account-6"


@pytest.fixture(autouse=True)
def shipped():
    return ship_playbooks(now=NOW)


@pytest.fixture
def administrator():
    return make_user("admin", role="administrator")


@pytest.fixture
def draft(administrator):
    return draft_from(actor=administrator, now=NOW)


def events() -> list[str]:
    return [event.removeprefix("playbooks.") for event in Entry.objects.order_by("pk").values_list("event", flat=True)]


def test_a_version_is_retired_and_offered_again(administrator):
    version = next_version(actor=administrator, now=NOW)

    retire_version(playbook=version, actor=administrator, now=NOW)
    assert offered_version(EIGHT).version == 1
    with pytest.raises(AlreadySo):
        retire_version(playbook=version, actor=administrator, now=NOW)
    with pytest.raises(StandardPlaybookNeeded):
        retire_version(playbook=get_version(EIGHT, 1), actor=administrator, now=NOW)
    offer_version(playbook=version, actor=administrator, now=NOW)
    with pytest.raises(AlreadySo):
        offer_version(playbook=version, actor=administrator, now=NOW)

    assert offered_version(EIGHT) == version
    assert events()[-2:] == ["playbook_retired", "playbook_offered"]


def test_a_whole_playbook_can_be_retired_but_for_the_standard_one(administrator):
    retire_version(playbook=get_version(SIX), actor=administrator, now=NOW)

    assert offered_version(SIX) is None
    assert get_version(SIX).version == 1


def test_a_version_never_changes_and_is_never_deleted(administrator):
    version = next_version(actor=administrator, now=NOW)
    version.document = {}

    for act in (version.save, lambda: version.save(update_fields=["document"]), version.delete):
        with pytest.raises(TypeError):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaybookVersion.objects.create(key="x", version=1, document={}, digest="", created_at=NOW)

    assert get_version(EIGHT).document["rates"][1] == 6


def test_a_new_shipped_version_takes_the_next_number_and_waits_where_a_company_has_its_own(administrator, monkeypatch):
    next_version(actor=administrator, now=NOW)
    newer = {**shipped_by_ref()["project-sales-8/1"], "version": 2, "process_gates": "ALL"}
    documents = {(EIGHT, 1): shipped_by_ref()["project-sales-8/1"], (EIGHT, 2): newer}
    monkeypatch.setattr(shipping, "shipped_documents", lambda: documents)

    first, again = ship_playbooks(now=NOW), ship_playbooks(now=NOW)

    assert [row.ref for row in first] == [row.ref for row in again] == ["project-sales-8/1", "project-sales-8/3"]
    assert first[1].is_retired
    assert first[1].document["version"] == 3
    assert offered_version(EIGHT).version == 2


def test_tools_in_use_hold_for_all_versions_and_are_noted_once(administrator):
    version = get_version(EIGHT)
    for _again in range(2):
        tick_tool(playbook=version, tool="1.T1", used=True, actor=administrator, now=NOW)
    newer = next_version(actor=administrator, now=NOW)

    assert list(ticked_tools(newer.key)) == ["1.T1"]
    tick_tool(playbook=newer, tool="1.T1", used=False, actor=administrator, now=NOW)
    with pytest.raises(NotFound):
        tick_tool(playbook=version, tool="9.T9", used=True, actor=administrator, now=NOW)

    assert not ToolTick.objects.exists()
    assert events().count("tool_ticked") == 2


@pytest.fixture
def accepted(administrator):
    note = note_improvement(playbook=get_version(EIGHT), title="早点问预算", text="", actor=administrator, now=NOW)
    return decide_improvement(note=note, version=1, taken=True, reason="", actor=administrator, now=NOW)


def test_an_accepted_improvement_is_done_in_the_version_that_took_it_up(draft, accepted, administrator):
    attach_note(draft=draft, note=accepted, attached=True, actor=administrator, now=NOW)
    version = publish(changed(draft, administrator, NOW, with_other_rates), administrator, NOW)

    held = ImprovementNote.objects.get()
    assert (held.done_in, held.draft) == (version, None)
    assert list(version.improvements.all()) == [held]
    again = draft_from(actor=administrator, now=NOW)
    with pytest.raises(NoteNotForThisDraft):
        attach_note(draft=again, note=held, attached=True, actor=administrator, now=NOW)


def test_a_discarded_draft_lets_its_improvements_go(draft, accepted, administrator):
    attach_note(draft=draft, note=accepted, attached=True, actor=administrator, now=NOW)
    discard_draft(draft=draft, version=1, actor=administrator, now=NOW)

    assert ImprovementNote.objects.get().draft is None
    again = draft_from(actor=administrator, now=NOW)
    attach_note(draft=again, note=accepted, attached=True, actor=administrator, now=NOW)
    attach_note(draft=again, note=accepted, attached=False, actor=administrator, now=NOW)
    assert ImprovementNote.objects.get().draft is None


def test_open_and_foreign_improvements_are_not_taken_up(draft, accepted, administrator):
    open_note = note_improvement(playbook=get_version(EIGHT), title="x", text="", actor=administrator, now=NOW)
    foreign = draft_from(SIX, actor=administrator, now=NOW)

    for held, note in ((draft, open_note), (foreign, accepted)):
        with pytest.raises(NoteNotForThisDraft):
            attach_note(draft=held, note=note, attached=True, actor=administrator, now=NOW)

    assert not ImprovementNote.objects.exclude(draft=None).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        ImprovementNote.objects.filter(pk=open_note.pk).update(draft=draft)
