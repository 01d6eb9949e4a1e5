"""Forms of tasks: put one, change it, finish it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.opportunities.forms.deal import day_field

USUAL_DAYS = 7


class TaskForm(forms.Form):
    """What is to be done, by whom, by when."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Who does it"), to_field_name="ref", empty_label=_("choose a person")
    )
    due_on = day_field(_("Due on"), required=True)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: QuerySet[User], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner, due_on = self.fields["owner"], self.fields["due_on"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = people
        due_on.initial = today + timedelta(days=USUAL_DAYS)
        due_on.widget.attrs["min"] = today.isoformat()

    def values(self) -> dict[str, Any]:
        """Return what the actions take, the version apart."""
        return {name: self.cleaned_data[name] for name in ("title", "owner", "due_on")}


class FinishTaskForm(forms.Form):
    """What came of a task, and whether it was dropped."""

    result = forms.CharField(
        label=_("Result"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    dropped = forms.BooleanField(label=_("It is no longer needed"), required=False)
