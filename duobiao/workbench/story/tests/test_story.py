"""The story is told once, through the real actions, and says what the documentation shows."""

from datetime import UTC, date, datetime

import pytest
from django.db.models import Count, Max

from duobiao.approvals.models import ApprovalRequest
from duobiao.competition.queries.cards import results_of
from duobiao.competition.queries.landscape import landscape_shown
from duobiao.competition.queries.portfolio import portfolio
from duobiao.customers.models import Admission, Contact, Customer
from duobiao.engagement.models import Call, Visit
from duobiao.identity.commands import create_user
from duobiao.identity.models import Role, User
from duobiao.kernel.money import Money
from duobiao.needs.models import DealObjection, Need, RequirementPaper
from duobiao.needs.queries.trees import tree_of
from duobiao.opportunities.domain.calibration import stage_rates
from duobiao.opportunities.models import (
    Confirmation,
    DealTask,
    Opportunity,
    Participant,
    Proof,
    RiskSignal,
    StageChange,
    Suggestion,
    Waiver,
)
from duobiao.opportunities.queries.filters import Filters
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.queries.signal_differences import signal_differences
from duobiao.planning.domain.sheets import About
from duobiao.planning.models import AccountPlan
from duobiao.planning.queries.definitions import definitions
from duobiao.planning.queries.plans import goal_lines
from duobiao.planning.queries.sheets import sheet_shown
from duobiao.planning.queries.subjects import Subject
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, catalogue, compiled_playbook, offered_version
from duobiao.prospecting.models import (
    Campaign,
    FollowUp,
    Lead,
    LeadState,
    Letter,
    Pool,
    PooledCustomer,
    Registration,
    Source,
    Upstream,
)
from duobiao.prospecting.queries.campaigns import with_yields
from duobiao.prospecting.queries.manufacturers import clashing
from duobiao.reviews.models import Condition, GateReview
from duobiao.stakeholders.queries.chain import load_chain
from duobiao.strategy.models import ContingencyPlan, ReviewMeeting
from duobiao.timeline.models import Comment, Entry, Notification
from duobiao.timeline.verification import verify_chains
from duobiao.workbench.story.loading import tell_story
from duobiao.workbench.story.telling import Calendar, by_key, deals, fill, phrase, read

NOW = datetime(2026, 9, 16, 1, 20, tzinfo=UTC)
TODAY = date(2026, 9, 16)


def tell():
    ship_playbooks(now=NOW)
    if not User.objects.get_queryset().exists():
        create_user(username="admin", role=Role.ADMINISTRATOR, name="管理员", password="duobiao-demo", now=NOW)
    return tell_story(admin=User.objects.get(username="admin"), password="duobiao-demo", now=NOW)


@pytest.mark.django_db
def test_the_story_holds_everything_a_visitor_should_see(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    assert tell()

    check_people()
    check_variety()
    check_main_deal()
    check_foresight()
    check_reviews()
    check_routine()
    check_calibration()
    check_finding()
    check_analysing()
    check_competing()
    check_needing()
    check_truth()
    check_told_once()


def check_people():
    assert set(User.objects.active().values_list("role", flat=True)) == set(Role.values)
    assert all(user.check_password("duobiao-demo") for user in User.objects.active())
    assert Customer.objects.count() >= 12
    assert Contact.objects.count() >= 40
    assert Contact.objects.filter(is_handler=True).count() >= 12


def check_variety():
    found = Opportunity.objects.all()
    assert found.count() >= 24
    assert {deal.stage_number for deal in found} == set(range(9))
    assert {deal.lag_verdict for deal in found} == {"UNKNOWN", "IN_SYNC", "AHEAD", "CATCH_UP", "GIVE_UP_PROPOSED"}
    assert {deal.state for deal in found} == {"NOT_ENTERED", "IN_STAGE", "TRANSIT", "COMPLETED"}
    assert {deal.outcome for deal in found} == {"OPEN", "WON", "LOST", "GIVEN_UP"}
    assert len({deal.purchase_method for deal in found}) >= 9
    assert len({deal.customer.industry for deal in found}) >= 7
    assert found.filter(claimed_stage__isnull=False).count() == 3
    assert found.filter(expired_count__gt=0).exists()
    assert found.filter(settled_through=4, stage_number=5).exists()
    assert Waiver.objects.filter(approved_on=None, ended_on=None).count() == 1
    waiting = ApprovalRequest.objects.waiting_for(User.objects.get(username="zhoujianguo"))
    assert sorted(waiting.values_list("matter", flat=True)) == ["gate_review", "give_up", "waiver"]
    assert set(ApprovalRequest.objects.values_list("state", flat=True)) >= {"OPEN", "APPROVED"}
    assert Waiver.objects.filter(approved_on__isnull=False, expires_on__range=(TODAY, date(2026, 9, 20))).count() == 1
    assert StageChange.objects.filter(cause="day_passed").exists()
    assert set(Participant.objects.values_list("role", flat=True)) >= {
        "DESIGN_INSTITUTE",
        "TENDER_AGENCY",
        "INTEGRATOR",
    }
    assert Call.objects.count() >= 24
    assert Visit.objects.filter(held_on__isnull=False).count() >= 40
    assert Visit.objects.filter(held_on=None, planned_at__gt=NOW).count() == 4
    standings = sorted(row.standing(NOW) for row in Confirmation.objects.all())
    assert standings == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "DISPUTED", "REMARKED", "WAITING"]


def check_main_deal():
    deal = Opportunity.objects.get(name="恒睿二期智能工厂 MES 与产线集成")
    assert (deal.ref, deal.customer.short_name, deal.owner.name) == ("P-2026-0187", "苏州恒睿精密", "林晓")
    assert (deal.amount.amount, deal.purchase_method) == (12_800_000, "OPEN_TENDER")
    assert (deal.stage_number, deal.state, deal.completed_stage, deal.rate_percent) == (3, "TRANSIT", 3, 10)
    assert (deal.buyer_stage, deal.lag, deal.lag_verdict) == (5, 1, "CATCH_UP")
    assert (deal.gate_met, deal.gate_required, deal.waived_count) == (1, 2, 1)
    waiver = Waiver.objects.get(opportunity=deal)
    assert (waiver.item, waiver.asked_by.name, waiver.decisions.get().decided_by.name) == ("3.S2", "林晓", "周建国")
    assert waiver.expires_on == date(2026, 10, 30)
    marks = Proof.objects.filter(opportunity=deal, key="procurement.tender_notice_published").get()
    assert (marks.happened_on, marks.grade) == (date(2026, 9, 11), 3)
    assert {row.user.name for row in deal.team.all()} == {"许文博", "方宁", "黄珊", "钱程", "周建国"}
    assert {row.customer.short_name for row in deal.participants.all()} == {"华东机电设计院", "正弘招标"}
    assert deal.proofs.filter(documents__isnull=False).exclude(key="solutions.draft_suggestion_submitted").count() == 1


def check_foresight():
    deal = Opportunity.objects.get(name="恒睿二期智能工厂 MES 与产线集成")
    first, second = deal.strategies.order_by("number")
    assert first.review.reviewed_by.name == "林晓"
    assert not hasattr(second, "review")
    paper = RequirementPaper.objects.get(opportunity=deal)
    asked = Confirmation.objects.get(source_ref=paper.ref)
    assert (paper.number, asked.contact.name, asked.is_confirmed, asked.way) == (1, "王海涛", True, "LINK")
    assert [need.text for need in Need.objects.filter(opportunity=deal, verified_step=4)] == [
        "换型排程自动完成，不再停线等料"
    ]
    inside = [row for row in load_chain(deal, on=TODAY).present if row.row.level != "OUTSIDE"]
    assert [row.row.contact.name for row in inside if row.weight and row.weight.hidden] == ["李伟"]
    assert deal.review_on == second.review_on == date(2026, 9, 28)
    plan = ContingencyPlan.objects.get(opportunity=deal)
    assert (plan.rule, plan.state, plan.owner.name) == ("rivals_active", "ACTIVATED", "许文博")
    assert dict(deal.signals.values_list("rule", "level"))["rivals_active"] == "AMBER"
    found = Opportunity.objects.open()
    assert {deal.risk for deal in found} == {"RED", "AMBER", "GREEN"}
    assert set(RiskSignal.objects.values_list("rule", flat=True)) >= {
        "budget_cut", "decision_delay", "falling_behind", "rivals_active", "silence", "stage_overdue",
    }  # fmt: skip
    assert not Opportunity.objects.exclude(outcome="OPEN").exclude(risk="").exists()
    assert list(signal_differences(on=TODAY)) == []


def check_reviews():
    assert {(row.gate, row.state, row.decision) for row in GateReview.objects.all()} == {
        ("ATI", "DECIDED", "GO"), ("ATB", "PLANNED", ""), ("ATB", "SUBMITTED", "GO"), ("ATI", "DECIDED", "HOLD"),
    }  # fmt: skip
    held = Opportunity.objects.get(gate_mark="HOLD")
    assert held.name == "泰州海陵 储能电站 EMS"
    proof = Proof.objects.get(source_kind="gate_review")
    assert (proof.key, proof.opportunity.playbook.key) == ("opportunities.internal_approval_passed", "key-account-6")
    theirs = DealTask.objects.filter(owner__username="linxiao", source_kind="gate_review", done_at=None)
    assert {day < TODAY for day in theirs.values_list("due_on", flat=True)} == {True, False}
    assert Condition.objects.filter(task__done_at__isnull=False).count() == 1


def check_routine():
    meeting = ReviewMeeting.objects.get()
    assert (meeting.led_by.username, meeting.is_open) == ("zhoujianguo", False)
    assert meeting.deals.filter(noted_at__isnull=False).count() == 3
    open_tasks = DealTask.objects.filter(source_ref=meeting.ref, done_at=None)
    assert (open_tasks.count(), open_tasks.filter(due_on__lt=TODAY).count()) == (3, 1)
    assert Suggestion.objects.filter(after_days__lte=14).count() >= 10
    assert Suggestion.objects.filter(arrived_on=None, gone_on=None).count() >= 20


def check_finding():
    leads = Lead.objects.all()
    assert leads.count() >= 20
    assert {lead.state for lead in leads} == set(LeadState.values)
    assert {lead.source for lead in leads} == set(Source.values)
    assert Pool.objects.filter(content="LEADS").count() == 2
    assert PooledCustomer.objects.filter(holder=None).count() == 1
    assert PooledCustomer.objects.exclude(warned_on=None).count() == 1
    assert {row.state for row in Admission.objects.all()} == {"SUBMITTED", "ADMITTED", "SUSPENDED", "EXPIRED"}
    assert {row.state for row in Upstream.objects.all()} == {"SUBMITTED", "GRANTED", "REFUSED", "EXPIRED"}
    assert sum(bool(found) for found in clashing(list(Upstream.objects.all())).values()) == 2
    assert Letter.objects.filter(opportunity=None).count() == 1
    assert leads.filter(owner=None, state="NEW").count() >= 4
    assert leads.filter(warned_on=TODAY).exists()
    fair = Campaign.objects.get(way="EXHIBITION")
    brought = with_yields([fair], User.objects.get(username="guxiaoming"))[0].brought
    assert (brought.leads, brought.deals, brought.won_amounts) == (4, 1, [Money.of(2_800_000)])
    assert FollowUp.objects.filter(task__isnull=False).exists()
    assert dict(Registration.objects.values_list("state").annotate(n=Count("pk"))) == {"ACTIVE": 2, "PENDING": 1}


def check_calibration():
    closed = Opportunity.objects.filter(outcome__in=("WON", "LOST"), playbook__key=DEFAULT_PLAYBOOK)
    best = closed.annotate(best=Max("stage_changes__completed_after")).values_list("outcome", "best")
    rates = compiled_playbook(offered_version(DEFAULT_PLAYBOOK).pk).playbook.rates
    decided = ((outcome == "WON", stage or 0) for outcome, stage in best)
    offered = [row.offered for row in stage_rates(decided, rates)]
    assert all(offered[:4])
    assert offered[:4] == sorted(offered[:4])
    assert not any(offered[4:])


def check_analysing():
    customer = Customer.objects.get(short_name="苏州恒睿精密")
    subject, reader = Subject(About.CUSTOMER, customer), customer.owner
    pest = sheet_shown(subject, definitions()["pest"], reader, on=TODAY)
    assert dict(pest.counts) == {"own": 1, "inherited": 4, "changed": 1, "struck": 1}
    forces = sheet_shown(subject, definitions()["five_forces"], reader, on=TODAY)
    assert (str(forces.result.value), str(forces.above.value)) == ("2.80", "2.60")
    actions = [
        row for pair in sheet_shown(subject, definitions()["swot"], reader, on=TODAY).pairs for row in pair.actions
    ]
    assert [row.task.done_at is None for row in actions] == [False, True]
    plan = AccountPlan.objects.get(customer=customer)
    assert (plan.state, plan.settled_by.name, plan.year) == ("APPROVED", "周建国", 2026)
    assert {line.counted for line in goal_lines(plan, reader)} == {True, False}
    assert plan.dates.exclude(done_on=None).count() == 4
    assert set(AccountPlan.objects.values_list("state", flat=True)) == {"APPROVED", "DRAFT"}


def check_competing():
    deal = Opportunity.objects.get(ref="P-2026-0187")
    shown = landscape_shown(deal, deal.owner, on=TODAY)
    assert [row.row.rival.names.count() for row in shown.rivals] == [2, 3]
    assert not any(row.lack for row in shown.proofs)
    assert shown.gap is not None
    assert shown.gap < 0
    assert {move.sort for move in shown.moves} == {"SITE_VISIT", "PRICE"}
    assert results_of([shown.rivals[0].row.rival_id])[shown.rivals[0].row.rival_id].decided == 4
    found = portfolio(User.objects.get(username="zhoujianguo"), filters=Filters(), on=TODAY, currency="CNY")
    assert len({row.quadrant for row in found.rows}) >= 4


def check_needing():
    tree = tree_of(Opportunity.objects.get(name="恒睿二期智能工厂 MES 与产线集成"))
    assert (len(tree.lines), tree.assumed, tree.must.total, tree.must.met, tree.must.unranked) == (5, 1, 3, 3, 0)
    confirmed = Need.objects.filter(verified_step=4)
    names = {"临港数据中心二期供配电", "恒睿二期智能工厂 MES 与产线集成"}
    assert {need.opportunity.name for need in confirmed} == names
    assert confirmed.count() == 3
    steps = DealObjection.objects.values_list("opportunity__outcome", "step")
    assert sorted(steps) == [("OPEN", 1), ("OPEN", 3), ("OPEN", 5), ("WON", 5)]


def check_truth():
    assert not Opportunity.objects.filter(reassess_on__lte=TODAY).exists()
    assert list(recompute(today=TODAY).differences) == []
    assert verify_chains() == []
    strong = Proof.objects.filter(grade__gte=2)
    assert not strong.filter(quote="", source_ref="", documents=None).exists()
    assert not Proof.objects.filter(grade=3).exclude(documents__isnull=False).filter(contact=None).exists()
    assert not Proof.objects.filter(happened_on__gt=TODAY).exists()
    assert not Entry.objects.filter(at__gt=NOW, event__startswith="opportunities.").exists()
    assert not Proof.objects.filter(quote__contains="{").exists()


def check_told_once():
    before = {
        model: model.objects.count() for model in (Opportunity, Proof, Customer, Contact, Entry, Comment, Notification)
    }

    assert not tell()

    assert {model: model.objects.count() for model in before} == before
    refs = Opportunity.objects.values("ref").annotate(n=Count("pk"))
    assert all(row["n"] == 1 for row in refs)


def test_weekends_move_to_the_friday_before():
    calendar = Calendar(TODAY, "Asia/Shanghai")

    assert [calendar.day(offset).isoformat() for offset in (0, -3, -4, -5, 3, 4)] == [
        "2026-09-16", "2026-09-11", "2026-09-11", "2026-09-11", "2026-09-18", "2026-09-18",
    ]  # fmt: skip


def test_a_key_that_two_deals_share_is_refused():
    with pytest.raises(ValueError, match="'same'"):
        by_key([{"key": "same"}, {"key": "other"}, {"key": "same"}])


def test_every_phrase_names_known_evidence_and_can_be_filled():
    names = {"customer": "甲公司", "person": "张工"}
    deal = deals()["hengrui-mes"]

    for key in read("phrases.yaml"):
        stock = phrase(key)
        words = fill(stock.words, deal=deal, on=TODAY, names=names)

        assert stock.grade <= catalogue()[key].ceiling, key
        assert words, key
        assert "{" not in words, key
