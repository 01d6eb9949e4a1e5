"""Write docs/reference.md (permissions, events, evidence keys, settings, commands), docs/openapi.json, docs/playbook.schema.json.

All are taken from the program itself. The second is the contract of the API, the third that of playbook documents: a
change shows in review.

Usage: python scripts/reference.py          write the files
       python scripts/reference.py --check  exit 1 when one is out of date
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duobiao.playbooks.domain.model import Playbook

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "reference.md"
CONTRACT = ROOT / "docs" / "openapi.json"
SCHEMA = ROOT / "docs" / "playbook.schema.json"
HEAD = """# Reference
Made by `scripts/reference.py` from the program itself; do not edit by hand.
"""


def start() -> None:
    """Load the program."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duobiao.config.settings")
    sys.path.insert(0, str(ROOT))
    import django
    from django.utils import translation

    django.setup()
    translation.activate("en")


def reference() -> str:
    """Return the text of the page."""
    parts = [HEAD, *permissions(), *events(), *evidence(), *settings(), *commands()]
    return "\n".join(parts).rstrip() + "\n"


def permissions() -> Iterator[str]:
    """Yield the table of permissions: verb, then the roles that hold it with their scope."""
    from duobiao.identity.policy import Scope, shipped_grants

    grants = shipped_grants()
    yield "## Permissions\nShipped scopes; a company may change them on `/admin/roles/`.\n"
    yield "| permission | roles and scope |\n|---|---|"
    for verb in sorted(next(iter(grants.values()))):
        held = [f"{role} {row[verb]}" for role, row in grants.items() if row[verb] is not Scope.NONE]
        yield f"| `{verb}` | {', '.join(held) or 'nobody'} |"
    yield ""


def events() -> Iterator[str]:
    """Yield the table of events the timeline keeps."""
    from duobiao.kernel.events import EVENT_TYPES

    yield "## Events\nWhat the timeline keeps; the name stands in `Entry.event`.\n\n| event | shown as |\n|---|---|"
    for name, kind in sorted(EVENT_TYPES.items()):
        if str(kind.title) and not name.rpartition(".")[2].startswith("_"):
            yield f"| `{name}` | {kind.title} |"
    yield ""


def evidence() -> Iterator[str]:
    """Yield the evidence catalogue with what each key is good for."""
    from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, catalogue, playbook_of, shipped_documents

    uses: dict[str, list[str]] = {}
    for (name, _), document in sorted(shipped_documents().items(), key=lambda row: row[0][0] != DEFAULT_PLAYBOOK):
        for key, use in _uses(playbook_of(document), own_buyer="buyer_stages" in document):
            uses.setdefault(key, []).append(use if name == DEFAULT_PLAYBOOK else f"{name} {use}")
    yield "## Evidence keys\n\n| key | 中文 | English | nature | ceiling | page | used by |\n|---|---|---|---|---|---|---|"
    for key, row in sorted(catalogue().items()):
        used = ", ".join(dict.fromkeys(uses.get(key, [])))
        title = row.title
        yield (
            f"| `{key}` | {title['zh-Hans']} | {title['en']} | {row.nature} | {row.ceiling.name} | "
            f"{row.supplied_by} | {used} |"
        )
    yield ""


def _uses(playbook: "Playbook", *, own_buyer: bool) -> Iterator[tuple[str, str]]:
    """Yield what each key of a playbook is good for; a buyer's track taken over is not told again."""
    yield from ((accept.evidence, item.key) for item in playbook.items for accept in item.accepts)
    yield from ((key, f"settles {stage}") for key, stage in playbook.settlements.items())
    if not own_buyer:
        return
    yield from ((mark.evidence, f"buyer {mark.stage}") for stage in playbook.buyer_stages for mark in stage.marks)
    yield from ((reset.evidence, f"reset to {reset.to}") for reset in playbook.resets)


def settings() -> Iterator[str]:
    """Yield the environment variables, from the docstring of the settings."""
    from duobiao.config import settings as module

    yield "## Settings\n\n| variable | meaning |\n|---|---|"
    for name, meaning in re.findall(r"^([A-Z_]{5,})\s+(.*(?:\n {10,}.*)*)", module.__doc__ or "", re.MULTILINE):
        yield f"| `{name}` | {' '.join(meaning.split())} |"
    yield ""


def commands() -> Iterator[str]:
    """Yield the commands of the console."""
    import typer

    from duobiao.config.cli import app

    yield "## Commands\n\n| command | does |\n|---|---|"
    yield from _commands(typer.main.get_command(app), "duobiao")


def _commands(command: object, name: str) -> Iterator[str]:
    children = getattr(command, "commands", None)
    if children:
        for child_name, child in sorted(children.items()):
            yield from _commands(child, f"{name} {child_name}")
        return
    help_text = (getattr(command, "help", "") or "").strip().splitlines()
    yield f"| `{name}` | {help_text[0] if help_text else ''} |"


def contract() -> str:
    """Return the OpenAPI document, keys sorted so that differences are small."""
    from duobiao.config.api import api

    return json.dumps(api.get_openapi_schema(), indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def playbook_schema() -> str:
    """Return the JSON Schema of playbook documents, for editors."""
    from duobiao.playbooks.domain.schema import json_schema
    from duobiao.playbooks.queries import catalogue

    return json.dumps(json_schema(catalogue()), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write or check; return the exit code."""
    start()
    stale = 0
    for target, text in ((TARGET, reference()), (CONTRACT, contract()), (SCHEMA, playbook_schema())):
        if "--check" not in sys.argv:
            target.write_text(text, encoding="utf-8")
        elif not target.is_file() or target.read_text(encoding="utf-8") != text:
            stale = 1
            print(f"{target.relative_to(ROOT)} is out of date: run scripts/reference.py")
    return stale


if __name__ == "__main__":
    sys.exit(main())
