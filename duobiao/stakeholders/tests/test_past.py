"""A chain on an earlier day: people, parts and stances as they stood then, and the steps from day to day."""

from datetime import date, datetime, timedelta

import pytest

from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.tests.factories import NOW, TODAY, make_contact
from duobiao.stakeholders.actions.change_personnel import Change, change_personnel
from duobiao.stakeholders.actions.edit_person import edit_person, remove_person
from duobiao.stakeholders.models import PersonPast
from duobiao.stakeholders.queries.steps import steps_of
from duobiao.stakeholders.tests.factories import chain, put, saw

pytestmark = pytest.mark.django_db


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def day(days: int) -> date:
    return company_day(later(days))


def parts(deal, on):
    return {figure.row.contact.name: figure.row.role for figure in chain(deal, on).present}


def edit(person, days, seller, **values):
    person.refresh_from_db()
    return edit_person(person=person, version=person.version, values=values, actor=seller, now=later(days))


def test_parts_levels_and_keepers_are_shown_as_they_were(deal, seller, decider, gatekeeper):
    edit(gatekeeper, 10, seller, role="INFLUENCER", level="TOP", keeper=seller)
    edit(gatekeeper, 20, seller, role="USER", keeper=None)

    seen = [
        (figure.row.role, figure.row.level, figure.row.keeper)
        for days in (9, 10, 19, 20)
        for figure in [chain(deal, day(days)).by_key[gatekeeper.pk]]
    ]
    assert seen == [
        ("GATEKEEPER", "MIDDLE", None),
        ("INFLUENCER", "TOP", seller),
        ("INFLUENCER", "TOP", seller),
        ("USER", "TOP", None),
    ]


def test_several_changes_of_one_day_leave_what_was_there_in_the_morning(deal, seller, decider, gatekeeper):
    edit(gatekeeper, 5, seller, role="INFLUENCER")
    edit(gatekeeper, 5, seller, role="USER")

    assert PersonPast.objects.count() == 1
    assert parts(deal, day(4)) == {"陈立群": "FINAL_DECIDER", "孙国栋": "GATEKEEPER"}
    assert parts(deal, day(5)) == {"陈立群": "FINAL_DECIDER", "孙国栋": "USER"}


def test_what_is_changed_on_the_day_somebody_joins_has_no_past(deal, seller, gatekeeper):
    edit(gatekeeper, 0, seller, role="USER")

    assert not PersonPast.objects.exists()
    assert parts(deal, TODAY) == {"孙国栋": "USER"}


def test_the_part_that_was_handed_on_was_somebody_elses_before(deal, seller, decider, gatekeeper):
    edit(gatekeeper, 8, seller, role="INFLUENCER")
    change = Change("LEFT", day(5), successor=gatekeeper)
    change_personnel(person=decider, change=change, actor=seller, now=later(9))

    assert parts(deal, day(4)) == {"陈立群": "FINAL_DECIDER", "孙国栋": "GATEKEEPER"}
    assert parts(deal, day(9)) == {"孙国栋": "FINAL_DECIDER"}


def test_who_was_taken_off_and_what_was_said_is_shown_as_it_was(deal, seller, decider, gatekeeper, customer):
    saw(gatekeeper, seller, -1)
    saw(gatekeeper, seller, 2, on=day(3), now=later(3))
    remove_person(person=gatekeeper, version=1, actor=seller, now=later(6))
    put(deal, make_contact(customer, "刘倩"), seller, later(7))

    assert chain(deal, day(2)).by_key[gatekeeper.pk].stance == -1
    assert chain(deal, day(5)).by_key[gatekeeper.pk].stance == 2
    assert [set(parts(deal, day(days))) for days in (5, 6, 7)] == [
        {"陈立群", "孙国栋"},
        {"陈立群"},
        {"陈立群", "刘倩"},
    ]


def test_steps_lead_from_change_to_change(deal, seller, decider, gatekeeper):
    saw(gatekeeper, seller, -1, on=day(3), now=later(3))
    edit(gatekeeper, 8, seller, role="INFLUENCER")

    found = steps_of(deal, day(5), day(12))
    last = steps_of(deal, day(12), day(12))
    first = steps_of(deal, TODAY, day(12))

    assert (found.days, found.earlier, found.later, found.place) == ([TODAY, day(3), day(8)], day(3), day(8), 2)
    assert (last.earlier, last.later, last.place) == (day(8), None, 3)
    assert (first.earlier, first.later, first.place) == (None, day(3), 1)
    assert steps_of(deal, day(8), day(12)).later == day(12)
