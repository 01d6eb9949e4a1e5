"""Forms of identity; they check shape, actions decide."""

from collections.abc import Sequence
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import CompanySettings, MailSecurity, Role, Unit, User
from duobiao.identity.people_picker import PersonField
from duobiao.identity.queries import unit_tree
from duobiao.kernel.refusals import NotAllowed, NotFound, Refusal

ZONES = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Tokyo",
    "Asia/Singapore",
    "Asia/Dubai",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
    "UTC",
)
CURRENCIES = ("CNY", "HKD", "TWD", "USD", "EUR", "GBP", "JPY", "SGD")
INDENT = "\u2003"


def refused(form: forms.Form, refusal: Refusal) -> int:
    """Show a refusal at its fields; return the status to answer with.

    Raises:
        NotAllowed, NotFound: these concern the whole page.
    """
    if isinstance(refusal, NotAllowed | NotFound):
        raise refusal
    at_fields = {name: reason for name, reason in refusal.fields.items() if name in form.fields}
    for name, reason in at_fields.items():
        form.add_error(name, str(reason))
    if not at_fields:
        form.add_error(None, str(refusal.message))
    return refusal.status


def offer(form: forms.Form, name: str, choices: Sequence[tuple[str, object]]) -> None:
    """Set the choices of one field."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = cast("list[tuple[str, str]]", list(choices))


def zone_choices(current: str, empty: object) -> list[tuple[str, object]]:
    """Return the zones offered, with the current one among them."""
    names = [*ZONES, *([current] if current in available_timezones() and current not in ZONES else [])]
    return [*([("", empty)] if empty else []), *[(name, name.replace("_", " ")) for name in names]]


def unit_choices() -> list[tuple[str, object]]:
    """Return all units, indented by depth."""
    return [("", "—"), *[(row.ref, INDENT * row.depth + row.name) for row in unit_tree()]]


def person_choices(*, besides: User | None = None, roles: tuple[str, ...] = ()) -> list[tuple[str, object]]:
    """Return people who can work."""
    people = User.objects.active()
    if besides is not None:
        people = people.exclude(pk=besides.pk)
    if roles:
        people = people.filter(role__in=roles)
    found = people.select_related("unit").order_by("name", "id")
    return [("", "—"), *[(user.ref, f"{user.name} · {user.unit}" if user.unit else user.name) for user in found]]


class AccountForm(forms.Form):
    """A person's account; for inviting and for changing."""

    name = forms.CharField(label=_("Name"), max_length=80)
    username = forms.CharField(
        label=_("Sign-in name"), max_length=60, help_text=_("Letters, digits and @ . + - _; case does not matter")
    )
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.SELLER)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    coach = forms.ChoiceField(label=_("Coach"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coaches = person_choices(besides=user, roles=(Role.COACH, Role.MANAGER))
        if user is not None and user.coach is not None and user.coach.ref not in dict(coaches):
            coaches.append((user.coach.ref, str(user.coach)))
        offer(self, "unit", unit_choices())
        offer(self, "coach", coaches)
        self.fields["username"].widget.attrs["autocomplete"] = "off"

    @classmethod
    def of(cls, user: User) -> "AccountForm":
        """Show an account."""
        initial = {
            "name": user.name,
            "username": user.username,
            "email": user.email,
            "role": user.role,
            "unit": user.unit.ref if user.unit else "",
            "coach": user.coach.ref if user.coach else "",
            "version": user.version,
        }
        return cls(initial=initial, user=user)

    def values(self) -> dict[str, Any]:
        """Return what was entered, with unit and coach as records."""
        entered = dict(self.cleaned_data)
        entered.pop("version", None)
        entered["unit"] = Unit.objects.filter(ref=entered["unit"]).first() if entered["unit"] else None
        entered["coach"] = User.objects.filter(ref=entered["coach"]).first() if entered["coach"] else None
        return entered


class LeavingForm(forms.Form):
    """Who takes over from a person who leaves."""

    successor = PersonField(
        label=_("Successor"),
        required=False,
        help_text=_("Takes over customers and projects; stage, history and authors stay as they are"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        successor = self.fields["successor"]
        if isinstance(successor, PersonField):
            successor.queryset = User.objects.active().exclude(pk=user.pk)

    def chosen_successor(self) -> User | None:
        """Return the person chosen."""
        found: User | None = self.cleaned_data["successor"]
        return found


class UnitForm(forms.Form):
    """A unit's name and place."""

    name = forms.CharField(label=_("Name of the unit"), max_length=80)
    parent = forms.ChoiceField(label=_("Belongs to"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "parent", unit_choices())

    def chosen_parent(self) -> Unit | None:
        """Return the unit chosen."""
        ref = self.cleaned_data["parent"]
        return Unit.objects.filter(ref=ref).first() if ref else None


class CompanyForm(forms.Form):
    """Company settings."""

    name = forms.CharField(label=_("Company name"), max_length=120, required=False)
    logo = forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG, JPEG or WebP, at most 512 KB, best square")
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    currency = forms.ChoiceField(label=_("Currency"))
    fiscal_year_start_month = forms.TypedChoiceField(
        label=_("First month of the fiscal year"), coerce=int, choices=[(month, str(month)) for month in range(1, 13)]
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    second_person_verifies = forms.BooleanField(
        label=_("A second person verifies buyer confirmations"),
        required=False,
        help_text=_("A proof recorded as confirmed by the buyer counts in full only after a colleague looked at it"),
    )
    shows_meddpicc = forms.BooleanField(
        label=_("Show MEDDPICC on projects"), required=False, help_text=_("Derived from people and evidence")
    )
    shows_blue_sheet = forms.BooleanField(
        label=_("Show the Blue Sheet on projects"), required=False, help_text=_("Derived from people and evidence")
    )
    mail_host = forms.CharField(
        label=_("Mail server"),
        max_length=120,
        required=False,
        help_text=_("Empty: messages are kept as files on the server"),
    )
    mail_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    mail_security = forms.ChoiceField(label=_("Encryption"), choices=MailSecurity.choices)
    mail_username = forms.CharField(label=_("User"), max_length=120, required=False)
    mail_password = forms.CharField(
        label=_("Password"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Stored encrypted and never shown; empty keeps the one held"),
    )
    mail_from = forms.EmailField(label=_("Sender address"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, company: CompanySettings, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name not in ("logo", "remove_logo", "mail_password")]
        kwargs.setdefault("initial", {name: getattr(company, name) for name in names})
        super().__init__(*args, **kwargs)
        currencies = [*CURRENCIES, *([company.currency] if company.currency not in CURRENCIES else [])]
        offer(self, "currency", [(name, name) for name in currencies])
        offer(self, "time_zone", zone_choices(company.time_zone, ""))

    def values(self) -> dict[str, Any]:
        """Return what was entered, files apart."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("logo", "remove_logo", "version")
        }


class ProfileForm(forms.Form):
    """What a person decides about the own account."""

    name = forms.CharField(label=_("Name"), max_length=80)
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        names = ("name", "language", "time_zone", "version")
        kwargs.setdefault("initial", {name: getattr(user, name) for name in names})
        super().__init__(*args, **kwargs)
        offer(self, "language", [("", _("As the browser asks")), *settings.LANGUAGES])
        offer(self, "time_zone", zone_choices(user.time_zone, _("As the company")))

    def values(self) -> dict[str, Any]:
        """Return what was entered."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class TokenForm(forms.Form):
    """An API token to make."""

    EXPIRIES = (("30", _("30 days")), ("90", _("90 days")), ("365", _("one year")), ("", _("never")))

    name = forms.CharField(label=_("What for"), max_length=80, help_text=_("The program that will use it"))
    expires_days = forms.TypedChoiceField(
        label=_("Expires after"), choices=EXPIRIES, required=False, coerce=int, empty_value=None, initial="90"
    )
    read_only = forms.BooleanField(label=_("May only read"), required=False)


class AuditFilterForm(forms.Form):
    """Which audit entries."""

    actor = forms.ChoiceField(label=_("Person"), required=False)
    event = forms.ChoiceField(label=_("Event"), required=False)
    subject = forms.CharField(label=_("Record"), required=False, max_length=40)
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self, *args: Any, people: Sequence[tuple[str, object]], events: Sequence[tuple[str, object]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "actor", people)
        offer(self, "event", [("", "—"), *events])
        self.fields["subject"].widget.attrs["placeholder"] = lazystr("P-…")
