"""Forms of people of a chain."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact, Customer
from duobiao.identity.models import User
from duobiao.stakeholders.actions.enter_person import Newcomer
from duobiao.stakeholders.models import PERSONA, ChainRole, DealPerson

FIELDS = (
    "role",
    "part_source",
    "influence_type",
    "relation_class",
    "coach_grade",
    "level",
    "function",
    "department",
    "also_at",
    "keeper",
    *PERSONA,
    "care_plan",
)


OPEN = ("influence_type", "relation_class", "coach_grade", "function")
"""What may stay open."""


class AddPersonForm(forms.Form):
    """Who is put on the chain, and the part they play."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Person"), required=False, to_field_name="ref", empty_label=_("choose a person")
    )
    new_name = forms.CharField(label=_("Or somebody new: name"), max_length=60, required=False)
    new_department = forms.CharField(label=_("Department"), max_length=60, required=False)
    new_position = forms.CharField(label=_("Position"), max_length=60, required=False)
    role = forms.ChoiceField(
        label=_("Part in the decision"),
        required=False,
        choices=[("", _("as on the card")), *[choice for choice in ChainRole.choices if choice[0] != "UNKNOWN"]],
        widget=forms.RadioSelect,
    )
    part_source = forms.CharField(
        label=_("How we know their part"),
        max_length=200,
        required=False,
        help_text=_("Who told us, which minutes or paper; without, it counts as asserted"),
    )
    keeper = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who speaks to them"),
        required=False,
        to_field_name="ref",
        empty_label=_("nobody yet"),
    )

    def __init__(self, *args: Any, contacts: "QuerySet[Contact]", people: "QuerySet[User]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, contact=contacts, keeper=people)

    def values(self) -> dict[str, Any]:
        """Return the columns that were given."""
        held = self.cleaned_data
        return {name: held[name] for name in ("role", "part_source", "keeper") if held[name]}

    def newcomer(self) -> Newcomer | None:
        """Return who is entered along with it; None where somebody known was chosen."""
        held = self.cleaned_data
        return Newcomer(held["new_name"], held["new_department"], held["new_position"]) if held["new_name"] else None

    def clean(self) -> None:
        """Ask for one person: chosen from the list, or new."""
        held = self.cleaned_data
        if held.get("contact") is None and not held.get("new_name") and not self.errors:
            self.add_error("contact", _("Choose a person, or enter the name of somebody new."))
        if held.get("contact") is not None and held.get("new_name"):
            self.add_error("new_name", _("Either choose a person, or enter somebody new."))


class EditPersonForm(forms.ModelForm[DealPerson]):
    """What is known of a person: part, class, level, persona, care."""

    also_at = forms.ModelChoiceField(
        Customer.objects.none(),
        label=_("Also works for"),
        required=False,
        to_field_name="ref",
        empty_label=_("nobody else"),
    )
    keeper = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who speaks to them"),
        required=False,
        to_field_name="ref",
        empty_label=_("nobody yet"),
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    class Meta:
        model = DealPerson
        fields = FIELDS

    def __init__(self, *args: Any, companies: "QuerySet[Customer]", people: "QuerySet[User]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, also_at=companies, keeper=people)
        self.fields["part_source"].help_text = AddPersonForm.base_fields["part_source"].help_text
        for name in OPEN:
            field: Any = self.fields[name]
            field.choices = [("", _("none")), *[choice for choice in field.choices if choice[0]]]
        for name in (*PERSONA, "care_plan"):
            self.fields[name].widget = forms.Textarea(attrs={"rows": 2, "maxlength": 1000})
        for name in ("also_at", "keeper"):
            held = getattr(self.instance, name)
            self.initial[name] = held.ref if held is not None else ""

    def values(self) -> dict[str, Any]:
        """Return the columns."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def _post_clean(self) -> None:
        """Leave checking and the record itself to the action."""


def _offer(form: forms.BaseForm, **rows: Any) -> None:
    for name, offered in rows.items():
        field = form.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = offered
