"""Change what holds for the whole company."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.actions import keep_version
from duobiao.identity.domain.logos import MAX_LOGO_BYTES, logo_suffix
from duobiao.identity.events import COMPANY_CHAIN, CompanySettingsSaved
from duobiao.identity.models import CompanySettings, User
from duobiao.identity.sealing import seal
from duobiao.kernel.refs import Ref, new_ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record

FIELDS = frozenset(
    {
        "name",
        "currency",
        "fiscal_year_start_month",
        "time_zone",
        "second_person_verifies",
        "shows_meddpicc",
        "shows_blue_sheet",
        "mail_host",
        "mail_port",
        "mail_security",
        "mail_username",
        "mail_password",
        "mail_from",
    }
)
HIDDEN = "•••"


class BadLogo(Invalid):
    """The file is no picture of an accepted kind, or too large."""

    code = "bad_logo"


@transaction.atomic
def save_company_settings(
    *,
    values: Mapping[str, Any],
    logo: UploadedFile[bytes] | None = None,
    remove_logo: bool = False,
    version: int,
    actor: User,
    now: datetime,
) -> CompanySettings:
    """Store the given fields.

    Args:
        values: Any of ``FIELDS``. An empty ``mail_password`` keeps the one held.
        logo: PNG, JPEG or WebP, recognised by its content.

    Raises:
        NotAllowed, Invalid, BadLogo, StaleVersion.
    """
    policy.require(actor, "identity.company")
    company, _created = CompanySettings.objects.get_or_create(pk=1)
    wanted = _wanted(values)
    changed = keep_version.changes(company, {key: value for key, value in wanted.items() if key != "mail_password"})
    if "mail_password" in wanted:
        changed["mail_password"] = [HIDDEN, HIDDEN]
    if logo is not None or remove_logo:
        old = company.logo.name
        wanted["logo"] = _stored_logo(company, logo) if logo is not None else ""
        changed["logo"] = [str(old or ""), str(wanted["logo"])]
        _forget_after_commit(company, str(old or ""))
    keep_version.write(company, wanted, version=version)
    if changed:
        event = CompanySettingsSaved(subject=Ref("company", "company"), chain=COMPANY_CHAIN, data={"changes": changed})
        record(event, actor=actor, at=now)
    return company


def _wanted(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - FIELDS
    if unknown:
        raise Invalid(_("Some fields cannot be changed here."), fields={name: _("unknown") for name in unknown})
    wanted = dict(values)
    password = wanted.pop("mail_password", "")
    trial = CompanySettings(**wanted)
    keep_version.check(trial, only=list(wanted))
    if "time_zone" in wanted and wanted["time_zone"] not in available_timezones():
        raise Invalid(_("There is no such time zone."), fields={"time_zone": _("unknown")})
    month = wanted.get("fiscal_year_start_month", 1)
    if not 1 <= month <= 12:
        raise Invalid(_("A year has twelve months."), fields={"fiscal_year_start_month": _("1 to 12")})
    currency = wanted.get("currency", "CNY")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        raise Invalid(_("Name the currency by three letters."), fields={"currency": _("such as CNY")})
    if password:
        wanted["mail_password"] = seal(password)
    return wanted


def _stored_logo(company: CompanySettings, logo: UploadedFile[bytes]) -> str:
    suffix = logo_suffix(logo.read(16)) if (logo.size or 0) <= MAX_LOGO_BYTES else ""
    if not suffix:
        raise BadLogo(
            _("The logo must be a PNG, JPEG or WebP picture of at most 512 KB."), fields={"logo": _("not accepted")}
        )
    logo.seek(0)
    return company.logo.storage.save(f"company/{new_ref('L').lower()}{suffix}", logo)


def _forget_after_commit(company: CompanySettings, name: str) -> None:
    storage = company.logo.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name))
