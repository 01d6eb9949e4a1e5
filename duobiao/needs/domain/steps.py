"""Work that goes step by step: four steps verify a need, five answer an objection; none is skipped or done twice."""

from collections.abc import Sequence
from enum import IntEnum


class VerifyStep(IntEnum):
    """The four steps by which a need is verified (信息重构、痛点确认、利益梳理、共识达成)."""

    RESTATE = 1
    PAIN = 2
    BENEFIT = 3
    CONSENSUS = 4


class ObjectionStep(IntEnum):
    """The five steps by which an objection is answered (正向聆听、明确诉求、共情回应、有效解决、确认共识)."""

    LISTEN = 1
    CLARIFY = 2
    EMPATHISE = 3
    RESOLVE = 4
    CONFIRM = 5


LAST_VERIFY, LAST_OBJECTION = VerifyStep.CONSENSUS, ObjectionStep.CONFIRM


def next_of(done: int, steps: type[IntEnum]) -> int | None:
    """Return the step that comes next; None once all are done.

    Args:
        done: How many steps are done.
    """
    return done + 1 if done < len(steps) else None


def is_next(wanted: int, done: int, steps: type[IntEnum]) -> bool:
    """Say whether a step may be done now: the one after those that are done, and no other."""
    return next_of(done, steps) == wanted


def is_done(wanted: int, done: int) -> bool:
    """Say whether a step was done already."""
    return wanted <= done


def verified(done: Sequence[int]) -> bool:
    """Say whether all of some needs went through all four steps; never without a need."""
    return bool(done) and all(steps == LAST_VERIFY for steps in done)
