"""Sheets: who writes them, what is taken over, what differs, actions that become tasks, evidence."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.identity.models import Role
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.tests.factories import NOW, TODAY, make_customer, make_deal, make_unit, make_user
from duobiao.planning.actions.note_entry import (
    DiffersAlready,
    Said,
    SectionTaken,
    change_entry,
    differ,
    note_entry,
    remove_entry,
    strike,
)
from duobiao.planning.actions.sheets import open_industry
from duobiao.planning.domain.sheets import About
from duobiao.planning.models import Industry, Sheet, SheetEntry
from duobiao.planning.queries.definitions import definitions, find_definition
from duobiao.planning.queries.sheets import briefs
from duobiao.planning.queries.subjects import Subject, find_subject, may_write
from duobiao.planning.tests.factories import PEST, everything, industry, noted, of_customer, said, shown, standings
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


def test_an_industry_is_kept_once_and_only_by_those_who_write_it(presales, seller, trade):
    assert open_industry(name=" 智能制造 ", actor=presales, now=NOW) == trade.record
    before = everything()
    with pytest.raises(NotAllowed):
        open_industry(name="数据中心", actor=seller, now=NOW)
    with pytest.raises(Invalid):
        open_industry(name=" ", actor=presales, now=NOW)
    with pytest.raises(NotAllowed):
        noted(trade, "pest", "political", said(), seller)
    assert everything() == before
    assert not may_write(trade, seller)
    assert may_write(trade, presales)


def test_what_stands_for_the_industry_stands_for_its_customers(trade, presales, seller, customer):
    noted(trade, "pest", "political", said("补贴退坡"), presales)
    other = make_customer(seller, industry="智能制造")
    stranger = make_customer(seller, industry="轨道交通")

    found = shown(of_customer(customer), "pest", seller)

    assert standings(found) == [("inherited", "补贴退坡")]
    assert (found.result.value, found.parent.label) == (12, "智能制造")
    assert standings(shown(of_customer(other), "pest", seller)) == [("inherited", "补贴退坡")]
    assert standings(shown(of_customer(stranger), "pest", seller)) == []
    assert not Sheet.objects.filter(customer=customer).exists()


def test_a_customer_notes_only_what_differs(trade, presales, seller, customer):
    first = noted(trade, "pest", "political", said("补贴退坡"), presales)
    second = noted(trade, "pest", "economic", said("出口转弱"), presales)
    subject, sheet = of_customer(customer), definitions()["pest"]

    differ(
        subject=subject, definition=sheet, base=first, said=said("省里另有技改补贴", direction="opportunity", impact=5, likelihood=5),
        actor=seller, now=NOW,
    )  # fmt: skip
    strike(subject=subject, definition=sheet, base=second, reason="只做内销", actor=seller, now=NOW)
    noted(subject, "pest", "technological", said("自建工业云"), seller)

    found = shown(subject, "pest", seller)
    assert standings(found) == [("changed", "省里另有技改补贴"), ("struck", "出口转弱"), ("own", "自建工业云")]
    assert (found.result.value, found.above.value) == (37, 24)
    assert standings(shown(trade, "pest", presales)) == [("own", "补贴退坡"), ("own", "出口转弱")]
    brief = next(row for row in briefs(subject, seller) if row.definition.key == "pest")
    assert (brief.own, brief.taken_over, brief.result.value) == (2, 0, 37)
    with pytest.raises(DiffersAlready):
        strike(subject=subject, definition=sheet, base=first, reason="x", actor=seller, now=NOW)
    first.text = "补贴取消"
    first.save()
    assert shown(subject, "pest", seller).sections[0].lines[0].before == "补贴取消"


def test_what_is_struck_is_dated_with_the_day_of_who_strikes_it(trade, presales, seller, customer):
    base = noted(trade, "pest", "political", said(), presales)
    early = datetime(2026, 9, 15, 20, 0, tzinfo=UTC)  # 04:00 on the 16th in Shanghai

    own = strike(
        subject=of_customer(customer), definition=definitions()["pest"], base=base, reason="x", actor=seller, now=early
    )

    assert own.noted_on == date(2026, 9, 16)


def test_what_differs_taken_off_lets_the_industry_hold_again(trade, presales, seller, customer):
    base = noted(trade, "pest", "political", said("补贴退坡"), presales)
    subject, sheet = of_customer(customer), definitions()["pest"]
    own = strike(subject=subject, definition=sheet, base=base, reason="不适用", actor=seller, now=NOW)

    remove_entry(entry=own, actor=seller, now=NOW)

    assert standings(shown(subject, "pest", seller)) == [("inherited", "补贴退坡")]
    with pytest.raises(NotFound):
        remove_entry(entry=own, actor=seller, now=NOW)
    again = strike(subject=subject, definition=sheet, base=base, reason="还是不适用", actor=seller, now=NOW)
    assert again.pk != own.pk
    remove_entry(entry=base, actor=presales, now=NOW)
    assert standings(shown(subject, "pest", seller)) == []


def test_only_what_stands_above_can_be_differed_from(presales, seller, customer, trade):
    elsewhere = noted(industry("轨道交通", presales), "pest", "political", said("新线放缓"), presales)
    own = noted(of_customer(customer), "pest", "political", said(), seller)
    before = everything()
    for base in (elsewhere, own):
        with pytest.raises(NotFound):
            strike(
                subject=of_customer(customer),
                definition=definitions()["pest"],
                base=base,
                reason="x",
                actor=seller,
                now=NOW,
            )
        with pytest.raises(NotFound):
            differ(
                subject=of_customer(customer),
                definition=definitions()["pest"],
                base=base,
                said=said(),
                actor=seller,
                now=NOW,
            )
    assert everything() == before


@pytest.mark.parametrize(
    ("section", "words", "fields"),
    [
        ("nowhere", said(), {"section"}),
        ("political", said(""), {"text"}),
        ("political", said("x" * 501), {"text"}),
        ("political", Said("a\x00b", TODAY, PEST), {"text"}),
        ("political", said("x", on=TODAY + timedelta(days=1)), {"noted_on"}),
        ("political", said("x", direction="up", impact=3, likelihood=3), {"direction"}),
        ("political", said("x", direction="threat", impact=6, likelihood=0), {"impact", "likelihood"}),
        ("political", said("x", direction="threat", impact=True, likelihood="3"), {"impact", "likelihood"}),
        ("political", said("x", direction="threat", impact=3), {"likelihood"}),
        ("political", said("x", colour="red", **PEST), {"colour"}),
        ("political", said("x", effect=5, **PEST), {"effect"}),
        ("political", Said("x", TODAY, PEST, "s" * 301), {"source"}),
        ("political", Said("x", TODAY, PEST, "", Ref("document", "D-NONE")), {"evidence"}),
        ("political", Said("x", TODAY, PEST, "", Ref("fact", "profitability")), {"evidence"}),
        ("political", Said("x", TODAY, PEST, "", Ref("fact", "no_such")), {"evidence"}),
        ("political", Said("x", TODAY, PEST, "", Ref("proof", "V-NONE")), {"evidence"}),
        ("political", Said("x", TODAY, PEST, "", Ref("nothing", "N-1")), {"evidence"}),
    ],
)
def test_what_does_not_fit_is_refused_by_name_and_nothing_changes(seller, customer, section, words, fields):
    before = everything()

    with pytest.raises(Invalid) as caught:
        noted(of_customer(customer), "pest", section, words, seller)

    assert set(caught.value.fields) == fields
    assert everything() == before


def test_a_force_has_one_entry_its_own_or_the_industrys(trade, presales, seller, customer):
    force = said("六家打价格战", strength=4)
    base = noted(trade, "five_forces", "rivalry", force, presales)
    before = everything()
    with pytest.raises(SectionTaken):
        noted(trade, "five_forces", "rivalry", force, presales)
    with pytest.raises(SectionTaken):
        noted(of_customer(customer), "five_forces", "rivalry", force, seller)
    assert everything() == before

    sheet, subject = definitions()["five_forces"], of_customer(customer)
    strike(subject=subject, definition=sheet, base=base, reason="细分市场只有两家", actor=seller, now=NOW)
    noted(subject, "five_forces", "rivalry", said("双寡头", strength=2), seller)
    assert shown(subject, "five_forces", seller).sections[0].mean == 2
    assert shown(subject, "five_forces", seller).sections[0].above_mean == 4


def test_a_change_names_the_version_it_was_made_from(seller, customer):
    entry = noted(of_customer(customer), "pest", "political", said(), seller)
    held = change_entry(entry=entry, version=1, said=said("补贴取消"), actor=seller, now=NOW)
    before = everything()

    with pytest.raises(StaleVersion):
        change_entry(entry=entry, version=1, said=said("补贴延长"), actor=seller, now=NOW)

    assert everything() == before
    assert (held.text, held.version) == ("补贴取消", 2)
    last = Entry.objects.filter(event="planning.entry_changed").get()
    assert last.detail.data["before"]["text"] == "补贴退坡"
    assert last.chain == customer.ref


def test_a_struck_entry_is_not_changed(trade, presales, seller, customer):
    base = noted(trade, "pest", "political", said(), presales)
    own = strike(
        subject=of_customer(customer), definition=definitions()["pest"], base=base, reason="x", actor=seller, now=NOW
    )

    with pytest.raises(Conflict):
        change_entry(entry=own, version=1, said=said(), actor=seller, now=NOW)


def test_strangers_neither_see_nor_write(customer, seller):
    stranger = make_user("stranger", unit=make_unit())
    colleague = make_user("gate", role=Role.LEGAL, unit=seller.unit)
    entry = noted(of_customer(customer), "pest", "political", said(), seller)
    before = everything()

    with pytest.raises(NotFound):
        find_subject("customer", customer.ref, stranger)
    with pytest.raises(NotAllowed):
        note_entry(
            subject=of_customer(customer),
            definition=definitions()["pest"],
            section="political",
            said=said(),
            actor=colleague,
            now=NOW,
        )
    with pytest.raises(NotFound):
        remove_entry(entry=entry, actor=stranger, now=NOW)
    with pytest.raises(NotFound):
        find_subject("town", customer.ref, seller)
    with pytest.raises(NotFound):
        find_definition("swot", About.INDUSTRY)
    assert everything() == before


def test_a_closed_project_takes_no_analysis(seller, customer):
    deal = make_deal(seller, customer)
    deal.outcome, deal.closed_on = "LOST", TODAY
    deal.save()
    subject = Subject(About.DEAL, deal)

    with pytest.raises(DealClosed):
        noted(subject, "swot", "strengths", said("x", weight=3), seller)
    assert not may_write(subject, seller)


def test_the_database_refuses_what_code_forgot(seller, customer, trade):
    sheet = Sheet.objects.create(
        definition="pest", customer=customer, created_at=NOW, created_by=seller, touched_at=NOW
    )
    base = {
        "sheet": sheet,
        "section": "political",
        "text": "x",
        "noted_on": TODAY,
        "author": seller,
        "created_at": NOW,
        "changed_at": NOW,
    }
    wrong = (
        lambda: Sheet.objects.create(
            definition="x", customer=customer, industry=trade.record, created_at=NOW, created_by=seller, touched_at=NOW
        ),
        lambda: Sheet.objects.create(definition="x", created_at=NOW, created_by=seller, touched_at=NOW),
        lambda: Sheet.objects.create(
            definition="pest", customer=customer, created_at=NOW, created_by=seller, touched_at=NOW
        ),
        lambda: SheetEntry.objects.create(**{**base, "text": ""}),
        lambda: SheetEntry.objects.create(**base, struck=True),
        lambda: SheetEntry.objects.create(**base, evidence_kind="proof"),
        lambda: SheetEntry.objects.create(**base, removed_at=NOW),
        lambda: Industry.objects.create(name="", created_at=NOW, created_by=seller),
        lambda: Industry.objects.create(name="智能制造", created_at=NOW, created_by=seller),
    )
    for make in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_sheets_follow_customers_that_are_merged(trade, presales, seller, customer, unit):
    manager = make_user("zhou", role=Role.MANAGER, unit=unit)
    other = make_customer(seller, industry="智能制造")
    base = noted(trade, "pest", "political", said(), presales)
    sheet = definitions()["pest"]
    for held, reason in ((customer, "一"), (other, "二")):
        strike(subject=of_customer(held), definition=sheet, base=base, reason=reason, actor=seller, now=NOW)
    noted(of_customer(other), "pest", "social", said("招工难"), seller)
    noted(of_customer(other), "swot", "strengths", said("案例", weight=3), seller)

    merge_customers(keeper=customer, other=other, actor=manager, now=NOW)

    found = shown(of_customer(customer), "pest", seller)
    assert standings(found) == [("struck", "补贴退坡"), ("own", "招工难")]
    assert found.sections[0].lines[0].reason == "一"
    assert standings(shown(of_customer(customer), "swot", seller)) == [("own", "案例")]


def test_a_sheet_costs_the_same_for_any_number_of_lines(trade, presales, seller, customer, assert_flat_queries):
    subject, sheet = of_customer(customer), definitions()["pest"]

    def grow() -> None:
        for n in range(4):
            base = noted(trade, "pest", "political", said(f"因素{n}"), presales)
            strike(subject=subject, definition=sheet, base=base, reason="x", actor=seller, now=NOW)
            noted(subject, "pest", "social", said(f"自己{n}"), seller)

    grow()
    assert_flat_queries(visit=lambda: shown(subject, "pest", seller), grow=grow)
    assert_flat_queries(visit=lambda: briefs(subject, seller), grow=grow)
