"""Forms of one request."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.approvals.actions.add_approver import Place
from duobiao.approvals.actions.notes import LONGEST_NOTE
from duobiao.identity.people_picker import PersonField

Choices = list[tuple[str, str]]
TO_ASKER = "-"


class NoteForm(forms.Form):
    """A note, and the step its writer saw."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )
    step = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def values(self) -> dict[str, Any]:
        """Return what the actions take."""
        return {"note": self.cleaned_data["note"], "step": self.cleaned_data["step"]}


class DecisionForm(NoteForm):
    """A decision: the button that was pressed."""

    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("refuse", _("Refuse"))])


class SendBackForm(NoteForm):
    """Where a request goes back to, and why."""

    to = forms.ChoiceField(label=_("Send back to"))
    field_order = ("to", "note", "step")

    def __init__(self, *args: Any, back_to: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True
        self.fields["note"].label = _("Why, and what is to be done")
        to = self.fields["to"]
        if isinstance(to, forms.ChoiceField):
            to.choices = [(TO_ASKER, _("who asked")), *back_to]

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        to = self.cleaned_data["to"]
        return {**super().values(), "to": "" if to == TO_ASKER else to}


class PersonForm(NoteForm):
    """A colleague: who takes the task over, or is copied."""

    person = PersonField(label=_("Colleague"))
    field_order: tuple[str, ...] = ("person", "note", "step")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        if isinstance(person, PersonField):
            person.queryset = people


class AddForm(PersonForm):
    """An approver to add, and where."""

    place = forms.ChoiceField(
        label=_("When"),
        choices=[
            (Place.PARALLEL.value, _("beside those asked now")),
            (Place.BEFORE.value, _("before this step")),
            (Place.AFTER.value, _("after this step")),
        ],
        initial=Place.PARALLEL.value,
    )
    field_order = ("person", "place", "note", "step")
