"""Chains: who approves what, kept by an administrator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.approvals import registry
from duobiao.approvals.actions.publish_chain import publish_chain
from duobiao.approvals.domain.chain import read_step, write_steps
from duobiao.approvals.forms.chains import SPARE, StepForm, documents_of, initial_of
from duobiao.approvals.queries.chains import newest_version, steps_in_force
from duobiao.approvals.queries.detail import rule_words, words_for
from duobiao.identity import policy
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound, Refusal
from duobiao.web.http import done, render
from duobiao.web.texts import in_language

MOST_FORMS = 13


@dataclass(frozen=True, slots=True)
class ChainCard:
    """One chain on the page of all chains.

    Attributes:
        steps: Name and rule of each step.
        changed_by: Who wrote the version in force; "" where it is as shipped.
    """

    key: str
    title: str
    icon: str
    version: int
    steps: list[tuple[str, str]]
    changed_by: str
    changed_at: datetime | None


@require_safe
def chains(request: HttpRequest) -> HttpResponse:
    """Show the chains in force."""
    _keeper(request)
    return render(request, "approvals/chains.html", {"chains": [_card(request, k) for k in registry.all_kinds()]})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_chain(request: HttpRequest, matter: str) -> HttpResponse:
    """Change the steps of one chain; that makes a new version."""
    actor = _keeper(request)
    kind = registry.find_kind(matter)
    if kind is None:
        raise NotFound(_("There is no such kind of request."))
    held = newest_version(matter)
    version = held.version if held is not None else 1
    if request.method != "POST":
        return _page(request, kind, _stored_forms(kind), version)
    forms = _sent_forms(request, kind)
    seen = request.POST.get("version", "")
    faulty = [form for form in forms if not form.is_valid()]
    if faulty:
        return _page(request, kind, forms, version, status=422)
    try:
        publish_chain(
            matter=matter,
            steps=documents_of(forms),
            version=int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
            actor=actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, kind, forms, version, refused=str(refusal.message), status=refusal.status)
    return done(request, to="approvals:chains", toast=_("Chain saved; requests that run keep the one they began with"))


def _keeper(request: HttpRequest) -> User:
    actor = actor_of(request)
    policy.require(actor, "approvals.chains")
    return actor


def _card(request: HttpRequest, kind: registry.RequestKind) -> ChainCard:
    held = newest_version(kind.key)
    steps = steps_in_force(kind.key)
    words = words_for(write_steps(steps), kind, company_of(request).currency)
    by = held.published_by if held is not None else None
    return ChainCard(
        key=kind.key,
        title=str(kind.title),
        icon=kind.icon,
        version=held.version if held is not None else 1,
        steps=[(in_language(step.name, get_language()), rule_words(step, words)) for step in steps],
        changed_by=str(by) if by is not None else "",
        changed_at=held.published_at if held is not None and by is not None else None,
    )


def _stored_forms(kind: registry.RequestKind) -> list[StepForm]:
    documents = write_steps(steps_in_force(kind.key))
    initials: list[Mapping[str, Any]] = [initial_of(row, number) for number, row in enumerate(documents, start=1)]
    initials += [{"position": len(documents) + number} for number in range(1, SPARE + 1)]
    people = _people(documents)
    return [
        StepForm(initial=dict(initial), facts=kind.facts, people=people, prefix=f"s{number}")
        for number, initial in enumerate(initials)
    ]


def _sent_forms(request: HttpRequest, kind: registry.RequestKind) -> list[StepForm]:
    sent = request.POST.get("steps", "")
    count = min(int(sent), MOST_FORMS) if sent.isdecimal() and len(sent) < 4 else 0
    people = _people([])
    return [StepForm(request.POST, facts=kind.facts, people=people, prefix=f"s{number}") for number in range(count)]


def _people(documents: Sequence[Mapping[str, Any]]) -> Any:
    """Return whom a step may name: people who work here, and those it names already."""
    named = [ref for document in documents for ref in read_step(document).approvers.people]
    found = User.objects.active() if not named else User.objects.active() | User.objects.filter(ref__in=named)
    return found.order_by("name", "pk")


def _page(
    request: HttpRequest,
    kind: registry.RequestKind,
    forms: Sequence[StepForm],
    version: int,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "kind": kind,
        "forms": forms,
        "version": version,
        "refused": refused,
        "currency": company_of(request).currency,
    }
    return render(request, "approvals/chain.html", context, status=status)
