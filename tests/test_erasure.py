"""Erasure of a person, over all capabilities: nothing names them any more, what must stay stays, the chains hold."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.checks import run_checks

from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.edit_contact import edit_contact
from duobiao.customers.actions.erase_contact import ErasedBefore, erase_contact
from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.actions.solve_issues import raise_issue
from duobiao.customers.actions.trash_contact import restore_contact
from duobiao.customers.models import Contact, Erasure
from duobiao.customers.queries.personal_data import person_of
from duobiao.customers.queries.ways import all_ways
from duobiao.customers.work_events import ContactErased
from duobiao.duplicates.models import MergeMemory
from duobiao.engagement.actions.plan_contact import plan_contact
from duobiao.engagement.models import Call, ContactCycle
from duobiao.engagement.tests.factories import NOW, TODAY, log, make_deal, make_user, plan
from duobiao.identity.models import Role
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed
from duobiao.opportunities.models import Proof
from duobiao.opportunities.queries.recompute import recompute
from duobiao.prospecting.actions.capture_lead import capture_lead
from duobiao.search.models import SearchDocument
from duobiao.search.queries import find
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.models import Entry, EntryDetail
from duobiao.timeline.verification import verify_chains

pytestmark = pytest.mark.django_db

NAME, MOBILE, MAIL = "尉迟建国", "138 1234 5678", "yuchi@hengli.example"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def admin():
    return make_user(role=Role.ADMINISTRATOR)


@pytest.fixture
def deal(seller):
    return make_deal(owner=seller)


@pytest.fixture
def yuchi(seller, deal):
    values = {"mobile": MOBILE, "email": MAIL, "position": "设备部长", "is_handler": True, "buying_role": "DECIDER"}
    return create_contact(customer=deal.customer, name=NAME, actor=seller, now=NOW, values=values)


@pytest.fixture
def history(seller, deal, yuchi):
    """What a few weeks leave about a person, in many tables."""
    log(seller, yuchi, deal, meeting=True, notes=f"{NAME}说：打13812345678", problem=f"{NAME}觉得太慢")
    plan(seller, deal.customer, deal, with_=yuchi, topic=f"拜访{NAME}")
    plan_contact(contact=yuchi, every_days=14, aim=f"{NAME}的近况", actor=seller, now=NOW)
    raise_issue(customer=deal.customer, values={"title": f"{NAME}投诉", "contact": yuchi}, actor=seller, now=NOW)
    for subject in (Ref.of(deal), Ref.of(yuchi)):
        add_comment(subject=subject, body=f"{NAME} {MAIL} 支持我们", actor=seller, now=NOW)
    capture_lead(
        values={"company": "恒力精密", "contact_name": NAME, "mobile": MOBILE, "need": f"{NAME}要两条线"},
        actor=seller, now=NOW, owner=seller,
    )  # fmt: skip
    yuchi.refresh_from_db()
    return edit_contact(contact=yuchi, version=yuchi.version, values={"notes": f"{NAME}爱喝茶"}, actor=seller, now=NOW)


def erase(contact, by, **changes):
    contact.refresh_from_db()
    given = {"version": contact.version, "ground": "CONSENT", "asked_on": TODAY, "actor": by, "now": LATER}
    return erase_contact(contact=contact, **{**given, **changes})


def traces_left():
    """Return every place in the database that still holds the name, the number or the address."""
    found = []
    for model in apps.get_models():
        for row in model._default_manager.values():
            text = " ".join(str(value) for value in row.values())
            if any(word in text for word in (NAME, MOBILE, "13812345678", MAIL)):
                found.append((model._meta.label, text[:200]))
    return found


def test_nothing_names_an_erased_person_any_more(history, admin):
    assert len({label for label, _text in traces_left()}) > 8

    erase(history, admin)

    assert traces_left() == []


def test_what_must_stay_stays_as_a_pseudonym(history, admin, deal):
    calls, proofs, entries = Call.objects.count(), Proof.objects.count(), Entry.objects.count()

    made = erase(history, admin)

    history.refresh_from_db()
    assert history.name == f"*** {history.ref}"
    assert (history.mobile, history.position, history.buying_role) == ("", "", "DECIDER")
    assert (Call.objects.count(), Proof.objects.count()) == (calls, proofs)
    assert Call.objects.get().contact == history
    assert Call.objects.get().notes == "***说：打***"
    assert Entry.objects.count() > entries
    assert made.kept["engagement.call"] == 1
    assert made.wiped["timeline.comment"] == 2
    assert not EntryDetail.objects.filter(entry__event="engagement.call_logged").exists()


def test_chains_and_judgements_hold_after_an_erasure(history, admin):
    erase(history, admin)

    assert verify_chains() == []
    assert recompute(today=TODAY + timedelta(days=1)).differences == []
    assert [
        str(found)
        for found in run_checks(tags=["doctor"], include_deployment_checks=True)
        if "timeline" in str(found.id)
    ] == []


def test_an_erased_person_is_found_no_more_and_not_planned_for(history, admin, seller):
    assert find(user=seller, text=NAME)

    erase(history, admin)

    assert find(user=seller, text=NAME) == []
    assert not SearchDocument.objects.filter(ref=history.ref).exists()
    assert not ContactCycle.objects.filter(ended_at=None).exists()
    assert not Contact.objects.visible_to(seller).exists()


def test_the_audit_of_an_erasure_says_who_and_why_and_nothing_about_the_person(history, admin):
    made = erase(history, admin)

    entry = Entry.objects.get(event=ContactErased.name)
    assert (entry.actor, entry.subject_ref) == (admin, history.ref)
    assert entry.detail.data["erasure"] == made.ref
    assert entry.detail.data["ground"] == "CONSENT"


def test_a_namesake_at_the_same_customer_keeps_the_name(history, admin, seller, deal):
    twin = create_contact(customer=deal.customer, name=NAME, actor=seller, now=NOW)
    add_comment(subject=Ref.of(twin), body=f"{NAME}是同名的另一位，{MOBILE}", actor=seller, now=NOW)

    assert person_of(history).namesakes
    erase(history, admin)

    twin.refresh_from_db()
    assert twin.name == NAME
    assert f"{NAME}是同名的另一位，***" in [text for label, text in _comments()]


def test_entries_merged_before_go_with_the_person(history, admin, seller, deal):
    from duobiao.customers.actions.merge_contacts import merge_contacts

    other = create_contact(
        customer=deal.customer, name="尉迟总工", actor=seller, now=NOW, values={"mobile": "139 0000 1111"}
    )
    merge_contacts(keeper=history, other=other, actor=admin, now=NOW)

    erase(history, admin)

    other.refresh_from_db()
    assert (other.name, other.mobile) == (f"*** {other.ref}", "")


@pytest.mark.parametrize("role", [Role.SELLER, Role.MANAGER, Role.EXECUTIVE])
def test_nobody_else_erases_and_nothing_changes(history, role):
    before = traces_left()

    with pytest.raises(NotAllowed):
        erase(history, make_user(role=role))

    assert traces_left() == before
    assert not Erasure.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"ground": "BECAUSE"}, "ground"), ({"asked_on": TODAY + timedelta(days=9)}, "asked_on")],
)
def test_a_wrong_reason_or_day_is_refused(history, admin, changes, field):
    before = traces_left()

    with pytest.raises(Invalid) as refused:
        erase(history, admin, **changes)

    assert list(refused.value.fields) == [field]
    assert traces_left() == before


def test_what_a_merge_remembers_of_the_person_is_forgotten_with_them(history, seller, admin):
    twin = create_contact(customer=history.customer, name="尉迟建国（旧）", actor=seller, now=NOW)
    merge_contacts(keeper=history, other=twin, actor=admin, now=NOW)
    assert MergeMemory.objects.exists()

    erase(history, admin)

    assert not MergeMemory.objects.exists()
    assert traces_left() == []


def test_an_erasure_happens_once_and_is_not_undone(history, admin):
    erase(history, admin)

    with pytest.raises(ErasedBefore):
        erase(history, admin)
    with pytest.raises(Conflict):
        restore_contact(contact=history, actor=admin, now=LATER)


def test_what_changed_since_the_preview_is_looked_at_again(history, admin):
    with pytest.raises(Conflict):
        erase(history, admin, version=1)

    assert not Erasure.objects.exists()


def test_every_table_that_names_a_contact_is_searched():
    searched = {ways.model for ways in all_ways()}
    naming = {
        model
        for model in apps.get_models()
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.related_model is Contact and not model._meta.auto_created and model is not Contact
    }

    assert {model._meta.label for model in naming - searched} == set()


def _comments():
    from duobiao.timeline.models import Comment

    return [("comment", row.body) for row in Comment.objects.all()]
