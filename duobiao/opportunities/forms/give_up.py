"""The form of a give-up: why, what was proposed and tried, what would change our mind."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.opportunities.forms.deal import day_field
from duobiao.opportunities.models import REASONS, Fate, Outcome
from duobiao.opportunities.models.give_up import LONG
from duobiao.opportunities.queries.give_up import CHOSEN, Proposal

USUAL_DAYS = 180
FATES = [(fate.value, fate.label) for fate in CHOSEN]


def _words(label: Any, *, required: bool, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=required, max_length=LONG, widget=widget, help_text=help_text)


class GiveUpForm(forms.Form):
    """Why a deal should be given up; each open proposal is answered in ``fate_<item>``."""

    reason = forms.ChoiceField(
        label=_("Why we give up"),
        choices=[(str(reason.value), reason.label) for reason in REASONS[Outcome.GIVEN_UP]],
        widget=forms.RadioSelect,
    )
    alternatives = _words(
        _("Alternatives tried"),
        required=True,
        help_text=_("Another offer, another partner, another way to the decider"),
    )
    change_mind = _words(
        _("What would change our mind"),
        required=False,
        help_text=_("What would have to happen for us to take it up again"),
    )
    look_again_on = day_field(_("Look again on"), help_text=_("The owner is told on that day; empty for never"))
    note = _words(_("What we learn from it"), required=False)

    def __init__(self, *args: Any, proposals: Sequence[Proposal], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        look = self.fields["look_again_on"]
        look.initial = today + timedelta(days=USUAL_DAYS)
        look.widget.attrs["min"] = (today + timedelta(days=1)).isoformat()
        self.proposals = proposals
        for row in proposals:
            if row.fate is None:
                self.fields[f"fate_{row.item}"] = forms.ChoiceField(
                    label=row.title,
                    choices=FATES,
                    widget=forms.RadioSelect,
                    initial=Fate.NOT_TRIED,
                    required=False,
                )

    def lines(self) -> Iterable[tuple[Proposal, Any]]:
        """Yield each proposal with its bound field, None where the records show what became of it."""
        for row in self.proposals:
            yield row, self[f"fate_{row.item}"] if row.fate is None else None

    def values(self) -> dict[str, Any]:
        """Return what ``ask_give_up`` takes."""
        held = self.cleaned_data
        names = ("reason", "alternatives", "change_mind", "look_again_on", "note")
        fates = {row.item: held[f"fate_{row.item}"] or Fate.NOT_TRIED for row in self.proposals if row.fate is None}
        return {**{name: held[name] for name in names}, "fates": fates}
