"""Forms of leads: quick capture, facts, check, discarding, assigning."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.forms.facts import FactsForm, carry_initial, model_fields
from duobiao.identity.models import User, UserQuerySet
from duobiao.identity.people_picker import PersonField
from duobiao.prospecting.actions.capture_lead import LEAD_FIELDS
from duobiao.prospecting.models import Answer, Campaign, DiscardReason, Lead, Pool, Source

MINE = "mine"


def _text(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class CaptureForm(forms.Form):
    """What one types while somebody is on the phone: company, person, number, need; the rest may follow."""

    company = forms.CharField(label=_("Company"), max_length=120)
    contact_name = forms.CharField(label=_("Contact person"), max_length=60, required=False)
    mobile = forms.CharField(
        label=_("Mobile"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    source = forms.ChoiceField(label=_("Source"), choices=Source.choices, initial=Source.INBOUND)
    need = forms.CharField(label=_("Need"), max_length=2000, required=False, widget=_text())
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)
    position = forms.CharField(label=_("Position"), max_length=60, required=False)
    region = forms.CharField(label=_("Region"), max_length=60, required=False)
    place = forms.ChoiceField(label=_("Who gets it"), required=False, widget=forms.RadioSelect)

    def __init__(
        self, data: Any = None, *, pools: QuerySet[Pool], campaign: Campaign | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        if campaign is not None:
            self.fields["source"].initial = campaign.way
        self.pools = {pool.ref: pool for pool in pools}
        place = self.fields["place"]
        if isinstance(place, forms.ChoiceField):
            place.choices = [(MINE, _("me")), *((ref, pool.name) for ref, pool in self.pools.items())]
            place.initial = MINE

    def values(self) -> dict[str, Any]:
        """Return the facts."""
        return {name: self.cleaned_data[name] for name in LEAD_FIELDS if name in self.cleaned_data}

    def pool(self) -> Pool | None:
        """Return the pool chosen; None for the own list."""
        return self.pools.get(self.cleaned_data.get("place", ""))


class LeadForm(FactsForm):
    """All facts of a lead; only what was changed is written."""

    def __init__(self, data: Any = None, *, lead: Lead) -> None:
        plain = [name for name in LEAD_FIELDS if name != "campaign"]
        initial: dict[str, Any] = {name: getattr(lead, name) for name in plain}
        initial["campaign"] = lead.campaign.ref if lead.campaign is not None else ""
        super().__init__(data, initial=initial)
        self.fields.update(model_fields(Lead, plain))
        self.fields["campaign"] = forms.ModelChoiceField(
            Campaign.objects.order_by("-starts_on", "-pk"),
            label=_("campaign"),
            to_field_name="ref",
            required=False,
            empty_label=_("none"),
        )
        self.fields["company"].required = True
        source = self.fields["source"]
        if isinstance(source, forms.ChoiceField):
            source.choices, source.required = Source.choices, True
        self.fields["need"].widget.attrs["rows"] = 4
        carry_initial(self.fields)


class CheckForm(forms.Form):
    """The three questions."""

    real = forms.ChoiceField(
        label=_("Is the need real?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        help_text=_("Who has the problem, and what does it cost them?"),
    )
    feasible = forms.ChoiceField(
        label=_("Is it feasible?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        help_text=_("Where would the money come from, and by when is it wanted?"),
    )
    fit = forms.ChoiceField(
        label=_("Does it fit us?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        help_text=_("Have we done the like, and can we win it?"),
    )
    check_note = forms.CharField(label=_("Remark"), max_length=1000, required=False, widget=_text(3))
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class DiscardForm(forms.Form):
    """Why a lead is dropped."""

    reason = forms.ChoiceField(label=_("Why"), choices=DiscardReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=_text())
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """Why a lead goes back to its pool."""

    note = forms.CharField(label=_("Remark"), max_length=200, required=False, widget=_text())


class AssignForm(forms.Form):
    """Who gets a lead: a person or a pool."""

    owner = PersonField(label=_("Person"), required=False)
    pool = forms.ModelChoiceField(
        Pool.objects.none(),
        label=pgettext_lazy("lead", "or a pool"),
        required=False,
        to_field_name="ref",
        empty_label=_("no pool"),
    )
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: UserQuerySet, pools: QuerySet[Pool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner, pool = self.fields["owner"], self.fields["pool"]
        if isinstance(owner, PersonField):
            owner.queryset = people
        if isinstance(pool, forms.ModelChoiceField):
            pool.queryset = pools

    def chosen(self) -> tuple[User | None, Pool | None]:
        """Return person and pool."""
        return self.cleaned_data["owner"], self.cleaned_data["pool"]
