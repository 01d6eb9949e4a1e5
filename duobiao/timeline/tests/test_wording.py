"""Events in words."""

from django.utils import translation

from duobiao.timeline.queries import wording


def test_details_that_cannot_be_read_leave_the_title_alone():
    for data in ({}, {"task": "x", "due_on": "no day"}):
        with translation.override("en"):
            title, detail, icon, _tone = wording("opportunities.task_added", data)

        assert (title, detail, icon) == ("Task", "", "checkbox")
