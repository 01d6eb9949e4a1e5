"""Read one row under its rule: the id, and a JSON value per field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from duobiao.integrations.domain.tables import MAX_SHOWN, Fault, Row
from duobiao.integrations.domain.values import (
    SCALES,
    TEXT_TRANSFORMS,
    Unfit,
    as_amount,
    as_day,
    as_moment,
    as_number,
    as_text,
    as_whole,
    as_yes_or_no,
)
from duobiao.integrations.queries.fields import Fields, FieldSpec, Kind
from duobiao.integrations.queries.sources import TEMPLATE_PART, Part
from duobiao.integrations.schemas import ColumnRule
from duobiao.kernel.money import Money

LARGEST_MINOR = 10**15
LONGEST_ID = 120
SHOWN_CHOICES = 12
SHOWN_CELL = 60


@dataclass(slots=True)
class Reading:
    """What one row says.

    Attributes:
        values: JSON value by field; None where the cell is empty. References stand as the row names them.
        skipped: A filter leaves the row out.
    """

    external_id: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    skipped: bool = False


def read_row(part: Part, row: Row, specs: Fields, *, currency: str) -> Reading:
    """Read a row; every fault of it is found."""
    cells = _cells(part, row)
    reading = _begun(part, cells)
    if reading.skipped:
        return reading
    if not reading.external_id:
        reading.faults.append(Fault(row.line, "no_id", column=part.rule.external_id))
    elif len(reading.external_id) > LONGEST_ID:
        reading.faults.append(Fault(row.line, "id_too_long", column=part.rule.external_id))
    for name, rule in part.rule.columns.items():
        try:
            reading.values[name] = _value(specs[name], rule, cells, currency=currency)
        except Unfit as unfit:
            shown = as_text(cells.get(rule.column or "", ""))[:SHOWN_CELL]
            params = {"cell": shown, **unfit.params}
            reading.faults.append(Fault(row.line, unfit.code, rule.column or "", name, params))
    return reading


def read_id(part: Part, row: Row) -> str:
    """Return only the id of a row, "" where it has none or is left out."""
    return _begun(part, _cells(part, row)).external_id


def read_name(part: Part, row: Row, specs: Fields, *, currency: str) -> str:
    """Return only the name of a row, "" where it cannot be read."""
    rule = part.rule.columns.get("name")
    if rule is None:
        return ""
    try:
        return str(_value(specs["name"], rule, _cells(part, row), currency=currency) or "")
    except Unfit:
        return ""


def _cells(part: Part, row: Row) -> dict[str, Any]:
    return dict(zip(part.table.columns, row.cells, strict=True))


def _begun(part: Part, cells: Mapping[str, Any]) -> Reading:
    if not all(rule.takes(as_text(cells[rule.column]).strip()) for rule in part.rule.only_if):
        return Reading(skipped=True)
    return Reading(_external_id(part, cells))


def shown_cells(part: Part, line: Row | Fault) -> dict[str, str]:
    """Return a row for the error file: text by column."""
    texts = [as_text(cell)[:MAX_SHOWN] for cell in line.cells]
    return dict(zip(part.table.columns, texts, strict=False))


def value_of(spec: FieldSpec, value: Any) -> Any:
    """Return the value that actions take for a JSON value; references stay as they are."""
    if value is None:
        return None
    if spec.kind is Kind.MONEY:
        return Money(*value)
    if spec.kind is Kind.DAY:
        return date.fromisoformat(value)
    if spec.kind is Kind.MOMENT:
        return datetime.fromisoformat(value)
    return Decimal(value) if spec.kind is Kind.NUMBER else value


def _external_id(part: Part, cells: Mapping[str, Any]) -> str:
    rule = part.rule.external_id
    if TEMPLATE_PART.search(rule) and rule not in cells:
        return _filled(rule, cells)
    return as_text(cells[rule]).strip()


def _filled(template: str, cells: Mapping[str, Any]) -> str:
    return TEMPLATE_PART.sub(lambda match: as_text(cells[match.group(1)]).strip(), template).strip()


def _value(spec: FieldSpec, rule: ColumnRule, cells: Mapping[str, Any], *, currency: str) -> Any:
    cell = _mapped(rule, _source(rule, cells))
    if cell is None or cell == "":
        cell = rule.default
    if cell is None or cell == "":
        if (rule.required or spec.required) and not rule.placeholder:
            raise Unfit("required")
        return None
    return _typed(spec, rule, cell, currency=currency)


def _source(rule: ColumnRule, cells: Mapping[str, Any]) -> Any:
    if rule.value is not None:
        return rule.value
    if rule.template is not None:
        return _filled(rule.template, cells)
    cell = cells[rule.column] if rule.column is not None else None
    if isinstance(cell, str):
        cell = cell.strip() if rule.trim else cell
        for name in rule.transform:
            cell = TEXT_TRANSFORMS[name](cell) if name in TEXT_TRANSFORMS else cell
    return cell


def _mapped(rule: ColumnRule, cell: Any) -> Any:
    if not rule.map:
        return cell
    text = as_text(cell)
    if text in rule.map:
        return rule.map[text]
    if rule.other == "refuse" and text:
        raise Unfit("not_in_map")
    return None if rule.other == "empty" else cell


def _typed(spec: FieldSpec, rule: ColumnRule, cell: Any, *, currency: str) -> Any:
    match spec.kind:
        case Kind.MONEY:
            return _money(rule, cell, currency=currency)
        case Kind.DAY:
            return as_day(cell, pattern=rule.format).isoformat()
        case Kind.MOMENT:
            return as_moment(cell, pattern=rule.format).isoformat()
        case Kind.YES_NO:
            return as_yes_or_no(cell)
        case Kind.CHOICE:
            return _choice(spec, cell)
        case Kind.WHOLE:
            return _whole(spec, rule, cell)
        case Kind.NUMBER:
            return str(as_number(cell, decimal=rule.decimal) * _scale(rule))
    return _text(spec, cell)


def _text(spec: FieldSpec, cell: Any) -> str:
    text = as_text(cell)
    if spec.longest and len(text) > spec.longest:
        raise Unfit("too_long", found=len(text), most=spec.longest)
    return text


def _whole(spec: FieldSpec, rule: ColumnRule, cell: Any) -> int:
    number = as_whole(cell, decimal=rule.decimal) * _scale(rule)
    if not spec.least <= number <= spec.most:
        raise Unfit("out_of_range", least=spec.least, most=spec.most)
    return number


def _money(rule: ColumnRule, cell: Any, *, currency: str) -> list[Any]:
    amount = as_amount(cell, currency=currency, decimal=rule.decimal) * _scale(rule)
    if abs(amount) > LARGEST_MINOR:
        raise Unfit("out_of_range", least=0, most=f"{LARGEST_MINOR // 100:,}")
    money = Money.of(amount, currency)
    if money.amount_minor < 0:
        raise Unfit("negative")
    if money.amount_minor > LARGEST_MINOR:
        raise Unfit("out_of_range", least=0, most=f"{LARGEST_MINOR // 100:,}")
    return [money.amount_minor, currency]


def _choice(spec: FieldSpec, cell: Any) -> Any:
    text = as_text(cell).strip().casefold()
    if text not in spec.choices:
        stored = list(dict.fromkeys(str(value) for value in spec.choices.values()))
        raise Unfit("not_a_choice", choices=", ".join(stored[:SHOWN_CHOICES]))
    found = spec.choices[text]
    return str(found) if isinstance(found, str) else int(found)


def _scale(rule: ColumnRule) -> int:
    scale = 1
    for name in rule.transform:
        scale *= SCALES.get(name, 1)
    return scale
