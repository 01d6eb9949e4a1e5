"""Company settings, outgoing mail, and the logo for everybody's pages."""

from pathlib import PurePosixPath

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.actions.save_company_settings import save_company_settings
from duobiao.identity.actions.send_test_mail import send_test_mail
from duobiao.identity.domain.logos import TYPES
from duobiao.identity.forms import CompanyForm, refused
from duobiao.identity.http import actor_of, company_of, open_to_all
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.refusals import Refusal
from duobiao.web.http import done, render


@require_http_methods(["GET", "HEAD", "POST"])
def company(request: HttpRequest) -> HttpResponse:
    """Show or save the settings."""
    actor = _administrator(request)
    held = company_of(request)
    if request.method != "POST":
        return _page(request, CompanyForm(company=held), held)
    form, status = CompanyForm(request.POST, request.FILES, company=held), 422
    if form.is_valid():
        logo: UploadedFile[bytes] | None = form.cleaned_data["logo"] or None
        try:
            save_company_settings(
                values=form.values(),
                logo=logo,
                remove_logo=form.cleaned_data["remove_logo"],
                version=form.cleaned_data["version"],
                actor=actor,
                now=timezone.now(),
            )
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return done(request, to="identity:company", toast=_("Settings saved"))
    return _page(request, form, held, status=status)


@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """Send the actor a message."""
    actor = _administrator(request)
    held = company_of(request)
    try:
        address = send_test_mail(actor=actor, now=timezone.now())
    except Refusal as refusal:
        form = CompanyForm(company=held)
        return _page(request, form, held, failed=str(refusal.message), status=refusal.status)
    words = _("Test message sent to %(address)s") if held.mail_host else _("Message kept as a file for %(address)s")
    return done(request, to="identity:company", toast=words % {"address": address})


@open_to_all
@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve the logo; its address changes with its content, so it may be kept for a year."""
    held = company_of(request).logo
    suffix = PurePosixPath(held.name or "").suffix
    if not held.name or PurePosixPath(held.name).name != name or suffix not in TYPES:
        raise Http404
    try:
        response = FileResponse(held.open("rb"), content_type=TYPES[suffix])
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'"
    response["Content-Disposition"] = "inline"
    return response


def _page(
    request: HttpRequest, form: CompanyForm, held: CompanySettings, *, failed: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "company": held, "failed": failed, "has_password": bool(held.mail_password)}
    return render(request, "identity/company.html", context, status=status)


def _administrator(request: HttpRequest) -> User:
    actor = actor_of(request)
    policy.require(actor, "identity.company")
    return actor
