"""The guiding questions of one channel of information as a form."""

from datetime import date
from typing import Any

from django import forms

from duobiao.customers.domain.channels import Channel
from duobiao.customers.forms.facts import model_fields
from duobiao.customers.forms.origin import OriginForm
from duobiao.customers.models import CustomerProfile
from duobiao.customers.queries.schemes import words


class AnswersForm(OriginForm):
    """One field a question; what is known already stands in it, only what was changed is filed."""

    def __init__(self, data: Any = None, *, channel: Channel, known: dict[str, Any], today: date) -> None:
        super().__init__(data, today=today)
        self.channel = channel
        held = model_fields(CustomerProfile, [row.field for row in channel.questions if row.field])
        for row in channel.questions:
            field = held.get(row.field) or forms.CharField(
                max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
            field.label, field.initial, field.show_hidden_initial = words(row.title), known.get(row.key), True
            self.fields[row.key] = field

    @property
    def questions(self) -> list[tuple[forms.BoundField, Any]]:
        """The questions with their hidden first values."""
        return [(self[row.key], self[row.key].as_hidden(only_initial=True)) for row in self.channel.questions]

    def answers(self) -> dict[str, Any]:
        """Return the answers that differ from what the person saw."""
        asked = {row.key for row in self.channel.questions}
        return {key: self.cleaned_data[key] for key in self.changed_data if key in asked and key in self.cleaned_data}
