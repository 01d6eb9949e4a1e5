"""What counts as the signed contract: whatever proves the items of the playbook that it gates."""

from collections.abc import Sequence
from datetime import date

from duobiao.opportunities.models import Opportunity, Proof
from duobiao.playbooks.domain.compile import Compiled
from duobiao.playbooks.domain.model import CONTRACT_KEY, Grade
from duobiao.playbooks.queries import compiled_playbook


def contract_items(compiled: Compiled) -> frozenset[str]:
    """Return the keys of the items that the signed contract proves."""
    return frozenset(slot.item.key for slot in compiled.slots if CONTRACT_KEY in slot.item.evidence_keys)


def contract_keys(compiled: Compiled) -> frozenset[str]:
    """Return the evidence that wins a deal: the signed contract, and what the playbook takes in its place."""
    found: frozenset[str] = frozenset({CONTRACT_KEY})
    return found.union(*(item.evidence_keys for item in compiled.playbook.contract_items))


def has_contract(opportunity: Opportunity, *, by: date, leaving_out: Sequence[int] = ()) -> bool:
    """Whether a documented signature by both sides, dated not after ``by``, stands in the ledger.

    Args:
        leaving_out: Keys of proofs that do not count.
    """
    signed = Proof.objects.filter(
        opportunity=opportunity,
        key__in=contract_keys(compiled_playbook(opportunity.playbook_id)),
        grade__gte=Grade.DOCUMENTED,
        happened_on__lte=by,
        retracted_on=None,
    )
    return signed.exclude(pk__in=leaving_out).exists()
