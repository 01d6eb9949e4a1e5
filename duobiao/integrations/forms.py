"""Forms of imports: the upload, and the mapping built column by column."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from duobiao.integrations.domain.tables import Table
from duobiao.integrations.domain.targets import Target
from duobiao.integrations.queries.fields import TITLES, FieldSpec, fields_of
from duobiao.integrations.queries.guesses import SAMPLE_ROWS, guess_by, guess_fields, guess_id, guess_target, samples

LONGEST = 4000
NO_FILE = "-"
WAYS = (
    ("external_id", _("by id")),
    ("name", _("by name")),
    ("username", _("by sign-in name")),
    ("email", _("by e-mail")),
)


@dataclass(slots=True)
class ColumnChoice:
    """One column of a file: what it becomes, what stands in for an empty cell, which values are translated."""

    number: int
    name: str
    samples: list[str]
    field: str = ""
    by: str = ""
    default: str = ""
    pairs: str = ""

    @property
    def choice(self) -> str:
        """The field and, for a reference, how it names its record."""
        return f"{self.field}:{self.by}" if self.by else self.field


@dataclass(slots=True)
class FileChoice:
    """One file: what its rows become."""

    number: int
    name: str
    table: Table
    target: str
    external_id: str
    columns: list[ColumnChoice] = field(default_factory=list)

    @property
    def fields(self) -> list[FieldSpec]:
        """Fields that a column may become."""
        return list(fields_of(Target(self.target)).values()) if self.target != NO_FILE else []

    @property
    def options(self) -> list[tuple[str, str]]:
        """What a column may become: every field, references once for each way to name a record."""
        found = []
        for spec in self.fields:
            star = " *" if spec.required else ""
            if spec.refers is None:
                found.append((spec.name, f"{spec.title}{star}"))
                continue
            ways = WAYS if spec.refers is Target.USERS else WAYS[:2]
            found.extend((f"{spec.name}:{by}", f"{spec.title}{star} · {words}") for by, words in ways)
        return found

    @property
    def missing(self) -> list[FieldSpec]:
        """Fields that a new record needs and no column becomes."""
        chosen = {column.field for column in self.columns}
        return [spec for spec in self.fields if spec.required and spec.name not in chosen]


def targets() -> list[tuple[str, object]]:
    """Return what a file may become, with titles."""
    return [*((target.value, TITLES[target]) for target in Target), (NO_FILE, _("leave out"))]


def guessed(files: list[tuple[str, Table]]) -> list[FileChoice]:
    """Return a first guess for every file."""
    coming = {guess_target(name) for name, _table in files}
    return [_guess(number, name, table, guess_target(name).value, coming) for number, (name, table) in enumerate(files)]


def chosen(files: list[tuple[str, Table]], data: QueryDict) -> list[FileChoice]:
    """Return what was sent; a file whose target was changed is guessed anew."""
    found = []
    wanted = [_target(data.get(f"target_{number}", ""), name) for number, (name, _table) in enumerate(files)]
    coming = {Target(target) for target in wanted if target != NO_FILE}
    for number, (name, table) in enumerate(files):
        target = wanted[number]
        if target != data.get(f"shown_target_{number}", target):
            found.append(_guess(number, name, table, target, coming))
        else:
            found.append(_sent(number, name, table, target, data))
    return found


def as_yaml(files: list[FileChoice], *, source: str) -> str:
    """Write the choices as a mapping; its own checks find what is wrong with it."""
    order = list(Target)
    used = [choice for choice in files if choice.target != NO_FILE]
    used.sort(key=lambda choice: order.index(Target(choice.target)))
    document: dict[str, Any] = {"version": 1, "source": source, "files": [_file(choice) for choice in used]}
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1000)


def _target(sent: str, file_name: str) -> str:
    return sent if sent in {*Target, NO_FILE} else guess_target(file_name).value


def _guess(number: int, name: str, table: Table, target: str, coming: Collection[Target]) -> FileChoice:
    choice = FileChoice(number, name, table, target, guess_id(table))
    fields = guess_fields(table.columns, Target(target)) if target != NO_FILE else {}
    rows = table.first_rows(SAMPLE_ROWS)
    for position, column in enumerate(table.columns):
        shown = samples(rows, position)
        field_name = fields.get(column, "")
        refers = fields_of(Target(target))[field_name].refers if field_name else None
        by = guess_by(refers, shown, coming=coming) if refers else ""
        choice.columns.append(ColumnChoice(position, column, shown, field_name, by))
    return choice


def _sent(number: int, name: str, table: Table, target: str, data: QueryDict) -> FileChoice:
    wanted = data.get(f"id_{number}", "")
    choice = FileChoice(number, name, table, target, wanted if wanted in table.columns else guess_id(table))
    known, rows = {value for value, _title in choice.options}, table.first_rows(SAMPLE_ROWS)
    for position, column in enumerate(table.columns):
        key = f"{number}_{position}"
        sent = data.get(f"field_{key}", "")
        field_name, _colon, by = sent.partition(":") if sent in known else ("", "", "")
        choice.columns.append(
            ColumnChoice(
                position,
                column,
                samples(rows, position),
                field_name,
                by,
                data.get(f"default_{key}", "").strip()[:LONGEST],
                data.get(f"map_{key}", "")[:LONGEST],
            )
        )
    return choice


def _file(choice: FileChoice) -> dict[str, Any]:
    columns = {column.field: _column(column) for column in choice.columns if column.field}
    return {"file": choice.name, "target": choice.target, "external_id": choice.external_id, "columns": columns}


def _column(column: ColumnChoice) -> dict[str, Any]:
    rule: dict[str, Any] = {"column": column.name}
    if column.by not in ("", "external_id"):
        rule["by"] = column.by
    if pairs := _pairs(column.pairs):
        rule["map"] = pairs
    if column.default:
        rule["default"] = column.default
    return rule


def _pairs(text: str) -> dict[str, str | None]:
    """Read ``value in the file = value here``, one a line; nothing on the right leaves the field empty."""
    found: dict[str, str | None] = {}
    for line in text.splitlines():
        left, sign, right = line.partition("=")
        if sign and left.strip():
            found[left.strip()] = right.strip() or None
    return found
