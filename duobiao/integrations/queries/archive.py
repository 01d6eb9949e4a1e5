"""The archive of everything a person sees: one CSV a table, the links between them, a manifest, the files if wanted.

Rows are read and written one after another, so that memory does not grow with them.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.db.models import ForeignKey, ManyToManyField, Model
from django.utils.encoding import force_str

import duobiao
from duobiao.documents.domain.file_names import safe_name
from duobiao.documents.models import Document
from duobiao.documents.models.files import file_path
from duobiao.identity.models import User
from duobiao.integrations.domain.formulas import safe_cell
from duobiao.web.tables import Table, table_of, tables

CHUNK: Final = 2000
MARK: Final = "\ufeff"
"""Spreadsheets tell UTF-8 by it."""

LABELS: Final = ("ref", "username", "key")
"""What names a record for ever, whichever its table has."""

Told = Callable[[int], None]
"""Told after each table how many rows it had."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, and the path to its value."""

    heading: str
    path: str


@dataclass(slots=True)
class Manifest:
    """What an archive holds."""

    tables: list[dict[str, Any]] = field(default_factory=list)
    files: int = 0
    missing_files: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(int(table["rows"]) for table in self.tables)


def write_archive(place: Path, *, user: User, with_files: bool, now: datetime, told: Told) -> Manifest:
    """Write everything ``user`` sees into a ZIP file at ``place``."""
    manifest = Manifest()
    with ZipFile(place, "w", ZIP_DEFLATED) as archive:
        for table in tables():
            rows = _write_table(archive, manifest, table, user)
            told(rows)
        if with_files:
            _write_files(archive, manifest, user)
        archive.writestr("manifest.json", _as_json(manifest, user, now))
    return manifest


def columns_of(table: Table) -> list[Column]:
    """Return the columns of a table that may be taken away, with headings that differ."""
    found: list[Column] = []
    for item in table.model._meta.concrete_fields:
        if item.name in table.left_out or (item.primary_key and not isinstance(item, ForeignKey)):
            continue
        found.append(Column(_heading(item), _path(item)))
    found.extend(Column(path, path) for path in table.further)
    headings = [column.heading for column in found]
    return [
        Column(
            column.heading if headings.count(column.heading) == 1 else f"{column.heading} ({column.path})", column.path
        )
        for column in found
    ]


def _write_table(archive: ZipFile, manifest: Manifest, table: Table, user: User) -> int:
    columns = columns_of(table)
    seen = table.seen_by(user).order_by("pk")
    lines = seen.values_list(*(column.path for column in columns)).iterator(chunk_size=CHUNK)
    rows = _write_csv(archive, f"{table.key}.csv", [column.heading for column in columns], lines)
    manifest.tables.append(
        {
            "key": table.key,
            "title": str(table.title),
            "file": f"{table.key}.csv",
            "rows": rows,
            "columns": [{"heading": column.heading, "field": column.path} for column in columns],
        }
    )
    return rows + sum(_write_links(archive, manifest, table, item, user) for item in table.model._meta.many_to_many)


def _write_links(
    archive: ZipFile, manifest: Manifest, table: Table, item: ManyToManyField[Any, Any], user: User
) -> int:
    """Write which rows of a table belong to which records, both by their lasting names."""
    related: Any = item.related_model
    if table_of(related) is None:
        return 0
    through: Any = item.remote_field.through
    own, other = item.m2m_field_name(), item.m2m_reverse_field_name()
    rows = through._default_manager.filter(**{f"{own}__in": table.seen_by(user).values("pk")}).order_by("pk")
    heads = [table.key, item.name]
    lines = rows.values_list(f"{own}__{_label(table.model)}", f"{other}__{_label(related)}").iterator(chunk_size=CHUNK)
    name = f"{table.key}.{item.name}.csv"
    count = _write_csv(archive, name, heads, lines)
    if count:
        manifest.tables.append({"key": f"{table.key}.{item.name}", "file": name, "rows": count, "columns": heads})
    return count


def _write_csv(archive: ZipFile, name: str, heads: list[str], lines: Iterator[tuple[Any, ...]]) -> int:
    count = 0
    with archive.open(name, "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
        text.write(MARK)
        writer = csv.writer(text)
        writer.writerow([safe_cell(head) for head in heads])
        for line in lines:
            writer.writerow([safe_cell(_cell(value)) for value in line])
            count += 1
    return count


def _write_files(archive: ZipFile, manifest: Manifest, user: User) -> None:
    table = table_of(Document)
    if table is None:
        return
    for document in table.seen_by(user).order_by("pk").iterator(chunk_size=CHUNK):
        place = file_path(document.sha256)
        if place.is_file():
            archive.write(place, f"files/{document.ref}-{safe_name(document.name)}", ZIP_STORED)
            manifest.files += 1
        else:
            manifest.missing_files.append(document.ref)


def _as_json(manifest: Manifest, user: User, now: datetime) -> str:
    document = {
        "product": "Duobiao",
        "version": duobiao.__version__,
        "made_at": now.isoformat(),
        "person": user.username,
        "role": user.role,
        "note": "Every row this person saw at that moment. Empty files: nothing was seen.",
        "tables": manifest.tables,
        "files": manifest.files,
        "missing_files": manifest.missing_files,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _heading(item: Any) -> str:
    return force_str(item.verbose_name) or str(item.name)


def _path(item: Any) -> str:
    related = item.related_model
    return f"{item.name}__{_label(related)}" if related is not None else str(item.name)


def _label(model: type[Model]) -> str:
    names = {field.name for field in model._meta.concrete_fields}
    if "username" in names:
        return "username"
    return next((name for name in LABELS if name in names), "pk")


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else value
