"""Substitutes: who decides in my place while I am away."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from duobiao.approvals.actions.absences import end_absence, set_absence
from duobiao.approvals.api.schemas import AbsenceIn, AbsenceOut
from duobiao.approvals.models import Absence
from duobiao.identity.api_support import found_or_404, user_by_ref
from duobiao.identity.http import actor_of

router = Router()


def absence_out(absence: Absence) -> AbsenceOut:
    """Return a substitution."""
    return AbsenceOut(
        id=absence.ref,
        ref=absence.ref,
        substitute=absence.substitute.ref,
        from_on=absence.from_on,
        to_on=absence.to_on,
        ended_at=absence.ended_at,
    )


@router.get("/absences", response=list[AbsenceOut], operation_id="list_absences", summary="Read my substitutions")
def get_absences(request: HttpRequest) -> list[AbsenceOut]:
    """Read who stood, stands or will stand in for me, newest first."""
    rows = Absence.objects.visible_to(actor_of(request)).select_related("substitute").order_by("-from_on", "-pk")
    return [absence_out(row) for row in rows]


@router.post("/absences", response={201: AbsenceOut}, operation_id="set_absence", summary="Name a substitute")
def post_absence(request: HttpRequest, payload: AbsenceIn) -> Status[AbsenceOut]:
    """Let a colleague decide in my place on some days; tasks that wait move over."""
    actor = actor_of(request)
    substitute = user_by_ref(actor, payload.substitute, field="substitute")
    absence = set_absence(
        substitute=substitute, from_on=payload.from_on, to_on=payload.to_on, actor=actor, now=timezone.now()
    )
    return Status(201, absence_out(absence))


@router.delete("/absences/{ref}", response=AbsenceOut, operation_id="end_absence", summary="End a substitution")
def delete_absence(request: HttpRequest, ref: str) -> AbsenceOut:
    """End a substitution at once; its tasks come back."""
    actor = actor_of(request)
    rows = Absence.objects.visible_to(actor).select_related("substitute", "user")
    absence = found_or_404(rows.filter(ref=ref).first())
    return absence_out(end_absence(absence=absence, actor=actor, now=timezone.now()))
