"""Row 36: a state machine drives the ledger over the API and holds it to a model and to its own promises."""

from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.kernel.days import local_day
from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.models import Opportunity, StageChange
from duobiao.opportunities.queries.facts import load_facts
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.tests.factories import NOW, make_contact, make_customer, make_deal, make_unit, make_user
from duobiao.playbooks.queries import compiled_playbook
from duobiao.playbooks.tests.reference import Reference
from duobiao.playbooks.tests.test_engine import EIGHT, PLAYBOOK
from duobiao.timeline.models import Entry
from duobiao.timeline.verification import verify_chains
from tests.support.api import ApiClient

pytestmark = pytest.mark.django_db
METHODS = ["DIRECT", "OPEN_TENDER", "NEGOTIATION", "INQUIRY", "UNKNOWN"]
ITEMS = sorted(item.key for item in PLAYBOOK.items if item.key != "8.M1")
KEYS = sorted({*EIGHT.gating, *EIGHT.marks, *EIGHT.resets, *EIGHT.settlements})
RUNS: dict[str, int] = {}


class Ledger(RuleBasedStateMachine):
    """One deal, its seller and their manager; time only goes on.

    Attributes:
        live: References of the proofs the model believes in force.
        closed: Whether the model believes the deal lost or given up.
    """

    proofs = Bundle("proofs")
    waivers = Bundle("waivers")

    def __init__(self) -> None:
        super().__init__()
        RUNS["runs"] = RUNS.get("runs", 0) + 1
        self.undone = ExitStack()
        self.undone.enter_context(transaction.atomic())
        self.now = NOW
        clock = mock.Mock(side_effect=lambda: self.now)
        self.undone.enter_context(mock.patch("django.utils.timezone.now", clock))
        unit = make_unit("华东")
        seller = make_user("lin", unit=unit)
        manager = make_user("zhou", role=Role.MANAGER, unit=unit)
        customer = make_customer(seller, "苏州恒睿")
        self.contact = make_contact(customer).ref
        self.deal = make_deal(seller, customer, now=self.now)
        self.seller, self.manager = (
            ApiClient(create_token(username=user.username, now=self.now)) for user in (seller, manager)
        )
        self.live: set[str] = set()
        self.outcome = "OPEN"

    def teardown(self) -> None:
        """Take everything back."""
        transaction.set_rollback(True)
        self.undone.close()

    @property
    def today(self) -> date:
        return local_day(self.now)

    def send(self, verb: str, path: str, body: dict[str, Any] | None = None, *, boss: bool = False) -> Any:
        client = self.manager if boss else self.seller
        RUNS["requests"] = RUNS.get("requests", 0) + 1
        given = () if body is None else (body,)
        answer = getattr(client, verb)(f"/opportunities/{self.deal.ref}{path}", *given)
        assert answer.status_code in (200, 201, 202, 403, 404, 409, 422), answer.content
        return answer

    @rule(
        target=proofs, key=st.sampled_from(KEYS), grade=st.integers(1, 3), back=st.integers(0, 40), named=st.booleans()
    )
    def prove(self, key: str, grade: int, back: int, named: bool) -> str | None:
        """Record a proof; it is refused on a deal lost or given up, and an identical one is the first again."""
        on = (self.today - timedelta(days=back)).isoformat()
        body: dict[str, Any] = {"key": key, "grade": grade, "happened_on": on, "quote": f"{key} {on}"}
        if named:
            body |= {"contact": self.contact, "channel": "EMAIL"}
        if key == "procurement.method_known":
            body["method"] = "DIRECT"
        answer = self.send("post", "/proofs", body)
        if self.outcome in ("LOST", "GIVEN_UP"):
            assert answer.status_code == 409
            return None
        assert answer.status_code in (200, 201), answer.content
        ref = answer.json()["id"]
        assert (ref in self.live) == (answer.status_code == 200)
        self.live.add(ref)
        return str(ref)

    @rule(proof=consumes(proofs))
    def retract(self, proof: str | None) -> None:
        """Take a proof back once."""
        if proof is None:
            return
        answer = self.send("delete", f"/proofs/{proof}", {"reason": "typo"})
        assert answer.status_code == (200 if proof in self.live else 409), answer.content
        self.live.discard(proof)

    @rule(method=st.sampled_from(METHODS), back=st.integers(0, 9))
    def change_method(self, method: str, back: int) -> None:
        """Record how the buyer purchases, also late."""
        on = (self.today - timedelta(days=back)).isoformat()
        answer = self.send("post", "/purchase-method", {"method": method, "happened_on": on, "quote": f"{method} {on}"})
        if answer.status_code in (200, 201):
            self.live.add(answer.json()["id"])

    @rule(target=waivers, item=st.sampled_from(ITEMS), days=st.integers(0, 90), boss=st.booleans())
    def ask_waiver(self, item: str, days: int, boss: bool) -> str | None:
        """Ask for a waiver: the manager's is in force, the seller's waits."""
        expires = (self.today + timedelta(days=days)).isoformat()
        answer = self.send("post", "/waivers", {"item": item, "reason": "x", "expires_on": expires}, boss=boss)
        if answer.status_code >= 400:
            return None
        assert answer.status_code == (201 if boss else 202)
        return str(answer.json()["id"])

    @rule(waiver=waivers, approved=st.booleans())
    def decide_waiver(self, waiver: str | None, approved: bool) -> None:
        """Decide on a waiver; a second decision is refused."""
        if waiver is not None:
            self.send("post", f"/waivers/{waiver}/decision", {"approved": approved}, boss=True)

    @rule(waiver=waivers)
    def end_waiver(self, waiver: str | None) -> None:
        """End a waiver."""
        if waiver is not None:
            self.send("delete", f"/waivers/{waiver}", boss=True)

    @rule(outcome=st.sampled_from(["WON", "LOST", "GIVEN_UP"]), back=st.integers(0, 3))
    def close(self, outcome: str, back: int) -> None:
        """Close the deal; won only with the contract."""
        reason = {"WON": "VALUE", "LOST": "PRICE", "GIVEN_UP": "NO_FIT"}[outcome]
        body = {"outcome": outcome, "reason": reason, "on": (self.today - timedelta(days=back)).isoformat()}
        answer = self.send("post", "/close", body, boss=True)
        if answer.status_code == 200:
            assert self.outcome == "OPEN"
            self.outcome = outcome

    @rule()
    def reopen(self) -> None:
        """Reopen it; takes a manager."""
        assert self.send("post", "/reopen", {"reason": "x"}).status_code in (403, 409)
        answer = self.send("post", "/reopen", {"reason": "x"}, boss=True)
        assert answer.status_code == (409 if self.outcome == "OPEN" else 200)
        self.outcome = "OPEN"

    @rule(days=st.integers(1, 120))
    def wait(self, days: int) -> None:
        """Let days pass, with the daily job at their end."""
        self.now = datetime.combine((self.now + timedelta(days=days)).date(), NOW.time(), NOW.tzinfo)
        reassess_due(now=self.now)

    @invariant()
    def stored_equals_judged(self) -> None:
        """Stored columns, the set-based recompute and the naive reading of the rules agree."""
        deal = Opportunity.objects.get(pk=self.deal.pk)
        naive = Reference(compiled_playbook(deal.playbook_id).playbook, load_facts(deal), self.today).answer()
        stored = (deal.stage_number, deal.state, deal.rate_percent, deal.buyer_stage, deal.lag, deal.lag_verdict)
        assert stored == (
            naive.stage_number, naive.state, naive.rate_percent, naive.buyer_stage, naive.lag, naive.lag_verdict,
        )  # fmt: skip
        assert recompute(today=self.today).differences == []
        assert deal.outcome == self.outcome

    @invariant()
    def the_ledger_holds_what_was_accepted(self) -> None:
        """The API lists exactly the proofs in force that the model knows."""
        rows = self.send("get", "/proofs").json()
        assert {row["id"] for row in rows if row["retracted_on"] is None} == self.live

    @invariant()
    def history_is_a_chain(self) -> None:
        """Each change of place begins where the last one ended; the audit is whole and names each change."""
        changes = list(StageChange.objects.filter(opportunity=self.deal).order_by("sequence"))
        assert [change.sequence for change in changes] == list(range(1, len(changes) + 1))
        place = 0
        for change in changes:
            assert change.stage_before == place
            place = change.stage_after
        assert place == Opportunity.objects.get(pk=self.deal.pk).stage_number
        assert Entry.objects.filter(event="opportunities.stage_changed").count() == len(changes)
        assert verify_chains() == []


def test_the_ledger_keeps_its_promises_in_any_order(figure, full_drill):
    """Row 36: incremental equals full, invariants hold after every step."""
    RUNS.clear()
    strength = settings(
        max_examples=1000 if full_drill else 6,
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not full_drill,
        database=None,
    )

    run_state_machine_as_test(Ledger, settings=strength)

    figure(36, f"{RUNS['runs']} runs, {RUNS['requests']} requests: 0 differences, all invariants held")
