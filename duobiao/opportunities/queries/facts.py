"""Read a deal's ledger as the engine's facts, and judge the deal by them."""

from datetime import date

from duobiao.opportunities.models import Closing, Opportunity, Proof, Waiver
from duobiao.playbooks.domain import facts as engine
from duobiao.playbooks.domain.assess import Assessment, assess
from duobiao.playbooks.domain.compile import Compiled
from duobiao.playbooks.domain.model import Grade, Method, Outcome
from duobiao.playbooks.queries import compiled_playbook


def load_facts(opportunity: Opportunity, *, closings: bool = True) -> engine.Facts:
    """Return everything the deal is judged by; three queries whatever its size.

    Args:
        closings: False leaves closings out; they do not matter for an open deal on the present day.
    """
    return engine.Facts(
        proofs=proofs_of(opportunity),
        waivers=[
            engine.Waiver(item, approved_on, expires_on, ended_on)
            for item, approved_on, expires_on, ended_on in Waiver.objects.filter(opportunity=opportunity).values_list(
                "item", "approved_on", "expires_on", "ended_on"
            )
            if approved_on is not None
        ],
        closings=closings_of(opportunity) if closings else [],
    )


def assess_on(opportunity: Opportunity, on: date) -> tuple[Compiled, engine.Facts, Assessment]:
    """Judge a deal on a day; returns playbook and facts as well, for those who explain the answer."""
    compiled = compiled_playbook(opportunity.playbook_id)
    facts = load_facts(opportunity)
    return compiled, facts, assess(compiled, facts, on=on)


def closings_of(opportunity: Opportunity) -> list[engine.Closing]:
    """Return when a deal was closed and reopened."""
    rows = Closing.objects.filter(opportunity=opportunity).values_list(
        "outcome", "closed_on", "known_on", "reopened_on"
    )
    return [
        engine.Closing(Outcome(outcome), closed_on, known_on, reopened_on)
        for outcome, closed_on, known_on, reopened_on in rows
    ]


def proofs_of(opportunity: Opportunity) -> list[engine.Proof]:
    """Return the proofs of a deal, retracted ones included, as the engine reads them."""
    rows = Proof.objects.filter(opportunity=opportunity).values_list(
        "ref", "key", "grade", "happened_on", "known_on", "retracted_on", "valid_until", "method", "recorded_at"
    )
    return [
        engine.Proof(
            key=key,
            grade=Grade(grade),
            happened_on=happened_on,
            known_on=known_on,
            retracted_on=retracted_on,
            valid_until=valid_until,
            method=Method(method) if method else None,
            sequence=int(recorded_at.timestamp() * 1_000_000),
            ref=ref,
        )
        for ref, key, grade, happened_on, known_on, retracted_on, valid_until, method, recorded_at in rows
    ]
