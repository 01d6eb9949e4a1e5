"""Plain builders of what tests of imports need."""

import io
from datetime import UTC, datetime
from pathlib import Path

from duobiao.identity.models import Role, User
from duobiao.integrations.commands import import_folder
from duobiao.integrations.domain.tables import Fault, Opener, Row, Table
from duobiao.integrations.models import ImportFault, ImportRun
from duobiao.integrations.queries.error_file import error_lines
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks

NOW = datetime(2026, 9, 16, 1, 20, tzinfo=UTC)
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "maven-crm"
MAVEN = Path(__file__).resolve().parents[1] / "data" / "maven-crm.yaml"

CUSTOMERS = """
version: 1
source: old-crm
files:
  - file: "*"
    target: customers
    external_id: id
    columns:
      name: name
      industry: {column: industry, default: 其他}
      employee_count: staff
      annual_revenue: revenue
      phone: phone
"""
HEAD = "id,name,industry,staff,revenue,phone\n"


def administrator() -> User:
    """Make the administrator in whose name the console imports, and the playbooks."""
    ship_playbooks(now=NOW)
    return User.objects.create_user("admin", role=Role.ADMINISTRATOR)


def write(folder: Path, **files: str | bytes) -> Path:
    """Write files into a folder; ``customers_csv`` becomes ``customers.csv``."""
    for name, content in files.items():
        path = folder / "files" / name.replace("__", "-").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder / "files"


def bring_in(folder: Path, mapping: str = CUSTOMERS, *, dry_run: bool = False, **files: str | bytes) -> int:
    """Write files and a mapping, import them, return how many rows were refused."""
    source = write(folder, **files)
    rules = folder / "mapping.yaml"
    rules.write_text(mapping, encoding="utf-8")
    return import_folder(folder=source, mapping=rules, dry_run=dry_run)


def last_run() -> ImportRun:
    """Return the latest import."""
    return ImportRun.objects.order_by("-pk")[0]


def messages() -> list[tuple[int, str, str]]:
    """Return line, column and message of every fault of the latest import."""
    return [(line.line, line.column, line.message) for line in error_lines(last_run())]


def codes() -> list[tuple[int, str, str]]:
    """Return line, column and code of every fault of the latest import."""
    rows = ImportFault.objects.filter(run=last_run()).order_by("part", "line", "pk")
    return list(rows.values_list("line", "column", "code"))


def held(content: bytes) -> Opener:
    """Return what opens a file with this content."""
    return lambda: io.BytesIO(content)


def rows(table: Table) -> list[Row]:
    """Return all readable rows of a table."""
    return [line for line in table.lines() if isinstance(line, Row)]


def faults(table: Table) -> list[Fault]:
    """Return all rows of a table that cannot be read."""
    return [line for line in table.lines() if isinstance(line, Fault)]
