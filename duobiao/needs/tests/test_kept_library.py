"""The library kept by the company: versions, undo, who may; the shipped files are only the start."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from duobiao.customers.actions.field_values import StaleVersion
from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed, NotFound
from duobiao.needs.actions.keep_library import LibraryFull, NothingToUndo, Written, keep_entry, undo_entry
from duobiao.needs.models import LibraryVersion
from duobiao.needs.queries.bank import bank_questions
from duobiao.needs.queries.kept_entries import entries, entry_of
from duobiao.needs.queries.library import library, shipped_tactics, tactics
from duobiao.needs.tests.factories import NOW, everything, make_user
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
OWN = Written("PRICE", "分期付款", how="按里程碑拆成三期")


def keep(actor, key="", written=OWN, version=0, sort="TACTIC"):
    return keep_entry(sort=sort, key=key, written=written, version=version, actor=actor, now=NOW)


def undo(actor, key, version, sort="TACTIC"):
    return undo_entry(sort=sort, key=key, version=version, actor=actor, now=NOW)


def test_an_own_tactic_is_offered_and_counted_like_the_shipped_ones(manager):
    made = keep(manager)

    assert tactics()[made.key].words == "分期付款"
    price = next(row for row in library(manager) if row.type == "PRICE")
    assert "分期付款" in [row.tactic.words for row in price.tactics]
    assert Entry.objects.filter(event="needs.library_kept").count() == 1


def test_a_shipped_tactic_is_changed_undone_and_changed_again_by_versions(manager):
    before = tactics()["site_visit"]
    keep(manager, "site_visit", Written("TECHNOLOGY", "看同行", how="带去看"))
    assert tactics()["site_visit"].doing == "带去看"

    undo(manager, "site_visit", 1)
    with translation.override("en"):
        assert tactics()["site_visit"].words == before.title["en"]
    assert entry_of("TACTIC", "site_visit").number == 2
    undo(manager, "site_visit", 2)

    assert tactics()["site_visit"].doing == "带去看"
    assert list(LibraryVersion.objects.order_by("number").values_list("number", "as_shipped")) == [
        (1, False), (2, True), (3, False),
    ]  # fmt: skip


def test_what_is_no_longer_offered_or_whose_addition_is_undone_is_gone_and_comes_back(manager):
    made = keep(manager)
    undo(manager, made.key, 1)
    assert made.key not in tactics()
    assert entry_of("TACTIC", made.key).removed
    undo(manager, made.key, 2)
    assert made.key in tactics()

    keep(manager, "site_visit", Written("TECHNOLOGY", "看同行", how="带去看", removed=True))
    assert "site_visit" not in tactics()
    assert "site_visit" in shipped_tactics()


def test_a_question_of_our_own_goes_to_customers_of_its_industry(manager):
    keep(manager, written=Written("P", "换型一次多久？", industry="注塑"), sort="SPIN")
    keep(manager, written=Written("S", "谁来排产？"), sort="SPIN")
    keep(manager, "gen_s1", Written("S", "现在怎么做？"), sort="SPIN")

    plastic, others = bank_questions("汽车注塑"), bank_questions("储能")

    assert plastic[0].words == "换型一次多久？"
    assert "换型一次多久？" not in [row.words for row in others]
    assert "谁来排产？" in [row.words for row in others]
    assert [row.words for row in others if row.key == "gen_s1"] == ["现在怎么做？"]
    assert [row.key for row in bank_questions("")].count("gen_s1") == 1


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"written": Written("PRICE", " ", how="x")}, Invalid),
        ({"written": Written("PRICE", "x")}, Invalid),
        ({"written": Written("S", "x", how="x")}, Invalid),
        ({"written": Written("PRICE", "x" * 301, how="x")}, Invalid),
        ({"written": Written("PRICE", "x", how="x" * 1001)}, Invalid),
        ({"sort": "JOKE"}, Invalid),
        ({"key": "nobody_knows"}, NotFound),
        ({"key": "site_visit", "version": 3}, StaleVersion),
    ],
)
def test_what_cannot_be_kept_changes_nothing(manager, given, refusal):
    before = everything()

    with pytest.raises(refusal):
        keep(manager, **given)

    assert everything() == before


def test_what_stands_as_shipped_has_nothing_to_undo_and_an_old_version_undoes_nothing(manager):
    with pytest.raises(NothingToUndo):
        undo(manager, "site_visit", 0)
    made = keep(manager)
    with pytest.raises(StaleVersion):
        undo(manager, made.key, 2)
    assert LibraryVersion.objects.count() == 1


def test_who_may_not_keep_the_library_changes_nothing(seller, stranger, client):
    before = everything()

    for actor in (seller, stranger):
        with pytest.raises(NotAllowed):
            keep(actor)
        with pytest.raises(NotAllowed):
            undo(actor, "site_visit", 0)
    client.force_login(seller)
    assert client.get(reverse("needs:kept_library")).status_code == 403
    assert "Keep questions and tactics" not in client.get(reverse("needs:library")).content.decode()
    assert everything() == before


def test_the_library_is_bounded_and_versions_are_unique(manager, monkeypatch):
    monkeypatch.setattr("duobiao.needs.actions.keep_library.MOST_ENTRIES", 1)
    made = keep(manager)
    with pytest.raises(LibraryFull):
        keep(manager)
    row = LibraryVersion.objects.get()
    row.pk, row.ref = None, "NV-TWICE"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    assert keep(manager, made.key, version=1).number == 2


def test_the_pages_keep_change_and_undo_without_javascript(client, manager):
    client.force_login(manager)
    at = reverse("needs:kept_library")
    new = reverse("needs:new_library_entry", args=["TACTIC"])
    assert client.post(new, {"slot": "PRICE", "text": "<b>分期</b>", "how": ""}).status_code == 422
    assert client.post(new, {"slot": "PRICE", "text": "<b>分期</b>", "how": "三期", "version": "0"}).status_code == 303
    row = LibraryVersion.objects.get()
    page = client.get(at).content.decode()
    assert "&lt;b&gt;分期&lt;/b&gt;" in page
    assert "<b>分期</b>" not in page

    edit = reverse("needs:keep_library_entry", args=["TACTIC", row.key])
    assert "三期" in client.get(edit).content.decode()
    given = {"slot": "PRICE", "text": "分期", "how": "四期", "version": "1"}
    assert client.post(edit, given).status_code == 303
    assert client.post(edit, {**given, "how": "五期"}).status_code == 409
    back = reverse("needs:undo_library_entry", args=["TACTIC", row.key])
    assert client.post(back, {"version": "2"}).status_code == 303
    assert client.post(back, {"version": "2"}).status_code == 409

    assert [row.how for row in LibraryVersion.objects.order_by("number")] == ["三期", "四期", "三期"]
    assert client.get(reverse("needs:new_library_entry", args=["JOKE"])).status_code == 404
    assert client.get(reverse("needs:keep_library_entry", args=["SPIN", "no"])).status_code == 404


def test_the_api_does_what_the_pages_do(manager, api):
    held = api(create_token(username=manager.username, now=timezone.now()))
    made = held.post("/library-entries/SPIN", {"slot": "P", "text": "多久停一次？", "industry": "注塑"})
    assert made.status_code == 201
    at = f"/library-entries/SPIN/{made.json()['key']}"
    changed = held.patch(at, {"slot": "P", "text": "多久停一次机？", "version": 1})
    assert (changed.status_code, changed.json()["version"], changed.json()["industry"]) == (200, 2, "")
    assert held.patch(at, {"slot": "P", "text": "x", "version": 1}).status_code == 409
    undone = held.post(f"{at}/undo", {"version": 2}).json()
    assert (undone["version"], undone["text"], undone["industry"]) == (3, "多久停一次？", "注塑")
    assert made.json()["key"] in [row["key"] for row in held.get("/library-entries").json()]
    assert held.post("/library-entries/SPIN", {"slot": "P", "text": "x", "extra": 1}).status_code == 422


def test_the_lists_cost_the_same_for_any_number_of_entries(client, manager, assert_flat_queries):
    administrator = make_user("admin2", role=Role.ADMINISTRATOR, language="en")
    client.force_login(administrator)
    keep(manager)

    def grow() -> None:
        for number in range(5):
            keep(manager, written=Written("PRICE", f"办法 {number}", how="做法"))

    assert_flat_queries(visit=lambda: client.get(reverse("needs:kept_library")), grow=grow)
    assert_flat_queries(visit=lambda: client.get(reverse("needs:library")), grow=grow)
    assert len(entries("TACTIC")) > 11
