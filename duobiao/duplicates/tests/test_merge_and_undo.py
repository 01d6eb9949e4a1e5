"""A merge and its undoing bring back exactly what was, for each kind of record."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.apps import apps

from duobiao.customers.actions.keep_sites import add_site
from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.actions.solve_issues import raise_issue
from duobiao.customers.models import Contact, Customer
from duobiao.customers.tests import factories as customers
from duobiao.duplicates.actions.undo_merge import MergedFurther, TooLateToUndo, undo_merge
from duobiao.duplicates.domain.changes import COUNTED
from duobiao.duplicates.jobs import forget_merges
from duobiao.duplicates.models import Merge, MergeMemory
from duobiao.duplicates.queries.surroundings import relations_to, surroundings
from duobiao.duplicates.registry import kind_of, kinds
from duobiao.identity.models import Role
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotAllowed
from duobiao.opportunities.actions.merge_deals import ApprovalWaits, DealsOfTwo, merge_deals
from duobiao.opportunities.actions.reassess import DERIVED as DERIVED_BY_JUDGEMENT
from duobiao.opportunities.actions.reassess import Cause, derived_columns, reassess
from duobiao.opportunities.models import Opportunity, Proof, StageChange
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.tests.factories import (
    NOW,
    TODAY,
    make_contact,
    make_customer,
    make_deal,
    make_unit,
    make_user,
    prove_stages,
)
from duobiao.playbooks.queries import compiled_playbook
from duobiao.prospecting.actions.merge_leads import merge_leads
from duobiao.prospecting.models import Lead
from duobiao.prospecting.tests.factories import make_lead, make_pool
from duobiao.reviews.soundness import marks_follow_from_the_reviews
from duobiao.reviews.tests.factories import approve, condition, plan, submit
from duobiao.search.queries import find
from duobiao.strategy.actions.write_strategy import write_strategy
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.actions.erase_details import erase_details
from duobiao.timeline.models import Comment, Entry, Notification

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)
DERIVED = frozenset(("stage_since", "last_evidence_on", "reassess_on"))
HISTORY = (
    "opportunities.StageChange",
    "opportunities.RiskSignal",
    "opportunities.Suggestion",
    "opportunities.Conversation",
)


@pytest.fixture
def east():
    return make_unit("华东")


@pytest.fixture
def seller(east):
    return make_user("seller", unit=east)


@pytest.fixture
def manager(east):
    return make_user("manager", Role.MANAGER, unit=east)


def everything_around(*records):
    """Return all rows around records, without what counts changes and what is history of its own."""
    table = surroundings(type(records[0]), records)
    return {
        place: {name: value for name, value in row.items() if name not in COUNTED | DERIVED}
        for place, row in table.items()
        if place[0] not in HISTORY
    }


def undo(manager):
    return undo_merge(merge=Merge.objects.get(), actor=manager, now=LATER)


def two_customers(seller):
    keeper = customers.customer(seller, "苏州恒力精密", industry="机械")
    other = customers.customer(seller, "蘇州恆力精密有限公司", industry="汽车", region="苏州", notes="老客户")
    customers.contact(other, "李工")
    customers.customer(seller, "恒力二厂", parent=other)
    for held in (keeper, other):
        add_site(customer=held, values={"name": "一期厂房"}, actor=seller, now=NOW)
        make_deal(seller, held)
    raise_issue(customer=other, values={"title": "停机"}, actor=seller, now=NOW)
    return keeper, other


def test_customers_parted_again_are_what_they_were(seller, manager):
    keeper, other = two_customers(seller)
    before = everything_around(keeper, other)

    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW, take=frozenset({"industry"}))
    merged = Customer.objects.get(pk=keeper.pk)
    undone = undo(manager)

    assert (merged.industry, merged.region) == ("汽车", "苏州")
    assert undone.kept == 0
    assert everything_around(keeper, other) == before
    assert {hit.ref for hit in find(user=seller, text="恒力")} >= {keeper.ref}
    assert not MergeMemory.objects.exists()
    assert Entry.objects.filter(event="duplicates.merge_undone", subject_ref=keeper.ref).count() == 1
    assert Entry.objects.filter(event="duplicates.parted", subject_ref=other.ref).count() == 1


def test_nothing_points_at_a_merged_customer_but_what_is_said_to_stay(seller, manager):
    keeper, other = two_customers(seller)

    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)

    stays = kind_of(Customer.kind).stays
    left = [
        f"{model._meta.label}.{name}"
        for model, name in relations_to(Customer)
        if model._base_manager.filter(**{name: other.pk}).exists()
    ]
    assert set(left) - stays <= {"customers.CustomerProfile.customer", "customers.Site.customer"}


def test_contacts_parted_again_are_what_they_were(seller, manager):
    company = make_customer(seller)
    keeper, other = (
        customers.contact(company, "李明", position="部长"),
        customers.contact(company, "黎明", mobile="13812345678"),
    )
    deal = make_deal(seller, company)
    Proof.objects.bulk_create(
        Proof(
            opportunity=deal, key="customers.profile_completed", grade=1, grade_claimed=1, happened_on=TODAY, known_at=NOW,
            known_on=TODAY, recorded_at=NOW, contact=person, fingerprint=str(person.pk),
        )
        for person in (keeper, other)
    )  # fmt: skip
    before = everything_around(keeper, other)

    merge_contacts(keeper=keeper, other=other, actor=manager, now=NOW)
    held = Proof.objects.filter(contact=keeper).count()
    undo(manager)

    assert held == 2
    assert everything_around(keeper, other) == before
    assert Contact.objects.get(pk=other.pk).is_live


def test_leads_parted_again_are_what_they_were(seller, manager):
    pool = make_pool()
    keeper, other = make_lead(seller, company="恒力"), make_lead(seller, pool=pool, company="恒力", contact_name="李工")
    add_comment(subject=Ref.of(other), body="约下周", actor=seller, now=NOW)
    before = everything_around(keeper, other)

    merge_leads(keeper=keeper, other=other, actor=seller, now=NOW)
    merged = Lead.objects.get(pk=keeper.pk)
    said = Comment.objects.get().subject_ref
    unseen = not Lead.objects.visible_to(seller).filter(pk=other.pk).exists()
    undo(seller)

    assert (merged.contact_name, said, unseen) == ("李工", keeper.ref, True)
    assert everything_around(keeper, other) == before


def test_deals_parted_again_are_what_they_were_and_are_judged_anew(seller, manager):
    company = make_customer(seller)
    keeper, other = make_deal(seller, company, name="二期产线"), make_deal(seller, company, name="二期 产线")
    prove_stages(keeper, 1, actor=seller)
    prove_stages(other, 2, actor=seller)
    keeper.refresh_from_db()
    other.refresh_from_db()
    stages = keeper.completed_stage, other.completed_stage
    before = everything_around(keeper, other)

    merge_deals(keeper=keeper, other=other, actor=manager, now=NOW)
    merged = Opportunity.objects.get(pk=keeper.pk)
    gone = Opportunity.objects.get(pk=other.pk)
    differences = recompute(today=TODAY).differences
    undone = undo(manager)

    assert (stages, merged.completed_stage, gone.completed_stage) == ((1, 0), 2, 0)
    assert not differences
    assert not Opportunity.objects.visible_to(manager).filter(merged_into__isnull=False).exists()
    assert undone.kept == 0
    assert everything_around(keeper, other) == before
    assert not recompute(today=TODAY).differences
    steps = [
        (row.completed_before, row.completed_after)
        for row in StageChange.objects.filter(opportunity=keeper).order_by("sequence")
    ]
    assert steps[-2:] == [(1, 2), (2, 1)]
    assert all(former[1] == later[0] for former, later in pairwise(steps))


def test_only_what_is_judged_anew_is_left_to_the_judgement(seller):
    deal = make_deal(seller)
    assessment = reassess(deal, actor=seller, now=NOW, cause=Cause("x"))

    written = derived_columns(compiled_playbook(deal.playbook_id), assessment)

    assert {*written, "stage_since", "last_evidence_on"} == DERIVED_BY_JUDGEMENT


def test_what_only_the_merged_record_proved_is_taken_back(seller, manager):
    keeper, other = customers.customer(seller, "恒力"), customers.customer(seller, "恒力精密", **customers.FULL_PROFILE)
    deal = make_deal(seller, keeper)
    proved = Proof.objects.filter(opportunity=deal, key="customers.profile_completed")

    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)
    merged = proved.filter(retracted_on=None).count()
    undo(manager)

    assert (merged, proved.filter(retracted_on=None).count()) == (1, 0)
    assert not recompute(today=LATER.date()).differences


def test_gate_marks_and_strategies_follow_merged_and_parted_deals(seller, manager):
    company = make_customer(seller)
    keeper, other = make_deal(seller, company, name="二期产线"), make_deal(seller, company, name="二期 产线")
    texts = {"goal": "拿下", "position": "第二", "moves": "拜访"}
    write_strategy(opportunity=other, texts=texts, review_on=TODAY + timedelta(7), actor=seller, now=NOW)
    review = plan(other, seller)
    submit(review, seller, "HOLD", conditions=[condition(seller)], people=[seller, manager])
    approve(review, manager)
    marks = [Opportunity.objects.get(pk=deal.pk).gate_mark for deal in (keeper, other)]

    merge_deals(keeper=keeper, other=other, actor=manager, now=NOW)
    merged = Opportunity.objects.get(pk=keeper.pk)
    sound = marks_follow_from_the_reviews()
    undo(manager)
    parted = [Opportunity.objects.get(pk=deal.pk) for deal in (keeper, other)]

    assert (merged.gate_mark, merged.review_on) == (marks[1], TODAY + timedelta(7))
    assert [(row.gate_mark, row.review_on) for row in parted] == [(marks[0], None), (marks[1], TODAY + timedelta(7))]
    assert [*sound, *marks_follow_from_the_reviews()] == []


def test_a_deal_on_which_a_request_waits_is_not_merged(seller, manager):
    company = make_customer(seller)
    keeper, other = make_deal(seller, company), make_deal(seller, company)
    submit(plan(other, seller), seller)

    with pytest.raises(ApprovalWaits):
        merge_deals(keeper=keeper, other=other, actor=manager, now=NOW)

    assert not Merge.objects.exists()
    assert Opportunity.objects.get(pk=other.pk).merged_into is None


def test_deals_of_two_customers_are_not_merged(seller, manager):
    keeper, other = make_deal(seller), make_deal(seller)

    with pytest.raises(DealsOfTwo):
        merge_deals(keeper=keeper, other=other, actor=manager, now=NOW)

    assert not Merge.objects.exists()
    assert not Entry.objects.filter(event="opportunities.deals_merged").exists()


def test_what_was_changed_since_stays_and_is_named(seller, manager):
    keeper, other = two_customers(seller)
    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)
    Customer.objects.filter(pk=keeper.pk).update(region="无锡")
    Contact.objects.filter(name="李工").update(customer=make_customer(seller, "别处"))

    undone = undo(manager)

    assert undone.facts == [str(Customer._meta.get_field("region").verbose_name)]
    assert undone.rows == 1
    assert Customer.objects.get(pk=keeper.pk).region == "无锡"
    assert Contact.objects.get(name="李工").customer.name == "别处"


def test_a_contact_added_since_stays_with_the_customer_that_was_kept(seller, manager):
    keeper, other = two_customers(seller)
    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)
    added = make_contact(keeper, "新人")

    undo(manager)

    assert Contact.objects.get(pk=added.pk).customer_id == keeper.pk


def test_a_merge_is_undone_once_and_within_thirty_days(seller, manager):
    keeper, other = two_customers(seller)
    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)
    merge = Merge.objects.get()
    before = everything_around(keeper, other)

    with pytest.raises(TooLateToUndo):
        undo_merge(merge=merge, actor=manager, now=NOW + timedelta(days=30))
    assert everything_around(keeper, other) == before

    undo_merge(merge=merge, actor=manager, now=LATER)
    with pytest.raises(TooLateToUndo):
        undo_merge(merge=merge, actor=manager, now=LATER)


def test_a_customer_merged_further_is_parted_in_the_order_of_merging(seller, manager):
    first, second, third = (customers.customer(seller, f"恒力{n}厂") for n in "甲乙丙")
    merge_customers(keeper=second, other=first, actor=manager, now=NOW)
    merge_customers(keeper=third, other=second, actor=manager, now=NOW)
    earlier, later = Merge.objects.order_by("pk")

    with pytest.raises(MergedFurther):
        undo_merge(merge=earlier, actor=manager, now=LATER)
    undo_merge(merge=later, actor=manager, now=LATER)
    undo_merge(merge=earlier, actor=manager, now=LATER)

    assert Customer.objects.live().filter(pk__in=[first.pk, second.pk, third.pk]).count() == 3


def test_who_may_not_merge_one_of_them_undoes_nothing(seller, manager):
    keeper, other = two_customers(seller)
    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)
    before = everything_around(keeper, other)

    with pytest.raises(NotAllowed):
        undo_merge(merge=Merge.objects.get(), actor=seller, now=LATER)

    assert everything_around(keeper, other) == before
    assert Merge.objects.get().undone_at is None


def test_a_merge_under_different_permissions_changes_nothing(seller, manager):
    elsewhere = make_user("far", unit=make_unit("华北"))
    keeper, other = make_customer(seller), make_customer(elsewhere)
    before = everything_around(keeper, other)

    with pytest.raises(NotAllowed):
        merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)

    assert everything_around(keeper, other) == before
    assert not Merge.objects.exists()


def test_what_a_merge_changed_is_forgotten_after_thirty_days(seller, manager):
    keeper, other = two_customers(seller)
    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)
    Merge.objects.update(merged_at=NOW - timedelta(days=3650))

    assert forget_merges.call() == 1
    assert not MergeMemory.objects.exists()
    assert Merge.objects.count() == 1


def test_erasing_the_details_of_a_record_erases_what_its_merge_remembers(seller, manager):
    keeper, other = two_customers(seller)
    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)

    erase_details(subject=Ref.of(other), reason="要求删除", actor=make_user("admin", Role.ADMINISTRATOR), now=LATER)

    assert not MergeMemory.objects.exists()
    with pytest.raises(TooLateToUndo):
        undo(manager)


def test_owners_are_told_of_what_others_merge_and_part(seller, manager):
    keeper, other = two_customers(seller)

    merge_customers(keeper=keeper, other=other, actor=manager, now=NOW)
    undo(manager)

    told = Notification.objects.filter(event__startswith="duplicates.").order_by("at", "pk")
    assert [(row.user, row.event) for row in told] == [
        (seller, "duplicates.own_records_merged"),
        (seller, "duplicates.merge_undone"),
    ]


def test_what_is_said_to_stay_or_to_go_exists():
    for kind in kinds():
        for place in kind.stays:
            label, _, name = place.rpartition(".")
            assert apps.get_model(label)._meta.get_field(name)
        for label in kind.drops:
            assert apps.get_model(label)
