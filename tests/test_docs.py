"""What the documents claim about drills and safety: every row is there, every test and file they name exists."""

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RELIABILITY = ROOT / "docs" / "reliability.md"
ASVS = ROOT / "docs" / "security" / "asvs.csv"
ROW = re.compile(r"^\| (\d+) \|", re.M)
NAMED = re.compile(r"`((?:tests|duobiao)/[\w/]+\.py)(?:::(\w+))?`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
COLUMNS = ["requirement", "level", "chapter", "status", "how", "test"]
STATUSES = {"met", "partly", "not applicable", "open"}


@cache
def functions_in(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def is_missing(path: str, function: str = "") -> bool:
    file = ROOT / path
    return not file.is_file() or bool(function and function not in functions_in(file))


def rows_printed() -> set[int]:
    """Find the rows of all figures: calls of ``figure(row, text)`` in tests."""
    found = set()
    for path in [*ROOT.glob("tests/*/test_*.py"), *ROOT.glob("duobiao/*/tests/test_*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "figure":
                found.add(ast.literal_eval(node.args[0]))
    return found


def test_every_row_that_a_drill_prints_has_its_line():
    listed = [int(number) for number in ROW.findall(RELIABILITY.read_text())]

    assert len(rows_printed()) > 25
    assert sorted(rows_printed() - set(listed)) == []
    assert listed == sorted(set(listed))


def test_every_line_names_tests_that_exist():
    lines = [line for line in RELIABILITY.read_text().splitlines() if ROW.match(line)]

    assert [line[:60] for line in lines if not NAMED.search(line)] == []
    assert [named for line in lines for named in NAMED.findall(line) if is_missing(*named)] == []


def asvs() -> list[dict[str, str]]:
    with ASVS.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        return list(reader)


def test_the_verification_list_is_whole():
    rows = asvs()
    names = [row["requirement"] for row in rows]

    assert len(names) == len(set(names)) == 253
    assert [name for name in names if not re.fullmatch(r"V\d+\.\d+\.\d+", name)] == []
    assert {row["status"] for row in rows} <= STATUSES
    assert sum(row["level"] == "1" for row in rows) == 70
    assert sum(row["level"] == "2" for row in rows) == 183
    assert [row["requirement"] for row in rows if not row["how"]] == []


def test_what_the_verification_list_names_exists():
    named = [(row["requirement"], *row["test"].partition("::")[::2]) for row in asvs() if row["test"]]

    assert [(requirement, path, name) for requirement, path, name in named if is_missing(path, name)] == []


@pytest.mark.parametrize("page", ["SECURITY.md", "CONTRIBUTING.md"])
def test_the_links_of_a_page_lead_somewhere(page):
    text = (ROOT / page).read_text()
    targets = {*LINK.findall(text), *re.findall(r"`(docs/[\w./-]+)`", text)}

    assert sorted(target for target in targets if not (ROOT / target).exists()) == []
