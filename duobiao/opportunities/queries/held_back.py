"""How far waivers hold the success rate back: they let a deal move on, and the rate counts what is proved (b-playbook-8 §0.1b)."""

from duobiao.opportunities.queries.explain import Explained, ItemLine
from duobiao.playbooks.domain.assess import Assessment


def held_back_by(explained: Explained, found: Assessment, *, upto: int | None = None) -> ItemLine | None:
    """Return the first waived item that keeps the rate back, of stages up to ``upto`` or of any."""
    for line in explained.items:
        slot = explained.compiled.by_key[line.item]
        waived = bool(found.waived[slot.word] & slot.bit)
        if waived and line.gates and found.rated_stage < line.stage_number <= (upto or line.stage_number):
            return line
    return None


def rate_on_completing(explained: Explained, found: Assessment, stage: int) -> int:
    """Return the success rate, in percent, once all of a stage is proved but what stands on a waiver."""
    held = held_back_by(explained, found, upto=stage)
    return int(explained.compiled.rates[stage if held is None else held.stage_number - 1])
