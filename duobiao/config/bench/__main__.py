"""The measuring process: fills the database of DATABASE_URL, measures, prints JSON."""

import sys
from pathlib import Path
from typing import Any

import orjson
from django.core.management import call_command


def main(rows: int, data: str) -> None:
    """Fill and measure; progress goes to standard error."""
    _begin()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    from duobiao.config.bench import chains, duplicates, pages, processes, writes
    from duobiao.config.bench import rows as table
    from duobiao.config.memory import collect_less_often

    report: dict[str, Any] = {"rows": rows, "proofs": rows * table.PROOFS_PER_DEAL}
    _say("measuring workers")
    report["workers"] = processes.measure_workers()
    _say(f"writing {rows} deals")
    table.fill(rows)
    collect_less_often()
    _say("measuring pages")
    report["pages"] = pages.measure_pages()
    _say("measuring writes")
    report["proof"] = writes.measure_proof()
    _say("measuring recomputation")
    report["recompute"] = writes.measure_recompute()
    report["recompute"]["alone"] = processes.measure_whole_recompute()
    _say("measuring the daily job")
    report["expiry"] = writes.measure_expiry()
    _say("measuring decision chains")
    report["chains"] = chains.measure_chains()
    _say(f"writing {2 * rows} customers and looking for duplicates")
    report["duplicates"] = duplicates.measure_duplicates(2 * rows)
    if data and Path(data).is_dir():
        _say("measuring the import")
        report["import"] = processes.measure_import(Path(data))
    sys.stdout.buffer.write(orjson.dumps(report))


def people() -> None:
    """Measure search and import over many customers and contacts, in a database of their own."""
    _begin()
    from duobiao.config.bench.people import measure_people

    _say("writing customers and contacts, searching, importing")
    sys.stdout.buffer.write(orjson.dumps(measure_people(**_counts(sys.argv[2:]))))


def _begin() -> None:
    from duobiao.config.commands import home, start_django
    from duobiao.config.secret import make_secret_key

    make_secret_key(home())
    start_django()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def _counts(arguments: list[str]) -> dict[str, int]:
    return dict(zip(("customers", "contacts", "rows"), map(int, arguments), strict=False))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "people":
        people()
    else:
        main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
