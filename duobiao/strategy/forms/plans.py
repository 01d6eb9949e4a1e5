"""Forms of contingency plans."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.opportunities.forms.deal import day_field
from duobiao.opportunities.signal_words import rule_title, shipped_rules
from duobiao.strategy.forms.strategy import text_field

USUAL_DAYS = 7


class PlanForm(forms.Form):
    """What we do when a risk comes true, who does it, and by when it is ready."""

    rule = forms.ChoiceField(label=_("For which risk"))
    trigger = text_field(_("Trigger"), rows=2, longest=500, help_text=_("What has to happen for this plan to begin"))
    plan = text_field(_("What we do then"), rows=5)
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Who does it"), to_field_name="ref", empty_label=_("choose a person")
    )
    due_on = day_field(_("Ready by"), required=True)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule, owner, due_on = self.fields["rule"], self.fields["owner"], self.fields["due_on"]
        if isinstance(rule, forms.ChoiceField):
            rule.choices = [(key, rule_title(key)) for key in shipped_rules()]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = people
        due_on.initial = today + timedelta(days=USUAL_DAYS)
        due_on.widget.attrs["min"] = today.isoformat()

    def begin_from_rule(self, url: str) -> None:
        """Ask for the form anew when another risk is chosen, so that its template is written in; needs scripts."""
        others = "[name=trigger], [name=plan], [name=owner], [name=due_on]"
        attributes = {"hx-get": url, "hx-trigger": "change", "hx-target": "#plan-form", "hx-swap": "outerHTML"}
        self.fields["rule"].widget.attrs |= attributes | {"hx-include": others, "hx-push-url": "false"}

    def values(self) -> dict[str, Any]:
        """Return what the actions take, the rule apart."""
        held = self.cleaned_data
        texts = {"trigger": held["trigger"], "plan": held["plan"]}
        return {"texts": texts, "owner": held["owner"], "due_on": held["due_on"]}


class AdvanceForm(forms.Form):
    """A remark on the step a plan takes."""

    note = text_field(_("Note"), required=False, rows=2, longest=500)
