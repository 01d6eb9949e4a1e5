"""What counts: whose word it is, whom we heard from, what has faded, and what the stage at work asks for."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_all
from duobiao.opportunities.models import Grade, Opportunity
from duobiao.opportunities.queries.threads import last_spoken
from duobiao.opportunities.tests.factories import NOW, TODAY
from duobiao.stakeholders.actions.edit_person import edit_person
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.domain.standing import people_facts
from duobiao.stakeholders.models import Observation
from duobiao.stakeholders.queries.matrix import matrix_of
from duobiao.stakeholders.tests.factories import chain, live_keys, saw, won

pytestmark = pytest.mark.django_db


def test_two_colleagues_who_name_no_source_contradict_each_other(deal, seller, manager, gatekeeper):
    saw(gatekeeper, seller, 2, source="", origin="OWN", on=TODAY - timedelta(days=1))
    saw(gatekeeper, manager, -2, source="", origin="OWN", percent=30)

    held = chain(deal).by_key[gatekeeper.pk].judged[Topic.STANCE]

    assert (held.value, held.heard) == (2, 2)
    assert [(seen.value, round(percent)) for seen, percent in held.against] == [(-2, 30)]
    saw(gatekeeper, seller, -1, source="", origin="OWN")
    held = chain(deal).by_key[gatekeeper.pk].judged[Topic.STANCE]
    assert (held.value, held.heard, held.against) == (-1, 2, ())


def test_our_own_impression_is_kept_as_a_code_and_told_in_the_readers_language(deal, seller, gatekeeper):
    with override("zh-hans"):
        row = saw(gatekeeper, seller, 1, source="", origin="OWN")
        assert row.source_words == "我方判断"
    with override("en"):
        saw(gatekeeper, seller, 0, source="", origin="OWN", on=TODAY - timedelta(days=3))
        held = chain(deal).by_key[gatekeeper.pk].judged[Topic.STANCE]

    assert Observation.objects.filter(origin="OWN").count() == 2
    assert (held.used.source, held.heard) == ("our own impression", 1)


def test_one_source_says_whom_we_heard_from(deal, seller, decider, gatekeeper, handler):
    saw(decider, seller, 1, source="", told_by=handler, on=TODAY - timedelta(days=2))
    saw(gatekeeper, seller, -1, source="王海涛说", quote="他不同意")
    found = chain(deal)
    assert [found.by_key[row.pk].last_spoken for row in (decider, gatekeeper, handler)] == [
        None, None, TODAY - timedelta(days=2),
    ]  # fmt: skip

    saw(gatekeeper, seller, -1, source="", origin="OWN", quote="接口谁来兜", on=TODAY - timedelta(days=1))
    won(decider, seller, "COMPANY_NEED_COMPANY", channel="MEETING", on=TODAY - timedelta(days=4))
    won(decider, seller, "COMPANY_NEED_PRODUCT")

    found = chain(deal)
    assert found.by_key[gatekeeper.pk].last_spoken == TODAY - timedelta(days=1)
    assert found.by_key[decider.pk].last_spoken == TODAY - timedelta(days=4)
    assert all(figure.covered for figure in found.present)
    earlier = last_spoken([deal.pk], until=TODAY - timedelta(days=3))[deal.pk]
    assert earlier == {decider.contact_id: TODAY - timedelta(days=4)}
    assert last_spoken([deal.pk])[deal.pk] == {figure.row.contact_id: figure.last_spoken for figure in found.present}


def test_what_somebody_confirmed_is_a_word_of_theirs_and_what_a_record_shows_is_not(deal, seller, decider):
    assert "stakeholders.decision_maker_identified" in live_keys(deal)
    assert chain(deal).decider.last_spoken is None

    draft = Draft(
        "engagement.interest_shown", Grade.DOCUMENTED, TODAY, quote="可以", contact=decider.contact, channel="PHONE"
    )
    confirm_all(opportunity=deal, drafts=[draft], actor=seller, now=NOW)

    assert chain(deal).decider.last_spoken == TODAY


def test_what_has_faded_is_unknown_to_facts_and_figures(deal, seller, decider, gatekeeper, handler):
    for person in (decider, gatekeeper, handler):
        saw(person, seller, 2 if person == decider else -1, percent=60)
    saw(handler, seller, 5, "INFLUENCE")
    found = chain(deal)
    assert (found.ground.judged, found.ground.people, found.ground.share) == (3, 3, 1)
    assert found.support == pytest.approx((15 * 2 - 6 - 5) / (2 * 26))

    saw(decider, seller, 2, now=NOW + timedelta(minutes=1))
    late = TODAY + timedelta(days=80)
    found = chain(deal, late)

    assert [found.by_key[row.pk].stance for row in (decider, gatekeeper)] == [2, -1]
    assert [found.by_key[row.pk].faded for row in (decider, gatekeeper)] == [False, True]
    assert (found.support, found.ground.judged) == (1, 1)
    assert found.ground.share == pytest.approx(15 / 26)
    facts = people_facts(found.members)
    assert "DECIDER_HELPS" in facts
    assert "STANCES_KNOWN" not in facts
    assert "DECIDER_HELPS" not in people_facts(chain(deal, TODAY + timedelta(days=200)).members)


def test_the_matrix_asks_for_the_stage_at_work(deal, seller, decider, gatekeeper, handler):
    Opportunity.objects.filter(pk=deal.pk).update(stage_number=3, completed_stage=3, state="TRANSIT")

    found = matrix_of(chain(deal))

    assert (found.stage, found.nobody) == (4, ["COACH"])
    assert {row.figure.row.contact.name: [cell.square for cell in row.lacking] for row in found.rows} == {
        "王海涛": ["COMPANY_NEED_PRODUCT", "COMPANY_NEED_COMPANY", "PERSONAL_NEED_PRODUCT"],
        "孙国栋": ["COMPANY_NEED_PRODUCT"],
        "陈立群": [],
    }
    edit_person(person=handler, version=1, values={"coach_grade": "INFORMANT"}, actor=seller, now=NOW)
    Opportunity.objects.filter(pk=deal.pk).update(stage_number=3, completed_stage=3, state="TRANSIT")
    assert matrix_of(chain(deal)).nobody == []


def test_a_majority_is_asked_for_and_not_everybody(deal, seller, decider, gatekeeper, handler):
    Opportunity.objects.filter(pk=deal.pk).update(stage_number=4, completed_stage=4, state="TRANSIT")
    before = matrix_of(chain(deal))
    assert "陈立群" in [row.figure.row.contact.name for row in before.rows if row.lacking]

    for person in (gatekeeper, handler):
        for cell in ("COMPANY_NEED_PRODUCT", "COMPANY_NEED_COMPANY"):
            won(person, seller, cell)
    Opportunity.objects.filter(pk=deal.pk).update(stage_number=4, completed_stage=4, state="TRANSIT")
    found = matrix_of(chain(deal))

    assert found.stage == before.stage == 5
    assert "陈立群" not in [row.figure.row.contact.name for row in found.rows if row.lacking]
    assert found.required == before.required
    assert found.accepted == before.accepted + 4 + 3
