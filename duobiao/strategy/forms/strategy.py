"""Forms of a strategy version and of its review."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.opportunities.forms.deal import day_field
from duobiao.strategy.models.strategy import LONG

USUAL_DAYS = 30


def text_field(
    label: Any, *, required: bool = True, rows: int = 3, help_text: Any = "", longest: int = LONG
) -> forms.CharField:
    """Make a field for a few sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=longest, widget=widget, help_text=help_text)


class StrategyForm(forms.Form):
    """How we mean to win."""

    goal = text_field(_("Goal"), rows=2, help_text=_("What we want to reach with this customer, and by when"))
    position = text_field(_("Our position"), help_text=_("Where we stand against the rivals and in the decision"))
    moves = text_field(_("Main moves"), help_text=_("The three to five things that decide it, one a line"))
    supporters = text_field(_("Who supports us"), required=False, rows=2)
    opponents = text_field(_("Who opposes us"), required=False, rows=2)
    review_on = day_field(_("Next review"), required=True)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        review_on = self.fields["review_on"]
        review_on.initial = today + timedelta(days=USUAL_DAYS)
        review_on.widget.attrs["min"] = today.isoformat()

    def texts(self) -> dict[str, str]:
        """Return the texts by name."""
        return {name: value for name, value in self.cleaned_data.items() if name != "review_on"}


class ReviewForm(forms.Form):
    """What became of the strategy."""

    worked = text_field(_("What worked"))
    failed = text_field(_("What did not work"))
    causes = text_field(_("Why"))
