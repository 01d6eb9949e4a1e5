"""Forms of risks: report one by hand, set the figures of a rule."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.opportunities.actions.report_risk import Sight, reportable_rules
from duobiao.opportunities.domain.rules import LARGEST, LONGEST_WITHIN, Rule
from duobiao.opportunities.forms.deal import day_field
from duobiao.opportunities.signal_words import figure_name, measure_name, rule_title


class RiskReportForm(forms.Form):
    """What somebody saw that speaks of a risk, and who said so."""

    rule = forms.ChoiceField(label=_("Which risk"), widget=forms.RadioSelect)
    happened_on = day_field(_("Day"), required=True)
    seen = forms.CharField(label=_("What was seen"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    said_by = forms.CharField(label=_("Who said so"), max_length=120, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = self.fields["rule"]
        if isinstance(rule, forms.ChoiceField):
            rule.choices = [(key, rule_title(key)) for key in reportable_rules()]
        self.fields["happened_on"].initial = today
        self.fields["happened_on"].widget.attrs["max"] = today.isoformat()

    def sight(self) -> Sight:
        """Return what was seen."""
        held = self.cleaned_data
        return Sight(rule=held["rule"], seen=held["seen"], on=held["happened_on"], said_by=held["said_by"])


class FiguresForm(forms.Form):
    """The figures of one rule; an empty one never counts."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rule: Rule, version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.fields["version"].initial = version
        for key, measure in rule.measures.items():
            for name, value in measure.figures.items():
                largest = LONGEST_WITHIN if name == "within_days" else LARGEST[measure.unit]
                self.fields[f"{key}.{name}"] = forms.IntegerField(
                    label=figure_name(name, measure.unit),
                    required=name == "within_days",
                    initial=value,
                    widget=forms.NumberInput(attrs={"min": 1, "max": largest, "inputmode": "numeric"}),
                )

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by measure, each with its name."""
        return [
            (measure_name(key), [self[f"{key}.{name}"] for name in measure.figures])
            for key, measure in self.rule.measures.items()
        ]

    def figures(self) -> dict[str, dict[str, int | None]]:
        """Return what ``set_risk_figures`` takes."""
        return {
            key: {name: self.cleaned_data[f"{key}.{name}"] for name in measure.figures}
            for key, measure in self.rule.measures.items()
        }
