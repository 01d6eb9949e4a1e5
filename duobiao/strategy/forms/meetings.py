"""Forms of review meetings."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import Unit, User
from duobiao.strategy.forms.strategy import text_field


class MeetingForm(forms.Form):
    """What the meeting is about."""

    title = forms.CharField(label=_("Title"), max_length=120)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, to_field_name="ref", empty_label=_("all I can see")
    )
    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Seller"), required=False, to_field_name="ref", empty_label=_("the whole team")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("unit", units), ("person", people)):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows


class NotesForm(forms.Form):
    """What was said of one deal."""

    notes = text_field(pgettext_lazy("meeting", "Notes"), required=False, rows=5)
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class EndMeetingForm(forms.Form):
    """What came of the meeting."""

    summary = text_field(_("In short"), required=False, rows=5)
