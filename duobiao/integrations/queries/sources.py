"""Find the files of a mapping and read them."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from duobiao.documents.models.files import file_path
from duobiao.integrations.domain.csv_tables import read_csv
from duobiao.integrations.domain.tables import MAX_BYTES, Opener, Table, Unreadable
from duobiao.integrations.domain.xlsx_tables import is_workbook, read_xlsx
from duobiao.integrations.models import ImportRun
from duobiao.integrations.queries.fault_words import place, word_file
from duobiao.integrations.schemas import FileRule, Mapping
from duobiao.kernel.refusals import Invalid

CHUNK = 2**20
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
TEMPLATE_PART = re.compile(r"\{([^{}]+)\}")


class FilesRefused(Invalid):
    """Some files cannot be imported as they are; nothing was written."""

    code = "files_refused"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that can be read."""

    name: str
    open: Opener


@dataclass(frozen=True, slots=True)
class Part:
    """One file under one rule of the mapping.

    Attributes:
        number: Place among all parts of the run.
    """

    number: int
    rule: FileRule
    file: str
    table: Table


def files_in(folder: Path) -> list[SourceFile]:
    """Return the files of a folder by name; folders inside are named too, so that a rule that meets one can say so."""
    return [SourceFile(path.name, _opener(path)) for path in sorted(folder.iterdir())]


def files_of(run: ImportRun) -> list[SourceFile]:
    """Return the uploaded files of an import."""
    rows = run.files.select_related("document").order_by("name")
    return [SourceFile(row.name, _opener(file_path(row.document.sha256))) for row in rows]


def digest_of(mapping_text: str, files: Sequence[SourceFile], mapping: Mapping) -> str:
    """Return what identifies an import: the mapping and the bytes of the files it names."""
    digest = hashlib.sha256(mapping_text.encode())
    for source in files:
        if any(fnmatchcase(source.name, rule.file) for rule in mapping.files):
            digest.update(f"\n{source.name}\n".encode())
            digest.update(_sha256(source))
    return digest.hexdigest()


def _sha256(source: SourceFile) -> bytes:
    digest = hashlib.sha256()
    with source.open() as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.digest()


def open_parts(mapping: Mapping, files: Sequence[SourceFile]) -> list[Part]:
    """Go through every file that the mapping names and check its columns.

    Raises:
        FilesRefused: a file is missing, unreadable, or lacks a column; all faults are named at once.
    """
    parts: list[Part] = []
    faults: dict[str, str] = {}
    for rule in mapping.files:
        matching = [source for source in files if fnmatchcase(source.name, rule.file)]
        if not matching and not rule.optional:
            faults[rule.file] = word_file("missing_file", {"pattern": rule.file})
        for source in matching:
            try:
                table = read_table(source, rule)
                check_columns(table, rule)
            except Unreadable as error:
                faults[place(source.name, line=error.line)] = word_file(error.code, error.params, line=error.line)
                continue
            parts.append(Part(len(parts), rule, source.name, table))
    if faults:
        listed = _("; ").join(f"{where}: {reason}" for where, reason in faults.items())
        raise FilesRefused(listed, fields=faults)
    return parts


def read_table(source: SourceFile, rule: FileRule) -> Table:
    """Read a file as its content says, whatever it is called.

    Raises:
        Unreadable: it makes no table.
    """
    if _is_workbook(source):
        return read_xlsx(source.open, sheet=rule.sheet, header_row=rule.header_row)
    return read_csv(source.open, encoding=rule.encoding, delimiter=rule.delimiter, header_row=rule.header_row)


def read_any(source: SourceFile) -> Table:
    """Read a file of which nothing is known yet.

    Raises:
        Unreadable: it makes no table.
    """
    return read_xlsx(source.open) if _is_workbook(source) else read_csv(source.open)


def columns_used(rule: FileRule) -> Iterator[str]:
    """Yield the columns that a rule reads."""
    yield from template_columns(rule.external_id) or [rule.external_id]
    for column in rule.columns.values():
        if column.column is not None:
            yield column.column
        yield from template_columns(column.template or "")
    yield from (condition.column for condition in rule.only_if)


def template_columns(template: str) -> list[str]:
    """Return the columns named in braces."""
    return TEMPLATE_PART.findall(template)


def check_columns(table: Table, rule: FileRule) -> None:
    """Refuse a table that lacks a column of its rule.

    Raises:
        Unreadable: one is missing.
    """
    for name in columns_used(rule):
        if name in table.columns:
            continue
        close = get_close_matches(name.casefold(), [column.casefold() for column in table.columns], n=1)
        found = next((column for column in table.columns if close and column.casefold() == close[0]), "")
        if found:
            raise Unreadable("missing_column_close", line=rule.header_row, column=name, close=found)
        raise Unreadable("missing_column", line=rule.header_row, column=name, columns=", ".join(table.columns)[:500])


def _is_workbook(source: SourceFile) -> bool:
    with source.open() as stream:
        start = stream.read(len(OLD_WORKBOOK))
    if start == OLD_WORKBOOK:
        raise Unreadable("old_workbook")
    return is_workbook(start)


def _opener(path: Path) -> Opener:
    def opened() -> BinaryIO:
        if path.is_dir():
            raise Unreadable("is_a_folder")
        try:
            size = path.stat().st_size
            if size > MAX_BYTES:
                raise Unreadable("file_too_large", found=size // 2**20, most=MAX_BYTES // 2**20)
            return path.open("rb")
        except OSError as error:
            raise Unreadable("no_permission") from error

    return opened
