"""The ledger: proofs, the purchase method, waivers."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.params.functions import Body

from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.confirm_evidence import Confirmed, Draft, confirm_evidence
from duobiao.opportunities.actions.decide_waiver import decide_waiver, end_waiver
from duobiao.opportunities.actions.retract_proof import retract_proof
from duobiao.opportunities.actions.verify_proof import verify_proof
from duobiao.opportunities.api.common import contact_named, deal_of, documents_named, today
from duobiao.opportunities.api.schemas import (
    DecisionIn,
    MethodIn,
    ProofIn,
    ProofOut,
    ReasonIn,
    WaiverIn,
    WaiverOut,
)
from duobiao.opportunities.models import Grade, Opportunity, Proof, Waiver
from duobiao.playbooks.domain.model import METHOD_KEY

router = Router()
NO_REASON: ReasonIn = Body(ReasonIn(reason=""))


def lowered_note(confirmed: Confirmed) -> str:
    """Say why less than the claimed grade was kept."""
    kept = Grade(confirmed.proof.grade).label
    notes = {
        "": "",
        "support": _("Kept as %(kept)s: what is attached shows no more."),
        "ceiling": _("Kept as %(kept)s: such a fact cannot be stronger."),
        "unverified": _("Kept as %(kept)s until a second person has verified it."),
    }
    return notes[confirmed.lowered] % {"kept": kept} if confirmed.lowered else ""


def _loaded(proof: Proof) -> Proof:
    return Proof.objects.select_related("contact", "recorded_by", "retraction").get(pk=proof.pk)


def _answer(confirmed: Confirmed) -> Status[ProofOut]:
    out = ProofOut.of(_loaded(confirmed.proof), note=lowered_note(confirmed))
    return Status(201 if confirmed.created else 200, out)


def _proof_of(deal: Opportunity, ref: str) -> Proof:
    proof = Proof.objects.filter(opportunity=deal, ref=ref).select_related("opportunity__owner").first()
    if proof is None:
        raise NotFound(_("There is no such record."))
    return proof


def _waiver_of(deal: Opportunity, ref: str) -> Waiver:
    waiver = Waiver.objects.filter(opportunity=deal, ref=ref).select_related("opportunity__owner", "asked_by").first()
    if waiver is None:
        raise NotFound(_("There is no such record."))
    return waiver


@router.get(
    "/opportunities/{ref}/proofs", response=list[ProofOut], operation_id="list_proofs", summary="Read the ledger"
)
def get_proofs(request: HttpRequest, ref: str) -> list[ProofOut]:
    """Read all proofs of a deal, retracted ones included, oldest first."""
    rows = (
        Proof.objects.filter(opportunity=deal_of(request, ref))
        .select_related("contact", "recorded_by", "retraction")
        .prefetch_related("documents")
        .order_by("recorded_at", "id")
    )
    return [ProofOut.of(proof) for proof in rows]


@router.post(
    "/opportunities/{ref}/proofs",
    response={200: ProofOut, 201: ProofOut},
    operation_id="confirm_evidence",
    summary="Record a proof",
)
def post_proof(request: HttpRequest, ref: str, payload: ProofIn) -> Status[ProofOut]:
    """Record a proof; the same proof again answers 200 with the first."""
    confirmed = confirm_evidence(
        opportunity=deal_of(request, ref),
        draft=Draft(
            key=payload.key,
            grade=Grade(payload.grade),
            happened_on=payload.happened_on,
            quote=payload.quote,
            contact=contact_named(request, payload.contact),
            channel=payload.channel,
            documents=documents_named(request, payload.documents),
            valid_until=payload.valid_until,
            method=payload.method,
        ),
        actor=actor_of(request),
        now=timezone.now(),
    )
    return _answer(confirmed)


@router.delete(
    "/opportunities/{ref}/proofs/{proof_ref}",
    response=ProofOut,
    operation_id="retract_proof",
    summary="Retract a proof",
)
def delete_proof(request: HttpRequest, ref: str, proof_ref: str, payload: ReasonIn = NO_REASON) -> ProofOut:
    """Take a proof back, with a reason; it stays readable."""
    proof = _proof_of(deal_of(request, ref), proof_ref)
    retract_proof(proof=proof, reason=payload.reason, actor=actor_of(request), now=timezone.now())
    return ProofOut.of(_loaded(proof))


@router.post(
    "/opportunities/{ref}/proofs/{proof_ref}/verify",
    response={200: ProofOut, 201: ProofOut},
    operation_id="verify_proof",
    summary="Verify a proof",
)
def post_verification(request: HttpRequest, ref: str, proof_ref: str) -> Status[ProofOut]:
    """Stand for a buyer confirmation that somebody else recorded."""
    proof = _proof_of(deal_of(request, ref), proof_ref)
    return _answer(verify_proof(proof=proof, actor=actor_of(request), now=timezone.now()))


@router.post(
    "/opportunities/{ref}/purchase-method",
    response={200: ProofOut, 201: ProofOut},
    operation_id="set_purchase_method",
    summary="Record the purchase method",
)
def post_purchase_method(request: HttpRequest, ref: str, payload: MethodIn) -> Status[ProofOut]:
    """Record how the buyer purchases; the latest fact decides which items apply."""
    confirmed = confirm_evidence(
        opportunity=deal_of(request, ref),
        draft=Draft(
            key=METHOD_KEY,
            grade=Grade(payload.grade),
            happened_on=payload.happened_on,
            quote=payload.quote,
            contact=contact_named(request, payload.contact),
            channel=payload.channel,
            documents=documents_named(request, payload.documents),
            method=payload.method,
        ),
        actor=actor_of(request),
        now=timezone.now(),
    )
    return _answer(confirmed)


@router.get(
    "/opportunities/{ref}/waivers", response=list[WaiverOut], operation_id="list_waivers", summary="List waivers"
)
def get_waivers(request: HttpRequest, ref: str) -> list[WaiverOut]:
    """List the waivers of a deal, oldest first."""
    rows = (
        Waiver.objects.filter(opportunity=deal_of(request, ref)).select_related("asked_by").order_by("asked_at", "id")
    )
    return [WaiverOut.of(waiver, today=today(request)) for waiver in rows]


@router.post(
    "/opportunities/{ref}/waivers",
    response={201: WaiverOut, 202: WaiverOut},
    operation_id="ask_waiver",
    summary="Ask for a waiver",
)
def post_waiver(request: HttpRequest, ref: str, payload: WaiverIn) -> Status[WaiverOut]:
    """Ask for a waiver: 201 when it is in force, 202 while it waits for a decision."""
    waiver = ask_waiver(
        opportunity=deal_of(request, ref),
        item=payload.item,
        reason=payload.reason,
        expires_on=payload.expires_on,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return Status(202 if waiver.is_pending else 201, WaiverOut.of(waiver, today=today(request)))


@router.post(
    "/opportunities/{ref}/waivers/{waiver_ref}/decision",
    response=WaiverOut,
    operation_id="decide_waiver",
    summary="Decide on a waiver",
)
def post_decision(request: HttpRequest, ref: str, waiver_ref: str, payload: DecisionIn) -> WaiverOut:
    """Approve or refuse a pending waiver."""
    waiver = _waiver_of(deal_of(request, ref), waiver_ref)
    decide_waiver(
        waiver=waiver, approved=payload.approved, note=payload.note, actor=actor_of(request), now=timezone.now()
    )
    return WaiverOut.of(waiver, today=today(request))


@router.delete(
    "/opportunities/{ref}/waivers/{waiver_ref}",
    response=WaiverOut,
    operation_id="end_waiver",
    summary="End a waiver",
)
def delete_waiver(request: HttpRequest, ref: str, waiver_ref: str) -> WaiverOut:
    """End a running waiver, or take a request back."""
    waiver = _waiver_of(deal_of(request, ref), waiver_ref)
    end_waiver(waiver=waiver, actor=actor_of(request), now=timezone.now())
    return WaiverOut.of(waiver, today=today(request))
