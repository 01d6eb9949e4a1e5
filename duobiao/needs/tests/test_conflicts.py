"""Conflicts between people: from who wants and who opposes the same need; usual tensions only while nothing is recorded."""

import pytest
from django.utils import timezone, translation

from duobiao.identity.commands import create_token
from duobiao.needs.actions.voice_need import voice_need
from duobiao.needs.tests.factories import NOW, TODAY, make_contact, noted
from duobiao.stakeholders.queries.conflicts import conflicts_on
from duobiao.stakeholders.queries.report import report_parts
from duobiao.stakeholders.tests.factories import chain, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(deal, seller, customer):
    sun = make_contact(customer, "孙国栋", function="TECHNICAL")
    liu = make_contact(customer, "刘倩", function="USING")
    put(deal, sun, seller, role="GATEKEEPER", concerns="接口谁兜底")
    put(deal, liu, seller, role="INFLUENCER")
    return sun, liu


def voiced(need, contact, voice, actor, note=""):
    voice_need(need=need, contact=contact, voice=voice, note=note, actor=actor, now=NOW)


def test_usual_tensions_are_suggestions_while_nothing_is_recorded(deal, people):
    found = conflicts_on(chain(deal))

    assert [row.is_recorded for row in found] == [False]
    assert {stand.name for side in found[0].sides for stand in side} == {"孙国栋", "刘倩"}


def test_who_wants_and_who_opposes_the_same_need_is_the_conflict(deal, seller, people, handler):
    sun, liu = people
    backup, both, spoilt, alone = (
        noted(deal, seller, text=text, said_by=sun) for text in ("驻场一年", "接口写清", "夜班到场", "报表")
    )
    voiced(backup, sun, "WANTS", seller, "要写进合同")
    voiced(backup, liu, "OPPOSES", seller, "不在预算里")
    for need in (both, spoilt):
        voiced(need, sun, "WANTS", seller)
        voiced(need, liu, "WANTS", seller)
    voiced(spoilt, handler, "OPPOSES", seller)
    voiced(alone, sun, "WANTS", seller)

    about = {row.about: row for row in conflicts_on(chain(deal))}

    assert set(about) == {"驻场一年", "夜班到场"}
    row = about["驻场一年"]
    assert (row.ref, row.is_recorded, row.ground) == (backup.ref, True, ("接口写清", "夜班到场"))
    wants, opposes = row.sides
    assert [(one.name, one.words) for one in wants] == [("孙国栋", "要写进合同")]
    assert [(one.name, one.words) for one in opposes] == [("刘倩", "不在预算里")]
    assert wants[0].message
    assert wants[0].message != opposes[0].message
    assert about["夜班到场"].ground == ()
    assert about["夜班到场"].sides[1][0].person == ""
    yesterday = chain(deal, on=TODAY.replace(day=TODAY.day - 1))
    assert all(not one.is_recorded for one in conflicts_on(yesterday))


def test_page_api_and_report_tell_the_conflict(client, deal, seller, people, api):
    sun, liu = people
    need = noted(deal, seller, text="驻场一年<b>", said_by=sun)
    voiced(need, sun, "WANTS", seller)
    voiced(need, liu, "OPPOSES", seller)
    client.force_login(seller)

    page = client.get(f"/opportunities/{deal.ref}/decision-chain/readouts/").content.decode()
    held = api(create_token(username=seller.username, now=timezone.now()))
    row = held.get(f"/opportunities/{deal.ref}/role-cards").json()["conflicts"][0]
    with translation.override("en"):
        part = next(one for one in report_parts(chain(deal)) if one.title == "Conflicts and common ground")

    assert "驻场一年&lt;b&gt;" in page
    assert "wants it" in page
    assert "usual tension" not in page
    assert (row["need"], row["tension"]) == (need.ref, "驻场一年<b>")
    assert [[one["name"] for one in side] for side in row["sides"]] == [["孙国栋"], ["刘倩"]]
    assert "孙国栋 for it, 刘倩 against it" in part.points[0]


def test_conflicts_cost_the_same_for_any_number_of_needs(client, deal, seller, people, assert_flat_queries):
    sun, liu = people
    client.force_login(seller)

    def grow() -> None:
        for number in range(4):
            need = noted(deal, seller, text=f"需求 {number}", said_by=sun)
            voiced(need, sun, "WANTS", seller)
            voiced(need, liu, "OPPOSES", seller)

    grow()
    assert_flat_queries(
        visit=lambda: client.get(f"/opportunities/{deal.ref}/decision-chain/readouts/"), grow=grow
    )  # fmt: skip
