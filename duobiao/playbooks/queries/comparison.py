"""What differs between two versions, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from duobiao.playbooks.domain.compare import Change, How, What, compare
from duobiao.playbooks.domain.model import Playbook
from duobiao.playbooks.domain.people import Judged, Who
from duobiao.playbooks.queries import catalogue, text_of
from duobiao.playbooks.queries.item_words import (
    APPROVERS,
    GATES,
    GRADES,
    KINDS,
    OUTCOMES,
    PROCESS_GATES,
    Words,
    holds_words,
    method_names,
)
from duobiao.playbooks.queries.people_words import JUDGED, PEOPLE, SHARES, cell_words
from duobiao.playbooks.queries.process_words import PROCESSES

FIELDS: Mapping[str, Words] = {
    "title": pgettext_lazy("playbook", "name"),
    "short": gettext_lazy("short name"),
    "purpose": gettext_lazy("purpose"),
    "summary": gettext_lazy("when to use it"),
    "process": gettext_lazy("process"),
    "process_gates": gettext_lazy("process conditions that gate"),
    "number": gettext_lazy("place among the stages"),
    "covers": gettext_lazy("buyer stages covered"),
    "role": gettext_lazy("role"),
    "attention": gettext_lazy("focus"),
    "stage": gettext_lazy("stage"),
    "kind": gettext_lazy("kind"),
    "gates": gettext_lazy("gates the stage"),
    "methods": gettext_lazy("purchase methods"),
    "min_grade": gettext_lazy("least grade"),
    "holds": gettext_lazy("validity"),
    "item": gettext_lazy("item it proves"),
    "fixed": gettext_lazy("fixed"),
    "approver": gettext_lazy("who at least agrees"),
    "weight": gettext_lazy("weight"),
    "to": gettext_lazy("stage it throws back to"),
    "closes": gettext_lazy("ends the purchase"),
    "proposes": gettext_lazy("proposed outcome"),
    "who": pgettext_lazy("relation asked for", "people"),
    "of": gettext_lazy("how many of them"),
    "cells": gettext_lazy("cells"),
    "days": "",
    "rate": "",
}
SUBJECTS: Mapping[What, Words] = {
    What.CONTROL_POINT: gettext_lazy("Control point %(key)s"),
    What.APPRAISAL: gettext_lazy("Appraisal %(key)s"),
    What.TOOLS: gettext_lazy("Tool %(key)s"),
    What.WORK: gettext_lazy("Work %(key)s"),
    What.KPI: gettext_lazy("Figure %(key)s"),
    What.STAGE: gettext_lazy("Stage %(key)s"),
    What.ITEM: gettext_lazy("Item %(key)s"),
}
EVIDENCE_SUBJECTS: Mapping[What, Words] = {
    What.MARK: gettext_lazy("Buyer's mark: %(evidence)s"),
    What.RESET: gettext_lazy("Reset: %(evidence)s"),
    What.SETTLEMENT: gettext_lazy("Settlement: %(evidence)s"),
    What.PROPOSAL: gettext_lazy("Proposal: %(evidence)s"),
}
ENUMS: Sequence[Mapping[Any, Words]] = (
    GRADES, KINDS, PROCESSES, PROCESS_GATES, GATES, APPROVERS, OUTCOMES, PEOPLE, SHARES,
)  # fmt: skip
NONE = "–"
WHOLE: Mapping[What, tuple[str, ...]] = {What.ACCEPT: ("min_grade", "holds"), What.RELATION: ("of", "cells")}
"""What is said of a part that was added or removed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference in words.

    Attributes:
        subject: What it is about: ``Item 4.S1 “…”``.
        field: Which field; "" where the whole part was added or removed.
        before, after: Both values; "" where there is none.
    """

    change: Change
    subject: str
    field: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """The difference in one sentence."""
        if self.change.how is How.ADDED:
            return _("%(subject)s: added") % {"subject": self.subject}
        if self.change.how is How.REMOVED:
            return _("%(subject)s: removed") % {"subject": self.subject}
        what = f"{self.subject} · {self.field}" if self.field else self.subject
        return f"{what}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class Compared:
    """All differences, in groups of stages."""

    groups: tuple[tuple[str, tuple[Difference, ...]], ...]

    @property
    def differences(self) -> tuple[Difference, ...]:
        """All of them, in reading order."""
        return tuple(row for _title, rows in self.groups for row in rows)

    def count(self, how: str) -> int:
        """Return how many parts were ``ADDED``, ``REMOVED`` or ``CHANGED``."""
        return sum(row.change.how == how for row in self.differences)


def compared(before: Playbook, after: Playbook) -> Compared:
    """Compare two versions and put the differences into words, stage by stage."""
    changes = compare(before, after)
    words = _Words(before, after)
    numbers = sorted({change.stage for change in changes})
    groups = []
    for number in numbers:
        rows = tuple(words.of(change) for change in changes if change.stage == number)
        groups.append((words.stage(number), rows))
    return Compared(tuple(groups))


class _Words:
    """Words for the parts of two versions."""

    def __init__(self, before: Playbook, after: Playbook) -> None:
        books = (before, after)
        self.titles = {item.key: item.title for book in books for item in book.items}
        self.titles |= {stage.key: stage.title for book in books for stage in book.stages}
        self.stages = {stage.number: stage for book in (before, after) for stage in book.stages}

    def stage(self, number: int) -> str:
        if not number:
            return _("The whole playbook")
        return f"{number} {text_of(self.stages[number].title, get_language())}"

    def of(self, change: Change) -> Difference:
        return Difference(
            change=change,
            subject=self.subject(change),
            field=str(FIELDS[change.field]) if change.field else "",
            before=self._value(change, change.before),
            after=self._value(change, change.after),
        )

    def subject(self, change: Change) -> str:
        if change.what is What.PLAYBOOK:
            return _("Playbook")
        if change.what is What.RATE:
            return _("Rate after stage %(n)s") % {"n": change.key} if change.key != "0" else _("Rate before stage 1")
        if change.what is What.HALF_LIFE:
            return _("Half-life: %(subject)s") % {"subject": JUDGED[Judged(change.key)]}
        if change.what is What.RELATION:
            who = change.key.rpartition(" ")[2].partition(".")[0]
            return _("Relationship asked for: %(who)s") % {"who": PEOPLE[Who(who)]}
        if change.what in EVIDENCE_SUBJECTS:
            return str(EVIDENCE_SUBJECTS[change.what]) % {"evidence": evidence_title(change.key)}
        name = str(SUBJECTS[What.ITEM if change.what is What.ACCEPT else change.what]) % {"key": change.key}
        title = self._title(change)
        named = _("%(name)s “%(title)s”") % {"name": name, "title": title} if title else name
        return f"{named} · {evidence_title(change.part)}" if change.part else named

    def _title(self, change: Change) -> str:
        fields = change.after if isinstance(change.after, Mapping) and not change.field else change.before
        held = self.titles.get(change.key) if change.what in (What.ITEM, What.ACCEPT, What.STAGE) else None
        if held is None and not change.field and isinstance(fields, Mapping):
            held = fields.get("title")
        return text_of(held, get_language()) if held else ""

    def _value(self, change: Change, value: Any) -> str:
        if not change.field:
            return self._whole(change, value) if value is not None else ""
        return value_words(change.field, value)

    def _whole(self, change: Change, fields: Mapping[str, Any]) -> str:
        wanted = WHOLE.get(change.what, ())
        return " · ".join(value_words(name, fields[name]) for name in wanted)


def evidence_title(key: str) -> str:
    """Return what a piece of evidence is called, its key where the catalogue lacks it."""
    held = catalogue().get(key)
    return text_of(held.title, get_language()) if held is not None else key


def value_words(field: str, value: Any) -> str:
    """Return a value of a field as people read it."""
    if value is None or value == "":
        return _("all") if field == "methods" else NONE
    special = SPECIAL.get(field)
    if special is not None:
        return special(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Enum):
        return next((str(words[value]) for words in ENUMS if value in words), str(value.value))
    if isinstance(value, Mapping):
        return text_of(dict(value), get_language()) or NONE
    return str(value)


SPECIAL: Mapping[str, Callable[[Any], str]] = {
    "methods": lambda value: pgettext("between keys", ", ").join(method_names(value)),
    "holds": lambda value: holds_words(*value),
    "covers": lambda value: str(value[0]) if value[0] == value[1] else f"{value[0]}–{value[1]}",
    "cells": lambda value: cell_words(value) or NONE,
    "days": lambda value: ngettext("%(num)s day", "%(num)s days", value) % {"num": value},
    "rate": lambda value: f"{value}%",
}
