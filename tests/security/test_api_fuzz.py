"""Row 35: whatever is sent to the API, it answers as its own schema says."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.failures import FailureGroup

from duobiao.config.api import api
from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.kernel.days import local_day
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.tests.factories import (
    draft,
    make_contact,
    make_customer,
    make_deal,
    make_unit,
    make_user,
)
from tests.support.halves import our_half

schemathesis.checks.load_all_checks()
CHECK_NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
CHECKS = schemathesis.checks.CHECKS.get_by_names(CHECK_NAMES)
SAMPLE = 1
COMMAND = Path(sys.executable)
PLACES = ("customers", "contacts", "opportunities", "users", "units")


@pytest.fixture
def refs(db) -> dict[str, str]:
    """Make one record of each kind, so that what is sent finds something."""
    unit = make_unit("华东")
    owner = make_user("lin", role=Role.ADMINISTRATOR, unit=unit)
    customer = make_customer(owner, "苏州恒睿精密")
    deal = make_deal(owner, customer, now=timezone.now())
    now = timezone.now()
    proof = confirm_evidence(
        opportunity=deal, draft=draft("engagement.interest_shown", on=local_day(now)), actor=owner, now=now
    ).proof
    waiver = ask_waiver(opportunity=deal, item="1.M1", reason="x", expires_on=local_day(now), actor=owner, now=now)
    return {
        "customers": customer.ref,
        "contacts": make_contact(customer).ref,
        "opportunities": deal.ref,
        "users": owner.ref,
        "units": unit.ref,
        "proof_ref": proof.ref,
        "waiver_ref": waiver.ref,
        "token": create_token(username="lin", now=now),
    }


def known(refs: dict[str, str], path: str, name: str) -> str | None:
    """Return the reference of a record that the parameter of an address may name."""
    if name != "ref":
        return refs.get(name)
    return next((refs[place] for place in PLACES if path.startswith(f"/api/v1/{place}/")), None)


@pytest.fixture
def schema() -> Iterator[Any]:
    """The schema of the API, with the application behind it; requests share the test's transaction."""
    loaded = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
    loaded.app = get_wsgi_application()
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield loaded
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def faults_of(operation: Any, refs: dict[str, str], *, examples: int) -> tuple[Counter[int], list[str]]:
    """Send generated requests to one operation; return the answers by status, and what broke the schema."""
    statuses: Counter[int] = Counter()
    faults: list[str] = []

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        places = {name: known(refs, operation.path, name) for name in case.path_parameters or {}}
        case.path_parameters.update({name: ref for name, ref in places.items() if ref})
        with transaction.atomic():
            response = case.call(headers={"Authorization": f"Bearer {refs['token']}"})
            transaction.set_rollback(True)
        statuses[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as group:
            faults.append(f"{operation.label}: {case.as_curl_command()}\n{group}")

    send()
    return statuses, faults


def test_every_operation_keeps_to_its_schema(schema, refs, figure, full_drill):
    """Row 35: 0 answers 5xx, 0 answers that the schema does not describe."""
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    operations = our_half([found.ok() for found in schema.get_all_operations()])
    for operation in operations:
        counted, broken = faults_of(operation, refs, examples=50 if full_drill else SAMPLE)
        statuses += counted
        faults += broken

    wrong = sum(count for status, count in statuses.items() if status >= 500)
    figure(
        35,
        f"{statuses.total()} requests to {len(operations)} operations: {wrong} answers 5xx, {len(faults)} against the schema",
    )
    assert faults == []
    assert {200, 422} <= statuses.keys()


@pytest.mark.halved
def test_all_phases_of_the_fuzzer_against_the_served_api(served, figure, full_drill, tmp_path):
    """Row 35: examples, coverage, fuzzing and stateful runs over real sockets; in CI only one operation."""
    command = [
        str(COMMAND.with_name("schemathesis")), "run", f"http://127.0.0.1:{served.port}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {served.tokens['boss']}",
        "--checks", ",".join(CHECK_NAMES), "--max-examples", "30" if full_drill else "2",
        "--request-timeout", "30", "--no-color", "--continue-on-failure", "--generation-deterministic",
    ]  # fmt: skip
    if not full_drill:
        command += ["--include-path", "/api/v1/units", "--phases", "examples,coverage,fuzzing"]

    done = subprocess.run(
        command, cwd=tmp_path, env=served.env, capture_output=True, text=True, check=False, timeout=3000
    )

    passed = re.findall(r"(\d+) generated", done.stdout)
    figure(35, f"all phases over sockets: {passed[-1] if passed else '?'} cases, exit code {done.returncode}")
    assert done.returncode == 0, done.stdout[-8000:]
