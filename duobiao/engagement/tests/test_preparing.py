"""Survey sheets, versions of the draft suggestion, and how the customer purchases."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.models.contact import BuyingRole
from duobiao.customers.tests.factories import token
from duobiao.engagement.actions.cancel_visit import cancel_visit
from duobiao.engagement.actions.fill_survey import fill_survey
from duobiao.engagement.actions.process_values import Duty, Process, Step
from duobiao.engagement.actions.record_process import record_process
from duobiao.engagement.actions.submit_draft import DraftWithdrawnAlready, answer_draft, withdraw_draft
from duobiao.engagement.domain.drafts import PARTS, lacking_parts
from duobiao.engagement.domain.purchasing import ProcessFacts, judge_process
from duobiao.engagement.models import DraftVersion, PurchaseProcess, SurveyAnswer, Visit
from duobiao.engagement.queries.survey import record_values, sheet_of, survey_data
from duobiao.engagement.tests.factories import NOW, TODAY, make_contact, make_customer, make_user, plan, submit
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.models import Proof
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db

DRAFT = "solutions.draft_suggestion_submitted"
STEPS = [Step("提出需求", "使用部门"), Step("可行性与预算", "分管领导"), Step("招标", "采购部")]


def grades(deal, key):
    return sorted(Proof.objects.filter(opportunity=deal, key=key, retracted_on=None).values_list("grade", flat=True))


def answer(draft, person, actor, *, remark="方向认可，可以拿去立项", channel="PHONE", **more):
    values = {"version": draft.version, "remark": remark, "said_by": person, "channel": channel, "said_on": None}
    return answer_draft(draft=draft, actor=actor, now=NOW, **{**values, **more})


def test_a_draft_with_its_file_is_documented_and_an_answer_makes_it_reported(seller, handler, deal):
    draft = submit(seller, handler, deal, parts=["PROBLEM", "BENEFIT"])

    assert (draft.number, grades(deal, DRAFT)) == (1, [2])
    assert Proof.objects.get(key=DRAFT).documents.get() == draft.document
    answer(draft, handler, seller)
    assert grades(deal, DRAFT) == [2, 3]
    assert Proof.objects.get(key=DRAFT, grade=3).quote == "方向认可，可以拿去立项"


def test_versions_are_counted_and_the_paper_says_what_it_lacks(seller, handler, deal):
    submit(seller, handler, deal)
    second = submit(seller, handler, deal, parts=[part for part in PARTS if part != "APPLICATION"])

    assert second.number == 2
    assert lacking_parts(second.parts) == ["APPLICATION"]


def test_taking_a_version_back_takes_its_proof_and_keeps_the_row(seller, handler, deal):
    draft = submit(seller, handler, deal)

    withdraw_draft(draft=draft, version=1, reason="发错了项目", actor=seller, now=NOW)

    assert grades(deal, DRAFT) == []
    assert DraftVersion.objects.get().withdrawn_reason == "发错了项目"
    with pytest.raises(DraftWithdrawnAlready):
        answer(draft, handler, seller)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"parts": ["NONSENSE"]}, "parts"),
        ({"handed_on": TODAY + timedelta(days=1)}, "handed_on"),
        ({"channel": ""}, "channel"),
        ({"channel": "PIGEON"}, "channel"),
    ],
)
def test_a_version_that_does_not_fit_changes_nothing(seller, handler, deal, values, field):
    with pytest.raises(Invalid) as refusal:
        submit(seller, handler, deal, **values)

    assert field in refusal.value.fields
    assert not DraftVersion.objects.exists()
    assert not Proof.objects.exists()
    assert not Entry.objects.filter(event="engagement.draft_submitted").exists()


def test_who_may_not_or_belongs_elsewhere_or_saw_an_older_state_is_refused(seller, handler, deal, stranger):
    draft = submit(seller, handler, deal)
    outsider = make_contact(make_customer(seller, "别家"))
    for refusal, values in (
        (NotAllowed, {"actor": stranger}),
        (StaleVersion, {"version": 9}),
        (Invalid, {"said_by": outsider}),
        (Invalid, {"remark": " "}),
        (Invalid, {"channel": ""}),
        (Invalid, {"said_on": TODAY - timedelta(days=1)}),
    ):
        given = {"actor": seller, **values}
        with pytest.raises(refusal):
            answer(draft, handler, given.pop("actor"), **given)

    assert DraftVersion.objects.get().version == 1
    assert grades(deal, DRAFT) == [2]


def test_the_database_refuses_a_remark_that_nobody_made(seller, handler, deal):
    submit(seller, handler, deal)
    with pytest.raises(IntegrityError), transaction.atomic():
        DraftVersion.objects.update(remark="好")


def test_what_a_process_proves_depends_on_what_is_known():
    def keys(**facts):
        return [row.evidence for row in judge_process(ProcessFacts(on=TODAY, **facts)) if row.shown]

    assert keys(steps=1, duties=2) == []
    assert keys(steps=2, duties=2) == ["procurement.process_clarified"]
    assert keys(lead="周", decider="潘") == ["stakeholders.decision_maker_identified"]
    assert len(keys(steps=2, duties=2, lead="周", decider="潘")) == 3
    told = judge_process(ProcessFacts(on=TODAY, lead="周", decider="潘", told_by=1, channel="PHONE", quote="他说的"))
    assert [row.grade for row in told if row.shown] == [3]


def test_a_recorded_process_proves_stage_two_and_feeds_the_roles(seller, handler, customer, deal):
    boss, tech = make_contact(customer, "潘总"), make_contact(customer, "吴工")
    duties = [Duty("USING", handler), Duty("TECHNICAL", tech, duty="定标准"), Duty("FINANCE", who="财务一人")]
    given = Process(steps=STEPS, duties=duties, project_lead=handler, decider=boss)

    kept = record_process(opportunity=deal, number=0, process=given, actor=seller, now=NOW)

    assert (kept.process.number, kept.proved) == (1, 3)
    assert grades(deal, "procurement.process_clarified") == [2]
    boss.refresh_from_db()
    tech.refresh_from_db()
    assert (boss.is_decision_maker, boss.buying_role) == (True, BuyingRole.DECIDER)
    assert (tech.function, tech.buying_role) == ("TECHNICAL", BuyingRole.INFLUENCER)


def test_a_newer_version_replaces_what_the_older_one_proved(seller, handler, customer, deal):
    boss = make_contact(customer, "潘总")
    first = Process(project_lead=handler, decider=boss)
    record_process(opportunity=deal, number=0, process=first, actor=seller, now=NOW)

    record_process(opportunity=deal, number=1, process=Process(project_lead=handler), actor=seller, now=NOW)

    assert grades(deal, "stakeholders.decision_maker_identified") == []
    assert PurchaseProcess.objects.count() == 2
    with pytest.raises(StaleVersion):
        record_process(opportunity=deal, number=1, process=first, actor=seller, now=NOW)


@pytest.mark.parametrize(
    ("process", "field"),
    [
        (Process(), "what_1"),
        (Process(steps=[Step("", "采购部")]), "what_1"),
        (Process(steps=[Step("长" * 121)]), "what_1"),
        (Process(steps=[Step("a\x00")]), "what_1"),
        (Process(steps=[Step(str(n)) for n in range(13)]), "steps"),
        (Process(duties=[Duty("USING")]), "who_USING"),
        (Process(duties=[Duty("NONSENSE", who="x")]), "function"),
        (Process(duties=[Duty("USING", who="x"), Duty("USING", who="y")]), "function"),
        (Process(steps=STEPS, channel="PIGEON"), "channel"),
        (Process(steps=STEPS, told_on=TODAY + timedelta(days=1)), "told_on"),
    ],
)
def test_a_process_that_does_not_fit_changes_nothing(seller, deal, process, field):
    with pytest.raises(Invalid) as refusal:
        record_process(opportunity=deal, number=0, process=process, actor=seller, now=NOW)

    assert field in refusal.value.fields
    assert not PurchaseProcess.objects.exists()
    assert not Entry.objects.filter(event="engagement.process_recorded").exists()


def test_people_of_other_companies_are_refused(seller, deal):
    outsider = make_contact(make_customer(seller, "别家"))
    for process in (Process(decider=outsider), Process(duties=[Duty("USING", outsider)])):
        with pytest.raises(Invalid):
            record_process(opportunity=deal, number=0, process=process, actor=seller, now=NOW)

    assert not PurchaseProcess.objects.exists()


def test_a_merged_person_stays_in_drafts_and_processes(seller, handler, customer, deal):
    twin = make_contact(customer, "周健明")
    draft = submit(seller, twin, deal)
    record_process(opportunity=deal, number=0, process=Process(decider=twin), actor=seller, now=NOW)

    merge_contacts(keeper=handler, other=twin, actor=make_user(role=Role.ADMINISTRATOR), now=NOW)

    draft.refresh_from_db()
    assert draft.received_by == handler
    assert PurchaseProcess.objects.get().decider == handler


def test_every_question_fills_a_field_that_the_record_has():
    names = {field.name for field in Visit._meta.get_fields()}
    fields = [one["field"] for aim in survey_data() for one in aim["questions"] if "field" in one]
    assert set(fields) <= names
    assert len(fields) == len(set(fields))


def test_answers_are_kept_by_question_and_fill_the_record(seller, customer, handler, deal):
    visit = plan(seller, customer, deal, with_=handler).visit
    given = {"needs_problem": "人工排峰谷", "budget_range": "400–480 万"}

    fill_survey(visit=visit, version=1, aims=["needs"], answers=given, told_by=handler, actor=seller, now=NOW)
    fill_survey(visit=visit, version=2, aims=None, answers={"budget_range": ""}, actor=seller, now=NOW)

    visit.refresh_from_db()
    assert visit.survey_aims == ["needs"]
    assert record_values(sheet_of(visit)) == {"problem": "人工排峰谷"}
    assert SurveyAnswer.objects.get().contact == handler
    noted = Entry.objects.filter(event="engagement.survey_filled").order_by("pk")
    assert [row.detail.data["changes"] for row in noted] == [
        {"needs_problem": ["", "人工排峰谷"], "budget_range": ["", "400–480 万"]},
        {"budget_range": ["400–480 万", ""]},
    ]


@pytest.mark.parametrize(
    ("aims", "answers", "field"),
    [(["nonsense"], {}, "aims"), ([], {"nonsense": "x"}, "nonsense"), ([], {"needs_goal": "长" * 2001}, "needs_goal")],
)
def test_a_sheet_that_does_not_fit_changes_nothing(seller, customer, aims, answers, field):
    visit = plan(seller, customer).visit

    with pytest.raises(Invalid) as refusal:
        fill_survey(visit=visit, version=1, aims=aims, answers=answers, actor=seller, now=NOW)

    assert field in refusal.value.fields
    assert not SurveyAnswer.objects.exists()


def test_a_cancelled_visit_and_an_older_state_take_no_answers(seller, customer, stranger):
    visit = plan(seller, customer).visit
    with pytest.raises(StaleVersion):
        fill_survey(visit=visit, version=7, aims=[], answers={}, actor=seller, now=NOW)
    with pytest.raises(NotAllowed):
        fill_survey(visit=visit, version=1, aims=[], answers={}, actor=stranger, now=NOW)
    cancel_visit(visit=visit, version=1, reason="不去了", actor=seller, now=NOW)
    with pytest.raises(Conflict):
        fill_survey(visit=visit, version=2, aims=[], answers={}, actor=seller, now=NOW)

    assert not Entry.objects.filter(event="engagement.survey_filled").exists()


def test_the_pages_do_the_work(client, seller, customer, handler, deal):
    client.force_login(seller)
    now = timezone.now()
    visit = plan(seller, customer, deal, with_=handler, now=now, planned_at=now + timedelta(days=1)).visit
    sheet = reverse("engagement:survey", args=[visit.ref])
    sent = {"version": visit.version, "aims": ["needs"], "needs_problem": "人工排峰谷", "told_by": handler.ref}
    assert client.post(sheet, sent).status_code == 303
    assert client.post(sheet, {**sent, "version": "1", "needs_goal": "x"}).status_code == 409
    assert "人工排峰谷" in client.get(reverse("engagement:record_visit", args=[visit.ref])).content.decode()
    assert "人工排峰谷" in client.get(reverse("engagement:visit", args=[visit.ref])).content.decode()

    address = reverse("engagement:submit_draft", args=[deal.ref])
    given = {"title": "建议书", "received_by": handler.ref, "channel": "EMAIL", "handed_on": timezone.localdate(),
             "parts": ["PROBLEM"]}  # fmt: skip
    assert client.post(address, given).status_code == 422
    assert client.post(address, {**given, "uploads": SimpleUploadedFile("a.txt", b"x")}).status_code == 303
    draft = DraftVersion.objects.get()
    said = {"version": "1", "remark": "可以", "said_by": handler.ref, "channel": "PHONE",
            "said_on": timezone.localdate()}  # fmt: skip
    assert client.post(reverse("engagement:answer_draft", args=[draft.ref]), {**said, "remark": ""}).status_code == 422
    assert client.post(reverse("engagement:answer_draft", args=[draft.ref]), said).status_code == 303
    page = client.get(reverse("engagement:drafts", args=[deal.ref])).content.decode()
    assert "可以" in page
    taken = client.post(reverse("engagement:withdraw_draft", args=[draft.ref]), {"version": "2", "reason": "重复"})
    assert taken.status_code == 303

    edit = reverse("engagement:record_process", args=[deal.ref])
    told = {"number": "0", "told_on": timezone.localdate(), "decider": handler.ref}
    assert client.post(edit, {"number": "0", "told_on": timezone.localdate()}).status_code == 422
    assert client.post(edit, {**told, "what_1": "立项", "contact_USING": handler.ref}).status_code == 303
    assert "立项" in client.get(reverse("engagement:process", args=[deal.ref])).content.decode()
    assert client.get(edit).status_code == 200
    room = client.get(f"/opportunities/{deal.ref}/").content.decode()
    assert reverse("engagement:process", args=[deal.ref]) in room


def test_the_same_by_api(api, seller, customer, handler, deal):
    mine = api(token(seller))
    visit = plan(seller, customer, deal, with_=handler).visit
    body = {"version": 1, "aims": ["needs"], "answers": {"needs_problem": "人工排"}, "told_by": handler.ref}
    told = mine.put(f"/visits/{visit.ref}/survey", body).json()
    assert told["aims"][0]["questions"][0]["answer"] == "人工排"
    assert mine.put(f"/visits/{visit.ref}/survey", body).status_code == 409

    draft = submit(seller, handler, deal)
    listed = mine.get(f"/opportunities/{deal.ref}/drafts").json()
    assert (listed[0]["ref"], len(listed[0]["lacking"])) == (draft.ref, 8)
    said = {"version": 1, "remark": "可以", "said_by": handler.ref, "channel": "phone"}
    assert mine.post(f"/drafts/{draft.ref}/answer", said).json()["remark_by"] == handler.ref
    again = {"title": "建议书", "document": draft.document.ref, "received_by": handler.ref, "channel": "email"}
    assert mine.post(f"/opportunities/{deal.ref}/drafts", again).json()["number"] == 2
    assert mine.post(f"/drafts/{draft.ref}/withdraw", {"version": 2, "reason": "重复"}).json()["withdrawn_at"]

    address = f"/opportunities/{deal.ref}/purchase-process"
    assert mine.get(address).status_code == 404
    process = {"steps": [{"what": "立项", "who": "使用部门"}], "duties": [{"function": "using", "who": "车间"}],
               "decider": handler.ref}  # fmt: skip
    assert mine.put(address, process).json()["number"] == 1
    assert mine.put(address, process).status_code == 409
    assert mine.get(address).json()["decider"] == handler.ref


def test_the_pages_cost_the_same_for_any_number(client, seller, handler, deal, assert_flat_queries):
    client.force_login(seller)
    submit(seller, handler, deal)
    record_process(opportunity=deal, number=0, process=Process(steps=STEPS), actor=seller, now=NOW)

    def more_drafts():
        for _number in range(3):
            answer(submit(seller, handler, deal), handler, seller)

    def more_versions():
        for number in range(1, 4):
            record_process(opportunity=deal, number=number, process=Process(steps=STEPS), actor=seller, now=NOW)

    for name, grow in (("drafts", more_drafts), ("process", more_versions)):
        address = reverse(f"engagement:{name}", args=[deal.ref])
        assert_flat_queries(visit=lambda address=address: client.get(address), grow=grow)
