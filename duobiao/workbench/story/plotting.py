"""Turn the data of a deal into dated steps."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from duobiao.playbooks.domain.model import Item, Kind, Method, Playbook
from duobiao.workbench.story.telling import Calendar, Spec, Step, dice

ORDER = {Kind.M: 0, Kind.P: 1, Kind.S: 2, Kind.R: 3, Kind.INFORMATION: 4}
PROMISE_KEPT_AFTER = 6
"""Days from the visit to what was promised there."""
FIRST_GENERAL_STAGE = 3
"""Stages before it are proved by calls and visits."""


class Plot:
    """Collects the steps of one deal; steps of one day keep the order in which they were added."""

    def __init__(self, deal: Spec, calendar: Calendar, playbook: Playbook) -> None:
        self.deal = deal
        self.calendar = calendar
        self.playbook = playbook
        self.skip = set(deal.get("skip", []))
        self.steps: list[Step] = []

    def add(self, offset: int, verb: str, **values: Any) -> None:
        """Add a step; the hour is the deal's own, the minute its place in the list."""
        order = len(self.steps)
        hour = 9 + dice(self.deal["key"], sides=6)
        at = self.calendar.at(offset, hour, min(59, order % 60))
        self.steps.append(Step(at, order, verb, self.deal["key"], values))

    def all_steps(self) -> list[Step]:
        """Return everything that happens on this deal."""
        deal = self.deal
        self.add(deal["opened"], "open_deal")
        self._engagement()
        for number, (first, last) in sorted(deal.get("stages", {}).items()):
            self._stage(number, first, last)
        for entry in [*deal.get("buyer", []), *deal.get("prove", [])]:
            offset, evidence, *rest = entry
            self.add(offset, "prove", evidence=evidence, **(rest[0] if rest else {}))
        self._extras()
        return list(_together(sorted(self.steps, key=lambda step: (step.at, step.order))))

    def _engagement(self) -> None:
        deal = self.deal
        visits = deal.get("visits", [])
        if "call" in deal:
            if "1.P1" not in self.skip:
                self.add(deal["call"] - 1, "prove", evidence="customers.target_criteria_met")
            self.add(deal["call"], "call_to_meet", meeting=deal.get("meeting", visits[0] if visits else 7))
        for number, offset in enumerate(visits):
            self.add(offset, "hold_visit", first=number == 0, last=number == len(visits) - 1)
        if visits and visits[-1] + PROMISE_KEPT_AFTER < 0:
            self.add(visits[-1] + PROMISE_KEPT_AFTER, "keep_promise")
        for call in deal.get("calls", []):
            self.add(call["day"], "call", **call)
        if visits:
            self._conditions((1, 2), deal["call"], visits[-1])

    def _stage(self, number: int, first: int, last: int) -> None:
        items = [item for item in self._items(number) if item.gates and item.key not in self.skip]
        items.sort(key=lambda item: ORDER[item.kind])
        for place, item in enumerate(items, start=1):
            self.add(first + (last - first) * place // len(items), "prove", **self._by_item(item))
        self._conditions((number,), first, last)

    def _conditions(self, numbers: tuple[int, ...], first: int, last: int) -> None:
        share = self.deal.get("conditions", 0)
        for number in numbers:
            for item in self._items(number):
                if item.gates or item.key in self.skip or not self._general(item):
                    continue
                if dice(self.deal["key"], item.key, sides=100) < share * 100:
                    offset = first + dice(item.key, self.deal["key"], sides=max(1, last - first))
                    self.add(offset, "prove", **self._by_item(item))

    def _general(self, item: Item) -> bool:
        """Whether an item is proved by the general form; calls, visits and profiles prove the others themselves."""
        if item.stage >= FIRST_GENERAL_STAGE:
            return True
        return item.accepts[0].evidence.startswith("stakeholders.handler_") and item.kind is Kind.R

    def _items(self, number: int) -> Iterator[Item]:
        method = Method(self.deal.get("method") or "OPEN_TENDER")
        if not 1 <= number <= self.playbook.last:
            return iter(())
        return (item for item in self.playbook.stages[number - 1].items if item.applies_to(method))

    def _by_item(self, item: Item) -> Spec:
        method = Method(self.deal.get("method") or "OPEN_TENDER")
        evidence = self.deal.get("use", {}).get(item.key) or item.accepts_under(method)[0].evidence
        values: Spec = {"evidence": evidence}
        if item.key in self.deal.get("until", {}):
            values["until"] = self.deal["until"][item.key]
        return values

    def _extras(self) -> None:
        deal = self.deal
        for plan in deal.get("plans", []):
            self.add(plan["day"], "plan_visit", **plan)
        self._approvals()
        for entry in deal.get("minutes", []):
            self.add(entry["day"], "send_minutes")
            if "answer" in entry:
                self.add(entry["answered"], "answer_minutes", **entry)
        for entry in deal.get("retract", []):
            self.add(entry["day"], "retract", **entry)
        for offset, who, body in deal.get("comments", []):
            self.add(offset, "comment", by=who, body=body)
        for entry in deal.get("ahead", []):
            offset, verb, values = entry
            self.add(offset, verb, **values)
        if "close" in deal:
            self.add(deal["close"]["day"], "close", **deal["close"])

    def _approvals(self) -> None:
        for waiver in self.deal.get("waive", []):
            self.add(waiver["day"], "ask_waiver", **waiver)
            if "decided_by" in waiver:
                self.add(waiver["day"], "decide_waiver", **waiver)
        if "ask_give_up" in self.deal:
            self.add(self.deal["ask_give_up"]["day"], "ask_give_up", **self.deal["ask_give_up"])


def _together(steps: list[Step]) -> Iterator[Step]:
    """Join the proofs that one person recorded on one day without anything between."""
    held: Step | None = None
    for step in steps:
        if held is not None and _joins(held, step):
            held.values["entries"].append(step.values)
            continue
        if held is not None:
            yield held
        held = replace(step, values={"by": step.values.get("by"), "entries": [step.values]}) if _proves(step) else None
        if held is None:
            yield step
    if held is not None:
        yield held


def _proves(step: Step) -> bool:
    return step.verb == "prove"


def _joins(held: Step, step: Step) -> bool:
    return _proves(step) and held.at.date() == step.at.date() and held.values["by"] == step.values.get("by")
