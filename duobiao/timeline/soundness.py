"""What ``duobiao doctor`` asks of the audit."""

from typing import Any

from django.core.checks import CheckMessage, Error

from duobiao.timeline import triggers
from duobiao.timeline.verification import verify_chains

SHOWN = 20


def audit_chains_are_whole(**_: Any) -> list[CheckMessage]:
    """The audit chains are whole and unchanged."""
    problems = verify_chains()
    lines: list[CheckMessage] = [
        Error(f"{problem.chain} #{problem.sequence}: {problem.code}", id="timeline.E001")
        for problem in problems[:SHOWN]
    ]
    if len(problems) > SHOWN:
        lines.append(Error(f"and {len(problems) - SHOWN} more", id="timeline.E001"))
    return lines


def audit_cannot_be_changed(**_: Any) -> list[CheckMessage]:
    """The database refuses to change audit entries."""
    hint = "run: duobiao init"
    return [Error(f"the trigger {name} is missing", hint=hint, id="timeline.E002") for name in triggers.missing()]
