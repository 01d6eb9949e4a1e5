"""Whether a customer exists: for clients that are about to enter one."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from duobiao.customers.actions.look_up_customer import look_up_customer
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of

router = Router()


class DuplicateSignsIn(StrictSchema):
    """What is known of a company; at least one."""

    name: str = Field("", max_length=120)
    uscc: str = Field("", max_length=40, description="Unified social credit code; its last character is checked.")
    phone: str = Field("", max_length=40)
    domain: str = Field("", max_length=254, description="Of its site or its mail.")


class LookUpOut(Schema):
    """What may be said, to whoever asks."""

    exists: bool
    owner_unit: str | None
    reasons: list[str] = Field(
        description="`name`, `credit_code`, `phone`, `domain`, `alike` for a name that is nearly the same."
    )


@router.post(
    "/customers/duplicate-check",
    response=LookUpOut,
    operation_id="check_duplicate_customer",
    summary="Ask whether a customer exists",
)
def post_duplicate_check(request: HttpRequest, payload: DuplicateSignsIn) -> LookUpOut:
    """Say whether a customer exists and which unit owns it; 429 after 60 questions in an hour, each is kept."""
    found = look_up_customer(
        name=payload.name,
        uscc=payload.uscc,
        phone_number=payload.phone,
        domain=payload.domain,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return LookUpOut(exists=found.exists, owner_unit=found.owner_unit or None, reasons=list(found.reasons))
