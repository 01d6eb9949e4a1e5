"""Forms of pools and of web forms."""

from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import Role, Unit, User
from duobiao.identity.people_picker import PersonField
from duobiao.prospecting.actions.save_pool import POOL_FIELDS, Member
from duobiao.prospecting.models import Campaign, Content, Pool, WebForm

EVERYBODY = "*"


def capital(fields: dict[str, forms.Field]) -> dict[str, forms.Field]:
    """Begin the labels taken from columns with a capital letter."""
    for field in fields.values():
        label = str(field.label or "")
        field.label = label[:1].upper() + label[1:]
    return fields


class PoolForm(forms.Form):
    """A pool with its limits and members."""

    def __init__(self, data: Any = None, *, pool: Pool | None = None, **kwargs: Any) -> None:
        held = pool or Pool()
        initial: dict[str, Any] = {name: getattr(held, name) for name in POOL_FIELDS}
        members = list(held.members.select_related("unit")) if pool is not None else []
        initial["units"] = [row.unit.ref for row in members if row.unit is not None]
        initial["roles"] = sorted({row.role for row in members if row.role})
        initial["version"] = held.version
        initial["keeper"] = held.keeper.ref if held.keeper is not None else ""
        super().__init__(data, initial=initial, **kwargs)
        columns: dict[str, forms.Field] = dict(fields_for_model(Pool, fields=list(POOL_FIELDS)))
        self.fields.update(capital(columns))
        self.fields["content"] = forms.ChoiceField(
            label=_("What lies in it"), choices=Content.choices, widget=forms.RadioSelect, required=False
        )
        keeper = PersonField(label=_("Keeper of customers that lie free"), required=False)
        keeper.queryset = User.objects.active()
        self.fields["keeper"] = keeper
        for name in ("deal_stage", "contract_days"):
            self.fields[name].required = False
        if pool is not None:
            del self.fields["content"]
        self.fields["units"] = forms.ModelMultipleChoiceField(
            Unit.objects.order_by("name", "pk"),
            label=_("Units whose people may take leads"),
            help_text=_("Those below count too. None ticked: the whole company."),
            to_field_name="ref",
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["roles"] = forms.MultipleChoiceField(
            choices=Role.choices,
            label=_("Roles that may take leads"),
            help_text=_("None ticked: every role."),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["version"] = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """Return the columns."""
        held = {name: self.cleaned_data[name] for name in POOL_FIELDS if name in self.cleaned_data}
        optional = ("content", "deal_stage", "contract_days")
        return {name: value for name, value in held.items() if name not in optional or value not in ("", None)}

    def members(self) -> list[Member]:
        """Return every chosen unit with every chosen role; one row for everybody where nothing was ticked."""
        units: list[Unit | None] = list(self.cleaned_data["units"]) or [None]
        roles: list[str] = list(self.cleaned_data["roles"]) or [""]
        return [(unit, role) for unit in units for role in roles]


class WebFormForm(forms.Form):
    """A form for web sites."""

    def __init__(self, data: Any = None, *, web_form: WebForm | None = None, **kwargs: Any) -> None:
        held = web_form or WebForm()
        names = ["title", "intro", "thanks", "hosts", "is_on"]
        initial: dict[str, Any] = {name: getattr(held, name) for name in names}
        initial["pool"] = held.pool.ref if held.pool is not None else ""
        initial["owner"] = held.owner.ref if held.owner is not None else ""
        initial["campaign"] = held.campaign.ref if held.campaign is not None else ""
        initial["version"] = held.version
        super().__init__(data, initial=initial, **kwargs)
        columns: dict[str, forms.Field] = dict(fields_for_model(WebForm, fields=names))
        self.fields.update(capital(columns))
        self.fields["hosts"].help_text = _("One https address a line; only these may show the form in a frame.")
        for name in ("intro", "thanks", "hosts"):
            self.fields[name].widget = forms.Textarea(attrs={"rows": 2})
        pools = Pool.objects.active().of_leads().order_by("name", "pk")
        self.fields["pool"] = forms.ModelChoiceField(
            pools, label=_("Leads go to this pool"), to_field_name="ref", required=False, empty_label=_("no pool")
        )
        owner = PersonField(label=_("or to this person"), required=False)
        owner.queryset = User.objects.active()
        self.fields["owner"] = owner
        self.fields["campaign"] = forms.ModelChoiceField(
            Campaign.objects.order_by("-starts_on", "-pk"),
            label=_("Campaign"),
            to_field_name="ref",
            required=False,
            empty_label=_("none"),
        )
        self.fields["new_address"] = forms.BooleanField(
            label=_("Give it a new address"), help_text=_("The present one leads nowhere from then on."), required=False
        )
        self.fields["version"] = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """Return the columns."""
        left_out = ("version", "new_address")
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class PublicForm(forms.Form):
    """What a visitor of a web site is asked; ``website`` is a trap that people do not see."""

    company = forms.CharField(label=_("Company"), max_length=120)
    contact_name = forms.CharField(label=_("Your name"), max_length=60)
    mobile = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    need = forms.CharField(
        label=_("What is it about?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    website = forms.CharField(required=False, max_length=200)
    opened = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Ask for one way to answer."""
        held = super().clean() or {}
        if not held.get("mobile") and not held.get("email") and not self.errors:
            self.add_error("mobile", _("Leave a telephone number or an e-mail address."))
        return held
