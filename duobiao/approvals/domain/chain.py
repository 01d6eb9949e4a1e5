"""A chain: the ordered steps through which a request of one kind goes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from duobiao.kernel.money import Money
from duobiao.kernel.workdays import add_workdays

LANGUAGES = ("zh-Hans", "en")
MOST_STEPS, MOST_PEOPLE, LONGEST_NAME, MOST_DAYS = 12, 20, 60, 90
LARGEST_AMOUNT = 10**13
MANAGER_ROLE = "manager"


class ChainFault(ValueError):
    """A chain cannot be read.

    Attributes:
        path: Where: ``steps[1].mode``.
        message: What is wrong and what would be right; a constant that the edge translates.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


class By(StrEnum):
    """How the approvers of a step are found."""

    MANAGER = "MANAGER"
    ROLE = "ROLE"
    PEOPLE = "PEOPLE"
    ASKER = "ASKER"


class Reach(StrEnum):
    """Where people of a role are looked for, seen from the unit of the subject's owner."""

    UNIT = "UNIT"
    ABOVE = "ABOVE"
    COMPANY = "COMPANY"


class Mode(StrEnum):
    """Whether all approvers of a step must agree (会签) or one is enough (或签)."""

    ALL = "ALL"
    ANY = "ANY"


class DayUnit(StrEnum):
    """What a deadline counts."""

    WORKING = "WORKING"
    CALENDAR = "CALENDAR"


@dataclass(frozen=True, slots=True)
class Approvers:
    """Whom a step asks.

    Attributes:
        role, reach: For ``ROLE``.
        people: References of people, for ``PEOPLE``.
    """

    by: By
    role: str = ""
    reach: Reach = Reach.ABOVE
    people: tuple[str, ...] = ()

    @property
    def asked_role(self) -> str:
        """The role whose holders are asked, "" where people are named."""
        return MANAGER_ROLE if self.by is By.MANAGER else self.role


@dataclass(frozen=True, slots=True)
class Condition:
    """When a step is needed.

    Attributes:
        amount: The request's amount is at least this many whole units of the company's currency.
        fact, value: The request's fact of this name has this value.
    """

    amount: int | None = None
    fact: str = ""
    value: str = ""

    def holds(self, *, amount: Money | None, currency: str, facts: Mapping[str, Any]) -> bool:
        """Say whether the step is needed; an amount in another currency cannot be compared, so it is.

        Args:
            currency: The company's.
        """
        if self.amount is None:
            return str(facts.get(self.fact, "")) == self.value
        return amount is not None and (amount.currency != currency or amount.amount >= self.amount)


@dataclass(frozen=True, slots=True)
class Deadline:
    """How many days a step may take."""

    days: int
    unit: DayUnit = DayUnit.WORKING

    def due_on(self, start: date) -> date:
        """Return the last day, counted from ``start``."""
        return add_workdays(start, self.days) if self.unit is DayUnit.WORKING else start + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain.

    Attributes:
        key: Unique in its chain; ``""`` for a step that an approver put in.
        name: Words by language.
    """

    key: str
    name: Mapping[str, str]
    approvers: Approvers
    mode: Mode = Mode.ANY
    when: Condition | None = None
    deadline: Deadline | None = None


def read_steps(document: object) -> tuple[Step, ...]:
    """Read the steps of a chain from data.

    Raises:
        ChainFault: the first thing wrong, with its place.
    """
    if not isinstance(document, Sequence) or isinstance(document, str) or not document:
        raise ChainFault("steps", "A chain needs at least one step.")
    if len(document) > MOST_STEPS:
        raise ChainFault("steps", "At most 12 steps.")
    steps = tuple(read_step(row, f"steps[{number}]") for number, row in enumerate(document))
    keys = [step.key for step in steps]
    if len(set(keys)) < len(keys):
        raise ChainFault("steps", "Two steps have the same key.")
    if all(step.when is not None for step in steps):
        raise ChainFault("steps", "At least one step must always be needed.")
    return steps


def read_step(row: object, path: str = "step") -> Step:
    """Read one step.

    Raises:
        ChainFault: it cannot be read.
    """
    held = _mapping(row, path, {"key", "name", "approvers", "mode", "when", "deadline"})
    name = _mapping(held.get("name"), f"{path}.name", set(LANGUAGES))
    for language in LANGUAGES:
        words = name.get(language)
        if not isinstance(words, str) or not 1 <= len(words.strip()) <= LONGEST_NAME:
            raise ChainFault(f"{path}.name", "Name the step in Chinese and in English, at most 60 characters each.")
    return Step(
        key=_text(held.get("key", ""), f"{path}.key"),
        name=name,
        approvers=_approvers(held.get("approvers"), f"{path}.approvers"),
        mode=_choice(Mode, held.get("mode", Mode.ANY), f"{path}.mode"),
        when=_condition(held.get("when"), f"{path}.when"),
        deadline=_deadline(held.get("deadline"), f"{path}.deadline"),
    )


def always_asks(
    steps: Iterable[Step], *, roles: Collection[str], fact: str, value: str, holders: Collection[str]
) -> bool:
    """Say whether a chain has a step that asks one of some roles whenever a fact has a value.

    Args:
        holders: References of people who hold one of these roles.
    """
    return any(
        (step.when is None or (step.when.fact, step.when.value) == (fact, value))
        and (
            bool(step.approvers.people) and set(step.approvers.people) <= set(holders)
            if step.approvers.by is By.PEOPLE
            else step.approvers.asked_role in roles
        )
        for step in steps
    )


def write_step(step: Step) -> dict[str, Any]:
    """Return a step as data, as ``read_step`` takes it."""
    who = step.approvers
    approvers: dict[str, Any] = {"by": who.by.value}
    if who.by is By.ROLE:
        approvers |= {"role": who.role, "reach": who.reach.value}
    if who.by is By.PEOPLE:
        approvers["people"] = list(who.people)
    document: dict[str, Any] = {"key": step.key, "name": dict(step.name), "approvers": approvers}
    document["mode"] = step.mode.value
    if step.when is not None:
        amount = step.when.amount
        document["when"] = (
            {"fact": step.when.fact, "value": step.when.value} if amount is None else {"amount_at_least": amount}
        )
    if step.deadline is not None:
        document["deadline"] = {"days": step.deadline.days, "unit": step.deadline.unit.value}
    return document


def write_steps(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Return steps as data."""
    return [write_step(step) for step in steps]


def _approvers(row: object, path: str) -> Approvers:
    held = _mapping(row, path, {"by", "role", "reach", "people"})
    by = _choice(By, held.get("by"), f"{path}.by")
    if by is By.ROLE:
        role = _text(held.get("role", ""), f"{path}.role")
        if not role:
            raise ChainFault(f"{path}.role", "Name a role.")
        return Approvers(by, role, _choice(Reach, held.get("reach", Reach.ABOVE), f"{path}.reach"))
    if by is By.PEOPLE:
        people = held.get("people")
        if not isinstance(people, list) or not 1 <= len(people) <= MOST_PEOPLE:
            raise ChainFault(f"{path}.people", "Name 1 to 20 people.")
        return Approvers(by, people=tuple(dict.fromkeys(_text(ref, f"{path}.people") for ref in people)))
    return Approvers(by)


def _condition(row: object, path: str) -> Condition | None:
    if row is None:
        return None
    held = _mapping(row, path, {"amount_at_least", "fact", "value"})
    if "amount_at_least" in held:
        return Condition(amount=_number(held["amount_at_least"], f"{path}.amount_at_least", 1, LARGEST_AMOUNT))
    fact = _text(held.get("fact", ""), f"{path}.fact")
    if not fact:
        raise ChainFault(path, "Name an amount, or a fact and its value.")
    return Condition(fact=fact, value=_text(held.get("value", ""), f"{path}.value"))


def _deadline(row: object, path: str) -> Deadline | None:
    if row is None:
        return None
    held = _mapping(row, path, {"days", "unit"})
    days = _number(held.get("days"), f"{path}.days", 1, MOST_DAYS)
    return Deadline(days, _choice(DayUnit, held.get("unit", DayUnit.WORKING), f"{path}.unit"))


def _mapping(row: object, path: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise ChainFault(path, "Something is missing here.")
    unknown = sorted(str(name) for name in row if name not in known)
    if unknown:
        raise ChainFault(f"{path}.{unknown[0]}", "There is no such field.")
    return row


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_NAME or "\x00" in value:
        raise ChainFault(path, "Write at most 60 characters.")
    return value.strip()


def _number(value: object, path: str, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ChainFault(path, "The number is out of range.")
    return value


def _choice(kind: Any, value: object, path: str) -> Any:
    try:
        return kind(value)
    except ValueError as error:
        raise ChainFault(path, "Choose one of those offered.") from error
