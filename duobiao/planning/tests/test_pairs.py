"""Pairs of a SWOT become tasks; what shows an entry."""

from datetime import timedelta

import pytest

from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.models import CustomerProfile
from duobiao.documents.actions.attach_document import attach_document
from duobiao.documents.actions.store_upload import store_upload
from duobiao.duplicates.actions.undo_merge import undo_merge
from duobiao.duplicates.models import Merge
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.finish_task import finish_task
from duobiao.opportunities.actions.merge_deals import merge_deals
from duobiao.opportunities.tests.factories import NOW, TODAY, draft, make_customer, make_deal, make_unit, make_user
from duobiao.planning.actions.act_on_pair import Todo, act_on_pair
from duobiao.planning.actions.note_entry import Said, strike
from duobiao.planning.domain.sheets import About
from duobiao.planning.models import SheetAction, SheetEntry
from duobiao.planning.queries.definitions import definitions
from duobiao.planning.queries.sheets import briefs
from duobiao.planning.queries.subjects import Subject
from duobiao.planning.tests.factories import PEST, everything, noted, of_customer, said, shown, standings

pytestmark = pytest.mark.django_db


def swot(subject, seller):
    strength = noted(subject, "swot", "strengths", said("有同行案例", weight=5), seller)
    opening = noted(subject, "swot", "opportunities", said("二期立项", weight=4), seller)
    return strength, opening


def act(subject, deal, strength, opening, seller, **changes):
    todo = {"opportunity": deal, "title": "带队参观苏州样板", "owner": seller, "due_on": TODAY + timedelta(days=7)}
    return act_on_pair(
        subject=subject,
        definition=definitions()["swot"],
        pair=changes.pop("pair", "SO"),
        inner=strength,
        outer=opening,
        todo=Todo(**{**todo, **changes}),
        actor=seller,
        now=NOW,
    )


def test_a_pair_becomes_a_task_whose_state_shows_on_the_sheet(seller, customer):
    deal = make_deal(seller, customer)
    subject = of_customer(customer)
    strength, opening = swot(subject, seller)

    action = act(subject, deal, strength, opening, seller)

    task = action.task
    assert (task.title, task.owner, task.opportunity) == ("带队参观苏州样板", seller, deal)
    assert (task.source_kind, task.source_ref) == ("analysis_sheet", action.sheet.ref)
    pair = shown(subject, "swot", seller).pairs[0]
    assert [(row.task.is_open, row.inner, row.outer) for row in pair.actions] == [(True, "有同行案例", "二期立项")]
    finish_task(task=task, result="参观 8 人", actor=seller, now=NOW)
    assert [row.task.is_open for row in shown(subject, "swot", seller).pairs[0].actions] == [False]


def test_a_project_takes_over_what_stands_for_its_customer(seller, customer):
    deal = make_deal(seller, customer)
    strength, opening = swot(of_customer(customer), seller)
    subject = Subject(About.DEAL, deal)

    assert standings(shown(subject, "swot", seller)) == [("inherited", "有同行案例"), ("inherited", "二期立项")]
    act(subject, deal, strength, opening, seller)

    assert len(shown(subject, "swot", seller).pairs[0].actions) == 1
    assert len(shown(of_customer(customer), "swot", seller).pairs[0].actions) == 1
    assert [row.definition.key for row in briefs(subject, seller)] == ["swot"]


def test_a_pair_refuses_what_does_not_belong_together(seller, customer):
    deal, other = make_deal(seller, customer), make_deal(seller)
    subject = of_customer(customer)
    strength, opening = swot(subject, seller)
    stranger = make_user("stranger", unit=make_unit())
    before = everything()

    for changes, fields in (
        ({"pair": "XX"}, {"pair"}),
        ({"pair": "WO"}, {"inner"}),
        ({"opportunity": other}, {"opportunity"}),
        ({"owner": stranger}, {"owner"}),
        ({"title": ""}, {"title"}),
        ({"due_on": TODAY - timedelta(days=1)}, {"due_on"}),
    ):
        with pytest.raises(Invalid) as caught:
            act(subject, changes.pop("opportunity", deal), strength, opening, seller, **changes)
        assert set(caught.value.fields) == fields
    with pytest.raises(Invalid) as caught:
        act(subject, deal, opening, strength, seller)
    assert set(caught.value.fields) == {"inner", "outer"}
    assert everything() == before


def test_evidence_is_a_fact_or_a_proof_that_the_author_may_see(seller, customer, presales):
    CustomerProfile.objects.create(customer=customer, pressing_problem="换型慢")
    fact = noted(
        of_customer(customer),
        "pest",
        "political",
        Said("x", TODAY, PEST, "财报", Ref("fact", "pressing_problem")),
        seller,
    )
    deal = make_deal(seller, customer)
    proof = confirm_evidence(opportunity=deal, draft=draft("engagement.interest_shown"), actor=seller, now=NOW).proof
    subject = Subject(About.DEAL, deal)
    noted(subject, "swot", "strengths", Said("y", TODAY, {"weight": 3}, "", Ref("proof", proof.ref)), seller)

    line = shown(of_customer(customer), "pest", seller).lines[0]
    assert (line.entry, line.evidence.label, line.evidence.url) == (
        fact, "最迫切的问题", f"/customers/{customer.ref}/",
    )  # fmt: skip
    assert shown(subject, "swot", seller).lines[0].evidence.url == f"/proofs/{proof.ref}/"
    presales.unit = make_unit()
    presales.save()
    assert shown(subject, "swot", presales).lines[0].evidence.url == ""


def test_files_and_records_are_named_to_those_only_who_may_see_them(trade, presales, seller, assert_flat_queries):
    deal = make_deal(seller)
    file = store_upload(name="报价底价.pdf", chunks=[b"%PDF-1.7"], actor=seller, now=NOW)
    attach_document(document=file, subject=Ref.of(deal), actor=seller, now=NOW)
    stranger = make_user("stranger", unit=make_unit("华北"))

    def cite(*evidence):
        for ref in evidence:
            entry = noted(trade, "pest", "political", said(), presales)
            SheetEntry.objects.filter(pk=entry.pk).update(evidence_kind=ref.kind, evidence_ref=ref.ref)

    def cited(user):
        return [(line.evidence.label, line.evidence.url) for line in shown(trade, "pest", user).lines]

    def grow():
        for number in range(3):
            further = make_deal(seller)
            more = store_upload(name="x.pdf", chunks=[b"%PDF-1.7", str(number).encode()], actor=seller, now=NOW)
            attach_document(document=more, subject=Ref.of(further), actor=seller, now=NOW)
            cite(Ref.of(more), Ref.of(further))

    cite(Ref.of(file), Ref.of(deal))
    assert cited(seller) == [
        ("报价底价.pdf", f"/documents/{file.ref}/content/"), (deal.ref, f"/opportunities/{deal.ref}/"),
    ]  # fmt: skip
    assert cited(stranger) == [("一个你看不到的文件", ""), ("一条你看不到的记录", "")]
    assert_flat_queries(visit=lambda: cited(stranger), grow=grow)


def test_sheets_are_what_they_were_once_customers_are_parted_again(trade, presales, seller, manager, customer):
    other, sheet = make_customer(seller, industry="智能制造"), definitions()["pest"]
    base = noted(trade, "pest", "political", said(), presales)
    for held, reason in ((customer, "一"), (other, "二")):
        strike(subject=of_customer(held), definition=sheet, base=base, reason=reason, actor=seller, now=NOW)
        strength = noted(of_customer(held), "swot", "strengths", said(f"案例{reason}", weight=3), seller)
        opening = noted(of_customer(held), "swot", "opportunities", said("扩产", weight=3), seller)
        act(of_customer(held), make_deal(seller, held), strength, opening, seller)
    names = ("pk", "sheet_id", "removed_at", "removed_by_id")
    before = [set(model.objects.values_list(*row)) for model, row in ((SheetEntry, names), (SheetAction, names[:2]))]

    merge_customers(keeper=customer, other=other, actor=manager, now=NOW)
    merged = SheetAction.objects.filter(sheet__customer=customer).count()
    undone = undo_merge(merge=Merge.objects.get(), actor=manager, now=NOW)

    assert (merged, undone.kept) == (2, 0)
    assert [
        set(model.objects.values_list(*row)) for model, row in ((SheetEntry, names), (SheetAction, names[:2]))
    ] == before
    assert standings(shown(of_customer(other), "swot", seller)) == [("own", "案例二"), ("own", "扩产")]
    assert standings(shown(of_customer(other), "pest", seller)) == [("struck", "补贴退坡")]


def test_entries_of_two_deals_come_together_and_part_again(seller, customer, manager):
    kept, other = (make_deal(seller, customer, name=name) for name in ("一期", "一期项目"))
    for deal, words in ((kept, "老客户"), (other, "有同类案例")):
        noted(Subject(About.DEAL, deal), "swot", "strengths", Said(words, TODAY, {"weight": 3}), seller)

    merge_deals(keeper=kept, other=other, actor=manager, now=NOW)

    assert {line.entry.text for line in shown(Subject(About.DEAL, kept), "swot", seller).lines} == {
        "老客户",
        "有同类案例",
    }
    undone = undo_merge(merge=Merge.objects.get(), actor=manager, now=NOW)
    assert undone.kept == 0
    assert [line.entry.text for line in shown(Subject(About.DEAL, other), "swot", seller).lines] == ["有同类案例"]
