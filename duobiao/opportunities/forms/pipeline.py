"""Forms of the pipeline: all filters at once, a saved view, handing deals over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.people_picker import PersonField
from duobiao.opportunities.models import GateMark, LagVerdict, Outcome, PurchaseMethod, Risk, State
from duobiao.opportunities.queries.choices import Choice, Choices, able_owners
from duobiao.opportunities.queries.filters import ANY, LONGEST_TEXT, ME, Filters
from duobiao.opportunities.queries.stages import StageName

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _with_empty(choices: list[Choice], empty: object) -> list[tuple[str, object]]:
    return [("", empty), *[(choice.value, choice.label) for choice in choices]]


class FilterForm(forms.Form):
    """Every filter on one page; it only draws, ``parse_filters`` reads."""

    q = forms.CharField(label=_("Words in project, customer or number"), required=False, max_length=LONGEST_TEXT)
    outcome = forms.ChoiceField(
        label=_("State of the deal"), choices=[*Outcome.choices, (ANY, _("all"))], required=False
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    industry = forms.ChoiceField(label=_("Industry"), required=False)
    method = forms.ChoiceField(label=_("Purchase method"), required=False)
    playbook = forms.ChoiceField(label=_("Playbook"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    state = forms.ChoiceField(label=_("Within the stage"), required=False)
    lag = forms.ChoiceField(label=_("Gap"), required=False)
    risk = forms.ChoiceField(label=_("Risk"), required=False)
    gate_mark = forms.ChoiceField(label=_("Gate review"), required=False)
    close_from = forms.DateField(label=_("Expected signature from"), required=False, widget=DAY)
    close_to = forms.DateField(label=_("Expected signature up to"), required=False, widget=DAY)
    opened_from = forms.DateField(label=_("Opened from"), required=False, widget=DAY)
    opened_to = forms.DateField(label=_("Opened up to"), required=False, widget=DAY)
    expiring = forms.BooleanField(label=_("evidence runs out soon"), required=False)
    waived = forms.BooleanField(label=_("has a waiver"), required=False)
    expired = forms.BooleanField(label=_("has expired evidence"), required=False)
    claimed = forms.BooleanField(label=_("claimed by an import, not proved"), required=False)

    def __init__(self, filters: Filters, *, choices: Choices, stages: list[StageName], playbooks: list[Choice]) -> None:
        super().__init__(initial={name: getattr(filters, name) for name in type(self).base_fields})
        for name in ("expiring", "waived", "expired", "claimed"):
            self.fields[name].widget.attrs["value"] = "1"
        every = _("all")
        self._offer("owner", [("", every), (ME, _("me")), *[(c.value, c.label) for c in choices.owners]])
        self._offer("unit", _with_empty(choices.units, every))
        self._offer("industry", _with_empty(choices.industries, every))
        self._offer("method", [("", every), *PurchaseMethod.choices])
        self._offer("playbook", _with_empty(playbooks, every))
        self._offer("stage", [("", every), *[(str(s.number), f"{s.number} {s.short}") for s in stages]])
        self._offer("state", [("", every), *State.choices])
        self._offer("lag", [("", every), *LagVerdict.choices])
        self._offer("risk", [("", every), *Risk.choices])
        self._offer("gate_mark", [("", every), *GateMark.choices])
        if not choices.units:
            del self.fields["unit"]
        if len(playbooks) < 2:
            del self.fields["playbook"]

    def _offer(self, name: str, choices: list[tuple[str, object]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class ViewForm(forms.Form):
    """A saved view."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=60)
    shared = forms.BooleanField(label=_("Share with colleagues"), required=False)
    is_default = forms.BooleanField(label=_("Begin with this view"), required=False)


class HandoverForm(forms.Form):
    """Who gets the deals."""

    to = PersonField(label=_("New owner"))
    note = forms.CharField(
        label=_("Note for the new owner"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        if isinstance(field, PersonField):
            field.queryset = able_owners()
