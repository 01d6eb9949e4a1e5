"""An erasure goes no further than the person: namesakes, a shared telephone and the company itself keep theirs."""

from datetime import timedelta

import pytest

from duobiao.customers.actions.erase_contact import erase_contact
from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.held import held_about
from duobiao.customers.queries.personal_data import person_of
from duobiao.customers.tests.factories import contact, customer
from duobiao.duplicates.models import MergeMemory, SignKey
from duobiao.engagement.models import Call, CallList, ListSource, WeeklyReport
from duobiao.engagement.tests.factories import NOW, TODAY, log, make_user
from duobiao.identity.models import Role
from duobiao.kernel.refs import Ref
from duobiao.knowledge.models import ReferenceCase
from duobiao.knowledge.tests.factories import make_case
from duobiao.planning.models import Industry, Sheet, SheetEntry
from duobiao.prospecting.actions.capture_lead import capture_lead
from duobiao.prospecting.actions.edit_lead import edit_lead
from duobiao.prospecting.models import Lead
from duobiao.search.models import SearchDocument
from duobiao.search.queries import find
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.models import Comment, EntryDetail, Notification

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)
MOBILE, SWITCHBOARD = "138 1234 5678", "0512 6666 8888"


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def hengli(seller):
    return customer(seller, "恒力精密", phone=SWITCHBOARD)


@pytest.fixture
def wang(hengli):
    return contact(hengli, "王伟", mobile=MOBILE, phone="0512-66668888", email="wang@hengli.example")


def erase(held):
    held.refresh_from_db()
    boss = make_user(role=Role.ADMINISTRATOR)
    return erase_contact(contact=held, version=held.version, ground="CONSENT", asked_on=TODAY, actor=boss, now=LATER)


def lead(seller, **values):
    given = {"company": "别家机械", "contact_name": "赵敏", "need": "两条线", **values}
    return capture_lead(values=given, actor=seller, now=NOW, owner=seller)


def test_search_still_finds_namesakes_at_other_customers(seller, wang):
    twin = contact(customer(seller, "华新重工"), "王伟", email="ww@huaxin.example", notes=f"转接 {MOBILE}")

    erase(wang)

    assert [hit.ref for hit in find(user=seller, text="王伟")] == [twin.ref]
    assert not SearchDocument.objects.filter(body__contains="5678").exists()


def test_merges_of_namesakes_at_other_customers_can_still_be_undone(seller, wang):
    elsewhere = customer(seller, "华新重工")
    merge_contacts(
        keeper=contact(elsewhere, "王伟"), other=contact(elsewhere, "王伟（旧）", notes="王伟的助理"),
        actor=make_user(role=Role.ADMINISTRATOR), now=NOW,
    )  # fmt: skip

    erase(wang)

    assert MergeMemory.objects.count() == 1


def test_a_telephone_of_the_whole_company_makes_nobody_else_the_same_person(seller, hengli, wang):
    other = lead(seller, phone=SWITCHBOARD, email="zhao@else.example")
    add_comment(subject=Ref.of(hengli), body=f"总机 {SWITCHBOARD}，王伟 {MOBILE}", actor=seller, now=NOW)

    made = erase(wang)

    held = Lead.objects.get(pk=other.pk)
    assert (held.contact_name, held.phone, held.email) == ("赵敏", SWITCHBOARD, "zhao@else.example")
    assert Customer.objects.get(pk=hengli.pk).phone == SWITCHBOARD
    assert Comment.objects.get().body == f"总机 {SWITCHBOARD}，*** ***"
    assert "prospecting.lead" not in made.kept


def test_a_mobile_that_a_colleague_has_too_is_no_proof_either(seller, hengli, wang):
    mate = contact(hengli, "李娜", mobile="13812345678")
    other = lead(seller, mobile="138-1234-5678")

    erase(wang)

    assert Contact.objects.get(pk=mate.pk).mobile == MOBILE
    assert Lead.objects.get(pk=other.pk).contact_name == "赵敏"


def test_a_lead_with_the_mobile_in_another_spelling_goes_with_its_history(seller, wang):
    same = lead(seller, contact_name="王伟", mobile="138-1234-5678", need="王伟要两条线")
    edit_lead(lead=same, version=same.version, values={"position": "王伟任厂长"}, actor=seller, now=NOW)
    add_comment(subject=Ref.of(same), body="王伟很急", actor=seller, now=NOW)
    SignKey.objects.create(kind="lead", key="m:13812345678", ref=same.ref)
    assert person_of(wang).same_refs == {same.ref}
    assert [row for row in EntryDetail.objects.filter(entry__subject_ref=same.ref) if "王伟" in str(row.data)]

    erase(wang)

    held = Lead.objects.get(pk=same.pk)
    assert (held.contact_name, held.mobile, held.need) == ("", "", "***要两条线")
    assert Comment.objects.get().body == "***很急"
    assert not [row for row in EntryDetail.objects.all() if "王伟" in str(row.data) or "5678" in str(row.data)]
    assert not SignKey.objects.filter(ref=same.ref).exists()
    assert not SignKey.objects.filter(ref=wang.ref).exists()


def test_longer_names_stay_whole(seller, hengli, wang):
    longer = contact(hengli, "王伟华")
    add_comment(subject=Ref.of(hengli), body="王伟华同意", actor=seller, now=NOW)
    log(seller, wang, notes="王伟说王伟华同意")

    assert person_of(wang).namesakes
    erase(wang)

    assert Contact.objects.get(pk=longer.pk).name == "王伟华"
    assert Comment.objects.get().body == "王伟华同意"
    assert Call.objects.get(contact=wang).notes == "***说王伟华同意"


def test_a_company_named_after_the_person_keeps_its_name(seller):
    company = customer(seller, "张小泉集团股份有限公司", short_name="张小泉")
    founder = contact(company, "张小泉", mobile=MOBILE)

    erase(founder)

    company.refresh_from_db()
    assert (company.name, company.short_name) == ("张小泉集团股份有限公司", "张小泉")
    assert SearchDocument.objects.filter(ref=company.ref, title="张小泉集团股份有限公司").exists()


@pytest.fixture
def loose(seller):
    """Rows that lead to no customer."""
    made = {"owner": seller, "created_by": seller, "created_at": NOW}
    CallList.objects.create(name="王伟的名单", source=ListSource.values[0], **made)
    WeeklyReport.objects.create(person=seller, week_on=TODAY - timedelta(days=TODAY.weekday()), done="见了王伟",
                                plans="再约王伟", created_at=NOW)  # fmt: skip
    make_case(seller, witness="王伟，可致电")
    sheet = Sheet.objects.create(
        definition="swot", industry=Industry.objects.create(name="锂电", created_at=NOW, created_by=seller),
        created_at=NOW, created_by=seller, touched_at=NOW,
    )  # fmt: skip
    SheetEntry.objects.create(
        sheet=sheet, section="strength", text="王伟看好", values={"who": "王伟"}, noted_on=TODAY, author=seller,
        created_at=NOW, changed_at=NOW,
    )  # fmt: skip


def loose_texts():
    report, entry = WeeklyReport.objects.get(), SheetEntry.objects.get()
    case = ReferenceCase.objects.get()
    return [CallList.objects.get().name, report.done, report.plans, case.witness, entry.text, entry.values["who"]]


def test_rows_that_lead_to_no_customer_are_listed_and_wiped(wang, loose):
    listed = [text for group in held_about(wang).groups for line in group.lines for _name, text in line.texts]
    assert {"王伟的名单", "见了王伟", "王伟，可致电", "王伟看好"} <= set(listed)

    erase(wang)

    assert not [text for text in loose_texts() if "王伟" in text]


def test_rows_that_lead_to_no_customer_keep_a_name_that_others_have(seller, wang, loose):
    contact(customer(seller, "华新重工"), "王伟")
    Notification.objects.create(user=seller, at=NOW, event="x", data={"name": "王伟"}, url="/customers/")
    Notification.objects.create(user=seller, at=NOW, event="x", data={"name": "王伟"}, url=f"/contacts/{wang.ref}/")

    erase(wang)

    assert [text for text in loose_texts() if "王伟" not in text] == []
    held = Notification.objects.filter(event="x").order_by("pk")
    assert [row.data["name"] for row in held] == ["王伟", "***"]
