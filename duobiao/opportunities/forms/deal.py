"""Forms that change a deal itself: plain fields, outcome, owner."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from duobiao.identity.forms import CURRENCIES
from duobiao.identity.people_picker import PersonField
from duobiao.kernel.money import Money
from duobiao.opportunities.forms.create_opportunity import LARGEST, TEN_THOUSANDS, UNITS
from duobiao.opportunities.models import REASONS, CloseReason, Opportunity, Outcome, Product

DAY = {"type": "date"}
MOMENT = "%Y-%m-%dT%H:%M"


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """Make a field for a day."""
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


class AmountField(forms.DecimalField):
    """A figure as people write it: ``1,280`` and full-width commas are the same as ``1280``."""

    def to_python(self, value: Any) -> Any:
        """Read the figure."""
        return super().to_python(str(value or "").replace(",", "").replace("，", "").strip())


class EditForm(forms.Form):
    """The plain fields of a deal; where it stands is not among them."""

    name = forms.CharField(label=_("Project name"), max_length=160)
    amount = AmountField(
        label=_("Expected amount"),
        required=False,
        min_value=0,
        max_digits=20,
        decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    unit = forms.ChoiceField(label=_("Unit of the amount"), choices=UNITS, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES], required=False)
    expected_close_on = day_field(_("Expected signature"))
    bid_deadline_at = forms.DateTimeField(
        label=_("Bid deadline"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%d"],
    )
    product = forms.ModelChoiceField(
        Product.objects.none(), label=_("Product"), required=False, to_field_name="ref", empty_label=_("none")
    )
    source = forms.CharField(label=_("Source"), required=False, max_length=60)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, given: QueryDict | None = None, *, deal: Opportunity) -> None:
        super().__init__(given, initial=initial_of(deal))
        product = self.fields["product"]
        if isinstance(product, forms.ModelChoiceField):
            offered = Q(is_active=True) if deal.product is None else Q(is_active=True) | Q(pk=deal.product.pk)
            product.queryset = Product.objects.filter(offered).order_by("name", "pk")

    def clean_amount(self) -> Decimal | None:
        """Refuse what no project costs."""
        amount: Decimal | None = self.cleaned_data["amount"]
        if amount is not None and amount * Decimal(self._unit()) > LARGEST:
            raise forms.ValidationError(_("The amount must lie between 0 and 10 trillion."))
        return amount

    def values(self) -> dict[str, Any]:
        """Return what ``edit_opportunity`` takes."""
        held = self.cleaned_data
        amount = held["amount"]
        money = None if amount is None else Money.of(amount * Decimal(self._unit()), held["currency"] or "CNY")
        names = ("name", "expected_close_on", "bid_deadline_at", "product", "source", "description")
        return {**{name: held[name] for name in names}, "amount": money}

    def _unit(self) -> str:
        unit = str(self.data.get("unit", ""))
        return unit if unit in dict(UNITS) else TEN_THOUSANDS


def initial_of(deal: Opportunity) -> dict[str, Any]:
    """Return the fields of a deal as its form shows them."""
    unit = "1" if get_language() == "en" else TEN_THOUSANDS
    amount = None if deal.amount is None else (deal.amount.amount / Decimal(unit)).normalize()
    return {
        "name": deal.name,
        "amount": None if amount is None else f"{amount:f}",
        "unit": unit,
        "currency": deal.currency,
        "expected_close_on": deal.expected_close_on,
        "bid_deadline_at": deal.bid_deadline_at,
        "product": deal.product.ref if deal.product is not None else None,
        "source": deal.source,
        "description": deal.description,
        "version": deal.version,
    }


class CloseForm(forms.Form):
    """How a deal ended, won or lost, and the coded reason."""

    outcome = forms.ChoiceField(label=_("How it ended"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Reason"), choices=CloseReason.choices, widget=forms.RadioSelect)
    on = day_field(_("Day"), required=True)
    note = forms.CharField(
        label=_("What we learn from it"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, outcomes: Iterable[str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(outcomes)
        outcome = self.fields["outcome"]
        if isinstance(outcome, forms.ChoiceField):
            outcome.choices = [(value, Outcome(value).label) for value in offered]
        self.fields["on"].initial = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.reasons = [(value, [(str(r.value), r.label) for r in REASONS[value]]) for value in offered]


class ReasonForm(forms.Form):
    """A reason in words: for reopening and for retracting."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class NoteForm(forms.Form):
    """A remark that may be left out."""

    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class DealHandoverForm(NoteForm):
    """Who takes the deal over."""

    to = PersonField(label=_("New owner"))
    field_order = ("to", "note")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        if isinstance(to, PersonField):
            to.queryset = people
