"""What shows an entry of a sheet: a file, a proof, a known fact of the customer, or any record of the system."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from duobiao.customers.domain.dimensions import FACT_FIELDS, REVENUE_FIELD, is_filled
from duobiao.customers.models import Customer, CustomerProfile
from duobiao.customers.queries.customers import get_profile
from duobiao.customers.queries.facts import fact_values
from duobiao.documents.models import Document
from duobiao.documents.queries import documents_of, files_seen, get_document
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.domain.links import proof_url
from duobiao.opportunities.models import Opportunity, Proof
from duobiao.planning.domain.sheets import About
from duobiao.planning.models import SheetEntry
from duobiao.planning.queries.definitions import words
from duobiao.planning.queries.subjects import Subject
from duobiao.playbooks.queries import catalogue
from duobiao.timeline.registry import refs_seen
from duobiao.timeline.registry import subject_of as registered
from duobiao.web.formats import day

FACT: Final = "fact"
"""Kind of a reference to a field of the customer's form; its ``ref`` is the name of the field."""
MOST_PROOFS: Final = 60

Citable = Callable[[User, Customer, Opportunity | None], list[tuple[str, list[tuple[str, str]]]]]
_further: list[Citable] = []


def register_citable(found: Citable) -> None:
    """Let a capability above offer its records of a customer, or of a deal, as evidence; once, at start."""
    if found not in _further:
        _further.append(found)


@dataclass(frozen=True, slots=True)
class EvidenceShown:
    """What shows an entry, as its reader may see it; ``url`` is "" where they may not open it."""

    label: str
    url: str
    icon: str


def offered(subject: Subject, user: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a person may cite without looking for it, by group: tokens ``kind:ref`` with their names."""
    files = [(f"{Document.kind}:{row.ref}", row.name) for row in documents_of(subject.source)]
    groups = [(_("Files"), files)]
    if subject.about is About.DEAL:
        groups.append((_("Proofs"), _proofs(subject.record)))
    if (customer := customer_of(subject)) is not None:
        known = fact_values(get_profile(customer))
        facts = [(f"{FACT}:{name}", fact_label(name)) for name in FACT_FIELDS if is_filled(known[name])]
        deal = subject.record if isinstance(subject.record, Opportunity) else None
        groups += [group for found in _further for group in found(user, customer, deal)]
        groups.append((_("Facts of the customer"), facts))
    return [(title, rows) for title, rows in groups if rows]


def customer_of(subject: Subject) -> Customer | None:
    """Return the customer a subject is, or belongs to."""
    record = subject.record
    if isinstance(record, Customer):
        return record
    return record.customer if isinstance(record, Opportunity) else None


def fact_label(name: str) -> str:
    """Return the name of a fact."""
    field: Any = CustomerProfile._meta.get_field("annual_revenue_minor" if name == REVENUE_FIELD else name)
    return str(field.verbose_name)


def check_evidence(subject: Subject, evidence: Ref | None, user: User, faults: dict[str, object]) -> None:
    """Note evidence that is not there, or that the person may not see."""
    if evidence is not None and not _is_there(subject, evidence, user):
        faults["evidence"] = _("There is no such record, or you may not see it.")


def evidence_shown(entries: Iterable[SheetEntry], subject: Subject, user: User) -> dict[int, EvidenceShown]:
    """Return what shows each entry, by its key; what the person may not see has neither name nor address."""
    held = {entry.pk: Ref(entry.evidence_kind, entry.evidence_ref) for entry in entries if entry.evidence_kind}
    names = files_seen({ref.ref for ref in held.values() if ref.kind == Document.kind}, user=user)
    proofs = _proofs_seen({ref.ref for ref in held.values() if ref.kind == Proof.kind}, user)
    customer = customer_of(subject)
    records = refs_seen(user, {ref for ref in held.values() if ref.kind not in (Document.kind, Proof.kind, FACT)})
    return {key: _shown(ref, names, proofs, customer, records) for key, ref in held.items()}


def _shown(
    ref: Ref, names: dict[str, str], proofs: dict[str, Proof], customer: Customer | None, records: set[Ref]
) -> EvidenceShown:
    if ref.kind == Document.kind:
        seen = ref.ref in names
        label = names[ref.ref] if seen else _("a file you may not see")
        return EvidenceShown(label, f"/documents/{ref.ref}/content/" if seen else "", "paperclip")
    if ref.kind == Proof.kind:
        proof = proofs.get(ref.ref)
        label = _proof_label(proof) if proof is not None else _("a proof you may not see")
        return EvidenceShown(label, proof_url(ref.ref) if proof is not None else "", "certificate")
    if ref.kind == FACT:
        url = f"/customers/{customer.ref}/" if customer is not None else ""
        return EvidenceShown(fact_label(ref.ref), url, "clipboard-text")
    kind = registered(ref)
    if kind is None or ref not in records:
        return EvidenceShown(_("a record you may not see"), "", "link")
    return EvidenceShown(ref.ref, kind.url(ref.ref), "link")


def _is_there(subject: Subject, evidence: Ref, user: User) -> bool:
    if evidence.kind == Document.kind:
        try:
            get_document(ref=evidence.ref, user=user)
        except NotFound:
            return False
        return True
    if evidence.kind == Proof.kind:
        return bool(_proofs_seen({evidence.ref}, user))
    if evidence.kind == FACT:
        customer = customer_of(subject)
        return (
            customer is not None
            and evidence.ref in FACT_FIELDS
            and is_filled(fact_values(get_profile(customer))[evidence.ref])
        )
    kind = registered(evidence)
    return kind is not None and kind.find(user, evidence.ref) is not None


def _proofs(deal: Opportunity) -> list[tuple[str, str]]:
    rows = deal.proofs.filter(retracted_on=None).order_by("-happened_on", "-pk")[:MOST_PROOFS]
    return [(f"{Proof.kind}:{row.ref}", _proof_label(row)) for row in rows]


def _proof_label(proof: Proof) -> str:
    known = catalogue().get(proof.key)
    title = words(known.title) if known is not None else proof.key
    return f"{title} · {day(proof.happened_on)}"


def _proofs_seen(refs: set[str], user: User) -> dict[str, Proof]:
    if not refs:
        return {}
    seen = Opportunity.objects.visible_to(user).values("pk")
    return {row.ref: row for row in Proof.objects.filter(ref__in=refs, opportunity__in=seen)}
