"""Decide what becomes of each row: created, changed, left alone, left out, refused. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from duobiao.integrations.actions.context import Context, Planned, Values
from duobiao.integrations.actions.writers import WRITERS
from duobiao.integrations.domain.tables import Fault, Row
from duobiao.integrations.domain.values import Unfit
from duobiao.integrations.queries.fields import Fields, Kind, fields_of, link_fields
from duobiao.integrations.queries.readings import Reading, read_row, shown_cells, value_of
from duobiao.integrations.queries.references import PENDING, Known
from duobiao.integrations.queries.sources import Part
from duobiao.integrations.schemas import ColumnRule
from duobiao.kernel.refusals import Invalid

FaultAt = tuple[Fault, dict[str, str]]


@dataclass(slots=True)
class Plan:
    """What becomes of some lines."""

    creates: list[Planned] = field(default_factory=list)
    changes: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    skipped: int = 0
    refused: int = 0
    faults: list[FaultAt] = field(default_factory=list)


@dataclass(slots=True)
class PartPlanner:
    """Plans the lines of one part, in order.

    Attributes:
        first_lines: Line in which each id of the part stands first.
        names: Names of the part's rows, for references between them.
    """

    context: Context
    part: Part
    specs: Fields
    links: frozenset[str]
    first_lines: dict[str, int] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, context: Context, part: Part) -> "PartPlanner":
        """Look through all ids of the part first."""
        specs = fields_of(part.rule.target)
        mapped = [name for name in link_fields(part.rule.target) if name in part.rule.columns]
        planner = cls(context, part, specs, frozenset(mapped))
        for line in part.lines:
            if isinstance(line, Row):
                reading = planner.read(line)
                if not reading.skipped and reading.external_id:
                    planner.first_lines.setdefault(reading.external_id, line.line)
                    planner.names.add(str(reading.values.get("name")))
        return planner

    def read(self, row: Row) -> Reading:
        """Read a row."""
        return read_row(self.part, row, self.specs, currency=self.context.currency)

    def takes(self, line: Row | Fault) -> bool:
        """Whether a line becomes a record of its own, or a fault; others are left out."""
        if isinstance(line, Fault):
            return True
        return self._takes(line, self.read(line))

    def _takes(self, line: Row, reading: Reading) -> bool:
        first = self.first_lines.get(reading.external_id, line.line)
        return not reading.skipped and (first == line.line or not self.part.rule.distinct)

    def plan(self, lines: Sequence[Row | Fault]) -> Plan:
        """Plan the first pass over some lines."""
        plan = Plan()
        for line in lines:
            if isinstance(line, Fault):
                plan.refused += 1
                plan.faults.append((line, shown_cells(self.part, line)))
            else:
                self._plan_row(plan, line)
        return plan

    def plan_links(self, lines: Sequence[Row | Fault]) -> Plan:
        """Plan the second pass: references between rows of this part."""
        plan = Plan()
        known = self.context.references.known(self.part.rule.target)
        for line in lines:
            reading = self.read(line) if isinstance(line, Row) else None
            if reading is None or self.first_lines.get(reading.external_id) != line.line:
                continue
            held = known.get(reading.external_id)
            if held is None or reading.faults or held.object_id == PENDING:
                continue
            said = {name: reading.values.get(name) for name in self.links}
            changed = {name: value for name, value in said.items() if value != (held.values or {}).get(name)}
            if changed:
                values = {name: self._resolve(name, value, linking=True) for name, value in changed.items()}
                plan.changes.append(Planned(line.line, reading.external_id, said, values, held.object_id))
        return plan

    def _plan_row(self, plan: Plan, row: Row) -> None:
        reading = self.read(row)
        first = self.first_lines.get(reading.external_id, row.line)
        if not self._takes(row, reading):
            plan.skipped += 1
            return
        if first != row.line:
            column = self.part.rule.external_id
            reading.faults.append(Fault(row.line, "same_id", column=column, params={"first": first}))
        held = self.context.references.known(self.part.rule.target).get(reading.external_id)
        if held is not None and held.erased:
            plan.skipped += 1
            return
        said = {name: value for name, value in reading.values.items() if name not in self.links}
        changed = self._changed(reading.values, held)
        values = self._resolved(reading, row, changed)
        self._check(reading, row, values, new=held is None)
        if reading.faults:
            plan.refused += 1
            plan.faults.extend((fault, shown_cells(self.part, row)) for fault in reading.faults)
        elif held is None:
            cells = shown_cells(self.part, row)
            plan.creates.append(Planned(row.line, reading.external_id, said, values, cells=cells))
        elif changed:
            cells = shown_cells(self.part, row)
            plan.changes.append(Planned(row.line, reading.external_id, said, values, held.object_id, cells=cells))
        else:
            plan.unchanged += 1

    def _changed(self, said: Mapping[str, Any], held: Known | None) -> dict[str, Any]:
        if held is None:
            return {name: value for name, value in said.items() if value is not None or self._stands_for_none(name)}
        before = held.values or {}
        return {name: value for name, value in said.items() if value != before.get(name)}

    def _stands_for_none(self, name: str) -> bool:
        return bool(self.part.rule.columns[name].placeholder)

    def _resolved(self, reading: Reading, row: Row, changed: Mapping[str, Any]) -> Values:
        values: Values = {}
        for name, value in changed.items():
            try:
                resolved = self._resolve(name, value)
            except Unfit as unfit:
                column = self.part.rule.columns[name].column or ""
                reading.faults.append(Fault(row.line, unfit.code, column, name, dict(unfit.params)))
                continue
            if name not in self.links:
                values[name] = resolved
        return values

    def _comes_with_this_part(self, key: str, by: str) -> bool:
        return key in self.first_lines if by == "external_id" else by == "name" and key in self.names

    def _resolve(self, name: str, value: Any, *, linking: bool = False) -> Any:
        spec, rule = self.specs[name], self.part.rule.columns[name]
        if spec.kind is not Kind.REFERENCE or spec.refers is None:
            return value_of(spec, value)
        if value is None:
            return None
        if name in self.links and self._comes_with_this_part(str(value), rule.by) and not linking:
            return PENDING
        return self.context.references.find(spec.refers, str(value), by=rule.by)

    def _check(self, reading: Reading, row: Row, values: Values, *, new: bool) -> None:
        if reading.faults:
            return
        try:
            WRITERS[self.part.rule.target].check(self.context, values, new)
        except Invalid as refusal:
            reasons: Mapping[str, object] = refusal.fields or {"": refusal.message}
            for name, reason in reasons.items():
                column = self._column(name)
                fault = Fault(row.line, "refused", column, name, {"reason": str(reason)})
                reading.faults.append(fault)
        except Unfit as unfit:
            name = str(unfit.params.get("field", ""))
            params = {**unfit.params, "cell": str(unfit.params.get("cell", ""))}
            reading.faults.append(Fault(row.line, unfit.code, self._column(name), name, params))

    def _column(self, name: str) -> str:
        rule: ColumnRule | None = self.part.rule.columns.get(name)
        return (rule.column or "") if rule else ""
