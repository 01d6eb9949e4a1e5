"""Every address of the application and every operation of the API, with who may use it.

The truth is YAML: ``tests/route_matrix.yaml`` and ``duobiao/<capability>/tests/route_matrix.yaml``. One line a route::

    pages:
      identity:users: identity.users            # a right: roles that hold it, others 403
      identity:profile: signed_in               # everybody who is signed in
      web:healthz: public                       # everybody
      customers:customer: {see: customers.view, sample: customer}
      customers:edit: {see: customers.view, do: customers.edit, sample: customer}
    api:
      create_unit: {do: identity.units, body: {name: x}}

``see`` and ``do`` are rights held on the record of a seller: who does not see it gets 404, who sees it but may not do
it gets 403. A ``sample`` is a function in ``duobiao/<capability>/tests/route_samples.py`` listed in its ``SAMPLES``: it
takes the ``World``, makes the record for ``world.owner`` and returns the parts of the address. A body may use them as
``{ref}``.
"""

import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
PUBLIC, SIGNED_IN = "public", "signed_in"
API_NAMESPACE = "api"
API_DOCUMENTS = {"api-root", "openapi-json", "openapi-view"}
PARAMETER = re.compile(r"<(?:[^:>]+:)?([^>]+)>|\(\?P<([^>]+)>|\{([^}]+)\}")

Sample = Callable[["World"], dict[str, str]]


@dataclass(frozen=True)
class Rule:
    """Who may use a route.

    Attributes:
        access: ``public``, ``signed_in``, or "" when rights decide.
        see, do: Rights; ``see`` decides 404, ``do`` decides 403. Without ``sample`` only the role counts.
        sample: Name of the function that makes the record.
        body: What to send to an operation of the API so that it passes validation.
    """

    access: str = ""
    see: str = ""
    do: str = ""
    sample: str = ""
    body: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: str | dict[str, Any]) -> "Rule":
        """Read one line of the matrix."""
        if isinstance(written, dict):
            return cls(**written)
        return cls(access=written) if written in (PUBLIC, SIGNED_IN) else cls(do=written)


@dataclass(frozen=True)
class Route:
    """One address, or one operation of the API."""

    name: str
    path: str
    method: str = ""

    @property
    def parameters(self) -> list[str]:
        """Names of the parts that vary."""
        return [next(filter(None, match)) for match in PARAMETER.findall(self.path)]


@dataclass
class World:
    """The people of the matrix: one of each role in 华东, an owner below, a stranger elsewhere."""

    owner: Any
    actors: dict[str, Any]
    now: datetime


def matrix() -> dict[str, dict[str, Rule]]:
    """Read all matrices; a route listed twice is an error."""
    found: dict[str, dict[str, Rule]] = {"pages": {}, "api": {}}
    for file in [ROOT / "tests" / "route_matrix.yaml", *sorted(ROOT.glob("duobiao/*/tests/route_matrix.yaml"))]:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
        for part, lines in document.items():
            for name, written in (lines or {}).items():
                if name in found[part]:
                    raise ValueError(f"{file}: {name} is listed twice")
                found[part][name] = Rule.read(written)
    return found


def samples() -> dict[str, Sample]:
    """Collect the sample builders of all capabilities."""
    found: dict[str, Sample] = {}
    for file in sorted(ROOT.glob("duobiao/*/tests/route_samples.py")):
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        found |= module.SAMPLES
    return found


def pages() -> Iterator[Route]:
    """Yield every address outside the API's operations."""
    for name, path in _walk(get_resolver(), "", ""):
        namespace, _, last = name.rpartition(":")
        if namespace != API_NAMESPACE or last in API_DOCUMENTS:
            yield Route(name, f"/{path}")


def operations() -> Iterator[Route]:
    """Yield every operation of the API, from its schema."""
    from duobiao.config.api import api

    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            yield Route(operation["operationId"], path, method)


def api_addresses() -> set[str]:
    """Return the addresses that operations answer at, as Django knows them; none may hide from the schema."""
    found = set()
    for name, path in _walk(get_resolver(), "", ""):
        namespace, _, last = name.rpartition(":")
        if namespace == API_NAMESPACE and last not in API_DOCUMENTS:
            found.add(re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", f"/{path}"))
    return found


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or route}", route
