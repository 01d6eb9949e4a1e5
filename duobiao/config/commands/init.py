"""``duobiao init``: make everything a new installation needs; run again after an upgrade."""

from collections.abc import Callable

from duobiao.config.commands import prepare_home, start_django
from duobiao.config.secret import make_secret_key


def run(*, ensure_administrator: Callable[..., str]) -> None:
    """Create home, secret, database and administrator; what exists already is kept.

    Args:
        ensure_administrator: Called once Django runs; makes the user and returns the password, empty when it exists.
    """
    home = prepare_home()
    make_secret_key(home)
    start_django()
    from django.utils import timezone

    migrate()
    password = ensure_administrator(username="admin", now=timezone.now())
    print(f"ready in {home}")
    print("administrator: admin" + ("" if password else ", as before"))
    if password:
        print(f"password:      {password}   (shown only now)")
    print("next: duobiao serve, and duobiao worker beside it")


def migrate() -> None:
    """Bring the database to the present version and put shipped data into it."""
    from django.core.management import call_command
    from django.utils import timezone

    from duobiao.opportunities.actions.judge_signals import judge_unjudged
    from duobiao.playbooks.actions.ship_playbooks import ship_playbooks

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    ship_playbooks(now=timezone.now())
    judge_unjudged(now=timezone.now())
