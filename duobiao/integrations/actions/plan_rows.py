"""Decide what becomes of each row: created, changed, left alone, left out, refused. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from duobiao.integrations.actions.context import Context, Planned, Values
from duobiao.integrations.actions.writers import WRITERS
from duobiao.integrations.domain.tables import Fault, Line, Row
from duobiao.integrations.domain.targets import Target
from duobiao.integrations.domain.values import Unfit
from duobiao.integrations.queries.fields import Fields, Kind, fields_of, link_fields
from duobiao.integrations.queries.readings import Reading, read_id, read_name, read_row, shown_cells, value_of
from duobiao.integrations.queries.references import PENDING, Known
from duobiao.integrations.queries.scratch import FirstLines
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


@dataclass(frozen=True, slots=True)
class Draft:
    """A row with what it says anew.

    Attributes:
        held: What came in before under its id.
        changed: Those of its values that are to be written.
    """

    row: Row
    reading: Reading
    held: Known | None
    changed: dict[str, Any]


@dataclass(slots=True)
class PartPlanner:
    """Plans the lines of one part, some at a time, in order.

    Attributes:
        first_lines: Line in which each id of the part stands first, and the names of its rows.
    """

    context: Context
    part: Part
    specs: Fields
    links: frozenset[str]
    first_lines: FirstLines
    _firsts: dict[str, int] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, context: Context, part: Part) -> "PartPlanner":
        """Look through all ids of the part first."""
        specs = fields_of(part.rule.target)
        mapped = [name for name in link_fields(part.rule.target) if name in part.rule.columns]
        planner = cls(context, part, specs, frozenset(mapped), FirstLines())
        planner.first_lines.note(planner._ids())
        return planner

    def _ids(self) -> Iterator[tuple[str, int, str]]:
        named = bool(self.links) or self.context.dry_run
        for line in self.part.table.lines():
            if isinstance(line, Row) and (external_id := read_id(self.part, line)):
                name = read_name(self.part, line, self.specs, currency=self.context.currency) if named else ""
                yield external_id, line.line, name

    def read(self, row: Row) -> Reading:
        """Read a row."""
        return read_row(self.part, row, self.specs, currency=self.context.currency)

    def taken(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines that become a record of their own, or a fault; others are left out."""
        read = self._read(lines)
        return [line for line in lines if isinstance(line, Fault) or self._takes(line, read[line.line])]

    def _takes(self, row: Row, reading: Reading) -> bool:
        return not reading.skipped and (self._first(row, reading) == row.line or not self.part.rule.distinct)

    def _first(self, row: Row, reading: Reading) -> int:
        return self._firsts.get(reading.external_id, row.line)

    def _read(self, lines: Sequence[Line]) -> dict[int, Reading]:
        """Read rows, and find out where their ids stand first."""
        read = {line.line: self.read(line) for line in lines if isinstance(line, Row)}
        self._firsts = self.first_lines.of({reading.external_id for reading in read.values()})
        return read

    def plan(self, lines: Sequence[Line]) -> Plan:
        """Plan the first pass over some lines."""
        plan = Plan()
        drafts = self._drafts(lines)
        self._look_up((name, value) for draft in drafts.values() for name, value in draft.changed.items())
        for line in lines:
            if isinstance(line, Fault):
                plan.refused += 1
                plan.faults.append((line, shown_cells(self.part, line)))
            else:
                self._plan_row(plan, drafts[line.line])
        return plan

    def plan_links(self, lines: Sequence[Line]) -> Plan:
        """Plan the second pass: references between rows of this part."""
        plan = Plan()
        changes = [change for draft in self._drafts(lines).values() if (change := self._link(draft)) is not None]
        self._look_up((name, value) for _draft, changed in changes for name, value in changed.items())
        for draft, changed in changes:
            said = {name: draft.reading.values.get(name) for name in self.links}
            values = {name: self._resolve(name, value, linking=True) for name, value in changed.items()}
            pk = draft.held.object_id if draft.held else PENDING
            plan.changes.append(Planned(draft.row.line, draft.reading.external_id, said, values, pk))
        return plan

    def _link(self, draft: Draft) -> tuple[Draft, dict[str, Any]] | None:
        """Return the references that a row is still to be given."""
        reading, held = draft.reading, draft.held
        if self._firsts.get(reading.external_id) != draft.row.line:
            return None
        if held is None or reading.faults or held.object_id == PENDING:
            return None
        said = {name: reading.values.get(name) for name in self.links}
        changed = {name: value for name, value in said.items() if value != (held.values or {}).get(name)}
        return (draft, changed) if changed else None

    def _drafts(self, lines: Sequence[Line]) -> dict[int, Draft]:
        """Read rows and find what came in before under their ids."""
        references, target = self.context.references, self.part.rule.target
        references.let_go()
        read = self._read(lines)
        references.look_up(target, [reading.external_id for reading in read.values()])
        drafts = {}
        for line in lines:
            if isinstance(line, Row):
                reading = read[line.line]
                held = references.known(target, reading.external_id)
                drafts[line.line] = Draft(line, reading, held, self._changed(reading.values, held))
        return drafts

    def _look_up(self, values: Iterator[tuple[str, Any]]) -> None:
        """Look up at once all that some values refer to."""
        wanted: dict[tuple[Target, str], list[str]] = defaultdict(list)
        linked: set[str] = set()
        for name, value in values:
            spec = self.specs[name]
            if spec.kind is Kind.REFERENCE and spec.refers is not None and value is not None:
                wanted[spec.refers, self.part.rule.columns[name].by].append(str(value))
                linked |= {str(value)} if name in self.links else set()
        for (target, by), keys in wanted.items():
            self.context.references.look_up(target, keys, by=by)
        if linked:
            self._firsts |= self.first_lines.of(linked)
            self._names = self.first_lines.names_among(linked)

    def _plan_row(self, plan: Plan, draft: Draft) -> None:
        row, reading, held = draft.row, draft.reading, draft.held
        if not self._takes(row, reading):
            plan.skipped += 1
            return
        if (first := self._first(row, reading)) != row.line:
            column = self.part.rule.external_id
            reading.faults.append(Fault(row.line, "same_id", column=column, params={"first": first}))
        if held is not None and held.erased:
            plan.skipped += 1
            return
        said = {name: value for name, value in reading.values.items() if name not in self.links}
        values = self._resolved(reading, row, draft.changed)
        self._check(reading, row, values, new=held is None)
        if reading.faults:
            plan.refused += 1
            plan.faults.extend((fault, shown_cells(self.part, row)) for fault in reading.faults)
        elif held is None:
            cells = shown_cells(self.part, row)
            plan.creates.append(Planned(row.line, reading.external_id, said, values, cells=cells))
        elif draft.changed:
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
        return key in self._firsts if by == "external_id" else by == "name" and key in self._names

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
