"""Forms of the investment matrix."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.competition.forms.fields import day, line, until, version_field
from duobiao.kernel.money import Money
from duobiao.opportunities.forms.fields import AmountField

LARGEST_COST = 10**13


class JudgeForm(forms.Form):
    """What a criterion is judged to be."""

    value = forms.IntegerField(
        label=_("Value, 0 to 100"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("Empty: what the records say holds again"),
    )
    why = line(_("Reason"), 300)
    on = day(_("As of"))

    def __init__(self, *args: Any, today: date, **kw: Any):
        super().__init__(*args, **kw)
        until(self, "on", today=today)


class FiguresForm(forms.Form):
    """Margin and cost of pursuing a deal."""

    margin_percent = forms.IntegerField(label=_("Expected margin (%)"), min_value=0, max_value=100, required=False)
    cost = AmountField(
        label=_("Cost of pursuing it"),
        required=False,
        min_value=0,
        max_value=LARGEST_COST,
        max_digits=16,
        decimal_places=2,
        help_text=_("In whole units of the project's currency: travel, presales, tests, bid"),
    )
    note = line(_("How it was reckoned"), 300, required=False)
    on = day(_("As of"))
    version = version_field()

    def __init__(self, *args: Any, today: date, **kw: Any):
        super().__init__(*args, **kw)
        until(self, "on", today=today)

    def cost_minor(self, currency: str) -> int | None:
        """Return the cost in minor units."""
        cost = self.cleaned_data["cost"]
        return None if cost is None else Money.of(cost, currency).amount_minor
