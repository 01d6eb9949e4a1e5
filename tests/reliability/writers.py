"""Writer processes: run as a program; each writes through real actions for some seconds and says how long they took.

Standard input: ``{"writers": 16, "seconds": 3, "users": [...], "deals": [...]}``. Standard output: a JSON object for the
first writes, which load the program, then one for each writer, with ``seconds`` (of every write), how many of each
kind, and ``errors``.
"""

import json
import os
import sys
import time
from typing import Any


def main() -> None:
    """Load the product once, then part into writers."""
    from duobiao.config.commands import start_django

    start_django()
    from django.db import connections

    from duobiao.playbooks.queries import catalogue

    order = json.load(sys.stdin)
    keys = sorted(catalogue())
    first = write_on(order["writers"], {**order, "turns": 8}, keys, time.monotonic())  # loads what is lazy
    print(json.dumps(first), flush=True)
    connections.close_all()
    began = time.monotonic() + 0.5
    children = []
    for number in range(order["writers"]):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            answer = write_on(number, order, keys, began)
            with os.fdopen(writer, "w") as pipe:
                json.dump(answer, pipe)
            os._exit(0)
        os.close(writer)
        children.append((child, reader))
    for child, reader in children:
        with os.fdopen(reader) as pipe:
            print(pipe.read(), flush=True)
        os.waitpid(child, 0)


def write_on(number: int, order: dict[str, Any], keys: list[str], began: float) -> dict[str, Any]:
    """Prove, edit and comment on shared deals until the time is up."""
    from duobiao.identity.models import User

    user = User.objects.get(ref=order["users"][number % len(order["users"])])
    answer: dict[str, Any] = {"seconds": [], "proof": 0, "edit": 0, "comment": 0, "stale": 0, "errors": []}
    time.sleep(max(0.0, began - time.monotonic()))
    turn, most = 0, order.get("turns", 10**9)
    while turn < most and time.monotonic() - began < order["seconds"]:
        ref = order["deals"][(number + turn) % len(order["deals"])]
        started = time.monotonic()
        try:
            answer[_write(user, ref, number * 100_000 + turn, turn, keys)] += 1
        except Exception as error:  # this is the edge of a process: whatever happens is its figure
            answer["errors"].append(f"{type(error).__name__}: {error}")
        answer["seconds"].append(time.monotonic() - started)
        turn += 1
    if "turns" in order:
        answer["seconds"] = []
    return answer


def _write(user: Any, ref: str, unique: int, turn: int, keys: list[str]) -> str:
    from django.utils import timezone

    from duobiao.kernel.days import local_day
    from duobiao.kernel.refs import Ref
    from duobiao.kernel.refusals import StaleVersion
    from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_evidence
    from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
    from duobiao.opportunities.models import Grade, Opportunity
    from duobiao.timeline.actions.add_comment import add_comment

    now = timezone.now()
    deal = Opportunity.objects.select_related("owner").get(ref=ref)
    if turn % 4 == 0:
        add_comment(subject=Ref.of(deal), body=f"写于 {unique}", actor=user, now=now)
        return "comment"
    if turn % 4 == 1:
        try:
            values = {"description": f"第 {unique} 次"}
            edit_opportunity(opportunity=deal, version=deal.version, values=values, actor=user, now=now)
        except StaleVersion:
            return "stale"
        return "edit"
    key = keys[unique % len(keys)]
    fact = Draft(
        key, Grade.DOCUMENTED, local_day(now), quote=f"记录 {unique}",
        method="DIRECT" if key == "procurement.method_known" else "",
    )  # fmt: skip
    confirm_evidence(opportunity=deal, draft=fact, actor=user, now=now)
    return "proof"


if __name__ == "__main__":
    main()
