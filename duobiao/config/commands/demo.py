"""``duobiao demo``: a running system with story data, from nothing, and again without losing anything."""

import ipaddress
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from duobiao.config.commands import prepare_home, start_django
from duobiao.config.secret import make_secret_key

if TYPE_CHECKING:
    from duobiao.identity.models import User

SIGN_IN_WORD = "duobiao-demo"
"""For everybody in the story, and printed: for demonstrations only."""
LOGINS = (("seller", "linxiao"), ("manager", "zhoujianguo"), ("administrator", "admin"))


def run(*, serve: bool, host: str, port: int) -> None:
    """Prepare everything that is missing, print address and logins, and serve.

    Args:
        serve: False: stop when everything is prepared.
    """
    started = time.monotonic()
    home = prepare_home()
    make_secret_key(home)
    _say(f"home      {home}")
    start_django()
    from duobiao.config.commands.init import migrate

    migrate()
    _say("database  up to date")
    kept = _tell()
    _say(f"ready     in {time.monotonic() - started:.0f} s")
    _print_logins(host, port, kept=kept)
    if serve:
        _serve(host=host, port=port)


def _tell() -> bool:
    """Bring the story in; return whether the administrator was there before and keeps the own password."""
    from django.utils import timezone

    from duobiao.opportunities.actions.judge_signals import judge_all
    from duobiao.opportunities.actions.reassess_due import reassess_due
    from duobiao.workbench.story.loading import is_told, tell_story

    admin, kept = _administrator()
    if is_told():
        reassess_due(now=timezone.now())  # days may have passed since it last ran
        judge_all(now=timezone.now())
        _say("story     kept as it is")
        return kept
    tell_story(admin=admin, password=SIGN_IN_WORD, now=timezone.now(), progress=_progress)
    if sys.stdout.isatty():
        print()
    _say("story     told")
    return kept


def _administrator() -> "tuple[User, bool]":
    from django.utils import timezone

    from duobiao.identity.commands import create_user
    from duobiao.identity.models import User

    held = User.objects.active().filter(username__iexact="admin").first()
    if held is not None:
        return held, not held.check_password(SIGN_IN_WORD)
    create_user(username="admin", role="administrator", name="管理员", password=SIGN_IN_WORD, now=timezone.now())
    return User.objects.get(username="admin"), False


def _progress(done: int, total: int) -> None:
    if sys.stdout.isatty():
        print(f"\rstory     {done * 100 // total:3d}%", end="", flush=True)
    elif done * 4 // total > (done - 1) * 4 // total:
        _say(f"story     {done * 100 // total}%")


def _print_logins(host: str, port: int, *, kept: bool) -> None:
    print(f"\n  http://{_reachable(host)}:{port}/\n")
    for role, name in LOGINS:
        password = "as set by duobiao init" if kept and name == "admin" else SIGN_IN_WORD
        print(f"  {role:14} {name:12} {password}")
    print("\n  Everybody else in the story signs in with the same password. For demonstrations only.\n", flush=True)


def _reachable(host: str) -> str:
    """Return the name under which a browser on this machine finds the server."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return "localhost" if address.is_loopback or address.is_unspecified else host


def _serve(*, host: str, port: int) -> None:
    """Serve with a worker beside; both end together."""
    from duobiao.config.commands import serve

    worker = subprocess.Popen([sys.executable, "-m", "duobiao.config.cli", "worker"], env=os.environ.copy())
    try:
        serve.run(host=host, port=port, workers=2)
    finally:
        worker.terminate()
        worker.wait(timeout=30)


def _say(line: str) -> None:
    print(line, flush=True)
