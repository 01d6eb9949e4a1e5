"""What calls and visits prove, as the API tells it."""

from collections.abc import Iterable, Sequence
from typing import Any

from duobiao.engagement.domain.findings import Finding
from duobiao.engagement.queries.outlook import unproved_of
from duobiao.opportunities.models import Grade, Opportunity, Proof
from duobiao.playbooks.domain.model import Method
from duobiao.playbooks.queries import compiled_playbook


def judged(
    findings: Sequence[Finding],
    proofs: Iterable[Proof],
    *,
    opportunity: Opportunity | None,
    created: Iterable[str] = (),
) -> dict[str, list[dict[str, Any]]]:
    """Return ``proved`` and ``not_proved`` of a record.

    Args:
        proofs: Its live proofs.
        created: References of the proofs that this very request added.
    """
    new = set(created)
    best: dict[str, Proof] = {}
    for proof in proofs:
        best[proof.key] = max(proof, best.get(proof.key, proof), key=lambda row: row.grade)
    fresh = {proof.key for proof in best.values() if proof.ref in new}
    rows = [
        {"evidence": key, "item": item, "grade": Grade(proof.grade).name, "created": key in fresh}
        for key, proof in best.items()
        for item in _items(opportunity, proof) or [None]
    ]
    left = unproved_of(findings, opportunity)
    return {
        "proved": rows,
        "not_proved": [{"evidence": row.evidence, "code": row.code, "why": row.why} for row in left],
    }


def _items(opportunity: Opportunity | None, proof: Proof) -> list[str | None]:
    if opportunity is None:
        return []
    uses = compiled_playbook(opportunity.playbook_id).uses[Method(opportunity.purchase_method)]
    return [slot.item.key for slot, accept in uses.get(proof.key, ()) if proof.grade >= accept.min_grade]
