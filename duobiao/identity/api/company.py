"""Company settings."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router

from duobiao.identity import policy
from duobiao.identity.actions.save_company_settings import save_company_settings
from duobiao.identity.actions.send_test_mail import send_test_mail
from duobiao.identity.api.schemas import CompanyOut
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import CompanySettings

router = Router()


class CompanyPatch(StrictSchema):
    """Fields to change; the logo is changed on the page."""

    version: int = Field(ge=1, le=2**31 - 1)
    name: str | None = Field(None, max_length=120)
    currency: str | None = Field(None, min_length=3, max_length=3)
    fiscal_year_start_month: int | None = Field(None, ge=1, le=12)
    time_zone: str | None = Field(None, max_length=40)
    second_person_verifies: bool | None = None
    shows_meddpicc: bool | None = None
    shows_blue_sheet: bool | None = None
    mail_host: str | None = Field(None, max_length=120)
    mail_port: int | None = Field(None, ge=1, le=65535)
    mail_security: str | None = Field(None, max_length=8)
    mail_username: str | None = Field(None, max_length=120)
    mail_password: str | None = Field(None, max_length=200)
    mail_from: str | None = Field(None, max_length=254)


class SentTo(StrictSchema):
    """Where the test message went."""

    address: str


@router.get("/company", response=CompanyOut, operation_id="get_company", summary="Read the company settings")
def get_company(request: HttpRequest) -> CompanySettings:
    """Everything except the mail password."""
    policy.require(actor_of(request), "identity.company")
    return company_of(request)


@router.patch("/company", response=CompanyOut, operation_id="save_company_settings", summary="Change the settings")
def patch_company(request: HttpRequest, payload: CompanyPatch) -> CompanySettings:
    """Give only what changes; an empty mail password keeps the one held."""
    values = payload.dict(exclude_unset=True, exclude={"version"})
    given = {name: value for name, value in values.items() if value is not None}
    return save_company_settings(values=given, version=payload.version, actor=actor_of(request), now=timezone.now())


@router.post("/company/test-mail", response=SentTo, operation_id="send_test_mail", summary="Try outgoing mail")
def post_test_mail(request: HttpRequest) -> dict[str, str]:
    """Sends the caller a message."""
    return {"address": send_test_mail(actor=actor_of(request), now=timezone.now())}
