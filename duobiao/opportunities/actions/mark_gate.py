"""Mark that a gate review holds a deal, or has stopped it; called by the capability that keeps the reviews."""

from duobiao.opportunities.models import Opportunity


def mark_gate(deal: Opportunity, *, mark: str) -> None:
    """Set the mark of a locked deal: ``HOLD``, ``STOP`` or "" for none; the caller keeps the trace."""
    deal.gate_mark = mark
    Opportunity.objects.filter(pk=deal.pk).update(gate_mark=mark)
