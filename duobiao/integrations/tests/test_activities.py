"""Calls, visits, notes and tasks come in with their authors, on their days, once; what is wrong is named by row."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from duobiao.customers.actions.erase_contact import erase_contact
from duobiao.customers.models import Contact
from duobiao.engagement.models import Call, Visit
from duobiao.identity.models import Role, RoleGrant, User
from duobiao.integrations.domain.targets import Target
from duobiao.integrations.domain.values import Unfit, as_moment
from duobiao.integrations.models import ImportedRecord
from duobiao.integrations.queries.guesses import guess_fields, guess_target
from duobiao.integrations.tests.factories import NOW, administrator, bring_in, codes, last_run, messages
from duobiao.opportunities.models import DealTask, Opportunity, Proof
from duobiao.opportunities.tests.factories import make_contact
from duobiao.timeline.models import Comment, Entry, Notification

MAPPING = """
version: 1
source: old-crm
defaults: {owner: admin}
files:
  - {file: "customers*", target: customers, external_id: id, columns: {name: name}}
  - {file: "contacts*", target: contacts, external_id: id, columns: {name: name, customer: customer, mobile: mobile, is_handler: handler}}
  - {file: "deals*", target: opportunities, external_id: id, columns: {name: name, customer: customer, opened_on: opened}}
  - file: "calls*"
    target: calls
    external_id: id
    columns:
      contact: contact
      opportunity: deal
      author: {column: who, by: username, map: {老张: zhang}}
      started_at: at
      problem: problem
      interest: interest
      notes: notes
  - file: "visits*"
    target: visits
    external_id: id
    columns: {customer: customer, opportunity: deal, contact: contact, author: {column: who, by: email}, held_on: day, topic: topic, summary: summary}
  - file: "notes*"
    target: notes
    external_id: id
    columns: {customer: customer, opportunity: deal, author: {column: who, by: username}, noted_at: at, body: body}
  - file: "tasks*"
    target: tasks
    external_id: id
    columns: {opportunity: deal, author: {column: who, by: username}, title: title, due_on: due, added_on: added, done_on: done}
"""
FILES = {
    "customers_csv": "id,name\nC1,恒力精密\n",
    "contacts_csv": "id,name,customer,mobile,handler\nK1,尉迟建国,C1,13812345678,是\n",
    "deals_csv": "id,name,customer,opened\nD1,装配线,C1,2024-02-01\n",
    "calls_csv": (
        "id,contact,deal,who,at,problem,interest,notes\n"
        "A1,K1,D1,老张,2024-03-05 14:30,峰谷策略靠人工排,4,尉迟建国很着急\n"
        "A2,K1,,nobody,2024-03-06 09:00,,,\n"
        "A3,K9,D1,zhang,2024-03-06 09:00,,,\n"
        "A4,K1,D1,zhang,不详,,,\n"
        "A5,K1,D1,zhang,2099-01-01,,9,\n"
    ),
    "visits_csv": "id,customer,deal,contact,who,day,topic,summary\nV1,C1,D1,K1,zhang@old.example,2024-04-02,现场调研,看了两条线\n",
    "notes_csv": "id,customer,deal,who,at,body\nN1,C1,,zhang,2024-05-01,年底换设备\nN2,,D1,zhang,2024-05-02 08:15:00,=预算四百万\nN3,,,zhang,2024-05-02,没有对象\n",
    "tasks_csv": "id,deal,who,title,due,added,done\nT1,D1,zhang,送样品,2024-06-01,2024-05-20,2024-05-30\nT2,D1,zhang,回访,2024-07-01,,\n",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang():
    administrator()
    return User.objects.create_user("zhang", email="zhang@old.example", name="老张")


def bring(folder, **changes):
    with translation.override("zh-hans"):
        return bring_in(folder, MAPPING, **{**FILES, **changes})


def test_activities_keep_their_authors_and_days(tmp_path, zhang):
    bring(tmp_path)

    call, visit = Call.objects.get(), Visit.objects.get()
    assert (call.caller, call.started_at, call.called_on) == (
        zhang,
        datetime(2024, 3, 5, 6, 30, tzinfo=UTC),
        date(2024, 3, 5),
    )
    assert (call.contact.name, call.opportunity.name, call.interest) == ("尉迟建国", "装配线", 4)
    assert (visit.host, visit.held_on, [person.name for person in visit.met.all()]) == (
        zhang,
        date(2024, 4, 2),
        ["尉迟建国"],
    )
    bodies = {row.body: (row.author, row.at, row.subject_kind) for row in Comment.objects.all()}
    assert bodies["年底换设备"] == (zhang, datetime(2024, 5, 1, 4, 0, tzinfo=UTC), "customer")
    assert bodies["=预算四百万"] == (zhang, datetime(2024, 5, 2, 0, 15, tzinfo=UTC), "opportunity")
    sample, visit_again = DealTask.objects.order_by("due_on")
    assert (sample.owner, sample.due_on, sample.done_at, sample.added_at) == (
        zhang, date(2024, 6, 1), datetime(2024, 5, 30, 4, 0, tzinfo=UTC), datetime(2024, 5, 20, 4, 0, tzinfo=UTC),
    )  # fmt: skip
    assert visit_again.is_open


def test_what_activities_show_is_evidence_of_its_own_day_and_nobody_is_told(tmp_path, zhang):
    bring(tmp_path)

    proofs = {row.key: row for row in Proof.objects.filter(source_kind="call")}
    assert proofs
    for proof in proofs.values():
        assert (proof.happened_on, proof.known_on) == (date(2024, 3, 5), date(2024, 3, 5))
    assert not Notification.objects.exists()
    brought = Entry.objects.filter(event__in=["engagement.call_imported", "engagement.visit_imported"])
    assert {(row.actor.username, row.at.year >= NOW.year) for row in brought} == {("admin", True)}


def test_bad_rows_are_named_with_their_remedy_and_the_good_ones_come_in(tmp_path, zhang):
    assert bring(tmp_path) == 5

    assert [(line, column) for line, column, _words in messages()] == [
        (3, "who"), (4, "contact"), (5, "at"), (6, "at"), (6, "interest"), (4, "customer"),
    ]  # fmt: skip
    assert ("nobody" in messages()[0][2], codes()[2][2]) == (True, "not_a_day")
    assert last_run().count("created") == 9


def test_the_same_files_bring_nothing_twice_and_a_changed_row_changes_its_record(tmp_path, zhang):
    bring(tmp_path)
    before = [Call.objects.count(), Visit.objects.count(), Comment.objects.count(), DealTask.objects.count()]
    proofs = Proof.objects.count()

    bring(tmp_path)
    assert [Call.objects.count(), Visit.objects.count(), Comment.objects.count(), DealTask.objects.count()] == before
    assert (last_run().count("created"), last_run().count("changed"), Proof.objects.count()) == (0, 0, proofs)

    bring(
        tmp_path, calls_csv=FILES["calls_csv"].replace("2024-03-05 14:30", "2024-03-04 10:00").replace(",4,尉", ",5,尉")
    )
    call = Call.objects.get()
    assert (call.called_on, call.interest) == (date(2024, 3, 4), 5)
    live = Proof.objects.filter(source_kind="call", retracted_on=None)
    assert {row.happened_on for row in live} == {date(2024, 3, 4)}

    bring(tmp_path, visits_csv=FILES["visits_csv"].replace("看了两条线", "看了三条线"))
    assert (Visit.objects.get().summary, Visit.objects.get().host) == ("看了三条线", zhang)
    bring(tmp_path, notes_csv=FILES["notes_csv"].replace("年底换设备", "明年换设备"))
    assert Comment.objects.filter(body="明年换设备").exists()
    bring(tmp_path, tasks_csv=FILES["tasks_csv"].replace("2024-07-01,,", "2024-07-01,,2024-06-30"))
    assert not DealTask.objects.filter(done_at=None).exists()


def test_people_added_here_to_a_visit_stay_when_the_source_changes_it(tmp_path, zhang):
    bring(tmp_path)
    visit = Visit.objects.get()
    colleague, other = User.objects.create_user("li"), make_contact(visit.customer, "前台小李")
    visit.our_people.add(colleague)
    visit.met.add(other)
    visit.contacts.add(other)

    bring(tmp_path, visits_csv=FILES["visits_csv"].replace("看了两条线", "看了三条线"))

    visit.refresh_from_db()
    assert visit.summary == "看了三条线"
    assert set(visit.our_people.all()) == {zhang, colleague}
    for people in (visit.met, visit.contacts):
        assert {person.name for person in people.all()} == {"尉迟建国", "前台小李"}
    assert visit.handler_met.name == "尉迟建国"


@pytest.mark.parametrize(("verb", "model"), [("timeline.comment", Comment), ("opportunities.task", DealTask)])
def test_who_may_not_note_or_set_tasks_brings_none_in(tmp_path, zhang, verb, model):
    RoleGrant.objects.create(role=Role.ADMINISTRATOR, verb=verb, scope="none")
    bring(tmp_path)
    assert not model.objects.exists()

    RoleGrant.objects.all().delete()
    bring(tmp_path)
    before = list(model.objects.order_by("pk").values())
    assert len(before) == 2
    RoleGrant.objects.create(role=Role.ADMINISTRATOR, verb=verb, scope="none")
    bring(
        tmp_path,
        notes_csv=FILES["notes_csv"].replace("年底换设备", "明年换设备"),
        tasks_csv=FILES["tasks_csv"].replace("送样品", "送两件样品"),
    )
    assert list(model.objects.order_by("pk").values()) == before


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path, zhang):
    assert bring_in(tmp_path, MAPPING, dry_run=True, **FILES) == 5

    assert not Opportunity.objects.exists()
    assert not Call.objects.exists()


def test_an_erased_person_does_not_come_back_with_the_same_file(tmp_path, zhang):
    bring(tmp_path)
    person = Contact.objects.get()
    boss = User.objects.get(username="admin")
    day = person.created_at.date()
    erase_contact(
        contact=person, version=person.version, ground="CONSENT", asked_on=day, actor=boss, now=person.created_at
    )

    marked = ImportedRecord.objects.filter(erased=True)
    assert set(marked.values_list("target", "external_id")) == {("contacts", "K1"), ("calls", "A1")}
    bring(tmp_path)

    assert Contact.objects.get().name == f"*** {person.ref}"
    assert Call.objects.get().notes == "***很着急"
    assert last_run().count("skipped") >= 2


def test_a_number_with_hidden_digits_is_no_erasure(tmp_path, zhang):
    masked = FILES["contacts_csv"].replace("13812345678", "138****5678")
    bring(tmp_path, contacts_csv=masked)

    bring(tmp_path, contacts_csv=masked.replace("尉迟建国", "尉迟建华"))

    assert Contact.objects.get().name == "尉迟建华"


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2024-03-05 14:30", "2024-03-05T14:30:00"),
        ("2024年3月5日 9:05:07", "2024-03-05T09:05:07"),
        ("2024-03-05", "2024-03-05T12:00:00"),
        (datetime.fromisoformat("2024-03-05T08:00"), "2024-03-05T08:00:00"),
        (date(2024, 3, 5), "2024-03-05T12:00:00"),
    ],
)
def test_moments_are_read_in_the_usual_spellings(cell, moment):
    assert as_moment(cell).isoformat() == moment


@pytest.mark.parametrize("cell", ["", "soon", "2024-13-01 10:00", "2024-03-05 25:00", "03/04/2024"])
def test_what_is_no_moment_is_refused(cell):
    with pytest.raises(Unfit):
        as_moment(cell)


def test_a_moment_is_read_by_its_pattern():
    assert as_moment("05/03/2024 14:30", pattern="%d/%m/%Y %H:%M").isoformat() == "2024-03-05T14:30:00"


def test_files_of_activities_and_their_columns_are_guessed():
    assert [guess_target(name) for name in ("电话记录.xlsx", "拜访.csv", "活动记录.csv", "待办任务.csv")] == [
        Target.CALLS, Target.VISITS, Target.NOTES, Target.TASKS,
    ]  # fmt: skip
    guessed = guess_fields(["联系人", "商机", "拨打人", "通话时间", "备注"], Target.CALLS)
    assert list(guessed.values()) == ["contact", "opportunity", "author", "started_at", "notes"]
