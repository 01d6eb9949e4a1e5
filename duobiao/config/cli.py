"""The command line: ``duobiao COMMAND``.

This file names the commands and their options; the work is in ``config.commands`` and, where a capability does it, in
the function named in ``DELEGATES``. Everything is loaded when the command runs, so that ``--help`` is instant.
"""

import importlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

DELEGATES = {
    # (*, username: str, now: datetime) -> str: the password; empty when the user exists already
    "init": "duobiao.identity.commands.ensure_administrator",
    # (*, username: str, role: str, name: str, now: datetime) -> str: the password, shown once
    "user create": "duobiao.identity.commands.create_user",
    # (*, username: str, expires_days: int | None, now: datetime) -> str: the token
    "token create": "duobiao.identity.commands.create_token",
    # (*, folder: Path, mapping: str, dry_run: bool) -> int: rows refused; prints its progress and result
    "import": "duobiao.integrations.commands.import_folder",
    # (*, serve: bool, host: str, port: int) -> None; sets everything up itself, secret and Django included
    "demo": "duobiao.config.commands.demo.run",
    # (*, rows: int, as_json: bool) -> None; prints the figures
    "bench": "duobiao.config.commands.bench.run",
}
DEFAULT_PORT = 8000

app = typer.Typer(
    name="duobiao",
    help="Duobiao 夺标: project-based selling, driven by graded, expiring evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
users = typer.Typer(help="People who may sign in.", no_args_is_help=True)
tokens = typer.Typer(help="Tokens for programs that use the API.", no_args_is_help=True)
app.add_typer(users, name="user")
app.add_typer(tokens, name="token")

Port = Annotated[int, typer.Option(min=0, max=65535, envvar="PORT", help="TCP port to listen on.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]


@app.command()
def init() -> None:
    """Create the database, the secret and the user admin; after an upgrade, bring the database up to date."""
    from duobiao.config.commands import init as command

    def ensure_administrator(**values: Any) -> str:
        return str(_delegate("init")(**values))  # found late: it needs Django running

    command.run(ensure_administrator=ensure_administrator)


@app.command()
def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Prepare everything, then stop.")] = False,
    host: Host = "127.0.0.1",
    port: Port = DEFAULT_PORT,
) -> None:
    """Prepare a system with story data and serve it."""
    _delegate("demo")(serve=not no_serve, host=host, port=port)


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = DEFAULT_PORT,
    workers: Annotated[int, typer.Option(min=0, max=64, help="Processes; 0 takes what suits the machine.")] = 0,
) -> None:
    """Serve the pages and the API."""
    from duobiao.config.commands import serve as command

    command.run(host=host, port=port, workers=workers)


@app.command()
def worker() -> None:
    """Run background jobs; any number of workers may run side by side."""
    from duobiao.config.commands import worker as command

    command.run()


@users.command("create")
def create_user(
    username: Annotated[str, typer.Argument(help="Sign-in name.")],
    role: Annotated[str, typer.Option(help="seller, manager, administrator ...")],
    name: Annotated[str, typer.Option(help="The person's name; default: the sign-in name.")] = "",
    unit: Annotated[str, typer.Option(help="Name of the organisation unit; default: the top unit.")] = "",
) -> None:
    """Create a user with a random password, printed once."""
    from django.utils import timezone

    _start()
    password = _delegate("user create")(
        username=username, role=role, name=name or username, unit=unit, now=timezone.now()
    )
    print(f"created {username} ({role})\npassword: {password}   (shown only now)")


@tokens.command("create")
def create_token(
    username: Annotated[str, typer.Argument(help="Whose rights the token has.")],
    expires_days: Annotated[int | None, typer.Option(min=1, help="Days until it expires; default: never.")] = None,
) -> None:
    """Create an API token and print it, and nothing else."""
    from django.utils import timezone

    _start()
    print(_delegate("token create")(username=username, expires_days=expires_days, now=timezone.now()))


@app.command("import")
def import_folder(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="Folder with the files.")],
    mapping: Annotated[str, typer.Option(metavar="FILE", help="YAML file, or the name of a shipped mapping.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
) -> None:
    """Import customers, contacts, products and deals from CSV or XLSX files."""
    _start()
    refused = _delegate("import")(folder=folder, mapping=mapping, dry_run=dry_run)
    raise typer.Exit(1 if refused else 0)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The archive to write: .tar, or .tar.gz to compress.")]) -> None:
    """Write database and files into one archive, while the system runs."""
    from duobiao.config.commands import backup as command

    command.run(file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="An archive that backup wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the data that is there.")] = False,
) -> None:
    """Check an archive completely, then put its database and files into place. Stop the system first."""
    from duobiao.config.commands import restore as command

    command.run(file, replace=replace)


@app.command()
def doctor() -> None:
    """Check the installation, the audit chain, and that every stored figure is true."""
    from duobiao.config.commands import doctor as command

    raise typer.Exit(1 if command.run() else 0)


@app.command()
def bench(
    rows: Annotated[int, typer.Option(min=100, help="Deals to measure with.")] = 100_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure pages, queries, proofs and recomputation in a database of its own."""
    _delegate("bench")(rows=rows, as_json=as_json)


def _start() -> None:
    from duobiao.config.commands import require_database, require_secret, start_django

    require_secret()
    start_django()
    speak(os.environ)
    require_database()


def speak(environ: Mapping[str, str]) -> None:
    """Speak Chinese where the terminal does, else English, as this file does."""
    from django.utils import translation

    wanted = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    traditional = wanted.startswith(("zh_TW", "zh_HK", "zh_MO"))
    translation.activate("zh-hant" if traditional else "zh-hans" if wanted.startswith("zh") else "en")


def _delegate(command: str) -> Any:
    module, _, function = DELEGATES[command].rpartition(".")
    return getattr(importlib.import_module(module), function)


def main() -> None:
    """Run the command line; what the person can put right is one line on stderr and exit code 1."""
    try:
        app()
    except Exception as error:
        line = explain(error)
        if line is None or os.environ.get("DUOBIAO_TRACEBACK") == "1":
            raise
        print(f"duobiao: {line}", file=sys.stderr)
        sys.exit(1)


def explain(error: Exception) -> str | None:
    """Say in one line what a person can put right; None when the fault is ours."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError
    from django.db import OperationalError, ProgrammingError

    from duobiao.config.commands import Problem
    from duobiao.config.secret import MissingSecret
    from duobiao.kernel.refusals import Refusal

    if isinstance(error, Refusal):
        message = str(error.message)
        fields = "; ".join(f"{name}: {why}" for name, why in error.fields.items() if str(why) not in message)
        return _one_line(f"{message} {fields}")
    if isinstance(error, OperationalError) and "locked" in str(error):
        return "somebody else is writing a lot right now; try again in a minute"
    if isinstance(error, (OperationalError, ProgrammingError)):
        return f"the database does not answer as expected ({_one_line(error)}); if it is new, run: duobiao init"
    if isinstance(error, (Problem, MissingSecret, ImproperlyConfigured, CommandError)):
        return _one_line(error)
    return None


def _one_line(text: object) -> str:
    return " ".join(str(text).split())


if __name__ == "__main__":
    main()
