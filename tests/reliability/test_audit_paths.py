"""Row 38: whatever is written, by whichever path, leaves one entry per changed row, and an edit of the past shows."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from duobiao.config.commands import doctor
from duobiao.identity.commands import create_token
from duobiao.identity.models import CompanySettings, Role
from duobiao.kernel.days import local_day
from duobiao.opportunities.actions.handover_opportunity import handover_all
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import make_contact, make_customer, make_deal, make_unit, make_user
from duobiao.timeline import triggers
from duobiao.timeline.models import Entry
from duobiao.timeline.verification import verify_chains
from tests.support.api import ApiClient

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """One deal with its people, and programs that act for them."""

    seller: ApiClient
    manager: ApiClient
    boss: ApiClient
    people: dict[str, Any]
    customer: Any
    deal: Any

    @property
    def today(self) -> str:
        return local_day(timezone.now()).isoformat()

    def proof(self, key: str = "engagement.interest_shown", **fields: Any) -> str:
        body = {"key": key, "grade": 2, "happened_on": self.today, "quote": "x", **fields}
        return str(self.seller.post(f"/opportunities/{self.deal.ref}/proofs", body).json()["id"])

    def waiver(self) -> str:
        expires = (local_day(timezone.now()) + timedelta(days=9)).isoformat()
        body = {"item": "1.S1", "reason": "x", "expires_on": expires}
        return str(self.seller.post(f"/opportunities/{self.deal.ref}/waivers", body).json()["id"])


@pytest.fixture
def world() -> World:
    unit = make_unit("华东")
    people = {
        "seller": make_user("lin", unit=unit),
        "manager": make_user("zhou", role=Role.MANAGER, unit=unit),
        "boss": make_user("boss", role=Role.ADMINISTRATOR),
        "colleague": make_user("chen", unit=unit),
    }
    programs = {
        name: ApiClient(create_token(username=people[name].username, now=timezone.now()))
        for name in ("seller", "manager", "boss")
    }
    customer = make_customer(people["seller"], "苏州恒睿精密")
    return World(
        **programs, people=people, customer=customer, deal=make_deal(people["seller"], customer, now=timezone.now())
    )


def on_deal(world: World, path: str = "") -> str:
    return f"/opportunities/{world.deal.ref}{path}"


def prepared(make: Callable[[World], Any], act: Callable[[World, Any], Any]) -> Callable[[World], Callable[[], Any]]:
    """Make something first; only the act that follows is measured."""

    def prepare(world: World) -> Callable[[], Any]:
        made = make(world)
        return lambda: act(world, made)

    return prepare


def nothing(_world: World) -> None:
    return None


def won(world: World) -> None:
    world.proof("contracts.signed_by_both")
    body = {"outcome": "WON", "reason": "VALUE", "on": world.today}
    assert world.seller.post(on_deal(world, "/close"), body).status_code == 200


PATHS: dict[str, tuple[Callable[[World], Callable[[], Any]], list[str]]] = {
    "create a customer": (
        prepared(nothing, lambda w, _: w.seller.post("/customers", {"name": "上海远景"})),
        ["customers.customer_created"],
    ),
    "edit a customer": (
        prepared(nothing, lambda w, _: w.seller.patch(f"/customers/{w.customer.ref}", {"version": 1, "notes": "x"})),
        ["customers.customer_changed"],
    ),
    "create a contact": (
        prepared(nothing, lambda w, _: w.seller.post("/contacts", {"customer": w.customer.ref, "name": "王海涛"})),
        ["customers.contact_created"],
    ),
    "edit a contact": (
        prepared(
            lambda w: make_contact(w.customer).ref,
            lambda w, ref: w.seller.patch(f"/contacts/{ref}", {"version": 1, "position": "部长"}),
        ),
        ["customers.contact_changed"],
    ),
    "open a deal": (
        prepared(nothing, lambda w, _: w.seller.post("/opportunities", {"name": "二期", "customer": w.customer.ref})),
        ["opportunities.opportunity_created"],
    ),
    "edit a deal": (
        prepared(nothing, lambda w, _: w.seller.patch(on_deal(w), {"version": 1, "name": "三期"})),
        ["opportunities.opportunity_edited"],
    ),
    "confirm evidence": (
        prepared(nothing, lambda w, _: w.proof()),
        ["opportunities.proof_confirmed", "opportunities.stage_changed"],
    ),
    "confirm it again": (prepared(lambda w: w.proof(), lambda w, _: w.proof()), []),
    "retract a proof": (
        prepared(lambda w: w.proof(), lambda w, ref: w.seller.delete(on_deal(w, f"/proofs/{ref}"), {"reason": "x"})),
        ["opportunities.proof_retracted", "opportunities.stage_changed"],
    ),
    "purchase method": (
        prepared(
            nothing,
            lambda w, _: w.seller.post(
                on_deal(w, "/purchase-method"), {"method": "DIRECT", "happened_on": w.today, "quote": "x"}
            ),
        ),
        ["opportunities.proof_confirmed"],
    ),
    "ask for a waiver": (
        prepared(nothing, lambda w, _: w.waiver()),
        ["approvals.approval_asked", "opportunities.waiver_asked"],
    ),
    "approve a waiver": (
        prepared(
            lambda w: w.waiver(),
            lambda w, ref: w.manager.post(on_deal(w, f"/waivers/{ref}/decision"), {"approved": True}),
        ),
        ["approvals.approval_decided", "opportunities.waiver_decided"],
    ),
    "close a deal": (
        prepared(
            nothing,
            lambda w, _: w.seller.post(on_deal(w, "/close"), {"outcome": "LOST", "reason": "PRICE", "on": w.today}),
        ),
        ["opportunities.opportunity_closed"],
    ),
    "reopen a deal": (
        prepared(won, lambda w, _: w.manager.post(on_deal(w, "/reopen"), {"reason": "x"})),
        ["opportunities.opportunity_reopened", "opportunities.risk_arose"],  # its signature is overdue
    ),
    "hand a deal over": (
        prepared(nothing, lambda w, _: w.manager.post(on_deal(w, "/handover"), {"to": w.people["colleague"].ref})),
        ["opportunities.opportunity_handed_over"],
    ),
    "add to the team": (
        prepared(
            nothing,
            lambda w, _: w.seller.post(on_deal(w, "/team"), {"user": w.people["colleague"].ref, "role": "PRESALES"}),
        ),
        ["opportunities.team_changed"],
    ),
    "add a participant": (
        prepared(
            lambda w: make_customer(w.people["seller"], "设计院").ref,
            lambda w, ref: w.seller.post(on_deal(w, "/participants"), {"customer": ref, "role": "DESIGN_INSTITUTE"}),
        ),
        ["opportunities.participants_changed"],
    ),
    "comment": (
        prepared(
            nothing,
            lambda w, _: w.seller.post("/comments", {"kind": "opportunity", "ref": w.deal.ref, "body": "好"}),
        ),
        ["timeline.comment_added"],
    ),
    "make a unit": (
        prepared(nothing, lambda w, _: w.boss.post("/units", {"name": "华南"})),
        ["identity.unit_created"],
    ),
    "what is refused": (
        prepared(nothing, lambda w, _: w.seller.post(on_deal(w, "/proofs"), {"key": "no.such", "grade": 1})),
        [],
    ),
}


@pytest.mark.parametrize("name", PATHS)
def test_a_write_leaves_exactly_its_entries(world, name):
    """Row 38: each write of the API leaves the entries of what changed, and a refused one none."""
    prepare, expected = PATHS[name]
    act = prepare(world)
    before = set(Entry.objects.values_list("pk", flat=True))

    answer = act()

    added = Entry.objects.exclude(pk__in=before).order_by("pk")
    status = getattr(answer, "status_code", 200)
    assert status < 300 or not expected, answer.content
    assert Counter(added.values_list("event", flat=True)) == Counter(expected)
    assert verify_chains() == []


def test_a_hundred_deals_handed_over_at_once_leave_a_hundred_entries(world, figure):
    """Row 38: a bulk write leaves one entry for each changed row."""
    deals = [world.deal, *(make_deal(world.people["seller"], world.customer, now=timezone.now()) for _ in range(99))]

    handover_all(opportunities=deals, to=world.people["colleague"], actor=world.people["manager"], now=timezone.now())

    entries = Entry.objects.filter(event="opportunities.opportunity_handed_over")
    figure(38, f"100 deals handed over at once: {entries.count()} entries, {len(verify_chains())} faults in the chains")
    assert Counter(entries.values_list("subject_ref", flat=True)) == Counter(deal.ref for deal in deals)
    assert Opportunity.objects.filter(owner=world.people["colleague"]).count() == 100
    assert verify_chains() == []


def test_the_bulk_page_leaves_one_entry_for_each_deal(world):
    """Row 38: the same through the form of the list."""
    deals = [world.deal, *(make_deal(world.people["seller"], world.customer, now=timezone.now()) for _ in range(4))]
    client = Client()
    client.force_login(world.people["manager"])
    form = {"ref": [deal.ref for deal in deals], "to": world.people["colleague"].ref, "confirmed": "1"}

    answer = client.post("/pipeline/handover/", form)

    assert answer.status_code < 400, answer.text
    handed = Entry.objects.filter(event="opportunities.opportunity_handed_over").count()
    assert handed == Opportunity.objects.filter(owner=world.people["colleague"]).count()
    assert handed == len(deals)


def test_the_doctor_finds_every_edit_of_the_past(world, figure):
    """Row 38: SQLite refuses an edit; where somebody lifts the trigger, every column changed is found."""
    world.proof()
    first = Entry.objects.order_by("pk").first()
    edits = [
        f"UPDATE timeline_entry SET {column} = {value} WHERE id = {first.pk}"
        for column, value in {
            "event": "'x.y'",
            "subject_ref": "'P-0'",
            "actor_id": "NULL",
            "at": "'2020-01-01 00:00:00+00:00'",
            "previous": f"'{'1' * 64}'",
            "digest": f"'{'2' * 64}'",
            "sequence": "7",
        }.items()
    ]
    found = 0
    for edit in edits:
        with triggers.lifted(), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT edit")
            cursor.execute(edit)
            found += bool(verify_chains())
            cursor.execute("ROLLBACK TO SAVEPOINT edit")
    figure(38, f"{found} of {len(edits)} edits of an entry found")
    assert found == len(edits)
    assert verify_chains() == []


def test_the_settings_of_the_company_leave_an_entry(world):
    """Row 38: administration is audited like everything else."""
    company = CompanySettings.load()
    before = Entry.objects.count()

    answer = world.boss.patch("/company", {"version": company.version, "name": "夺标科技"})

    assert answer.status_code == 200, answer.content
    assert Entry.objects.count() == before + 1


def test_every_model_people_write_is_watched_by_the_doctor():
    """Row 38: the check of the chains is one of the doctor's."""
    assert any(check.__name__ == "audit_chains_are_whole" for check in doctor._registered())
