"""What is wrong with a file, a row or a cell, in words that name the remedy."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FILE_WORDS: dict[str, Any] = {
    "empty_file": gettext_lazy("The file is empty."),
    "no_heading": gettext_lazy("Line %(line)s holds no headings. Say in header_row which line does."),
    "column_without_name": gettext_lazy("Column %(number)s has no heading. Give it one, or remove the column."),
    "column_twice": gettext_lazy("Two columns are called “%(column)s”. Rename one of them."),
    "too_many_columns": gettext_lazy(
        "%(found)s columns are more than the %(most)s we read. Is the delimiter right? Remove the columns not needed."
    ),
    "too_many_rows": gettext_lazy("More than %(most)s rows. Divide the file."),
    "file_too_large": gettext_lazy("The file has %(found)s MB; at most %(most)s MB are read. Divide it."),
    "wrong_encoding": gettext_lazy(
        "Line %(line)s is not %(encoding)s. Leave the encoding on auto, or save the file as UTF-8."
    ),
    "unknown_encoding": gettext_lazy(
        "The encoding cannot be told from the text of line %(line)s. Save the file as UTF-8, or name its encoding."
    ),
    "broken_quotes": gettext_lazy("A quotation mark in line %(line)s is not closed or stands inside a word."),
    "broken_workbook": gettext_lazy("The workbook is damaged. Open it in a spreadsheet and save it again as XLSX."),
    "not_a_workbook": gettext_lazy("This is an archive but no XLSX workbook. Save the table as XLSX or CSV."),
    "archive_bomb": gettext_lazy(
        "The workbook unpacks to %(found)s MB; at most %(most)s MB are read. Save only the sheet with the data."
    ),
    "no_such_sheet": gettext_lazy("There is no sheet “%(sheet)s”. The sheets are: %(sheets)s."),
    "missing_column": gettext_lazy("There is no column “%(column)s”. The columns are: %(columns)s."),
    "missing_column_close": gettext_lazy("There is no column “%(column)s”. Do you mean “%(close)s”?"),
    "missing_file": gettext_lazy("No file matches “%(pattern)s”. Add it, or mark this part as optional."),
    "is_a_folder": gettext_lazy("This is a folder, not a file."),
    "no_permission": gettext_lazy("The file cannot be read. Check its permissions."),
    "old_workbook": gettext_lazy("This is an old XLS workbook. Save it as XLSX or CSV."),
}

ROW_WORDS: dict[str, Any] = {
    "half_row": gettext_lazy("The row has %(found)s of %(wanted)s columns. Complete it."),
    "row_too_long": gettext_lazy(
        "The row has %(found)s columns, the heading %(wanted)s. Put cells that hold the delimiter into quotation marks."
    ),
    "broken_quotes": gettext_lazy("A quotation mark is not closed or stands inside a word. Write it twice there."),
    "cell_too_long": gettext_lazy("A cell has more than %(most)s characters."),
    "nul": gettext_lazy("The row holds a null character. Save the file again as UTF-8 text."),
    "damaged_character": gettext_lazy("A character is damaged (�) or cut off. Get the file anew from its source."),
    "no_id": gettext_lazy("The row has no id. Fill the column, or choose another one."),
    "id_too_long": gettext_lazy("The id has more than 120 characters."),
    "same_id": gettext_lazy("Line %(first)s has the same id. Give every row its own."),
    "required": gettext_lazy("The cell is empty. Fill it, or set a default."),
    "too_long": gettext_lazy("%(found)s characters; at most %(most)s are kept. Shorten it."),
    "not_a_number": gettext_lazy("“%(cell)s” is not a figure."),
    "decimal_comma": gettext_lazy(
        "“%(cell)s” is not a figure. If “%(decimal)s” parts the fraction, set it as decimal."
    ),
    "not_whole": gettext_lazy("“%(cell)s” is not a whole number."),
    "out_of_range": gettext_lazy("“%(cell)s” lies outside %(least)s to %(most)s."),
    "negative": gettext_lazy("“%(cell)s” is less than zero."),
    "other_currency": gettext_lazy(
        "“%(cell)s” is in %(found)s, the mapping says %(wanted)s. Convert it, or correct the currency."
    ),
    "not_a_day": gettext_lazy("“%(cell)s” is not a day. Write it as 2026-09-16."),
    "not_a_day_like": gettext_lazy("“%(cell)s” is not a day written as %(pattern)s."),
    "day_unclear": gettext_lazy("“%(cell)s” may be read in two ways. Set the format, e.g. %%d/%%m/%%Y."),
    "day_out_of_range": gettext_lazy("“%(cell)s” lies before 1900 or after 2200."),
    "not_yes_or_no": gettext_lazy("“%(cell)s” is neither yes nor no."),
    "not_a_choice": gettext_lazy("“%(cell)s” is none of: %(choices)s. Translate it with a value map."),
    "not_in_map": gettext_lazy("“%(cell)s” does not stand in the value map. Add it there."),
    "not_found": gettext_lazy("“%(cell)s” is not known. Import it first, or correct the spelling."),
    "ambiguous": gettext_lazy("“%(cell)s” is the name of several records. Refer to it by its id."),
    "no_such_part": gettext_lazy("The template names “%(part)s”, which is no column."),
    "closed_without_day": gettext_lazy("The deal is closed, but the day is missing. Fill closed_on."),
    "closed_in_future": gettext_lazy("“%(cell)s” lies in the future; a deal cannot be closed then."),
    "opened_in_future": gettext_lazy("“%(cell)s” lies in the future; a deal cannot have been opened then."),
    "refused": gettext_lazy("%(reason)s"),
}


def word_file(code: str, params: Mapping[str, Any], *, line: int = 0) -> str:
    """Say what is wrong with a file as a whole."""
    return str(FILE_WORDS[code]) % {"line": line, **params}


def word_row(code: str, params: Mapping[str, Any]) -> str:
    """Say what is wrong with a row or a cell."""
    return str(ROW_WORDS[code]) % dict(params)


def place(file: str, *, line: int = 0, column: str = "") -> str:
    """Say where: file, line, column."""
    values = {"file": file, "line": line, "column": column}
    if column:
        return _("%(file)s, line %(line)s, column %(column)s") % values
    return _("%(file)s, line %(line)s") % values if line else file
