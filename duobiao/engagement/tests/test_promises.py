"""What was promised at a visit becomes tasks of its deal, and follows the record."""

from datetime import date

import pytest
from django.utils import translation

from duobiao.engagement.actions.cancel_visit import cancel_visit
from duobiao.engagement.actions.correct_visit import correct_visit
from duobiao.engagement.actions.keep_promises import promised
from duobiao.engagement.tests.factories import NOW, TODAY, hold
from duobiao.opportunities.actions.finish_task import finish_task
from duobiao.opportunities.models import DealTask
from duobiao.opportunities.queries.tasks import tasks_from

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def visit(seller, handler, deal):
    return hold(seller, handler, deal, our_promises="一周内给初步方案\n\n  发两家  案例 \n一周内给初步方案")


def titles(*, done_at=None, **rule):
    return sorted(DealTask.objects.filter(done_at=done_at, **rule).values_list("title", flat=True))


def correct(visit, actor, text):
    visit.refresh_from_db()
    return correct_visit(visit=visit, version=visit.version, values={"our_promises": text}, actor=actor, now=NOW)


def test_each_promise_is_one_task_of_the_host_due_in_five_working_days(visit, seller, deal):
    tasks = list(deal.tasks.order_by("title"))

    assert [task.title for task in tasks] == ["一周内给初步方案", "发两家 案例"]
    assert {task.owner for task in tasks} == {seller}
    assert date(2026, 9, 16) == TODAY
    assert {task.due_on for task in tasks} == {date(2026, 9, 22)}  # the Sunday between is worked
    assert tasks_from(visit.ref, seller, on=TODAY)[0].source_url == f"/visits/{visit.ref}/"


def test_a_corrected_promise_drops_its_open_task_and_keeps_what_was_done(visit, seller, deal):
    finish_task(task=deal.tasks.get(title="发两家 案例"), actor=seller, now=NOW)

    correct(visit, seller, "发两家 案例\n约技术交流")

    assert titles() == ["约技术交流"]
    assert list(deal.tasks.filter(dropped=True).values_list("title", "result")) == [
        ("一周内给初步方案", "the visit was corrected")
    ]


def test_a_promise_made_again_gets_a_new_task(visit, seller):
    correct(visit, seller, "")
    assert titles() == []

    correct(visit, seller, "一周内给初步方案")

    assert titles() == ["一周内给初步方案"]


def test_a_correction_of_something_else_leaves_a_task_that_was_worded_anew(visit, seller, deal):
    deal.tasks.filter(title="发两家 案例").update(title="发三家案例")
    visit.refresh_from_db()

    correct_visit(visit=visit, version=visit.version, values={"summary": "谈得好"}, actor=seller, now=NOW)

    assert titles() == ["一周内给初步方案", "发三家案例"]


def test_a_cancelled_visit_drops_its_tasks(visit, seller, deal):
    visit.refresh_from_db()
    cancel_visit(visit=visit, version=visit.version, reason="没有去成", actor=seller, now=NOW)

    assert titles() == []
    assert {task.result for task in deal.tasks.all()} == {"the visit was cancelled"}


def test_without_a_deal_a_promise_stays_in_the_record(seller, handler):
    hold(seller, handler, None, our_promises="寄样本")

    assert not DealTask.objects.exists()


def test_a_long_promise_is_cut_for_its_task():
    assert [len(line) for line in promised("长" * 300)] == [200]
