"""The form of a question or tactic of the library."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.needs.forms.fields import chips, line_field, text_field, version_field
from duobiao.needs.models import LibraryKind, ObjectionType, SpinLetter
from duobiao.needs.models.library import LONGEST_HOW


class EntryForm(forms.Form):
    """A question with its letter and industry, or a tactic with its type and what to do."""

    slot = chips(_("Kind"), [])
    text = line_field(_("Text"), required=True)
    industry = line_field(_("Industry"), longest=60, help_text=_("For customers of this industry; empty for everybody"))
    how = text_field(_("What to do"), longest=LONGEST_HOW, rows=4, required=True)
    removed = forms.BooleanField(label=_("No longer offered"), required=False)
    version = version_field()

    def __init__(self, data: Any = None, *, sort: str, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        question = sort == LibraryKind.SPIN
        slot = self.fields["slot"]
        if isinstance(slot, forms.ChoiceField):
            slot.choices = list((SpinLetter if question else ObjectionType).choices)
        del self.fields["how" if question else "industry"]
