"""Forms of campaigns, their agenda, next steps and referral asks."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import Contact, Customer
from duobiao.kernel.money import Money
from duobiao.opportunities.forms.deal import AmountField, day_field
from duobiao.prospecting.actions.save_campaign import BOOTHS, CAMPAIGN_FIELDS, Point
from duobiao.prospecting.forms.pools import capital
from duobiao.prospecting.models import AgendaItem, AskState, Campaign, Way

SPARE_POINTS = 3
USUAL_DAYS = 3


def _area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class CampaignForm(forms.Form):
    """A campaign; the two booths stand in it for exhibitions."""

    way = forms.ChoiceField(label=_("Way"), choices=Way.choices)
    starts_on = day_field(_("First day"), required=True)
    ends_on = day_field(_("Last day"), required=True)
    cost = AmountField(
        label=_("Cost"),
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, campaign: Campaign | None, currency: str, **kwargs: Any) -> None:
        held = campaign or Campaign()
        initial = {name: getattr(held, name) for name in CAMPAIGN_FIELDS} | {"version": held.version}
        if campaign is not None:
            initial["cost"] = campaign.cost.amount
        super().__init__(data, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.currency = campaign.currency if campaign is not None else currency
        self.fields["cost"].label = _("Cost (%(currency)s)") % {"currency": self.currency}
        plain = [name for name in CAMPAIGN_FIELDS if name not in self.fields]
        columns = forms.models.fields_for_model(
            Campaign, fields=plain, widgets={name: _area() for name in ("goal", "notes", *BOOTHS)}
        )
        self.fields.update(capital(dict(columns)))

    def values(self) -> dict[str, Any]:
        """Return the columns."""
        return {name: self.cleaned_data[name] for name in CAMPAIGN_FIELDS}

    def money(self) -> Money:
        """Return the cost."""
        return Money.of(self.cleaned_data["cost"] or Decimal(0), self.currency)


class AgendaForm(forms.Form):
    """The points of a seminar, with a few empty lines; a line without a topic is left out."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, points: Sequence[AgendaItem], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.count = len(points) + SPARE_POINTS
        for number in range(1, self.count + 1):
            held = points[number - 1] if number <= len(points) else AgendaItem()
            for name, field in _point_fields().items():
                field.initial = getattr(held, name)
                self.fields[f"{name}_{number}"] = field

    def lines(self) -> list[dict[str, forms.BoundField]]:
        """Return the fields line by line."""
        return [{name: self[f"{name}_{n}"] for name in _point_fields()} for n in range(1, self.count + 1)]

    def points(self) -> list[Point]:
        """Return the points that name a topic or a problem."""
        held = self.cleaned_data
        rows = [{name: held.get(f"{name}_{n}") for name in _point_fields()} for n in range(1, self.count + 1)]
        return [
            Point(row["topic"] or "", row["problem"] or "", row["speaker"] or "", row["minutes"] or 20)
            for row in rows
            if row["topic"] or row["problem"]
        ]


def _point_fields() -> dict[str, forms.Field]:
    return {
        "problem": forms.CharField(label=_("Business problem of the guests"), max_length=300, required=False),
        "topic": forms.CharField(label=_("Topic"), max_length=200, required=False),
        "speaker": forms.CharField(label=_("Speaker"), max_length=80, required=False),
        "minutes": forms.IntegerField(
            label=pgettext_lazy("agenda", "Minutes"), min_value=1, max_value=1440, required=False
        ),
    }


class FollowUpForm(forms.Form):
    """A next step."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due_on = day_field(_("Due on"), required=True)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = today + timedelta(days=USUAL_DAYS)
        self.fields["due_on"].widget.attrs["min"] = today.isoformat()


class ResultForm(forms.Form):
    """What came of a next step."""

    result = forms.CharField(label=_("Result"), max_length=500, required=False, widget=_area())


class AskForm(forms.Form):
    """A referral ask to one customer."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Whom we ask"),
        to_field_name="ref",
        required=False,
        empty_label=_("nobody named"),
    )
    satisfied_with = forms.CharField(label=_("What they are satisfied with"), max_length=300)
    whom = forms.CharField(label=_("To whom we want to be referred"), max_length=300)
    asked_on = day_field(_("Asked on"), required=True)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), to_field_name="ref", required=False, empty_label=_("none")
    )
    no_conflict = forms.BooleanField(
        label=_("The interests of both do not clash"),
        help_text=_("They are no competitors, and neither loses by the other."),
        required=False,
    )

    def __init__(
        self, *args: Any, customer: Customer, campaigns: QuerySet[Campaign], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        contact, campaign = self.fields["contact"], self.fields["campaign"]
        if isinstance(contact, forms.ModelChoiceField):
            contact.queryset = Contact.objects.live().filter(customer=customer).order_by("name", "pk")
        if isinstance(campaign, forms.ModelChoiceField):
            campaign.queryset = campaigns
        self.fields["asked_on"].initial = today


class SettleForm(forms.Form):
    """What came of a referral ask."""

    state = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (AskState.REFERRED.value, AskState.REFERRED.label),
            (AskState.DECLINED.value, AskState.DECLINED.label),
        ],
        widget=forms.RadioSelect,
    )
    company = forms.CharField(label=_("Company we were referred to"), max_length=120, required=False)
    contact_name = forms.CharField(label=_("Contact person"), max_length=60, required=False)
    result = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=_area())
