"""Add proofs to a deal's ledger and judge the deal by them at once."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.models import Contact
from duobiao.documents.models import Document
from duobiao.identity import policy
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.lock import DealClosed, adopt, lock
from duobiao.opportunities.actions.reassess import Cause, reassess
from duobiao.opportunities.domain.support import Support, recorded_grade
from duobiao.opportunities.events import ProofConfirmed
from duobiao.opportunities.models import Channel, Grade, Opportunity, Outcome, Proof, PurchaseMethod
from duobiao.playbooks.domain import model as engine
from duobiao.playbooks.domain.assess import Assessment
from duobiao.playbooks.domain.model import KNOWN_METHODS, METHOD_KEY
from duobiao.playbooks.queries import catalogue
from duobiao.timeline.actions.record import record

EARLIEST_DAY = date(1990, 1, 1)
LONGEST_QUOTE = 4000
LONGEST_VALIDITY = timedelta(days=3653)


class UnknownEvidence(Invalid):
    """The key is not in the evidence catalogue."""

    code = "unknown_evidence"


class HappenedInTheFuture(Invalid):
    """A fact cannot be dated after today."""

    code = "happened_in_the_future"


@dataclass(frozen=True, slots=True)
class Draft:
    """A proof as somebody wants to record it.

    Attributes:
        grade: The grade claimed; what is kept is what the support shows.
        known_at: When it became known; None: now. Only imports and records of the past give another moment.
        source: The record that supplies it; a source record counts as documentation.
        by_link: The buyer confirmed it through our link, which needs no second person.
    """

    key: str
    grade: Grade
    happened_on: date
    quote: str = ""
    contact: Contact | None = None
    channel: str = ""
    documents: Sequence[Document] = ()
    valid_until: date | None = None
    method: str = ""
    known_at: datetime | None = None
    source: Ref | None = None
    verifies: Proof | None = None
    by_link: bool = False


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of a draft.

    Attributes:
        created: False when the same proof was already there.
        lowered: Why less than the claimed grade was kept: ``""``, ``"ceiling"``, ``"support"`` or ``"unverified"``.
    """

    proof: Proof
    created: bool
    lowered: str = ""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All proofs of one recording and the judgement they led to."""

    confirmed: list[Confirmed] = field(default_factory=list)
    assessment: Assessment | None = None


def confirm_evidence(*, opportunity: Opportunity, draft: Draft, actor: User, now: datetime) -> Confirmed:
    """Record one proof; see ``confirm_all``."""
    return confirm_all(opportunity=opportunity, drafts=[draft], actor=actor, now=now).confirmed[0]


def confirm_all(*, opportunity: Opportunity, drafts: Sequence[Draft], actor: User, now: datetime) -> Outcomes:
    """Record proofs together and judge the deal once.

    An identical proof that is already live is returned as it is, so that a double click records once.

    Raises:
        NotAllowed: ``actor`` may not prove on this deal.
        DealClosed: it is lost or given up.
        UnknownEvidence: a key is not in the catalogue.
        HappenedInTheFuture: a fact is dated after today, where the actor sits.
        Invalid: a field does not fit.
    """
    policy.require(actor, "opportunities.prove", opportunity)
    return confirm_known(opportunity=opportunity, drafts=drafts, actor=actor, now=now)


@transaction.atomic
def confirm_known(*, opportunity: Opportunity, drafts: Sequence[Draft], actor: User | None, now: datetime) -> Outcomes:
    """Record what another action has already established; that action required its own right.

    Args:
        actor: None: the buyer, through our link.

    Raises: as ``confirm_all``, except NotAllowed.
    """
    deal = lock(opportunity)
    company = CompanySettings.load()
    for draft in drafts:
        check_draft(deal, draft, today=local_day(now, (actor and actor.time_zone) or company.time_zone))
    found = [_keep(deal, draft, company=company, actor=actor, now=now) for draft in drafts]
    created = [row.proof for row in found if row.created]
    if not created:
        return Outcomes(found)
    cause = Cause(
        ProofConfirmed.name,
        proofs=tuple((proof.ref, proof.key) for proof in created),
        keys=tuple(proof.key for proof in created),
        spoke=any(draft.contact for draft in drafts),
    )
    assessment = reassess(deal, actor=actor, now=now, cause=cause, on=local_day(now, company.time_zone))
    adopt(opportunity, deal)
    return Outcomes(found, assessment)


def check_draft(opportunity: Opportunity, draft: Draft, *, today: date) -> None:
    """Refuse a draft that cannot be a fact about this deal."""
    evidence = catalogue().get(draft.key)
    if evidence is None:
        message = _("There is no evidence of this name. The catalogue lists them: /api/v1/evidence.")
        raise UnknownEvidence(message, fields={"key": message})
    if draft.happened_on > today:
        message = _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()}
        raise HappenedInTheFuture(message, fields={"happened_on": message})
    if draft.happened_on < EARLIEST_DAY:
        raise _invalid("happened_on", _("The day lies too far in the past."))
    if len(draft.quote) > LONGEST_QUOTE:
        raise _invalid("quote", _("At most %(n)d characters.") % {"n": LONGEST_QUOTE})
    if draft.channel and draft.channel not in Channel.values:
        raise _invalid("channel", one_of(Channel.values))
    _check_last_day(draft)
    _check_contact(opportunity, draft)
    _check_method(opportunity, draft)
    _check_outcome(opportunity)


def _check_last_day(draft: Draft) -> None:
    if draft.valid_until is None:
        return
    if not draft.happened_on <= draft.valid_until <= draft.happened_on + LONGEST_VALIDITY:
        raise _invalid("valid_until", _("The last day must lie between the day itself and ten years after it."))


def one_of(values: Iterable[str]) -> str:
    """Say which codes can be given."""
    return _("Choose one of: %(names)s.") % {"names": ", ".join(values)}


def _check_contact(opportunity: Opportunity, draft: Draft) -> None:
    if draft.contact is None:
        return
    companies = {opportunity.customer_id, *opportunity.participants.values_list("customer_id", flat=True)}
    if draft.contact.customer_id not in companies:
        raise _invalid("contact", _("This person does not belong to a company of this project."))


def _check_method(opportunity: Opportunity, draft: Draft) -> None:
    if draft.method and draft.method not in KNOWN_METHODS:
        raise _invalid("method", one_of(KNOWN_METHODS))
    if draft.method and draft.key != METHOD_KEY:
        raise _invalid("method", _("Only evidence of the purchase method carries a method."))
    if draft.key == METHOD_KEY and not draft.method and opportunity.purchase_method == PurchaseMethod.UNKNOWN:
        raise _invalid("method", _("Say which purchase method it shows."))


def _check_outcome(opportunity: Opportunity) -> None:
    if opportunity.outcome in (Outcome.LOST, Outcome.GIVEN_UP):
        raise DealClosed(_("This deal is closed. A manager can reopen it before more is proved."))


def _invalid(name: str, message: str) -> Invalid:
    return Invalid(message, fields={name: message})


def _keep(
    opportunity: Opportunity, draft: Draft, *, company: CompanySettings, actor: User | None, now: datetime
) -> Confirmed:
    support = support_of(draft, second_person_required=company.second_person_verifies)
    grade, lowered = recorded_grade(engine.Grade(draft.grade), catalogue()[draft.key].ceiling, support)
    method = draft.method or (opportunity.purchase_method if draft.key == METHOD_KEY else "")
    fingerprint = _fingerprint(draft, grade, method)
    known = Proof.objects.filter(opportunity=opportunity, fingerprint=fingerprint, retracted_on=None).first()
    if known is not None:
        return Confirmed(known, created=False, lowered=lowered)
    known_at = draft.known_at or now
    proof = Proof.objects.create(
        opportunity=opportunity,
        key=draft.key,
        grade_claimed=draft.grade,
        grade=grade,
        happened_on=draft.happened_on,
        known_at=known_at,
        known_on=local_day(known_at, company.time_zone),
        recorded_at=now,
        recorded_by=actor,
        valid_until=draft.valid_until,
        method=method,
        quote=draft.quote,
        contact=draft.contact,
        channel=draft.channel,
        source_kind=draft.source.kind if draft.source else "",
        source_ref=draft.source.ref if draft.source else "",
        verifies=draft.verifies,
        is_unverified=_awaits_second_person(draft, grade, lowered),
        fingerprint=fingerprint,
    )
    if draft.documents:
        proof.documents.set(draft.documents)
    record(
        ProofConfirmed(
            subject=Ref.of(proof),
            chain=opportunity.ref,
            data={
                "key": proof.key,
                "grade": proof.grade,
                "claimed": proof.grade_claimed,
                "happened_on": proof.happened_on.isoformat(),
                "quote": proof.quote,
                "source": str(draft.source or ""),
            },
        ),
        actor=actor,
        at=now,
    )
    return Confirmed(proof, created=True, lowered=lowered)


def support_of(draft: Draft, *, second_person_required: bool) -> Support:
    """Return what stands behind a draft."""
    return Support(
        record=draft.source is not None,
        words=bool(draft.quote.strip()),
        files=bool(draft.documents),
        person=draft.contact is not None and bool(draft.channel),
        verified=draft.verifies is not None or draft.by_link,
        second_person_required=second_person_required,
    )


def _awaits_second_person(draft: Draft, grade: int, lowered: str) -> bool:
    claims_buyer = grade == Grade.BUYER_CONFIRMED or lowered == "unverified"
    return claims_buyer and draft.verifies is None and not draft.by_link


def _fingerprint(draft: Draft, grade: int, method: str) -> str:
    parts = [
        draft.key,
        int(draft.grade),
        int(grade),
        draft.happened_on.isoformat(),
        draft.valid_until and draft.valid_until.isoformat(),
        draft.quote,
        draft.contact.pk if draft.contact else None,
        draft.channel,
        sorted(document.sha256 for document in draft.documents),
        method,
        str(draft.source or ""),
        draft.verifies.pk if draft.verifies else None,
    ]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
