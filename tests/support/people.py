"""Make people and tokens in an installation: run as a program with a JSON list on standard input.

Every entry has ``username`` and ``role``; ``password``, ``name`` and ``unit`` are optional. Prints a JSON object:
the token by sign-in name.
"""

import json
import sys

PASSWORD = "correct-horse-9"


def main() -> None:
    """Make everybody named on standard input."""
    from duobiao.config.commands import start_django

    start_django()
    from django.utils import timezone

    from duobiao.identity.commands import create_token, create_user
    from duobiao.identity.models import Unit, User

    tokens = {}
    for entry in json.load(sys.stdin):
        username, now = entry["username"], timezone.now()
        name, password = entry.get("name", username), entry.get("password", PASSWORD)
        create_user(username=username, role=entry["role"], name=name, password=password, now=now)
        if entry.get("unit"):
            unit = Unit.objects.filter(name=entry["unit"]).first() or Unit.objects.create(name=entry["unit"])
            User.objects.filter(username=username).update(unit=unit)
        tokens[username] = create_token(username=username, now=now)
    print(json.dumps(tokens))


if __name__ == "__main__":
    main()
