"""How a request walks: who is asked, countersigning, conditions, sending back, adding, handing on, withdrawing."""

import pytest

from duobiao.approvals.actions.add_approver import Place, add_approver
from duobiao.approvals.actions.copy_to import copy_to
from duobiao.approvals.actions.decide import decide
from duobiao.approvals.actions.hand_on import hand_on
from duobiao.approvals.actions.open_request import RequestExists
from duobiao.approvals.actions.refusals import (
    AlreadyAnswered,
    AlreadySettled,
    NotAsked,
    OwnRequest,
    StepMoved,
    WaitsForAsker,
    WrongPerson,
)
from duobiao.approvals.actions.send_back import NotSentBack, resubmit, send_back
from duobiao.approvals.actions.withdraw import withdraw
from duobiao.approvals.models import Act, ApprovalRequest, ChainVersion, Task
from duobiao.approvals.tests.factories import ask, asked_now, people, set_chain, step
from duobiao.identity.models import Role
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.opportunities.tests.factories import NOW, make_deal, make_unit, make_user
from duobiao.timeline.models import Entry, Notification
from duobiao.timeline.verification import verify_chains

pytestmark = pytest.mark.django_db
COMPANY_FINANCE = {"by": "ROLE", "role": "finance", "reach": "COMPANY"}


def yes(request, actor, **more):
    return decide(request=request, approved=True, actor=actor, now=NOW, **more)


def no(request, actor, note="not yet", **more):
    return decide(request=request, approved=False, note=note, actor=actor, now=NOW, **more)


def state(request) -> str:
    return ApprovalRequest.objects.get(pk=request.pk).state


def counts() -> tuple[int, int, int]:
    return Act.objects.count(), Entry.objects.count(), Task.objects.count()


# ---- who is asked


def test_the_nearest_manager_is_asked_and_told(deal, seller, manager, director):
    request = ask(deal, seller)

    assert asked_now(request) == ["zhoujianguo"]
    assert Notification.objects.get().user == manager
    yes(request, manager)
    assert state(request) == "APPROVED"
    assert verify_chains() == []


def test_without_a_manager_in_the_unit_the_next_above_is_asked_then_the_administrators(deal, seller, admin):
    assert asked_now(ask(deal, seller)) == ["admin"]


def test_a_manager_who_owns_the_deal_is_not_asked_about_it(manager, director):
    assert asked_now(ask(make_deal(manager), manager)) == ["director"]


def test_a_role_that_nobody_holds_falls_to_the_superior(deal, seller, manager):
    set_chain(step("a", COMPANY_FINANCE), by=manager)

    assert asked_now(ask(deal, seller)) == ["zhoujianguo"]


def test_a_role_in_the_unit_nearest_above_or_the_whole_company(deal, seller, unit, finance, manager):
    near = make_user("near", role=Role.FINANCE, unit=unit)
    far = make_user("far", role=Role.FINANCE, unit=make_unit("华北"))
    set_chain(step("a", {"by": "ROLE", "role": "finance", "reach": "ABOVE"}), by=manager)
    assert asked_now(ask(deal, seller)) == [near.username]
    set_chain(step("a", COMPANY_FINANCE), by=manager)
    assert asked_now(ask(make_deal(seller), seller)) == ["far", "finance", "near"]
    assert far.pk


def test_nobody_can_be_asked_and_the_request_waits(seller, deal):
    request = ask(deal, seller)

    assert asked_now(request) == []
    assert request.is_open


# ---- deciding


def test_one_is_enough_and_one_no_ends_it(deal, seller, finance, legal, manager):
    set_chain(step("a", people(finance, legal)), by=manager)
    first, second = ask(deal, seller), ask(make_deal(seller), seller)

    yes(first, legal)
    no(second, finance, note="too early")

    assert (state(first), state(second)) == ("APPROVED", "REFUSED")
    deal.refresh_from_db()
    assert deal.outcome == "GIVEN_UP"
    assert second.acts.get(verb="REFUSED").note == "too early"


def test_everybody_has_to_agree_where_the_chain_says_so(deal, seller, finance, legal, manager):
    set_chain(step("a", people(finance, legal), "ALL"), by=manager)
    request = ask(deal, seller)

    yes(request, finance)
    assert state(request) == "OPEN"
    assert asked_now(request) == ["legal"]
    with pytest.raises(AlreadyAnswered):
        yes(request, finance)
    yes(request, legal)

    assert state(request) == "APPROVED"


def test_steps_follow_each_other_and_conditions_skip_them(deal, seller, manager, finance, legal):
    set_chain(
        step("boss"),
        step("big", people(legal), when={"amount_at_least": 2_000_000}),
        step("late", people(legal), when={"fact": "reason", "value": "LATE"}),
        step("money", people(finance)),
        by=manager,
    )
    request = ask(deal, seller)

    yes(request, manager)

    assert asked_now(request) == ["finance"]
    outcomes = list(request.visits.order_by("sequence").values_list("outcome", flat=True))
    assert outcomes == ["APPROVED", "SKIPPED", "SKIPPED", ""]
    with pytest.raises(StepMoved):
        yes(request, finance, step=1)
    yes(request, finance, step=4)
    assert state(request) == "APPROVED"


def test_the_version_of_the_chain_stays_with_its_request(deal, seller, manager, finance):
    request = ask(deal, seller)
    set_chain(step("a", people(finance)), by=manager)

    yes(request, manager)

    assert state(request) == "APPROVED"
    assert asked_now(ask(make_deal(seller), seller)) == ["finance"]
    assert ChainVersion.objects.filter(matter="give_up").count() == 2


def test_who_agreed_once_is_not_asked_again(deal, seller, manager, finance):
    set_chain(step("a"), step("b", people(manager, finance), "ALL"), step("c", people(manager)), by=manager)
    request = ask(deal, seller)

    yes(request, manager)
    assert asked_now(request) == ["finance"]
    yes(request, finance)

    assert state(request) == "APPROVED"


@pytest.mark.parametrize("who", ["seller", "stranger", "finance"])
def test_others_decide_nothing(request, deal, seller, manager, finance, unit, who):
    actors = {"seller": seller, "finance": finance, "stranger": make_user("stranger", unit=unit)}
    asked = ask(deal, seller)
    before = counts()

    with pytest.raises(NotAllowed):
        yes(asked, actors[who])

    assert counts() == before
    assert state(asked) == "OPEN"


def test_nobody_decides_on_their_own_request_nor_on_their_own_deal(unit, seller, manager, director):
    deal = make_deal(manager)
    set_chain(step("a", people(manager, director)), by=director)
    request = ask(deal, manager)

    assert asked_now(request) == ["director"]
    with pytest.raises(OwnRequest):
        yes(request, manager)


def test_a_late_decision_is_told_how_it_ended(deal, seller, manager):
    request = ask(deal, seller)
    no(request, manager)

    with pytest.raises(AlreadySettled) as refused:
        yes(request, manager)

    assert (refused.value.status, refused.value.details) == (409, {"state": "REFUSED"})


def test_what_stands_above_those_asked_may_step_in(deal, seller, manager, director, admin):
    request, other = ask(deal, seller), ask(make_deal(seller), seller)

    yes(request, director)
    no(other, admin)

    assert (state(request), state(other)) == ("APPROVED", "REFUSED")
    assert Task.objects.filter(origin="STEPPED_IN").count() == 2


def test_a_manager_does_not_step_in_for_finance(deal, seller, manager, finance):
    set_chain(step("a", people(finance)), by=manager)

    with pytest.raises(NotAsked):
        yes(ask(deal, seller), manager)


def test_who_could_decide_every_step_settles_at_once(deal, manager):
    request = ask(deal, manager)

    assert (state(request), request.alone) == ("APPROVED", False)
    deal.refresh_from_db()
    assert deal.closings.get().approved_by == manager


def test_who_could_decide_only_the_first_step_asks_the_rest(deal, manager, finance):
    set_chain(step("a"), step("b", people(finance)), by=manager)
    request = ask(deal, manager)

    assert state(request) == "OPEN"


def test_the_only_person_of_an_installation_decides_alone_and_it_is_marked():
    admin = make_user("admin", role=Role.ADMINISTRATOR)

    request = ask(make_deal(admin), admin)

    assert (state(request), request.alone) == ("APPROVED", True)


# ---- sending back


def test_back_to_who_asked_and_in_again(deal, seller, manager):
    request = ask(deal, seller)

    send_back(request=request, note="name the rival", actor=manager, now=NOW)
    assert asked_now(request) == ["linxiao"]
    with pytest.raises(WaitsForAsker):
        yes(request, manager)
    resubmit(request=request, note="done", actor=seller, now=NOW)

    assert asked_now(request) == ["zhoujianguo"]
    with pytest.raises(NotSentBack):
        resubmit(request=request, actor=seller, now=NOW)
    yes(request, manager)
    assert state(request) == "APPROVED"


def test_back_to_a_named_step_asks_again_who_had_agreed(deal, seller, manager, finance, legal):
    set_chain(step("a"), step("b", people(finance)), step("c", people(legal)), by=manager)
    request = ask(deal, seller)
    yes(request, manager)
    yes(request, finance)

    send_back(request=request, to="b", note="which year", actor=legal, now=NOW)

    assert asked_now(request) == ["finance"]
    yes(request, finance)
    assert asked_now(request) == ["legal"]
    yes(request, legal)
    assert state(request) == "APPROVED"


@pytest.mark.parametrize(("to", "note"), [("c", "x"), ("b", "x"), ("nowhere", "x"), ("a", "  ")])
def test_back_to_nowhere_or_without_reason_changes_nothing(deal, seller, manager, finance, legal, to, note):
    set_chain(step("a"), step("b", people(finance)), step("c", people(legal)), by=manager)
    request = ask(deal, seller)
    yes(request, manager)
    before = counts()

    with pytest.raises(Invalid):
        send_back(request=request, to=to, note=note, actor=finance, now=NOW)

    assert counts() == before


# ---- bringing others in


def test_an_approver_added_beside_has_to_agree_too(deal, seller, manager, legal):
    request = ask(deal, seller)
    add_approver(request=request, person=legal, place=Place.PARALLEL, actor=manager, now=NOW)

    yes(request, manager)
    assert (state(request), asked_now(request)) == ("OPEN", ["legal"])
    yes(request, legal)

    assert state(request) == "APPROVED"


def test_an_approver_added_before_decides_first(deal, seller, manager, legal):
    request = ask(deal, seller)
    add_approver(request=request, person=legal, place=Place.BEFORE, actor=manager, now=NOW)

    assert asked_now(request) == ["legal"]
    yes(request, legal)
    assert asked_now(request) == ["zhoujianguo"]
    yes(request, manager)
    assert state(request) == "APPROVED"


def test_an_approver_added_after_decides_next(deal, seller, manager, legal):
    request = ask(deal, seller)
    add_approver(request=request, person=legal, place=Place.AFTER, actor=manager, now=NOW)

    yes(request, manager)
    assert asked_now(request) == ["legal"]
    yes(request, legal)

    assert state(request) == "APPROVED"


def test_a_task_is_handed_on_and_shown_as_for_whom(deal, seller, manager, legal):
    request = ask(deal, seller)
    hand_on(request=request, to=legal, actor=manager, now=NOW)

    assert asked_now(request) == ["legal"]
    with pytest.raises(NotAllowed):
        decide(request=request, approved=True, actor=seller, now=NOW)
    yes(request, legal)
    assert request.acts.get(verb="APPROVED").behalf_of == manager


@pytest.mark.parametrize("who", ["asker", "asked", "gone"])
def test_people_who_cannot_decide_are_not_brought_in(deal, seller, manager, who):
    gone = make_user("gone", is_active=False)
    person = {"asker": seller, "asked": manager, "gone": gone}[who]
    request = ask(deal, seller)
    before = counts()

    for act in (
        lambda: hand_on(request=request, to=person, actor=manager, now=NOW),
        lambda: add_approver(request=request, person=person, place=Place.PARALLEL, actor=manager, now=NOW),
    ):
        with pytest.raises(WrongPerson):
            act()

    assert counts() == before


def test_a_copy_lets_somebody_see_and_hear_the_end(deal, seller, manager, legal):
    request = ask(deal, seller)
    assert not ApprovalRequest.objects.visible_to(legal).exists()

    copy_to(request=request, person=legal, actor=seller, now=NOW)
    copy_to(request=request, person=legal, actor=seller, now=NOW)
    yes(request, manager)

    assert ApprovalRequest.objects.visible_to(legal).get() == request
    told = Notification.objects.filter(user=legal).order_by("pk").values_list("event", flat=True)
    assert list(told) == ["approvals.approval_copied", "approvals.approval_decided"]
    with pytest.raises(NotAsked):
        copy_to(request=request, person=seller, actor=make_user("outsider"), now=NOW)


# ---- withdrawing


def test_only_the_asker_takes_a_request_back_and_nobody_decides_after(deal, seller, manager):
    request = ask(deal, seller)
    with pytest.raises(NotAllowed):
        withdraw(request=request, actor=manager, now=NOW)

    withdraw(request=request, actor=seller, now=NOW)

    assert state(request) == "WITHDRAWN"
    for act in (lambda: yes(request, manager), lambda: withdraw(request=request, actor=seller, now=NOW)):
        with pytest.raises(AlreadySettled):
            act()


def test_a_refused_request_may_be_asked_again_but_not_twice_at_once(deal, seller, manager):
    first = ask(deal, seller)
    with pytest.raises(RequestExists):
        ask(deal, seller)
    no(first, manager)

    assert ask(deal, seller).is_open


def test_amounts_in_another_currency_go_the_long_way(seller, manager, finance):
    set_chain(step("a"), step("b", people(finance), when={"amount_at_least": 10**9}), by=manager)
    request = ask(make_deal(seller, amount=Money.of(1, "USD")), seller)

    yes(request, manager)

    assert asked_now(request) == ["finance"]
