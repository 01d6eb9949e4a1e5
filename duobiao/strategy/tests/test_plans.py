"""Contingency plans: prepared from a template, changed, activated, done; each step with who and when."""

from datetime import timedelta

import pytest

from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.actions.change_team import add_to_team
from duobiao.opportunities.signal_words import shipped_rules
from duobiao.opportunities.tests.factories import NOW, TODAY, make_deal, make_user
from duobiao.strategy.actions.advance_plan import NotNext, advance_plan
from duobiao.strategy.actions.prepare_plan import PlanDone, edit_plan, prepare_plan
from duobiao.strategy.models import ContingencyPlan, PlanStep
from duobiao.strategy.queries.plans import planned_rules, plans_of
from duobiao.strategy.queries.templates import template_for, template_keys
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user("linxiao")


@pytest.fixture
def colleague():
    return make_user("xuwenbo", role="presales")


@pytest.fixture
def deal(seller, colleague):
    deal = make_deal(seller)
    add_to_team(opportunity=deal, user=colleague, role="PRESALES", actor=seller, now=NOW)
    return deal


def prepare(deal, actor, owner=None, **changes):
    values = {
        "rule": "budget_cut",
        "texts": {"trigger": "预算减少", "plan": "分两期"},
        "owner": owner or actor,
        "due_on": TODAY,
        **changes,
    }
    return prepare_plan(opportunity=deal, **values, actor=actor, now=NOW)


def test_every_signal_has_a_template_and_the_three_of_the_method_are_marked():
    assert set(template_keys()) == set(shipped_rules())
    seed = {key: template_for(key).title for key in template_keys() if template_for(key).origin == "seed"}
    assert set(seed) == {"budget_cut", "key_contact_changed", "rivals_active"}
    assert template_for("nothing") is None


def test_a_plan_is_prepared_and_its_carrier_told(deal, seller, colleague):
    Notification.objects.all().delete()

    plan = prepare(deal, seller, owner=colleague)

    step = plan.steps.get()
    assert (plan.state, step.state, step.by, step.at) == ("PREPARED", "PREPARED", seller, NOW)
    assert planned_rules(deal) == {"budget_cut"}
    assert Notification.objects.get().user == colleague
    assert Entry.objects.get(event="strategy.plan_prepared").chain == deal.ref


def test_a_plan_goes_step_by_step(deal, seller):
    plan = prepare(deal, seller)
    with pytest.raises(NotNext):
        advance_plan(plan=plan, state="DONE", actor=seller, now=NOW)

    advance_plan(plan=plan, state="ACTIVATED", note="预算会上砍了", actor=seller, now=NOW)
    with pytest.raises(NotNext):
        advance_plan(plan=plan, state="ACTIVATED", actor=seller, now=NOW)
    advance_plan(plan=plan, state="DONE", actor=seller, now=NOW + timedelta(days=3))

    (line,) = plans_of(deal, on=TODAY + timedelta(days=9))
    assert [(step.state, step.note) for step in line.steps] == [
        ("PREPARED", ""), ("ACTIVATED", "预算会上砍了"), ("DONE", ""),
    ]  # fmt: skip
    assert (line.next_state, line.late) == ("", False)
    assert planned_rules(deal) == set()
    assert PlanStep.objects.count() == 3


def test_a_plan_is_changed_from_what_was_seen_until_it_is_done(deal, seller, colleague):
    plan = prepare(deal, seller)
    values = {"texts": {"trigger": "预算减少", "plan": "分三期"}, "owner": colleague, "due_on": TODAY}

    with pytest.raises(StaleVersion):
        edit_plan(plan=plan, version=9, **values, actor=seller, now=NOW)
    edit_plan(plan=plan, version=1, **values, actor=seller, now=NOW)
    held = ContingencyPlan.objects.get()
    assert (held.plan, held.owner, held.version) == ("分三期", colleague, 2)

    for state in ("ACTIVATED", "DONE"):
        advance_plan(plan=plan, state=state, actor=seller, now=NOW)
    with pytest.raises(PlanDone):
        edit_plan(plan=plan, version=4, **values, actor=seller, now=NOW)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rule": "weather"}, "rule"),
        ({"texts": {"trigger": "", "plan": "分两期"}}, "trigger"),
        ({"texts": {"trigger": "x" * 501, "plan": "分两期"}}, "trigger"),
        ({"texts": {"trigger": "预算减少"}}, "plan"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_on"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_kept(deal, seller, change, field):
    with pytest.raises(Invalid) as refusal:
        prepare(deal, seller, **change)

    assert set(refusal.value.fields) == {field}
    assert not ContingencyPlan.objects.exists()
    assert not Entry.objects.filter(event="strategy.plan_prepared").exists()


def test_only_people_of_the_deal_carry_out_plans(deal, seller):
    with pytest.raises(Invalid) as refusal:
        prepare(deal, seller, owner=make_user("stranger"))

    assert set(refusal.value.fields) == {"owner"}


def test_others_may_not_plan(deal):
    with pytest.raises(NotAllowed):
        prepare(deal, make_user("stranger"))

    assert not ContingencyPlan.objects.exists()


def test_choosing_another_risk_changes_the_texts_of_a_template_and_keeps_what_was_written(client, deal, seller):
    client.force_login(seller)
    first, other = template_for("silence"), template_for("budget_cut")
    where = f"/opportunities/{deal.ref}/contingency-plans/new/"

    untouched = client.get(where, {"rule": "budget_cut", "trigger": first.trigger, "plan": first.plan})
    written = client.get(
        where, {"rule": "budget_cut", "trigger": "客户换了总经理", "plan": first.plan, "owner": "nobody"}
    )

    assert other.trigger in untouched.text
    assert other.plan in untouched.text
    assert "客户换了总经理" in written.text
    assert other.trigger not in written.text
    assert other.plan in written.text
