"""What happens to people, units, roles, tokens and company settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from duobiao.identity.choices import Role, ScopeName
from duobiao.identity.verb_names import verb_name
from duobiao.kernel.events import Event
from duobiao.kernel.refs import Ref

ROLES_CHAIN = "roles"
COMPANY_CHAIN = "company"
ARROW = " → "

FIELD_NAMES: dict[str, object] = {
    "name": gettext_lazy("name"),
    "username": gettext_lazy("sign-in name"),
    "email": gettext_lazy("e-mail"),
    "role": gettext_lazy("role"),
    "unit": gettext_lazy("unit"),
    "coach": gettext_lazy("coach"),
    "language": gettext_lazy("language"),
    "time_zone": gettext_lazy("time zone"),
    "logo": gettext_lazy("logo"),
    "currency": gettext_lazy("currency"),
    "fiscal_year_start_month": gettext_lazy("first month of the fiscal year"),
    "second_person_verifies": gettext_lazy("a second person verifies buyer confirmations"),
    "shows_meddpicc": gettext_lazy("MEDDPICC is shown on projects"),
    "shows_blue_sheet": gettext_lazy("the Blue Sheet is shown on projects"),
    "mail_host": gettext_lazy("mail server"),
    "mail_port": gettext_lazy("port"),
    "mail_security": gettext_lazy("encryption"),
    "mail_username": gettext_lazy("mail user"),
    "mail_password": gettext_lazy("mail password"),
    "mail_from": gettext_lazy("sender address"),
}


def changes_line(changes: Mapping[str, Any]) -> str:
    """Word changes kept as ``{field: [before, after]}`` in the reader's language."""
    parts = []
    for field, pair in changes.items():
        before, after = (_shown(field, value) for value in pair)
        parts.append(f"{FIELD_NAMES.get(field, field)} {before}{ARROW}{after}")
    return ("；" if (get_language() or "").startswith("zh") else "; ").join(parts)


def _shown(field: str, value: object) -> str:
    if value in (None, ""):
        return "–"
    if field == "role" and value in Role.values:
        return str(Role(value).label)
    return str(value)


@dataclass(frozen=True, kw_only=True)
class _Changes(Event):
    """An event whose detail line lists what changed."""

    name: ClassVar[str] = "identity._changes"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), changes_line(data.get("changes", {}))


@dataclass(frozen=True, kw_only=True)
class UserInvited(Event):
    """A person was given an account."""

    name: ClassVar[str] = "identity.user_invited"
    title: ClassVar[object] = gettext_lazy("Account opened")
    icon: ClassVar[str] = "user-plus"


@dataclass(frozen=True, kw_only=True)
class UserChanged(_Changes):
    """An administrator changed a person's account."""

    name: ClassVar[str] = "identity.user_changed"
    title: ClassVar[object] = gettext_lazy("Account changed")
    icon: ClassVar[str] = "user"


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(_Changes):
    """A person changed the own profile."""

    name: ClassVar[str] = "identity.profile_changed"
    title: ClassVar[object] = gettext_lazy("Profile changed")
    icon: ClassVar[str] = "user"


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(Event):
    """A person left; capabilities above give what they owned to the successor.

    Attributes:
        successor: The person who takes over; None only where nothing is owned.
    """

    name: ClassVar[str] = "identity.user_deactivated"
    title: ClassVar[object] = gettext_lazy("Account closed")
    icon: ClassVar[str] = "user-off"
    tone: ClassVar[str] = "warn"

    successor: Ref | None = None

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        name = data.get("successor_name", "")
        return str(cls.title), _("work handed to %(name)s") % {"name": name} if name else ""


@dataclass(frozen=True, kw_only=True)
class UserReactivated(Event):
    """A person came back."""

    name: ClassVar[str] = "identity.user_reactivated"
    title: ClassVar[object] = gettext_lazy("Account reopened")
    icon: ClassVar[str] = "user-check"


@dataclass(frozen=True, kw_only=True)
class PasswordLinkMade(Event):
    """An administrator made a link with which a person sets a password."""

    name: ClassVar[str] = "identity.password_link_made"
    title: ClassVar[object] = gettext_lazy("Link to set a password made")
    icon: ClassVar[str] = "link"


@dataclass(frozen=True, kw_only=True)
class PasswordSet(Event):
    """A person set or changed the password."""

    name: ClassVar[str] = "identity.password_set"
    title: ClassVar[object] = gettext_lazy("Password set")
    icon: ClassVar[str] = "lock"


@dataclass(frozen=True, kw_only=True)
class SecondStepReset(Event):
    """An administrator took away a person's second step of signing in."""

    name: ClassVar[str] = "identity.second_step_reset"
    title: ClassVar[object] = gettext_lazy("Second step of signing in taken away")
    icon: ClassVar[str] = "shield-off"


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """A person signed in."""

    name: ClassVar[str] = "identity.signed_in"
    title: ClassVar[object] = gettext_lazy("Signed in")
    icon: ClassVar[str] = "login"


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Event):
    """A person signed out on other devices."""

    name: ClassVar[str] = "identity.sessions_ended"
    title: ClassVar[object] = gettext_lazy("Signed out on other devices")
    icon: ClassVar[str] = "logout"


@dataclass(frozen=True, kw_only=True)
class UnitCreated(Event):
    """A unit was added to the organisation."""

    name: ClassVar[str] = "identity.unit_created"
    title: ClassVar[object] = gettext_lazy("Unit added")
    icon: ClassVar[str] = "sitemap"


@dataclass(frozen=True, kw_only=True)
class UnitRenamed(_Changes):
    """A unit got another name."""

    name: ClassVar[str] = "identity.unit_renamed"
    title: ClassVar[object] = gettext_lazy("Unit renamed")
    icon: ClassVar[str] = "sitemap"


@dataclass(frozen=True, kw_only=True)
class UnitMoved(_Changes):
    """A unit was put below another one."""

    name: ClassVar[str] = "identity.unit_moved"
    title: ClassVar[object] = gettext_lazy("Unit moved")
    icon: ClassVar[str] = "sitemap"


@dataclass(frozen=True, kw_only=True)
class UnitDeleted(Event):
    """An empty unit was deleted."""

    name: ClassVar[str] = "identity.unit_deleted"
    title: ClassVar[object] = gettext_lazy("Unit deleted")
    icon: ClassVar[str] = "trash"


@dataclass(frozen=True, kw_only=True)
class GrantChanged(Event):
    """The company changed how far a role reaches."""

    name: ClassVar[str] = "identity.grant_changed"
    title: ClassVar[object] = gettext_lazy("Right changed")
    icon: ClassVar[str] = "shield-check"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        before, after = (str(ScopeName(data[name]).label) for name in ("before", "after"))
        return str(cls.title), f"{Role(data['role']).label} · {verb_name(data['verb'])}: {before}{ARROW}{after}"


@dataclass(frozen=True, kw_only=True)
class CompanySettingsSaved(_Changes):
    """The company settings were changed."""

    name: ClassVar[str] = "identity.company_settings_saved"
    title: ClassVar[object] = gettext_lazy("Company settings changed")
    icon: ClassVar[str] = "settings"


@dataclass(frozen=True, kw_only=True)
class TestMailSent(Event):
    """Somebody tried whether outgoing mail works."""

    name: ClassVar[str] = "identity.test_mail_sent"
    title: ClassVar[object] = gettext_lazy("Test mail sent")
    icon: ClassVar[str] = "mail"


@dataclass(frozen=True, kw_only=True)
class TokenCreated(Event):
    """A person made an API token."""

    name: ClassVar[str] = "identity.token_created"
    title: ClassVar[object] = gettext_lazy("API token made")
    icon: ClassVar[str] = "key"


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """An API token was revoked."""

    name: ClassVar[str] = "identity.token_revoked"
    title: ClassVar[object] = gettext_lazy("API token revoked")
    icon: ClassVar[str] = "key"
