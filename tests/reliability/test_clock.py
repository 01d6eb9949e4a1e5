"""Row 15: clocks are set wrong, months are short, zones change; order and durations stay true."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.test import Client

from duobiao.identity.models import CompanySettings, Role
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.confirm_evidence import HappenedInTheFuture, confirm_evidence
from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.actions.retract_proof import retract_proof
from duobiao.opportunities.models import Proof, StageChange
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.tests.factories import draft, make_contact, make_customer, make_deal, make_unit, make_user
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.models import Comment, Entry
from duobiao.timeline.queries import comments_for, entries_for
from duobiao.timeline.verification import verify_chains

pytestmark = pytest.mark.django_db
NOON = datetime(2028, 2, 28, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai, on the day before 29 February."""


@pytest.fixture
def seller():
    return make_user("linxiao", unit=make_unit("华东"))


def prove(deal, key, *, now, on=None, **fields):
    on = on or local_day(now)
    return confirm_evidence(opportunity=deal, draft=draft(key, on=on, **fields), actor=deal.owner, now=now).proof


def test_a_clock_that_jumps_by_a_day_leaves_history_in_the_order_of_writing(seller, figure):
    """Row 15: now goes a day back and forth between writes; sequences say what came first, sums stay true."""
    deal = make_deal(seller, now=NOON)
    keys = ["engagement.interest_shown", "engagement.next_meeting_granted", "engagement.visit_time_agreed"]
    for number, skew in enumerate((0, 1, -1, 1, 0, -1)):
        now = NOON + timedelta(days=skew, minutes=number)
        if number < len(keys):
            prove(deal, keys[number], now=now)
        else:
            proof = Proof.objects.filter(opportunity=deal, retracted_on=None).order_by("pk").last()
            retract_proof(proof=proof, reason="x", actor=seller, now=now)

    changes = list(StageChange.objects.filter(opportunity=deal).order_by("sequence"))
    entries = list(Entry.objects.filter(chain=deal.ref).order_by("sequence"))
    gaps = sum(
        later.sequence != earlier.sequence + 1 for rows in (changes, entries) for earlier, later in pairwise(rows)
    )
    figure(15, f"{len(entries)} entries under a clock of ±1 day: {gaps} out of order")
    assert gaps == 0
    assert all(earlier.stage_after == later.stage_before for earlier, later in pairwise(changes))
    assert any(earlier.at > later.at for earlier, later in pairwise(entries))
    assert verify_chains() == []
    prove(deal, keys[0], now=NOON + timedelta(days=2), quote="after the clock was put right")
    assert recompute(today=date(2028, 3, 1)).differences == []


def test_pages_show_no_negative_duration_when_the_clock_goes_back(seller, monkeypatch, figure):
    """Row 15: a deal moved "tomorrow" by a wrong clock is shown with 0 days, not with -1."""
    deal = make_deal(seller, make_customer(seller, "苏州恒睿精密"), now=NOON + timedelta(days=1))
    prove(deal, "engagement.interest_shown", now=NOON + timedelta(days=1))
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    client = Client()
    client.force_login(seller)
    pages = ["/pipeline/board/", "/pipeline/list/", "/pipeline/funnel/", f"/opportunities/{deal.ref}/", "/customers/"]

    answers = {path: client.get(path) for path in pages}

    negative = [path for path, answer in answers.items() if any(f"-{n} 天" in answer.text for n in range(1, 3))]
    figure(15, f"negative durations on {len(negative)} of {len(pages)} pages under a clock set back by a day")
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(pages, 200)
    assert negative == []


def test_the_29th_of_february_is_a_day_like_any_other(seller):
    """Row 15: facts, waivers and expiry on and across a leap day."""
    deal = make_deal(seller, now=NOON)
    leap = NOON + timedelta(days=1)
    proof = prove(deal, "engagement.interest_shown", now=leap)
    waiver = ask_waiver(
        opportunity=deal,
        item="1.S1",
        reason="x",
        expires_on=date(2028, 2, 29) + timedelta(days=90),
        actor=seller,
        now=leap,
    )

    assert proof.happened_on == date(2028, 2, 29)
    assert waiver.expires_on == date(2028, 5, 29)
    deal.refresh_from_db()
    assert deal.stage_number == 1
    assert deal.reassess_on is not None
    expiry = deal.reassess_on
    reassess_due(now=datetime.combine(expiry - timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=4))
    deal.refresh_from_db()
    assert deal.stage_number == 1
    reassess_due(now=datetime.combine(expiry, datetime.min.time(), UTC) + timedelta(hours=4))
    deal.refresh_from_db()
    assert deal.stage_number == 0
    assert recompute(today=expiry).differences == []


@pytest.mark.parametrize(
    ("zone", "today"),
    [
        ("Asia/Shanghai", date(2028, 2, 29)),
        ("America/Los_Angeles", date(2028, 2, 28)),
        ("Pacific/Kiritimati", date(2028, 2, 29)),
    ],
)
def test_the_future_begins_where_the_person_sits(seller, zone, today):
    """Row 15: at 17:00 UTC it is tomorrow in Shanghai and still yesterday in California."""
    now = datetime(2028, 2, 28, 17, 0, tzinfo=UTC)
    deal = make_deal(seller, now=now)
    seller.time_zone = zone
    seller.save(update_fields=["time_zone"])

    assert prove(deal, "engagement.interest_shown", now=now, on=today).happened_on == today
    with pytest.raises(HappenedInTheFuture):
        prove(deal, "engagement.visit_time_agreed", now=now, on=today + timedelta(days=1))
    assert Proof.objects.count() == 1


def test_a_company_that_moves_to_another_zone_keeps_its_ledger_true(seller):
    """Row 15: after the zone of the company changes, stored places equal a fresh judgement of the new day."""
    now = datetime(2028, 2, 28, 17, 0, tzinfo=UTC)
    deal = make_deal(seller, now=now)
    prove(deal, "engagement.interest_shown", now=now)
    company = CompanySettings.load()
    company.time_zone = "America/Los_Angeles"
    company.save()

    prove(deal, "engagement.next_meeting_granted", now=now + timedelta(hours=1), on=date(2028, 2, 28))
    later = now + timedelta(days=1)
    prove(deal, "engagement.visit_time_agreed", now=later, on=date(2028, 2, 28))

    assert recompute(today=local_day(later, "America/Los_Angeles")).differences == []
    assert [change.sequence for change in StageChange.objects.order_by("sequence")][:1] == [1]
    assert verify_chains() == []


def test_comments_stand_in_the_order_they_were_written_when_the_clock_stood_still(seller):
    """Row 15: equal moments are told apart by the order of writing."""
    deal = make_deal(seller, now=NOON)
    make_contact(deal.customer)
    make_user("boss", role=Role.ADMINISTRATOR)
    for number in range(5):
        add_comment(subject=Ref.of(deal), body=f"第 {number}", actor=seller, now=NOON)

    written = [row.body for row in Comment.objects.order_by("pk")]
    shown = [row.pieces[0].text for row in comments_for(Ref.of(deal))]
    sequences = [row.sequence for row in entries_for(chain=deal.ref)]
    assert shown in (written, written[::-1])
    assert sequences == sorted(sequences, reverse=True)
