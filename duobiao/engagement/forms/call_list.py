"""Forms of calling lists: what a list is made from, and what became of one call."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.engagement.forms.call import CallForm
from duobiao.engagement.forms.parts import MomentField, line, one_of, some_of, switch
from duobiao.engagement.models import CallOutcome, CallPurpose, ListSource
from duobiao.engagement.queries.call_candidates import Wanted
from duobiao.identity.models import UserQuerySet
from duobiao.identity.people_picker import PersonField
from duobiao.prospecting.models import Source

CLASSES = (("", _("any class")), ("A", "A"), ("B", "B"), ("C", "C"), ("none", _("not evaluated")))


class CallListForm(forms.Form):
    """What a list is made from, and who calls."""

    name = forms.CharField(
        label=pgettext_lazy("list", "Name of the list"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    source = forms.ChoiceField(
        label=_("Make it from"), choices=ListSource.choices, widget=forms.RadioSelect, initial=ListSource.PLAN
    )
    class_key = forms.ChoiceField(label=_("Class by evaluation"), choices=CLASSES, required=False)
    industry = line(_("Industry"), 60, list="industries")
    region = line(_("Region"), 60, placeholder=_("e.g. Suzhou"))
    a_class_only = switch(_("Only A class by call (latent customers)"))
    lead_source = forms.ChoiceField(
        label=_("Source of the lead"), choices=[("", _("any source")), *Source.choices], required=False
    )
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    purposes = some_of(_("What are the calls for?"), CallPurpose.choices)
    owner = PersonField(label=_("Who calls"), required=False)

    def __init__(self, *args: Any, people: UserQuerySet, campaigns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner, campaign = self.fields["owner"], self.fields["campaign"]
        if isinstance(owner, PersonField):
            owner.queryset = people
        if isinstance(campaign, forms.ChoiceField):
            campaign.choices = [("", _("choose one")), *campaigns]
        self.campaigns = dict(campaigns)

    def clean(self) -> dict[str, Any]:
        """Ask for the campaign where the list is made from one."""
        held = super().clean() or self.cleaned_data
        if held.get("source") == ListSource.CAMPAIGN and not held.get("campaign"):
            self.add_error("campaign", _("Choose the campaign whose leads are called."))
        return held

    @property
    def wanted(self) -> Wanted:
        """Return the filter."""
        held = self.cleaned_data
        names = ("source", "class_key", "industry", "region", "a_class_only", "lead_source", "campaign")
        return Wanted(**{name: held[name] for name in names}, campaign_name=self.campaigns.get(held["campaign"], ""))


class OutcomeForm(CallForm):
    """A call of a list: the fields of a call, the outcome, and when to call back."""

    outcome = one_of(_("What became of it?"), CallOutcome.choices)
    call_back_at = MomentField(label=_("Call back at"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def values(self, *, now: datetime) -> dict[str, Any]:
        """Return what the call says; its result follows from the outcome."""
        values = super().values(now=now)
        del values["result"]
        return values
