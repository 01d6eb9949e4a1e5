"""Drafts: who edits and publishes, what is refused, and what never changes."""

import pytest
from django.db import IntegrityError, transaction

from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.tests.factories import NOW, make_user
from duobiao.playbooks.actions.end_draft import DraftNotReady, NothingChanged, discard_draft, publish_draft
from duobiao.playbooks.actions.open_draft import DraftOpen, clone_playbook, import_playbook
from duobiao.playbooks.actions.retire_version import offer_version, retire_version
from duobiao.playbooks.actions.save_draft import (
    ControlPointFixed,
    DocumentRefused,
    DraftEnded,
    change_draft,
    save_draft,
)
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.actions.tick_tool import tick_tool
from duobiao.playbooks.domain import editing
from duobiao.playbooks.models import PlaybookDraft, PlaybookVersion
from duobiao.playbooks.queries import get_version, offered_version, shipped_by_ref
from duobiao.playbooks.queries.export import yaml_of
from duobiao.playbooks.tests.factories import changed, draft_from, publish, with_other_rates
from duobiao.playbooks.tests.test_validation import SMALL
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


def test_a_clone_is_changed_and_becomes_the_version_new_deals_are_opened_by(draft, administrator):
    held = changed(draft, administrator, NOW, with_other_rates)
    version = publish(held, administrator, NOW)

    assert (version.key, version.version, version.shipped, version.created_by) == (EIGHT, 2, False, administrator)
    assert version.document["version"] == 2
    assert version.document["rates"] == [0, 6, 11, 26, 31, 51, 76, 91, 100]
    assert get_version(EIGHT, 1).document == shipped_by_ref()["project-sales-8/1"]
    assert offered_version(EIGHT) == version
    assert Entry.objects.get(event="playbooks.draft_changed").detail.data["changes"] == [
        f"CHANGED RATE {stage} rate" for stage in range(1, 8)
    ]
    assert events() == ["draft_opened", "draft_changed", "playbook_published"]
    assert PlaybookDraft.objects.get().published == version


def test_a_clone_under_another_key_is_a_playbook_of_its_own(administrator):
    draft = draft_from(actor=administrator, now=NOW, new_key="our-way")
    version = publish(draft, administrator, NOW)

    assert (version.ref, version.base.ref) == ("our-way/1", "project-sales-8/1")


@pytest.mark.parametrize("key", ["", "Our Way", "our way", "-x", "x" * 61, "drafts", "../x", "key-account-6", "我们"])
def test_a_key_that_cannot_be_used_opens_nothing(key, administrator):
    with pytest.raises(Invalid) as refused:
        clone_playbook(playbook=get_version(EIGHT), key=key, actor=administrator, now=NOW)

    assert "key" in refused.value.fields
    assert not PlaybookDraft.objects.exists()
    assert events() == []


def test_one_draft_of_a_playbook_is_open_at_a_time(draft, administrator):
    with pytest.raises(DraftOpen) as refused:
        draft_from(actor=administrator, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaybookDraft.objects.create(
            key=EIGHT, document={}, created_at=NOW, created_by=administrator, changed_at=NOW, changed_by=administrator
        )

    assert refused.value.details == {"draft": draft.ref}
    assert PlaybookDraft.objects.count() == 1


def test_of_two_administrators_the_second_is_told_who_was_first(draft, administrator):
    other = make_user("xu", role="administrator")
    change_draft(draft=draft, version=1, change=with_other_rates, actor=other, now=NOW)

    with pytest.raises(StaleVersion) as refused:
        change_draft(
            draft=draft, version=1, change=lambda doc: editing.without_stage(doc, 2), actor=administrator, now=NOW
        )

    assert "xu" in str(refused.value.message)
    assert refused.value.details == {"current": {"version": 2, "changed_by": other.ref}}
    assert len(PlaybookDraft.objects.get().document["stages"]) == 8
    assert events() == ["draft_opened", "draft_changed"]


def test_saving_the_same_again_changes_nothing(draft, administrator):
    held = save_draft(draft=draft, version=1, document=draft.document, actor=administrator, now=NOW)

    assert held.version == 1
    assert events() == ["draft_opened"]


def test_an_incomplete_draft_is_kept_but_not_published(draft, administrator):
    held = changed(draft, administrator, NOW, lambda doc: editing.with_stage(doc, 4, {"milestone": []}))

    with pytest.raises(DraftNotReady) as refused:
        publish(held, administrator, NOW)

    problems = refused.value.details["problems"]
    assert [row["path"] for row in problems] == ["stages[3].milestone"]
    lines = yaml_of(held.document).decode().splitlines()
    assert "milestone" in lines[problems[0]["line"] - 1]
    assert PlaybookVersion.objects.filter(key=EIGHT).count() == 1
    assert PlaybookDraft.objects.get().is_open
    assert "playbook_published" not in events()


@pytest.mark.parametrize(
    "document",
    [
        {"stages": "x"},
        {"stages": [{"milestone": [5]}]},
        {"surprise": 1},
        {"rates": [0, 1.5]},
        {"title": {"en": "x\u0000y"}},
        {"title": {"en": "\ud800"}},
        {"title": {"fr": "x"}},
        {"process": 5},
        {"rates_origin": [{}]},
        {"stages": [{}] * 9},
    ],
)
def test_a_document_that_could_not_be_shown_is_refused_with_its_places(document, draft, administrator):
    with pytest.raises(DocumentRefused) as refused:
        save_draft(draft=draft, version=1, document={**draft.document, **document}, actor=administrator, now=NOW)

    assert refused.value.details["problems"]
    assert PlaybookDraft.objects.get().version == 1
    assert events() == ["draft_opened"]


def test_a_draft_of_another_playbook_is_not_put_here(draft, administrator):
    document = shipped_by_ref()["key-account-6/1"]

    with pytest.raises(Invalid) as refused:
        save_draft(draft=draft, version=1, document=document, actor=administrator, now=NOW)

    assert "document" in refused.value.fields


def test_what_does_not_differ_is_not_published(draft, administrator):
    with pytest.raises(NothingChanged):
        publish(draft, administrator, NOW)

    assert PlaybookVersion.objects.filter(key=EIGHT).count() == 1


def test_a_published_or_discarded_draft_is_over(draft, administrator):
    discard_draft(draft=draft, version=1, actor=administrator, now=NOW)
    for act in (changed, lambda *given: publish(*given[:3])):
        with pytest.raises(DraftEnded):
            act(draft, administrator, NOW, with_other_rates)

    assert draft_from(actor=administrator, now=NOW).is_open
    assert events() == ["draft_opened", "draft_discarded", "draft_opened"]


POINT = {
    "key": "ATI",
    "title": {"zh-Hans": "立项评审", "en": "Review"},
    "kind": "ATI",
    "item": "2.S1",
    "origin": "seed",
}


@pytest.mark.parametrize(
    "change",
    [
        lambda doc: editing.without_row(doc, 2, "control_points", 0),
        lambda doc: editing.without_stage(doc, 2),
        lambda doc: editing.with_row(doc, 2, "control_points", 0, {**POINT, "fixed": False}),
        lambda doc: editing.with_row(doc, 2, "control_points", 0, {**POINT, "kind": "ATB"}),
        lambda doc: editing.with_row(doc, 2, "control_points", 0, {**POINT, "item": "2.S2"}),
        lambda doc: editing.with_row(doc, 2, "control_points", 0, {**POINT, "key": "other"}),
    ],
)
def test_a_fixed_control_point_is_not_removed_or_loosened(change, administrator):
    draft = draft_from(SIX, actor=administrator, now=NOW)

    with pytest.raises(ControlPointFixed):
        changed(draft, administrator, NOW, change)

    assert PlaybookDraft.objects.get().version == 1
    assert events() == ["draft_opened"]


def test_the_approver_of_a_fixed_control_point_rises_but_never_falls(administrator):
    def approver(who: str):
        return lambda doc: editing.with_row(doc, 2, "control_points", 0, {**POINT, "approver": who})

    draft = draft_from(SIX, actor=administrator, now=NOW)
    publish(changed(draft, administrator, NOW, approver("EXECUTIVE")), administrator, NOW)
    again = draft_from(SIX, actor=administrator, now=NOW)

    with pytest.raises(ControlPointFixed):
        changed(again, administrator, NOW, approver("MANAGER"))
    moved = changed(
        again, administrator, NOW,
        lambda doc: editing.with_row(
            editing.with_stage(doc, 2, {"control_points": None}), 3, "control_points", None,
            {**POINT, "approver": "EXECUTIVE"},
        ),
    )  # fmt: skip

    assert moved.document["stages"][2]["control_points"][0]["key"] == "ATI"
    assert publish(moved, administrator, NOW).version == 3


def test_an_older_version_or_an_import_is_no_way_round_a_control_point(administrator):
    draft = draft_from(EIGHT, actor=administrator, now=NOW)
    point = {**POINT, "item": "3.P7", "approver": "EXECUTIVE"}
    publish(
        changed(draft, administrator, NOW, lambda doc: editing.with_row(doc, 3, "control_points", None, point)),
        administrator, NOW,
    )  # fmt: skip

    with pytest.raises(ControlPointFixed):
        clone_playbook(playbook=get_version(EIGHT, 1), key=EIGHT, actor=administrator, now=NOW)
    with pytest.raises(ControlPointFixed):
        import_playbook(source=yaml_of(get_version(EIGHT, 1).document), actor=administrator, now=NOW)

    assert PlaybookDraft.objects.filter(ended_at=None).count() == 0


def test_an_imported_document_may_be_incomplete_and_is_numbered_here(administrator):
    draft = import_playbook(source=SMALL.replace("version: 1", "version: 7").encode(), actor=administrator, now=NOW)

    assert (draft.key, draft.base, draft.document["version"]) == ("small", None, 1)
    assert publish(draft, administrator, NOW).ref == "small/1"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"playbook: [", 2),
        (SMALL.replace("rates: [0, 40, 100]", "rates: [0, {}, 100]").encode(), 6),
        (SMALL.replace("version: 1", "version: 1\nversion: 2").encode(), 3),
        (SMALL.replace("en: Small process", "fr: Petit").encode(), 3),
        (SMALL.replace("process_gates: MARKED", "process_gates: 2026-01-01").encode(), 4),
        (b"x" * (2**20 + 1), 1),
        (b"\xff\xfe", 1),
        (b"", 1),
        (b"- 1", 1),
        (SMALL.encode() + b"surprise: *x\n", 30),
    ],
)
def test_an_import_that_is_no_playbook_is_refused_by_line(source, line, administrator):
    with pytest.raises(DocumentRefused) as refused:
        import_playbook(source=source, actor=administrator, now=NOW)

    assert line in {row["line"] for row in refused.value.details["problems"]}
    assert not PlaybookDraft.objects.exists()
    assert events() == []


def test_ten_thousand_items_are_refused(administrator):
    item = '      - {item: "1.X%d", title: {zh-Hans: 甲, en: A}, evidence: engagement.visit_held, min_grade: DOCUMENTED, origin: inferred}\n'
    many = "".join(item % n for n in range(10_000))
    source = SMALL.replace("    success:\n", "    information:\n" + many + "    success:\n", 1).encode()

    with pytest.raises(DocumentRefused):
        import_playbook(source=source, actor=administrator, now=NOW)

    assert not PlaybookDraft.objects.exists()


def test_who_may_not_edit_or_publish_changes_nothing(draft):
    bid = make_user("fang", role="bid")
    manager = make_user("zhou", role="manager")
    version = get_version(EIGHT)
    for act in (
        lambda: draft_from(SIX, actor=bid, now=NOW),
        lambda: import_playbook(source=SMALL.encode(), actor=bid, now=NOW),
        lambda: changed(draft, bid, NOW, with_other_rates),
        lambda: publish_draft(draft=draft, version=1, actor=bid, now=NOW),
        lambda: discard_draft(draft=draft, version=1, actor=bid, now=NOW),
        lambda: retire_version(playbook=version, actor=manager, now=NOW),
        lambda: offer_version(playbook=version, actor=manager, now=NOW),
        lambda: tick_tool(playbook=version, tool="1.T1", used=True, actor=bid, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert events() == ["draft_opened"]
    assert PlaybookDraft.objects.get().version == 1
