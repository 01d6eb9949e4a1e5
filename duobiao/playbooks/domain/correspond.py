"""How the items and stages of one playbook answer to those of another, for deals that move between them."""

from collections.abc import Iterable

from duobiao.playbooks.domain.model import CONTRACT_KEY, Item, Playbook


def counterpart(item: Item, source: Playbook, target: Playbook) -> Item | None:
    """Return the item of another playbook that asks for the same thing; None where there is none.

    An item is known again by what proves it: one that accepts the same evidence stands for it, whatever its key is
    now. Within one playbook the same key also does, while it still accepts some of the evidence it did. What gates a
    stage and what does not never stand for each other.
    """
    alike = [other for other in target.items if other.gates == item.gates]
    same = [other for other in alike if other.evidence_keys == item.evidence_keys]
    if same:
        return min(same, key=lambda other: (other.key != item.key, other.kind != item.kind, other.stage, other.key))
    if source.key != target.key:
        return None
    return next((o for o in alike if o.key == item.key and o.evidence_keys & item.evidence_keys), None)


def waived_item(key: str, source: Playbook, target: Playbook) -> Item | None:
    """Return the item that a waiver given under ``source`` waives under ``target``; None: it does not carry over.

    The signed contract is never waived, whatever stood in its place before.
    """
    item = next((item for item in source.items if item.key == key), None)
    if item is None:
        return None
    found = item if source == target else counterpart(item, source, target)
    return None if found is None or CONTRACT_KEY in found.evidence_keys else found


def same_stages(source: Playbook, target: Playbook) -> bool:
    """Whether both count their stages alike, so that a stage's number means the same under both."""
    return _numbering(source) == _numbering(target)


def stage_through_buyer(number: int, source: Playbook, target: Playbook) -> int:
    """Return the stage that goes with the same stage of the buyer; 0, before the first stage, stays 0."""
    if number == 0 or same_stages(source, target):
        return number
    first, _last = source.stages[number - 1].covers
    return target.covering(first).number


def without_counterpart(items: Iterable[Item], source: Playbook, target: Playbook) -> list[Item]:
    """Return the items that nothing in the other playbook stands for, in their order."""
    return [item for item in items if counterpart(item, source, target) is None]


def _numbering(playbook: Playbook) -> list[tuple[str, tuple[int, int]]]:
    return [(stage.key, stage.covers) for stage in playbook.stages]
