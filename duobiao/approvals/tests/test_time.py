"""What time and people coming and going do: deadlines, substitutes, leavers, new owners."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from duobiao.approvals.actions.absences import AbsenceOver, AbsencesOverlap, end_absence, set_absence
from duobiao.approvals.actions.decide import decide
from duobiao.approvals.actions.keep_moving import keep_moving
from duobiao.approvals.actions.refusals import DelegationEnded, OwnRequest
from duobiao.approvals.models import ApprovalRequest, Task
from duobiao.approvals.tests.factories import ask, asked_now, people, set_chain, step
from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.decide_waiver import decide_waiver
from duobiao.opportunities.actions.handover_opportunity import handover_opportunity
from duobiao.opportunities.models import Waiver
from duobiao.opportunities.tests.factories import NOW, TODAY, make_user
from duobiao.timeline.models import Entry, Notification

pytestmark = pytest.mark.django_db


def later(days: int):
    return NOW + timedelta(days=days)


def away(person, substitute, *, start: int = 0, days: int = 5, now=NOW):
    first = TODAY + timedelta(days=start)
    last = first + timedelta(days=days)
    return set_absence(substitute=substitute, from_on=first, to_on=last, actor=person, now=now)


def state(request) -> str:
    return ApprovalRequest.objects.get(pk=request.pk).state


# ---- deadlines


def test_the_last_day_reminds_once_and_the_day_after_passes_on_to_the_superior(deal, seller, manager, director):
    request = ask(deal, seller)
    visit = request.visits.get()
    assert visit.due_on == TODAY + timedelta(days=4)  # a Sunday on which people work

    assert [keep_moving(now=later(3)), keep_moving(now=later(4)), keep_moving(now=later(4))] == [0, 1, 0]
    assert asked_now(request) == ["zhoujianguo"]
    assert [keep_moving(now=later(5)), keep_moving(now=later(5))] == [1, 0]

    assert asked_now(request) == ["director"]
    assert list(request.acts.values_list("verb", flat=True)) == ["ASKED", "REMINDED", "ESCALATED"]
    visit.refresh_from_db()
    assert visit.due_on > TODAY + timedelta(days=5)
    decide(request=request, approved=True, actor=director, now=later(7))
    assert state(request) == "APPROVED"


def test_where_nobody_stands_above_the_person_is_reminded_every_day(deal, seller, manager):
    request = ask(deal, seller)

    moved = [keep_moving(now=later(day)) for day in (6, 6, 7)]

    assert moved == [1, 0, 1]
    assert asked_now(request) == ["zhoujianguo"]


def test_a_request_nobody_could_decide_is_asked_once_somebody_is_there(deal, seller, unit):
    request = ask(deal, seller)
    assert keep_moving(now=NOW) == 0

    make_user("new", role=Role.MANAGER, unit=unit)

    assert [keep_moving(now=later(1)), keep_moving(now=later(1))] == [1, 0]
    assert asked_now(request) == ["new"]


# ---- substitutes


def test_tasks_go_to_the_substitute_and_are_shown_as_for_whom(deal, seller, manager, legal):
    waiting = ask(deal, seller)
    away(manager, legal)

    assert asked_now(waiting) == ["legal"]
    task = Task.objects.get(user=legal)
    assert (task.behalf_of, task.origin) == (manager, "SUBSTITUTE")
    decide(request=waiting, approved=True, actor=legal, now=NOW)
    assert waiting.acts.get(verb="APPROVED").behalf_of == manager


def test_a_substitute_whose_days_are_over_may_not_decide_even_before_the_job_ran(deal, seller, manager, legal):
    away(manager, legal, days=1)
    request = ask(deal, seller)
    before = Entry.objects.count()

    with pytest.raises(DelegationEnded):
        decide(request=request, approved=True, actor=legal, now=later(2))

    assert (state(request), Entry.objects.count()) == ("OPEN", before)
    keep_moving(now=later(2))
    assert asked_now(request) == ["zhoujianguo"]
    with pytest.raises(DelegationEnded):
        decide(request=request, approved=True, actor=legal, now=later(2))


def test_ending_a_substitution_early_brings_the_task_back(deal, seller, manager, legal):
    absence = away(manager, legal)
    request = ask(deal, seller)

    end_absence(absence=absence, actor=manager, now=NOW)

    assert asked_now(request) == ["zhoujianguo"]
    with pytest.raises(DelegationEnded):
        decide(request=request, approved=True, actor=legal, now=NOW)
    with pytest.raises(AbsenceOver):
        end_absence(absence=absence, actor=manager, now=NOW)


def test_the_absent_person_may_still_decide_and_takes_the_task_back(deal, seller, manager, legal):
    away(manager, legal)
    request = ask(deal, seller)

    decide(request=request, approved=True, actor=manager, now=NOW)

    assert state(request) == "APPROVED"


def test_nobody_decides_on_their_own_request_as_somebodys_substitute(deal, seller, manager):
    away(manager, seller)
    request = ask(deal, seller)

    assert asked_now(request) == ["zhoujianguo"]
    with pytest.raises(OwnRequest):
        decide(request=request, approved=True, actor=seller, now=NOW)


def test_a_person_who_appears_twice_is_asked_once(deal, seller, manager, legal, finance):
    set_chain(step("a", people(legal, finance), "ALL"), by=manager)
    away(finance, legal)

    assert asked_now(ask(deal, seller)) == ["legal"]


def test_days_to_come_begin_when_they_come(deal, seller, manager, legal):
    away(manager, legal, start=2)
    request = ask(deal, seller)
    assert asked_now(request) == ["zhoujianguo"]

    keep_moving(now=later(2))

    assert asked_now(request) == ["legal"]


@pytest.mark.parametrize(("start", "days", "field"), [(-1, 3, "from_on"), (3, -1, "to_on"), (0, 400, "to_on")])
def test_impossible_days_are_refused(manager, legal, start, days, field):
    with pytest.raises(Invalid) as refused:
        away(manager, legal, start=start, days=days)

    assert set(refused.value.fields) == {field}


def test_no_two_substitutes_on_one_day_and_none_for_oneself(manager, legal, finance):
    absence = away(manager, legal)
    with pytest.raises(AbsencesOverlap):
        away(manager, finance, start=3)
    with pytest.raises(Invalid):
        away(legal, legal)
    with pytest.raises(NotAllowed):
        end_absence(absence=absence, actor=finance, now=NOW)


# ---- people come and go


def test_when_an_approver_leaves_others_are_asked(deal, seller, manager, director, admin):
    request = ask(deal, seller)

    deactivate_user(user=manager, successor=None, version=manager.version, actor=admin, now=NOW)

    assert asked_now(request) == ["director"]


def test_when_the_last_one_to_countersign_leaves_what_the_others_said_is_enough(
    deal, seller, manager, finance, legal, admin
):
    set_chain(step("a", people(finance, legal), "ALL"), by=manager)
    request = ask(deal, seller)
    decide(request=request, approved=True, actor=finance, now=NOW)

    deactivate_user(user=legal, successor=None, version=legal.version, actor=admin, now=NOW)

    assert state(request) == "APPROVED"
    deal.refresh_from_db()
    assert deal.closings.get().approved_by == finance


def test_a_new_owner_no_longer_decides(deal, seller, manager, director):
    request = ask(deal, seller)

    handover_opportunity(opportunity=deal, to=manager, actor=director, now=NOW)

    assert asked_now(request) == ["director"]
    with pytest.raises(OwnRequest):
        decide(request=request, approved=True, actor=manager, now=NOW)


def test_a_closed_deal_takes_what_waits_with_it(deal, seller, manager):
    request = ask(deal, seller)

    close_opportunity(opportunity=deal, outcome="LOST", reason="PRICE", on=TODAY, actor=seller, now=NOW)

    assert state(request) == "WITHDRAWN"
    assert Notification.objects.filter(user=manager, event="approvals.approval_decided").count() == 1


def test_a_waiver_that_waited_before_there_were_chains_gets_its_request(deal, seller, manager):
    waiver = Waiver.objects.create(
        opportunity=deal,
        playbook_id=deal.playbook_id,
        item="1.S4",
        reason="x",
        expires_on=TODAY,
        asked_at=NOW,
        asked_by=seller,
    )
    import_module("duobiao.opportunities.migrations.0004_requests_for_waiting_waivers").ask(apps, None)

    assert [keep_moving(now=NOW), keep_moving(now=NOW)] == [1, 0]

    request = ApprovalRequest.objects.get()
    assert (request.subject_ref, request.facts["stage"], asked_now(request)) == (waiver.ref, 1, ["zhoujianguo"])
    decide_waiver(waiver=waiver, approved=True, actor=manager, now=NOW)
    assert waiver.approved_on == TODAY
